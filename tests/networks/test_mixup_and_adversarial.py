"""Layers that mix and shift: inert by themselves, exact where a training step asks."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks._adversarial import AdversarialShift
from skdeepnlp.networks._mixup import Mixup

IDS = np.array([[3, 4], [5, 0], [6, 7], [0, 0]], dtype="int32")
FEATURES = np.arange(8, dtype="float32").reshape(4, 2)
EMBEDDED = np.random.default_rng(0).normal(size=(4, 2, 3)).astype("float32")
MASK = IDS > 0


def test_the_last_text_is_the_partner_of_the_first_and_filling_rows_keep_to_themselves():
    assert np.asarray(Mixup.partners_of(IDS)).tolist() == [2, 1, 0, 3]
    assert np.asarray(Mixup.partners_of(IDS[:2])).tolist() == [1, 0]


def test_mixing_takes_the_share_that_the_layer_remembers():
    layer = Mixup(0.7, seed=1)
    with layer.mixing():
        found = np.asarray(layer([FEATURES, IDS]))
    share = float(np.asarray(layer.share.value))
    assert 0 < share < 1
    expected = share * FEATURES + (1 - share) * FEATURES[[2, 1, 0, 3]]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_shares_follow_the_beta_distribution_of_the_strength():
    layer, shares = Mixup(0.5, seed=0), []
    for _ in range(400):
        with layer.mixing():
            layer([FEATURES, IDS])
        shares.append(float(np.asarray(layer.share.value)))
    # beta(a, a) has the variance 1 / (8a + 4): 0.125; even shares would have 0.083
    assert np.var(shares) == pytest.approx(0.125, abs=0.015)
    assert np.mean(shares) == pytest.approx(0.5, abs=0.06)


def test_outside_the_block_features_pass_unchanged():
    layer = Mixup(0.7, seed=1)
    with layer.mixing():
        pass
    assert np.array_equal(np.asarray(layer([FEATURES, IDS])), FEATURES)


def test_a_shift_has_a_share_of_the_length_of_the_real_tokens():
    layer = AdversarialShift(0.2)
    direction = np.asarray(layer.direction_of(EMBEDDED[::-1].copy()))
    with layer.along(direction):
        shift = np.asarray(layer(EMBEDDED, mask=MASK)) - EMBEDDED
    real = np.linalg.norm((EMBEDDED * MASK[:, :, None]).reshape(4, -1), axis=1)
    found = np.linalg.norm(shift.reshape(4, -1), axis=1)
    np.testing.assert_allclose(found, 0.2 * real, atol=1e-5)
    np.testing.assert_allclose(
        shift[:3] / found[:3, None, None], direction[:3], atol=1e-4
    )  # the fourth has no token
    assert np.array_equal(np.asarray(layer(EMBEDDED, mask=MASK)), EMBEDDED)


def test_the_direction_of_no_gradient_is_none():
    still = np.zeros((2, 3, 4), dtype="float32")
    assert np.array_equal(np.asarray(AdversarialShift(0.1).direction_of(still)), still)


@pytest.mark.parametrize("layer", [Mixup(0.3, seed=4), AdversarialShift(0.3)], ids=["mix", "shift"])
def test_each_is_built_again_from_its_configuration(layer):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize("size", [1e-30, 1e-20, 1e-3, 1e20])
def test_directions_have_length_one_however_small_the_gradient(size):
    """Squares of small numbers are 0, and the direction was as long as 1e10."""
    gradient = np.full((1, 3, 4), size, dtype="float32")
    direction = np.asarray(AdversarialShift(0.1).direction_of(gradient))
    assert np.linalg.norm(direction) == pytest.approx(1, rel=1e-5)
    assert not np.asarray(AdversarialShift(0.1).direction_of(np.zeros_like(gradient))).any()
