"""Pooling over the real time steps."""

import numpy as np
import pytest
from keras import ops

from skdeepnlp.networks._masking import MaskedPooling

INPUTS = np.array([[[1.0, -5.0], [3.0, -7.0], [9.0, 9.0]]], dtype="float32")
MASK = np.array([[True, True, False]])


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [("max", [3, -5]), ("mean", [2, -6]), ("max+mean", [3, -5, 2, -6])],
)
def test_masked_steps_are_not_seen(pooling, expected):
    pooled = MaskedPooling(pooling)(INPUTS, mask=MASK)
    assert np.asarray(pooled).tolist() == [expected]


def test_without_a_mask_every_step_counts():
    assert np.asarray(MaskedPooling("max")(INPUTS)).tolist() == [[9, 9]]


@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_a_sequence_without_a_real_step_pools_to_zeros(pooling):
    pooled = MaskedPooling(pooling)(INPUTS, mask=np.zeros((1, 3), dtype=bool))
    assert np.asarray(pooled).tolist() == [[0, 0]]


def test_the_mask_ends_at_the_pooling():
    assert MaskedPooling("max").compute_mask(INPUTS, MASK) is None


def test_pooling_survives_its_config():
    layer = MaskedPooling.from_config(MaskedPooling("max+mean", name="p").get_config())
    assert (layer.pooling, layer.name) == ("max+mean", "p")
    assert layer.compute_output_shape((None, 7, 3)) == (None, 6)


def test_half_precision_stays_finite():
    pooled = MaskedPooling("max", dtype="float16")(INPUTS.astype("float16"), mask=MASK)
    assert bool(ops.all(ops.isfinite(pooled)))
