"""Losses of single rows, with labels as they are and smoothed."""

import numpy as np
import pytest

from skdeepnlp.training._losses import row_losses, smoothed_losses

LOGITS = np.array([[2.0, 0.0, -1.0], [0.5, 1.5, 0.0]], dtype="float32")
CLASSES = np.array([0, 2], dtype="int32")


def cross_entropy(targets, logits):
    """Return the cross-entropy by its definition."""
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -(targets * np.log(shares)).sum(axis=1)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_smoothed_classes_spread_a_share_over_all(smoothing):
    targets = (1 - smoothing) * np.eye(3)[CLASSES] + smoothing / 3
    losses = row_losses(CLASSES, LOGITS, "softmax")
    found = smoothed_losses(losses, CLASSES, LOGITS, "softmax", smoothing)
    np.testing.assert_allclose(np.asarray(found), cross_entropy(targets, LOGITS), rtol=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_smoothed_yes_and_no_move_half_a_share_to_each_other(smoothing):
    labels = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]], dtype="float32")
    targets = (1 - smoothing) * labels + smoothing / 2
    yes = 1 / (1 + np.exp(-LOGITS))
    expected = -(targets * np.log(yes) + (1 - targets) * np.log(1 - yes)).mean(axis=1)
    losses = row_losses(labels, LOGITS, "sigmoid")
    found = smoothed_losses(losses, labels, LOGITS, "sigmoid", smoothing)
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-5)
