"""Every family keeps the contracts of this library, and has its own ways to be set."""

import functools
import inspect
from collections import defaultdict

import keras
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.externals._numpydoc.docscrape import FunctionDoc

from skdeepnlp import (
    AttentionClassifier,
    CNNClassifier,
    GRUClassifier,
    LSTMClassifier,
    NetworkClassifier,
    SimpleRNNClassifier,
    TransformerClassifier,
)
from skdeepnlp.classifiers import network_pool
from skdeepnlp.testing import all_estimators, check_padding_invariance
from skdeepnlp.testing._discovery import TOY_PARAMETERS
from skdeepnlp.training import CompiledNetwork

# on JAX each of these compiles for seconds
pytestmark = [pytest.mark.slow] if keras.backend.backend() == "jax" else []

FAMILIES = dict(all_estimators("classifier"))
DEEP = {"n_layers": 2, "residual": True}
VARIANTS = [
    LSTMClassifier(**TOY_PARAMETERS["LSTMClassifier"], **DEEP, normalization="batch"),
    GRUClassifier(**TOY_PARAMETERS["GRUClassifier"], **DEEP, normalization="layer"),
    SimpleRNNClassifier(**TOY_PARAMETERS["SimpleRNNClassifier"], activation="relu"),
    LSTMClassifier(**TOY_PARAMETERS["LSTMClassifier"], pooling="attention"),
    CNNClassifier(**TOY_PARAMETERS["CNNClassifier"], **DEEP, normalization="batch"),
    AttentionClassifier(**TOY_PARAMETERS["AttentionClassifier"], units=3),
    TransformerClassifier(
        **TOY_PARAMETERS["TransformerClassifier"], positions="learned", max_positions=3
    ),
    TransformerClassifier(**TOY_PARAMETERS["TransformerClassifier"], positions=None),
]


def toy(name, **parameters):
    return FAMILIES[name](**{**TOY_PARAMETERS[name], "random_state": 0, **parameters})


@pytest.mark.slow
@pytest.mark.parametrize("classifier", VARIANTS, ids=lambda classifier: type(classifier).__name__)
def test_padding_cannot_be_seen_with_other_settings(classifier):
    assert set(check_padding_invariance(classifier).values()) == {"passed"}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_network_lent_again_learns_bit_for_bit_what_a_new_one_learns(name, ids_and_labels):
    ids, labels = ids_and_labels
    fits = [toy(name), toy(name, embedding_dim=8), toy(name, dropout=0.3)]
    lent = [clone(fit).fit(ids, labels).predict_proba(ids) for fit in (*fits, *fits)]
    for fit, first, again in zip(fits, lent[:3], lent[3:], strict=True):
        network_pool.clear()
        new = clone(fit).fit(ids, labels).predict_proba(ids)
        assert np.array_equal(first, new)
        assert np.array_equal(again, new)


@pytest.mark.parametrize("name", FAMILIES)
def test_training_in_parts_ends_where_training_at_once_ends(name, ids_and_labels):
    ids, labels = ids_and_labels
    at_once = toy(name).fit_until(3, ids, labels).predict_proba(ids)
    in_parts = toy(name).fit_until(1, ids, labels).fit_until(3, ids, labels).predict_proba(ids)
    assert np.array_equal(at_once, in_parts)


def test_each_parameter_is_described_in_order_and_in_the_same_words_everywhere():
    words = defaultdict(set)
    for name, family in FAMILIES.items():
        described = {entry.name: entry for entry in FunctionDoc(family)["Parameters"]}
        assert set(described) == set(inspect.signature(family).parameters), name
        for parameter, entry in described.items():
            words[parameter].add((entry.type, "\n".join(entry.desc)))
    of_one_family = {"activation", "kernel_initializer", "n_layers", "pooling", "units"}
    differing = {name for name, different in words.items() if len(different) > 1}
    assert differing <= of_one_family


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - {"NetworkClassifier"}))
def test_the_initializer_decides_the_first_weights(name, ids_and_labels):
    own = {"units": 3} if name == "AttentionClassifier" else {}
    default = {"kernel_initializer": "he_normal", **own}
    first, other = (
        toy(name, **{**own, **parameters}).initialize(*ids_and_labels).model_.get_weights()
        for parameters in (default, {"kernel_initializer": "orthogonal"})
    )
    assert not all(map(np.array_equal, first, other))


def test_he_weights_are_wider_than_glorots_for_equal_widths(ids_and_labels):
    """He draws with variance 2 / n, Glorot with 2 / (n + n): sqrt(2) times as wide."""
    spreads = []
    for initializer in ("he_normal", "glorot_normal"):
        classifier = AttentionClassifier(
            units=64, kernel_initializer=initializer, random_state=0
        ).initialize(*ids_and_labels)
        spreads.append(np.std(classifier.model_.get_layer("tokens").get_weights()[0]))
    assert spreads[0] / spreads[1] == pytest.approx(2**0.5, rel=1e-3)


def test_attention_weights_are_one_a_token_and_sum_to_one():
    ids = np.array([[2, 3, 4, 0], [5, 0, 0, 0], [0, 2, 0, 3], [6, 7, 8, 9]] * 5)
    labels = np.array(["a", "b", "a", "b"] * 5)
    classifier = toy("AttentionClassifier", epochs=3).fit(ids, labels)
    weights = classifier.attention_weights(ids)
    assert [len(of_row) for of_row in weights[:4]] == [3, 1, 2, 4]
    np.testing.assert_allclose([of_row.sum() for of_row in weights], 1, atol=1e-6)
    wider = np.pad(ids, ((0, 0), (0, 30)))
    for before, after in zip(
        weights,
        toy("AttentionClassifier", epochs=3).fit(wider, labels).attention_weights(wider),
        strict=True,
    ):
        np.testing.assert_allclose(before, after, atol=1e-6)


def test_attention_goes_to_the_token_that_decides():
    rng = np.random.default_rng(0)
    fillers = rng.integers(4, 40, size=(200, 6))
    labels = rng.integers(0, 2, 200)
    place = rng.integers(0, 6, 200)
    fillers[np.arange(200), place] = 2 + labels
    classifier = AttentionClassifier(
        embedding_dim=8, learning_rate=0.05, epochs=15, early_stopping=False, random_state=0
    ).fit(fillers, labels)
    found = np.array([weights.argmax() for weights in classifier.attention_weights(fillers)])
    assert np.mean(found == place) > 0.9


def test_attention_weights_are_those_of_the_classifier_asked(ids_and_labels):
    """Both borrow one network, whose step is traced once."""
    ids, labels = ids_and_labels
    first, second = (
        toy("AttentionClassifier", epochs=1, random_state=seed).fit(ids, labels) for seed in (0, 1)
    )
    before, other, after = (
        np.concatenate(classifier.attention_weights(ids)) for classifier in (first, second, first)
    )
    assert np.array_equal(before, after)
    assert not np.allclose(before, other)


def test_attention_weights_of_mixed_precision_sum_to_one(ids_and_labels):
    """They came back in half precision, off by some thousandths."""
    ids, labels = ids_and_labels
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        weights = toy("AttentionClassifier", epochs=1).fit(ids, labels).attention_weights(ids)
    finally:
        keras.config.set_dtype_policy(before)
        network_pool.clear()
    assert {of_row.dtype for of_row in weights} == {np.dtype("float32")}
    np.testing.assert_allclose([of_row.sum() for of_row in weights], 1, atol=1e-6)


def test_recurrent_networks_have_attention_weights_where_they_pool_by_attention(ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy("GRUClassifier", pooling="attention")
    with pytest.raises(NotFittedError):
        classifier.attention_weights(ids)
    assert len(classifier.fit(ids, labels).attention_weights(ids)) == len(ids)
    assert not hasattr(toy("GRUClassifier", pooling="max"), "attention_weights")


def test_residual_layers_pass_their_input_on(ids_and_labels):
    plain, residual = (
        {
            layer.name
            for layer in toy("LSTMClassifier", n_layers=2, residual=residual)
            .initialize(*ids_and_labels)
            .model_.layers
        }
        for residual in (False, True)
    )
    # from 4 embedded numbers to 2 units the first layer needs a matrix, the second does not
    assert residual - plain == {"residual_0", "residual_0_projection", "residual_1"}


def test_a_layer_without_strength_leaves_what_a_residual_passes_on(ids_and_labels):
    """Names of layers alone would not show that anything is added."""
    ids, labels = ids_and_labels
    found = {}
    for residual in (False, True):
        deep = toy("LSTMClassifier", n_layers=2, residual=residual, bidirectional=False)
        model = deep.initialize(ids, labels).model_
        second = model.get_layer("lstm_1")
        second.set_weights([0 * weights for weights in second.get_weights()])
        last = keras.Model(model.input, keras.tree.flatten(model.get_layer("pooling").input)[0])
        found[residual] = np.abs(np.asarray(last(np.asarray(ids)))).max()
    assert found[False] == 0 < found[True]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("AttentionClassifier", {"units": 3}),
        ("CNNClassifier", {}),
        ("SimpleRNNClassifier", {}),
        ("TransformerClassifier", {}),
    ],
)
def test_the_activation_changes_what_the_same_weights_compute(name, more, ids_and_labels):
    ids, labels = ids_and_labels
    rectified, squashed = (
        toy(name, activation=activation, kernel_initializer="orthogonal", **more).initialize(
            ids, labels
        )
        for activation in ("relu", "tanh")
    )
    weights = (classifier.model_.get_weights() for classifier in (rectified, squashed))
    assert all(map(np.array_equal, *weights))
    found = (classifier.predict_proba(ids) for classifier in (rectified, squashed))
    assert np.abs(np.subtract(*found)).max() > 1e-4


@pytest.mark.parametrize("name", ["CNNClassifier", "GRUClassifier"])
def test_normalization_by_layer_centres_the_features_of_each_token(name, ids_and_labels):
    ids, labels = ids_and_labels
    model = toy(name, normalization="layer", n_layers=2).initialize(ids, labels).model_
    layer = model.get_layer("normalization_0")
    both = keras.Model(model.input, [keras.tree.flatten(layer.input)[0], layer.output])
    before, after = (np.asarray(found)[np.asarray(ids) > 0] for found in both(np.asarray(ids)))
    centred = before - before.mean(axis=1, keepdims=True)
    expected = centred / np.sqrt(before.var(axis=1, keepdims=True) + layer.epsilon)
    np.testing.assert_allclose(after, expected, atol=1e-4)
    assert np.abs(after - before).max() > 0.1


OWN_BAD_VALUES = {
    "AttentionClassifier": {"units": [0, 1.5], "activation": ["softmax", None]},
    "CNNClassifier": {
        "filters": [0, 2.5],
        "n_layers": [0],
        "activation": ["linearly"],
        "normalization": ["group"],
        "pooling": ["last"],
    },
    "GRUClassifier": {"units": [0], "pooling": ["middle"], "kernel_initializer": ["zeros"]},
    "NetworkClassifier": {"pooling": ["last"]},
    "SimpleRNNClassifier": {"activation": ["softmax"], "weight_dropout": [1.0]},
    "TransformerClassifier": {
        "n_heads": [0, 1.5],
        "feedforward_dim": [0],
        "positions": ["relative"],
        "max_positions": [0],
        "activation": ["linearly"],
    },
}


@pytest.mark.parametrize("name", OWN_BAD_VALUES)
def test_a_bad_value_of_a_parameter_of_the_family_is_named(name, ids_and_labels):
    for parameter, values in OWN_BAD_VALUES[name].items():
        for value in values:
            classifier = toy(name).set_params(**{parameter: value})
            with pytest.raises(ValueError, match=f"'{parameter}' parameter of {name} must be"):
                classifier.fit(*ids_and_labels)


def test_normalization_by_batch_does_not_count_padding(ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy("CNNClassifier", normalization="batch", batch_size=64)
    moving = []
    for width in (0, 40):
        model = classifier.fit(np.pad(np.asarray(ids), ((0, 0), (0, width))), labels).model_
        moving.append(np.asarray(model.get_layer("normalization_0").moving_mean.value))
    assert np.abs(moving[0]).max() > 0
    np.testing.assert_allclose(*moving, atol=1e-6)


@pytest.mark.parametrize("sizes", [(), (0,), (2.5,), "345", (3, -1), {2}, (True,)], ids=str)
def test_kernel_sizes_that_are_none_are_refused(sizes, ids_and_labels):
    with pytest.raises(ValueError, match="kernel_sizes"):
        toy("CNNClassifier", kernel_sizes=sizes).fit(*ids_and_labels)


@pytest.mark.parametrize("sizes", [(np.int64(2), 3), np.array([2, 3]), [2, 3]], ids=repr)
def test_kernel_sizes_may_be_any_list_of_whole_numbers(sizes, ids_and_labels):
    toy("CNNClassifier", kernel_sizes=sizes).fit(*ids_and_labels)


def test_texts_shorter_than_a_filter_are_read():
    ids, labels = np.array([[2], [3]] * 10), np.array([0, 1] * 10)
    classifier = toy("CNNClassifier", kernel_sizes=[5], epochs=40, learning_rate=0.05)
    assert classifier.fit(ids, labels).score(ids, labels) == 1.0


def test_heads_that_do_not_divide_the_width_are_refused(ids_and_labels):
    with pytest.raises(ValueError, match=r"Got embedding_dim=4 and n_heads=3; expected"):
        toy("TransformerClassifier", n_heads=3).fit(*ids_and_labels)


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_positions_let_a_transformer_tell_the_order(positions):
    """Both classes hold the same two words; which comes first decides."""
    ids = np.array([[2, 3], [3, 2]] * 20)
    labels = np.array([0, 1] * 20)
    parameters = {"epochs": 60, "learning_rate": 0.01, "pooling": "max", "dropout": 0.0}
    parameters |= {"embedding_dim": 8, "embedding_dropout": 0.0, "n_layers": 2}
    told = toy("TransformerClassifier", positions=positions, **parameters).fit(ids, labels)
    untold = toy("TransformerClassifier", positions=None, **parameters).fit(ids, labels)
    assert told.score(ids, labels) == 1.0
    assert untold.score(ids, labels) == 0.5


def returns_a_number(embedded):
    return 3


def returns_too_many_axes(embedded):
    return keras.ops.expand_dims(embedded, 1)


@pytest.mark.parametrize(
    ("encoder", "got"),
    [(returns_a_number, "encoder returned 3; expected"), (returns_too_many_axes, "of shape")],
)
def test_an_encoder_that_returns_something_else_is_refused(encoder, got, ids_and_labels):
    with pytest.raises(ValueError, match=got):
        NetworkClassifier(encoder=encoder).fit(*ids_and_labels)


def test_a_network_without_an_encoder_is_refused(ids_and_labels):
    with pytest.raises(ValueError, match="Got encoder=None; expected a function"):
        NetworkClassifier().fit(*ids_and_labels)


def dense_sequence(embedded):
    return keras.layers.Dense(3, activation="tanh")(embedded)


def test_a_sequence_that_an_encoder_returns_is_pooled(ids_and_labels):
    classifier = toy("NetworkClassifier", encoder=dense_sequence, pooling="max+mean")
    fitted = classifier.fit(*ids_and_labels)
    assert fitted.model_.get_layer("pooling").output.shape == (None, 6)


def dense_of(embedded, width):
    return keras.layers.Dense(width, activation="tanh")(embedded)


def test_clones_of_a_partial_share_one_network(ids_and_labels, monkeypatch):
    built = []
    whole = CompiledNetwork.__init__
    monkeypatch.setattr(
        CompiledNetwork, "__init__", lambda self, *args: built.append(1) or whole(self, *args)
    )
    network_pool.clear()
    classifier = toy("NetworkClassifier", encoder=functools.partial(dense_of, width=3))
    first, again = (clone(classifier).fit(*ids_and_labels) for _ in range(2))
    assert len(built) == 1
    assert np.array_equal(*(fitted.predict_proba(ids_and_labels[0]) for fitted in (first, again)))
    wider = classifier.set_params(encoder=functools.partial(dense_of, width=4))
    wider.fit(*ids_and_labels)
    assert len(built) == 2


def test_an_encoder_that_cannot_be_hashed_is_refused(ids_and_labels):
    encoder = functools.partial(dense_of, width=[3])
    with pytest.raises(TypeError, match=r"cannot be hashed, .*; expected a function"):
        toy("NetworkClassifier", encoder=encoder).fit(*ids_and_labels)


def test_layers_without_a_seed_follow_random_state(ids_and_labels):
    ids, labels = ids_and_labels
    first, again, other = (
        toy("NetworkClassifier", encoder=dense_sequence, random_state=seed)
        .fit(ids, labels)
        .predict_proba(ids)
        for seed in (0, 0, 1)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_learns_in_mixed_precision_with_every_brake_on(name, ids_and_labels):
    brakes = {"word_dropout": 0.1, "label_smoothing": 0.1, "l2": 1e-4, "max_norm": 3.0}
    brakes |= {"weight_decay": 0.01, "clipvalue": 1.0, "warmup": 0.1, "ema_decay": 0.9}
    brakes |= {"adversarial_epsilon": 0.1, "linear_ngrams": 2}
    if "weight_dropout" in toy(name).get_params():
        brakes |= {"weight_dropout": 0.1, "activity_l2": 0.1, "temporal_l2": 0.1}
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        found = toy(name, **brakes).fit(*ids_and_labels).predict_proba(ids_and_labels[0])
    finally:
        keras.config.set_dtype_policy(before)
    assert np.isfinite(found).all()
