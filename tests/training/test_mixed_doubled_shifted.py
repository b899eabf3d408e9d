"""Losses of mixed, doubled and shifted texts, by their definitions."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks import NetworkSpec, attention_encoder, build_network
from skdeepnlp.training import CompiledNetwork, NetworkWeights, Sigmoid, Softmax, TrainingSpec
from skdeepnlp.training._trainable_network import gradient_of

FIRST = np.array([[2.0, 0.0, -1.0], [0.5, 1.5, 0.0]], dtype="float32")
SECOND = np.array([[1.0, 0.5, -1.0], [0.5, 1.5, 0.0]], dtype="float32")
IDS = np.array([[2, 3, 4], [5, 6, 0], [7, 2, 0], [4, 0, 0], [0, 0, 0]], dtype="int32")
TARGETS = np.array([0, 1, 2, 1, 0], dtype="int32")
WEIGHTS = np.array([1.0, 2.0, 1.0, 0.5, 0.0], dtype="float32")

ENCODER = (("activation", "tanh"), ("kernel_initializer", "glorot_uniform"), ("units", 3))


def divergence(first, second):
    return (first * np.log(first / second)).sum(axis=-1)


def test_divergences_of_classes_are_the_mean_of_both_ways():
    one, other = (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) for z in (FIRST, SECOND))
    expected = 0.5 * (divergence(one, other) + divergence(other, one))
    found = np.asarray(Softmax().divergences(FIRST, SECOND))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert found[1] == 0


def test_divergences_of_labels_are_means_over_yes_and_no():
    yes = [1 / (1 + np.exp(-z)) for z in (FIRST, SECOND)]
    one, other = (np.stack([share, 1 - share], axis=-1) for share in yes)
    expected = 0.5 * (divergence(one, other) + divergence(other, one)).mean(axis=1)
    found = np.asarray(Sigmoid().divergences(FIRST, SECOND))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_gradient_is_that_of_the_function():
    at = keras.ops.convert_to_tensor(np.array([1.0, -2.0], dtype="float32"))
    found = gradient_of(lambda x: keras.ops.sum(x**3), at)
    np.testing.assert_allclose(np.asarray(found), [3.0, 12.0])


def compiled(**values):
    rates = tuple(sorted((name, value) for name, value in values.items() if name != "r_drop"))
    spec = NetworkSpec(attention_encoder, ENCODER, "attention", 9, 4, 3, rates)
    parts, terms = build_network(spec, seed=0), tuple({"r_drop"} & set(values))
    parts.embedding.set_weights([np.random.default_rng(0).normal(size=(9, 4))])
    compiled = CompiledNetwork(parts, TrainingSpec(Softmax(), "sgd", terms))
    start = NetworkWeights.of(compiled.network)
    compiled.start_training(start, None, {"learning_rate": 0.1, **values})
    return compiled


def loss_of(network, training=True):
    logits = network(IDS, training=training)
    return float(np.asarray(network.compute_loss(IDS, TARGETS, logits, WEIGHTS, training)))


def plain_loss(network):
    losses = np.asarray(Softmax().row_losses(TARGETS, network(IDS, training=False)))
    return (losses * WEIGHTS).sum() / 4  # rows of weight 0 do not count


@pytest.mark.parametrize("name", ["adversarial_epsilon", "mixup", "r_drop"])
def test_only_training_is_disturbed(name):
    network = compiled(**{name: 0.5}).network
    assert network(IDS, training=False).shape == (5, 3)
    assert loss_of(network, training=False) == pytest.approx(plain_loss(network), rel=1e-6)


def test_two_passes_without_dropout_agree_and_cost_nothing():
    network = compiled(r_drop=5.0).network
    assert network(IDS, training=True).shape == (10, 3)
    assert loss_of(network) == pytest.approx(plain_loss(network), rel=1e-6)


def test_two_passes_with_dropout_differ_and_their_divergence_is_added():
    found = {}
    for strength in (1.0, 3.0):
        network = compiled(r_drop=strength, dropout=0.5).network
        logits = np.asarray(network(IDS, training=True))
        loss = network.compute_loss(IDS, TARGETS, logits, WEIGHTS)
        halves = logits[:5], logits[5:]
        means = [np.asarray(Softmax().row_losses(TARGETS, half)) for half in halves]
        apart = np.asarray(Softmax().divergences(*halves))
        assert (apart * WEIGHTS).sum() > 0.01
        expected = ((np.mean(means, axis=0) + strength * apart) * WEIGHTS).sum() / 4
        np.testing.assert_allclose(np.asarray(loss), expected, rtol=1e-5)
        found[strength] = float(np.asarray(loss))
    assert found[3.0] > found[1.0]


def test_the_loss_of_mixed_texts_is_the_mix_of_both_labels_losses():
    network = compiled(mixup=1.0).network
    logits = network(IDS, training=True)
    loss = float(np.asarray(network.compute_loss(IDS, TARGETS, logits, WEIGHTS)))
    share = float(np.asarray(network.parts.mixup.share.value))
    others = [3, 2, 1, 0, 4]
    own = np.asarray(Softmax().row_losses(TARGETS, logits)) * WEIGHTS
    partners = np.asarray(Softmax().row_losses(TARGETS[others], logits)) * WEIGHTS[others]
    assert loss == pytest.approx((share * own + (1 - share) * partners).sum() / 4, rel=1e-5)


def test_the_worst_shift_raises_the_loss_more_than_one_drawn_at_random():
    network = compiled(adversarial_epsilon=0.2).network
    plain = plain_loss(network)
    worst = 2 * loss_of(network) - plain
    layer = network.parts.adversarial
    drawn = layer.direction_of(np.random.default_rng(1).normal(size=(5, 3, 4)).astype("float32"))
    with layer.along(drawn):
        losses = np.asarray(Softmax().row_losses(TARGETS, network(IDS, training=False)))
    assert worst > plain + 0.05
    assert worst > (losses * WEIGHTS).sum() / 4 + 0.03


def test_the_worst_shift_of_padding_and_of_rows_without_weight_changes_nothing():
    network = compiled(adversarial_epsilon=0.2).network
    before = loss_of(network)
    wider = np.pad(IDS, ((0, 0), (0, 4)))
    logits = network(wider, training=True)
    after = network.compute_loss(wider, TARGETS, logits, WEIGHTS)
    np.testing.assert_allclose(np.asarray(after), before, rtol=1e-5)


def test_shifting_leaves_no_trace_in_the_state_of_the_network():
    network = compiled(adversarial_epsilon=0.2, dropout=0.5).network
    logits = network(IDS, training=True)
    before = [np.asarray(variable.value).copy() for variable in network.non_trainable_variables]
    network.compute_loss(IDS, TARGETS, logits, WEIGHTS)
    for old, variable in zip(before, network.non_trainable_variables, strict=True):
        assert np.array_equal(old, np.asarray(variable.value))
