"""Networks as pure functions of numbers and a seed."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks import IdLookup, NetworkSpec, build_network, lstm_encoder, with_output
from skdeepnlp.training import NetworkWeights

OPTIONS = {
    "bidirectional": True,
    "kernel_initializer": "glorot_uniform",
    "n_layers": 1,
    "normalization": None,
    "residual": False,
    "units": 3,
}
IDS = np.array([[2, 3, 4, 0], [5, 0, 0, 0]], dtype="int32")


def spec(n_outputs=2, pooling="max+mean", rates=None, **options):
    given = {"dropout": 0.5, "embedding_dropout": 0.3} if rates is None else rates
    return NetworkSpec(
        encoder=lstm_encoder,
        encoder_options=tuple(sorted({**OPTIONS, **options}.items())),
        pooling=pooling,
        vocabulary_size=9,
        embedding_dim=4,
        n_outputs=n_outputs,
        rates=tuple(sorted(given.items())),
    )


def arrays_of(network):
    return [keras.ops.convert_to_numpy(variable.value) for variable in network.model.variables]


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
    assert network.model(IDS).shape == (2, 3)


def test_layers_are_named_for_what_they_do():
    names = [layer.name for layer in build_network(spec(n_layers=2), seed=0).model.layers]
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
        "features_dropout",
        "logits",
    ]


def test_rates_count_for_the_shape_only_as_there_or_not():
    assert spec(rates={"dropout": 0.2}).shape == spec(rates={"dropout": 0.7}).shape
    assert spec(rates={"dropout": 0.2}).shape != spec(rates={}).shape
    assert spec(rates={"dropout": 0.2}).shape != spec(rates={"word_dropout": 0.2}).shape
    assert spec(units=3).shape != spec(units=4).shape
    assert spec(pooling="max").shape != spec(pooling="mean").shape


def test_weights_of_networks_that_differ_in_rates_alone_are_equal():
    rates = [{"dropout": rate, "recurrent_dropout": rate, "mixup": rate} for rate in (0.2, 0.7)]
    first, other = (
        NetworkWeights.of(build_network(spec(rates=one), seed=1).model).arrays for one in rates
    )
    assert all(map(np.array_equal, first, other))


def test_leaving_dropout_out_does_not_move_the_other_seeds():
    kernels = [build_network(one, seed=0).logits.kernel for one in (spec(), spec(rates={}))]
    assert np.array_equal(*(keras.ops.convert_to_numpy(kernel) for kernel in kernels))


def test_probabilities_share_the_weights_of_the_network():
    network = build_network(spec(3), seed=0)
    model = with_output(network, "softmax")
    powers = np.exp(keras.ops.convert_to_numpy(network.model(IDS)))
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(model(IDS)), expected, rtol=1e-5)
    assert model.weights[0] is network.model.weights[0]


def test_a_lookup_of_ids_comes_first():
    lookup = np.array([0, 1, 1, 3, 4], dtype="int32")
    known = IdLookup(lookup.tolist(), n_known=5)
    found = build_network(spec(3), seed=0, known=known).model(IDS)
    expected = build_network(spec(3), seed=0).model(np.where(IDS < 5, lookup[IDS % 5], 1))
    np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (found, expected)))


def test_the_parts_are_those_of_the_model():
    network = build_network(spec(rates={"mixup": 0.2, "adversarial_epsilon": 0.1}), seed=0)
    parts = (network.embedding, network.adversarial, network.pooling, network.mixup, network.logits)
    places = [network.model.layers.index(part) for part in parts]
    assert places == sorted(places)
    assert network.features.shape == (None, 12)
    without = build_network(spec(pooling="last", rates={}), seed=0)
    assert (without.pooling, without.mixup, without.adversarial) == (None, None, None)
