"""Networks as pure functions of numbers and a seed."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks import NetworkSpec, build_network, lstm_encoder, with_probabilities

OPTIONS = {
    "activity_l2": 0.0,
    "bidirectional": True,
    "kernel_initializer": "glorot_uniform",
    "n_layers": 1,
    "normalization": None,
    "pooling": "max+mean",
    "recurrent_dropout": 0.0,
    "residual": False,
    "temporal_l2": 0.0,
    "units": 3,
    "weight_dropout": 0.0,
}
IDS = np.array([[2, 3, 4, 0], [5, 0, 0, 0]], dtype="int32")


def spec(n_outputs=2, dropout=0.5, embedding_dropout=0.3, l1=0.0, l2=0.0, **options):
    return NetworkSpec(
        encoder=lstm_encoder,
        encoder_options=tuple(sorted({**OPTIONS, **options}.items())),
        vocabulary_size=9,
        embedding_dim=4,
        n_outputs=n_outputs,
        dropout=dropout,
        embedding_dropout=embedding_dropout,
        l1=l1,
        l2=l2,
    )


def arrays_of(network):
    return [keras.ops.convert_to_numpy(variable.value) for variable in network.variables]


def test_the_seed_decides_every_variable():
    first, again, other = (arrays_of(build_network(spec(), seed=seed)) for seed in (1, 1, 2))
    assert all(map(np.array_equal, first, again))
    assert not all(map(np.array_equal, first, other))


def test_building_uses_no_global_generator():
    keras.utils.set_random_seed(0)
    first = arrays_of(build_network(spec(), seed=1))
    keras.utils.set_random_seed(9)
    assert all(map(np.array_equal, first, arrays_of(build_network(spec(), seed=1))))


@pytest.mark.parametrize("pooling", ["max", "mean", "max+mean", "last"])
@pytest.mark.parametrize("bidirectional", [True, False])
def test_each_pooling_gives_one_logit_an_output(pooling, bidirectional):
    network = build_network(spec(3, pooling=pooling, bidirectional=bidirectional), seed=0)
    assert network(IDS).shape == (2, 3)


def test_layers_are_named_for_what_they_do():
    names = [layer.name for layer in build_network(spec(l2=0.1, n_layers=2), seed=0).layers]
    assert names == [
        "ids",
        "embedding",
        *(["not_equal"] if "not_equal" in names else []),
        "embedding_dropout",
        "lstm_0_forward",
        "lstm_0_backward",
        "lstm_0_both",
        "dropout_0",
        "lstm_1_forward",
        "lstm_1_backward",
        "lstm_1_both",
        "pooling",
        "dropout",
        "penalty",
        "logits",
    ]


def test_strengths_count_for_the_shape_only_as_there_or_not():
    assert spec(dropout=0.2, l2=0.1).shape == spec(dropout=0.7, l1=0.3).shape
    assert spec(dropout=0.2).shape != spec(dropout=0).shape
    assert spec(embedding_dropout=0.2).shape != spec(embedding_dropout=0).shape
    assert spec(units=3).shape != spec(units=4).shape
    assert spec(l2=0.1).shape != spec().shape


def test_leaving_dropout_out_does_not_move_the_other_seeds():
    with_dropout = build_network(spec(), seed=0).get_layer("logits").kernel
    without = build_network(spec(dropout=0, embedding_dropout=0), seed=0).get_layer("logits").kernel
    assert np.array_equal(*(keras.ops.convert_to_numpy(k) for k in (with_dropout, without)))


def test_probabilities_share_the_weights_of_the_network():
    network = build_network(spec(3), seed=0)
    model = with_probabilities(network, "softmax")
    logits = keras.ops.convert_to_numpy(network(IDS))
    powers = np.exp(logits)
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(model(IDS)), expected, rtol=1e-5)
    assert model.weights[0] is network.weights[0]
