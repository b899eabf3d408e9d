"""Objectives by their definitions: losses, scores, divergences."""

import numpy as np
import pytest

from skdeepnlp.training import Sigmoid, Softmax, SquaredError

LOGITS = np.array([[2.0, 0.0, -1.0], [0.5, 1.5, 0.0]], dtype="float32")
CLASSES = np.array([0, 2], dtype="int32")


def cross_entropy(targets, logits):
    """Return the cross-entropy by its definition."""
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -(targets * np.log(shares)).sum(axis=1)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_smoothed_classes_spread_a_share_over_all(smoothing):
    targets = (1 - smoothing) * np.eye(3)[CLASSES] + smoothing / 3
    losses = Softmax().row_losses(CLASSES, LOGITS)
    found = Softmax().smoothed_losses(losses, CLASSES, LOGITS, smoothing)
    np.testing.assert_allclose(np.asarray(found), cross_entropy(targets, LOGITS), rtol=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_smoothed_yes_and_no_move_half_a_share_to_each_other(smoothing):
    labels = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]], dtype="float32")
    targets = (1 - smoothing) * labels + smoothing / 2
    yes = 1 / (1 + np.exp(-LOGITS))
    expected = -(targets * np.log(yes) + (1 - targets) * np.log(1 - yes)).mean(axis=1)
    losses = Sigmoid().row_losses(labels, LOGITS)
    found = Sigmoid().smoothed_losses(losses, labels, LOGITS, smoothing)
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-5)


def test_squared_errors_are_means_over_the_outputs_and_scores_their_complement():
    targets = np.array([[1.0, 0.0, -1.0], [0.0, 0.0, 0.0]], dtype="float32")
    expected = ((LOGITS - targets) ** 2).mean(axis=1)
    np.testing.assert_allclose(
        np.asarray(SquaredError().row_losses(targets, LOGITS)), expected, rtol=1e-5
    )
    np.testing.assert_allclose(
        np.asarray(SquaredError().row_scores(targets, LOGITS)), 1 - expected, rtol=1e-5
    )


def test_predictions_of_numbers_are_apart_by_their_squared_difference():
    found = SquaredError().divergences(LOGITS, LOGITS + np.float32(0.5))
    np.testing.assert_allclose(np.asarray(found), [0.25, 0.25], rtol=1e-5)


@pytest.mark.parametrize("objective", [Softmax(), Sigmoid(), SquaredError()])
def test_objectives_are_values(objective):
    assert objective == type(objective)()
    assert len({objective, type(objective)()}) == 1
