"""Steps of training are those computed by hand: loss, gradient, limits, decay and averages.

The network is written again in NumPy, in 64 bits, with its gradient by central differences.
"""

import numpy as np
import pytest

from skdeepnlp.networks import NetworkSpec, build_network, lstm_encoder
from skdeepnlp.training import (
    LOSS_TERMS,
    CompiledNetwork,
    NetworkWeights,
    Sigmoid,
    Softmax,
    TrainingSpec,
)

ENCODER = {
    "units": 2,
    "n_layers": 1,
    "bidirectional": False,
    "pooling": "max+mean",
    "residual": False,
    "normalization": None,
    "kernel_initializer": "glorot_uniform",
    "recurrent_dropout": 0.0,
    "weight_dropout": 0.0,
    "activity_l2": 0.0,
    "temporal_l2": 0.0,
}
N_IDS, RATE = 7, 0.5
RATES = ("recurrent_dropout", "weight_dropout", "activity_l2", "temporal_l2")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(x, real, kernel, recurrent, bias, backwards):
    """Return the outputs of all steps in the order of time; a padded step keeps the state."""
    units = len(recurrent)
    state = cell = np.zeros((len(x), units))
    outputs = np.zeros((*x.shape[:2], units))
    for time in reversed(range(x.shape[1])) if backwards else range(x.shape[1]):
        gates = x[:, time] @ kernel + state @ recurrent + bias
        enter, forget, new, leave = np.split(gates, 4, axis=1)
        after = sigmoid(forget) * cell + sigmoid(enter) * np.tanh(new)
        there = real[:, time, None]
        state = np.where(there, sigmoid(leave) * np.tanh(after), state)
        cell = np.where(there, after, cell)
        outputs[:, time] = state
    return outputs


def normalized(x, real, kind, scale, shift):
    """Normalize each token's features, or each feature over the real tokens."""
    if kind == "layer":
        mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    else:
        mean, variance = x[real].mean(axis=0), x[real].var(axis=0)
    return (x - mean) / np.sqrt(variance + 1e-3) * scale + shift


class ByHand:
    """The network of some options, as a function of its trained weights."""

    def __init__(self, encoder, head, objective):
        self.encoder, self.head, self.objective = {**ENCODER, **encoder}, head, objective

    def features(self, weights, ids):
        """Return pooled features, and the mean squares of outputs and of their changes."""
        left = list(weights)
        real, hidden = ids > 0, left.pop(0)[ids]
        for _ in range(self.encoder["n_layers"]):
            before, directions = hidden, [False, True][: 1 + self.encoder["bidirectional"]]
            read = [
                lstm(hidden, real, *(left.pop(0) for _ in range(3)), back) for back in directions
            ]
            hidden = np.concatenate(read, axis=-1)
            if self.encoder["residual"]:
                same = before.shape == hidden.shape
                hidden = hidden + (before if same else before @ left.pop(0))
            if kind := self.encoder["normalization"]:
                hidden = normalized(hidden, real, kind, left.pop(0), left.pop(0))
        size = (hidden[real] ** 2).mean()
        both = real[:, 1:] & real[:, :-1]
        changes = (hidden[:, 1:] - hidden[:, :-1])[both]
        change = (changes**2).mean() if changes.size else 0.0
        there = real[..., None]
        highest = np.where(there, hidden, -np.inf).max(axis=1)
        mean = (hidden * there).sum(axis=1) / there.sum(axis=1)
        pools = {"max": [highest], "mean": [mean], "max+mean": [highest, mean]}
        features = np.concatenate(pools[self.encoder["pooling"]], axis=1)
        return features, left, size, change

    def row_losses(self, logits, targets, smoothing):
        """Return the cross-entropy of each row, of smoothed labels."""
        if self.objective == "softmax":
            n_classes = logits.shape[1]
            shares = (1 - smoothing) * np.eye(n_classes)[targets] + smoothing / n_classes
            logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
            return -(shares * logs).sum(axis=1)
        shares = (1 - smoothing) * targets + smoothing / 2
        return (np.logaddexp(0, logits) - shares * logits).mean(axis=1)

    def loss(self, weights, ids, targets, row_weights, plain=False):
        """Return what a step minimizes; on `plain` the weighted mean of labels as they are."""
        features, (kernel, bias), size, change = self.features(weights, ids)
        logits = features @ kernel + bias
        if plain:
            losses = self.row_losses(logits, targets, 0.0)
            return (losses * row_weights).sum() / row_weights.sum()
        losses = self.row_losses(logits, targets, self.head.get("label_smoothing", 0.0))
        kernels = [weights[place] for place in self.penalized(weights)]
        penalty = sum(
            self.head.get("l1", 0) * np.abs(one).sum() + self.head.get("l2", 0) * (one**2).sum()
            for one in kernels
        )
        activity = self.encoder["activity_l2"] * size + self.encoder["temporal_l2"] * change
        return (losses * row_weights).sum() / len(ids) + penalty + activity

    def penalized(self, weights):
        """Return the places of all matrices but the embedding."""
        return [place for place, one in enumerate(weights) if one.ndim == 2 and place]

    def gradient(self, weights, *batch):
        """Return central differences of the loss."""
        found, step = [np.zeros_like(one) for one in weights], 1e-6
        for one, of_one in zip(weights, found, strict=True):
            for place in np.ndindex(one.shape):
                kept = one[place]
                sides = []
                for sign in (1, -1):
                    one[place] = kept + sign * step
                    sides.append(self.loss(weights, *batch))
                one[place] = kept
                of_one[place] = (sides[0] - sides[1]) / (2 * step)
        return found


def stepped(weights, gradients, numbers):
    """Return the weights after a step of plain gradient descent within limits."""
    if "clipvalue" in numbers:
        gradients = [np.clip(g, -numbers["clipvalue"], numbers["clipvalue"]) for g in gradients]
    if "clipnorm" in numbers:
        norm = np.sqrt(sum((g**2).sum() for g in gradients))
        gradients = [g * min(1, numbers["clipnorm"] / norm) for g in gradients]
    decay = RATE * numbers.get("weight_decay", 0.0)
    after = [
        w * (1 - decay * (w.ndim == 2)) - RATE * g for w, g in zip(weights, gradients, strict=True)
    ]
    if "max_norm" in numbers:
        lengths = np.linalg.norm(after[-2], axis=0)
        after[-2] = after[-2] * np.minimum(1, numbers["max_norm"] / lengths)
    return after


def batch_of(n_rows, objective, rng):
    lengths = rng.integers(1, 6, size=n_rows)
    ids = np.where(np.arange(5) < lengths[:, None], rng.integers(1, N_IDS, size=(n_rows, 5)), 0)
    if objective == "softmax":
        targets = rng.integers(0, 3, size=n_rows).astype("int32")
    else:
        n_outputs = 1 if objective == "binary" else 3
        targets = rng.integers(0, 2, size=(n_rows, n_outputs)).astype("float32")
    return ids.astype("int32"), targets, rng.uniform(0.5, 2, size=n_rows).astype("float32")


CASES = [
    (32, "softmax", {}, {}, {}),
    (1, "binary", {}, {}, {}),
    (2, "several", {}, {}, {}),
    (3, "softmax", {"bidirectional": True}, {}, {}),
    (3, "binary", {"n_layers": 2}, {}, {}),
    (32, "several", {"n_layers": 2, "bidirectional": True}, {}, {}),
    (3, "softmax", {"pooling": "max"}, {}, {}),
    (3, "softmax", {"pooling": "mean"}, {}, {}),
    (3, "binary", {"residual": True, "n_layers": 2}, {}, {}),
    (2, "softmax", {"residual": True, "bidirectional": True}, {}, {}),
    (3, "several", {"normalization": "layer"}, {}, {}),
    (32, "softmax", {"normalization": "batch"}, {}, {}),
    (3, "binary", {"activity_l2": 0.7}, {}, {}),
    (3, "softmax", {"temporal_l2": 0.7, "bidirectional": True}, {}, {}),
    (1, "softmax", {"temporal_l2": 0.7, "activity_l2": 0.2}, {}, {}),
    (3, "softmax", {}, {"l1": 0.01}, {}),
    (3, "binary", {"n_layers": 2}, {"l2": 0.05}, {}),
    (32, "several", {"bidirectional": True}, {"l1": 0.01, "l2": 0.05}, {}),
    (3, "softmax", {}, {"label_smoothing": 0.2}, {}),
    (2, "binary", {}, {"label_smoothing": 0.2}, {}),
    (3, "several", {}, {"label_smoothing": 0.2}, {}),
    (3, "softmax", {}, {}, {"clipnorm": 0.1}),
    (3, "binary", {}, {}, {"clipvalue": 0.02}),
    (32, "several", {}, {}, {"clipvalue": 0.02, "clipnorm": 0.05}),
    (3, "softmax", {}, {}, {"weight_decay": 0.3}),
    (3, "softmax", {}, {}, {"max_norm": 0.4}),
    (3, "binary", {}, {"l2": 0.05}, {"ema_decay": 0.9}),
]


@pytest.mark.parametrize(("n_rows", "objective", "encoder", "head", "numbers"), CASES, ids=str)
def test_two_steps_are_those_computed_by_hand(n_rows, objective, encoder, head, numbers):
    rng = np.random.default_rng(0)
    hand = ByHand(encoder, head, objective)
    rates = {name: hand.encoder[name] for name in RATES if hand.encoder[name]}
    options = {name: value for name, value in hand.encoder.items() if name not in RATES}
    spec = NetworkSpec(
        encoder=lstm_encoder,
        pooling=options.pop("pooling"),
        encoder_options=tuple(sorted(options.items())),
        vocabulary_size=N_IDS,
        embedding_dim=2,
        n_outputs=1 if objective == "binary" else 3,
        rates=tuple(sorted(rates.items())),
    )
    terms = (*(name for name in LOSS_TERMS if name in head), *sorted(numbers))
    aim = Softmax() if objective == "softmax" else Sigmoid()
    compiled = CompiledNetwork(build_network(spec, seed=0), TrainingSpec(aim, "sgd", terms))
    for variable in compiled.network.trainable_variables:  # far from where all is alike
        variable.assign(rng.normal(size=variable.shape).astype("float32"))
    start = NetworkWeights.of(compiled.network)
    compiled.start_training(start, None, {"learning_rate": RATE, **rates, **head, **numbers})
    compiled.network.begin_epoch()
    trained = compiled.network.trainable_variables
    weights = [np.array(one.value, dtype=float) for one in trained]
    averages, losses = weights, []
    for number in range(2):
        batch = batch_of(n_rows, objective, rng)
        losses.append((hand.loss(weights, *batch, plain=True), batch[2].sum()))
        weights = stepped(weights, hand.gradient(weights, *batch), numbers)
        means = compiled.train_on(*batch)
        kept = min(numbers.get("ema_decay", 0), number / (number + 9))
        averages = [kept * a + (1 - kept) * w for a, w in zip(averages, weights, strict=True)]
    for variable, expected in zip(trained, weights, strict=True):
        found = np.asarray(variable.value)
        np.testing.assert_allclose(found, expected, rtol=2e-4, atol=2e-5, err_msg=variable.path)
    loss = sum(one * weight for one, weight in losses) / sum(weight for _, weight in losses)
    assert float(means["loss"]) == pytest.approx(loss, rel=1e-4)
    if "ema_decay" in numbers:
        for variable, expected in zip(compiled.averages, averages, strict=True):
            np.testing.assert_allclose(np.asarray(variable.value), expected, rtol=2e-4, atol=2e-5)
