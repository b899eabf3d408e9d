"""Limits and decay of optimizers are variables, and do what their names say."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks import TextNetwork
from skdeepnlp.training import CompiledNetwork, NetworkWeights, Softmax, TrainingSpec
from skdeepnlp.training._optimizers import OPTIMIZER_NAMES, make_optimizer


def stepped(name="sgd", gradient=((3.0, 4.0),), start=((0.0, 0.0),), path="kernel", **numbers):
    """Return a matrix after one step with a learning rate of 1 down a gradient."""
    variable = keras.Variable(np.array(start, dtype="float32"), name=path)
    optimizer = make_optimizer(name, tuple(numbers))
    optimizer.build([variable])
    optimizer.learning_rate = 1.0
    for number, value in numbers.items():
        optimizer.numbers[number].assign(value)
    optimizer.apply([keras.ops.convert_to_tensor(np.array(gradient, dtype="float32"))], [variable])
    return np.asarray(variable.value)


def test_without_limits_a_step_goes_down_the_whole_gradient():
    np.testing.assert_allclose(stepped(), [[-3, -4]])


def test_clipnorm_keeps_the_direction_and_cuts_the_length():
    np.testing.assert_allclose(stepped(clipnorm=1.0), [[-0.6, -0.8]], rtol=1e-6)
    np.testing.assert_allclose(stepped(clipnorm=9.0), [[-3, -4]], rtol=1e-6)


def test_clipnorm_scales_the_gradients_of_all_weights_by_one_factor():
    """Each tensor was cut by itself, which turned the direction of the step."""
    variables = [keras.Variable(np.zeros(shape, dtype="float32")) for shape in ((1, 2), (1,))]
    optimizer = make_optimizer("sgd", ("clipnorm",))
    optimizer.build(variables)
    optimizer.learning_rate = 1.0
    optimizer.numbers["clipnorm"].assign(6.5)
    optimizer.apply([keras.ops.array([[3.0, 4.0]]), keras.ops.array([12.0])], variables)
    np.testing.assert_allclose(variables[0].value, [[-1.5, -2]], rtol=1e-6)
    np.testing.assert_allclose(variables[1].value, [-6], rtol=1e-6)


@pytest.mark.parametrize("clipnorm", [0.05, 0.3, 100.0])
def test_a_clipped_step_of_a_network_is_that_computed_by_hand(clipnorm):
    """The gradient of an embedding comes as one slice for each token, repeated ones too."""
    ids, targets = np.array([[1, 1, 2], [3, 1, 0]]), np.array([0, 1])
    rng = np.random.default_rng(0)
    shapes = ((5, 3), (3, 2), (2,))
    table, kernel, bias = (rng.normal(size=shape).astype("float32") for shape in shapes)
    start = keras.Input((None,), dtype="int32")
    embedding, logits = keras.layers.Embedding(5, 3), keras.layers.Dense(2)
    pooled = keras.layers.GlobalAveragePooling1D()(embedding(start))
    parts = TextNetwork(keras.Model(start, logits(pooled)), embedding, logits)
    compiled = CompiledNetwork(parts, TrainingSpec(Softmax(), "sgd", ("clipnorm",)))
    weights = NetworkWeights((table, kernel, bias))
    compiled.start_training(weights, None, {"learning_rate": 1.0, "clipnorm": clipnorm})
    compiled.train_on(ids.astype("int32"), targets.astype("int32"), np.ones(2, dtype="float32"))

    features = table[ids].mean(axis=1)
    powers = np.exp(features @ kernel + bias)
    of_logits = (powers / powers.sum(axis=1, keepdims=True) - np.eye(2)[targets]) / 2
    of_table = np.zeros_like(table)
    np.add.at(of_table, ids, (of_logits @ kernel.T)[:, None] / 3)
    gradients = [of_table, features.T @ of_logits, of_logits.sum(axis=0)]
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    factor = min(1.0, clipnorm / norm)
    assert (factor < 1) == (clipnorm < 1)
    for found, before, gradient in zip(
        compiled.weights().arrays, weights.arrays, gradients, strict=True
    ):
        np.testing.assert_allclose(found, before - factor * gradient, rtol=1e-4, atol=1e-6)


def test_clipvalue_cuts_each_number():
    np.testing.assert_allclose(stepped(clipvalue=3.5), [[-3, -3.5]])


def test_values_are_cut_before_the_length():
    np.testing.assert_allclose(
        stepped(clipvalue=3.0, clipnorm=1.0), [[-(0.5**0.5), -(0.5**0.5)]], rtol=1e-6
    )


def test_decay_shrinks_a_matrix_by_a_share_and_leaves_a_vector_alone():
    still = ((0.0, 0.0),)
    found = stepped(gradient=still, start=((1.0, -2.0),), weight_decay=0.1)
    np.testing.assert_allclose(found, [[0.9, -1.8]], rtol=1e-6)
    found = stepped(gradient=still[0], start=(1.0, -2.0), weight_decay=0.1)
    np.testing.assert_allclose(found, [1.0, -2.0])


def test_decay_is_that_of_adamw():
    gradient, start = ((0.3, -0.2),), ((1.0, 2.0),)
    variable = keras.Variable(np.array(start, dtype="float32"))
    theirs = keras.optimizers.AdamW(learning_rate=1.0, weight_decay=0.01)
    theirs.apply([keras.ops.convert_to_tensor(np.array(gradient, dtype="float32"))], [variable])
    for name in ("adam", "adamw"):
        found = stepped(name, gradient, start, weight_decay=0.01)
        np.testing.assert_allclose(found, np.asarray(variable.value), rtol=1e-5)


def test_max_norm_shortens_the_columns_of_the_last_layer_only():
    layers = [keras.layers.Dense(2, name=name) for name in ("other", "logits")]
    start = keras.Input((2,))
    network = keras.Model(start, layers[1](layers[0](start)))
    parts = TextNetwork(network, layers[0], layers[1])
    optimizer = CompiledNetwork(parts, TrainingSpec(Softmax(), "sgd", ("max_norm",))).optimizer
    assert not {*map(id, optimizer.variables)} & {*map(id, network.variables)}
    optimizer.numbers["max_norm"].assign(5.0)
    matrix = np.array([[6.0, 0.3], [8.0, 0.4]], dtype="float32")
    for layer in layers:
        layer.kernel.assign(matrix)
    nothing = [keras.ops.zeros(variable.shape) for variable in network.trainable_variables]
    optimizer.apply(nothing, network.trainable_variables)
    found = {layer.name: np.asarray(layer.kernel.value) for layer in layers}
    np.testing.assert_allclose(found["logits"], [[3, 0.3], [4, 0.4]], rtol=1e-6)
    np.testing.assert_allclose(found["other"], matrix)


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_averages_follow_the_weights_faster_in_the_first_steps(name):
    variable = keras.Variable(np.zeros((1, 2), dtype="float32"))
    optimizer = make_optimizer(name, ("ema_decay",))
    optimizer.build([variable])
    optimizer.numbers["ema_decay"].assign(0.4)
    expected = None
    for step in range(12):
        optimizer.apply([keras.ops.convert_to_tensor(np.ones((1, 2), dtype="float32"))], [variable])
        weights, kept = np.asarray(variable.value), min(0.4, step / (step + 9))
        expected = weights if expected is None else kept * expected + (1 - kept) * weights
        np.testing.assert_allclose(np.asarray(optimizer.averages[0].value), expected, rtol=1e-5)
    assert make_optimizer(name).averages == []


@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_each_optimizer_is_built_again_from_its_configuration(name):
    optimizer = make_optimizer(name, ("clipnorm", "ema_decay", "weight_decay"))
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert sorted(again.numbers) == ["clipnorm", "ema_decay", "weight_decay"]
