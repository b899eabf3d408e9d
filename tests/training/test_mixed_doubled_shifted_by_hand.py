"""Steps of training that draw are those computed by hand with what was drawn.

Dropout of every kind, mixed, doubled and shifted texts: the network is written again in NumPy, in
64 bits, with its gradient by central differences. Masks and shares are drawn a second time, from
the states that the generators of the layers had before the step.
"""

import keras
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
    "pooling": "max",
    "residual": False,
    "normalization": None,
    "kernel_initializer": "glorot_uniform",
    "recurrent_dropout": 0.0,
    "weight_dropout": 0.0,
    "activity_l2": 0.0,
    "temporal_l2": 0.0,
}
N_IDS, N_STEPS, WIDTH, RATE = 7, 4, 2, 0.5
RATES = ("recurrent_dropout", "weight_dropout", "activity_l2", "temporal_l2")
N_OUTPUTS = {"softmax": 3, "binary": 1, "several": 3}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lengths_of(x):
    return np.sqrt((x**2).sum(axis=(1, 2), keepdims=True))


def lstm(x, real, kernel, recurrent, bias, backwards):
    """Return the outputs of all steps in the order of time and the final state."""
    units = len(recurrent)
    state = cell = np.zeros((len(x), units))
    outputs = np.zeros((*x.shape[:2], units))
    for time in reversed(range(x.shape[1])) if backwards else range(x.shape[1]):
        enter, forget, new, leave = np.split(
            x[:, time] @ kernel + state @ recurrent + bias, 4, axis=1
        )
        after = sigmoid(forget) * cell + sigmoid(enter) * np.tanh(new)
        there = real[:, time, None]
        state = np.where(there, sigmoid(leave) * np.tanh(after), state)
        cell = np.where(there, after, cell)
        outputs[:, time] = state
    return outputs, state


def divergence(one, other):
    """Kullback-Leibler divergence of distributions along the last axis."""
    return (one * np.log(one / other)).sum(axis=-1)


class Draws:
    """Draw again what the layers of a network are going to draw in their next pass."""

    def __init__(self, network):
        self.generators = {}
        for layer in network.layers:
            if hasattr(layer, "seed_generator"):
                own = keras.random.SeedGenerator(0)
                own.state.assign(layer.seed_generator.state)
                self.generators[layer.name] = own

    def numbers(self, name, shape):
        return np.asarray(keras.random.uniform(shape, seed=self.generators[name]))

    def share(self, strength):
        """Return the share of a mix, from a beta distribution."""
        generator = self.generators["mixup"]
        return float(np.asarray(keras.random.beta((), strength, strength, seed=generator)))

    def one_pass(self, n_rows, encoder, head):
        """Return which numbers each dropout keeps, by the name of its layer."""
        widths = {
            "word_dropout": (N_STEPS,),
            "embedding_dropout": (N_STEPS, WIDTH),
            "dropout_0": (N_STEPS, encoder["units"] * (1 + encoder["bidirectional"])),
            "features_dropout": (n_features(encoder),),
        }
        kept = {}
        for name, shape in widths.items():
            if name in self.generators:
                rate = head[name.removesuffix("_0").removeprefix("features_")]
                kept[name] = self.numbers(name, (n_rows, *shape)) >= np.float32(rate)
        return kept


def n_features(encoder):
    return encoder["units"] * (1 + encoder["bidirectional"])


class ByHand:
    """A network of some options, as a function of its weights and of what was drawn."""

    def __init__(self, encoder, head, objective):
        self.encoder, self.head, self.objective = {**ENCODER, **encoder}, head, objective

    def dropped(self, x, kept, name):
        """Set to zero what is not kept, and scale up the others."""
        if name not in kept:
            return x
        return np.where(
            kept[name], x / (1 - self.head[name.removesuffix("_0").removeprefix("features_")]), 0
        )

    def embedded(self, table, ids, kept):
        if "word_dropout" in kept:
            ids = np.where((ids > 0) & ~kept["word_dropout"], 1, ids)
        return self.dropped(table[ids], kept, "embedding_dropout")

    def logits(self, weights, ids, kept, shift=0.0, mix=None):
        """Return the logits, and the penalty on outputs."""
        left, real = list(weights), ids > 0
        hidden = self.embedded(left.pop(0), ids, kept) + shift
        for layer in range(self.encoder["n_layers"]):
            directions = [False, True][: 1 + self.encoder["bidirectional"]]
            read = [
                lstm(hidden, real, *(left.pop(0) for _ in range(3)), back) for back in directions
            ]
            hidden, state = (np.concatenate(parts, axis=-1) for parts in zip(*read, strict=True))
            if layer < self.encoder["n_layers"] - 1:
                hidden = self.dropped(hidden, kept, f"dropout_{layer}")
        features = self.pooled(hidden, state, real, left)
        if mix is not None:
            features = mix[0] * features + (1 - mix[0]) * features[mix[1]]
        kernel, bias = left
        logits = self.dropped(features, kept, "features_dropout") @ kernel + bias
        return logits, self.encoder["activity_l2"] * (hidden[real] ** 2).mean()

    def pooled(self, hidden, state, real, left):
        """Return the features of each text; one without tokens has zeros."""
        there = real[..., None]
        if self.encoder["pooling"] == "last":
            return state
        if self.encoder["pooling"] == "max":
            return np.where(there, hidden, -9).max(axis=1) * real.any(axis=1, keepdims=True)
        kernel, bias, query = (left.pop(0) for _ in range(3))
        powers = np.exp(np.tanh(hidden @ kernel + bias) @ query) * there
        return (hidden * powers).sum(axis=1) / np.maximum(powers.sum(axis=1), 1e-30)

    def row_losses(self, logits, targets, plain=False):
        """Return the cross-entropy of each row, of smoothed labels unless plain."""
        smoothing = 0.0 if plain else self.head.get("label_smoothing", 0.0)
        if self.objective == "softmax":
            n_classes = logits.shape[1]
            shares = (1 - smoothing) * np.eye(n_classes)[targets] + smoothing / n_classes
            logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
            return -(shares * logs).sum(axis=1)
        shares = (1 - smoothing) * targets + smoothing / 2
        return (np.logaddexp(0, logits) - shares * logits).mean(axis=1)

    def apart(self, first, second):
        """Return the mean of both divergences of two predictions of each row."""
        if self.objective == "softmax":
            one, other = (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) for z in (first, second))
            return (divergence(one, other) + divergence(other, one)) / 2
        one, other = (np.stack([sigmoid(z), sigmoid(-z)], axis=-1) for z in (first, second))
        return ((divergence(one, other) + divergence(other, one)) / 2).mean(axis=1)

    def step(self, weights, batch, draws):
        """Return what a step minimizes as a function of the weights, and its plain row losses."""
        name = next(
            (one for one in ("mixup", "r_drop", "adversarial_epsilon") if one in self.head), "plain"
        )
        return getattr(self, f"_{name}")(weights, *batch, draws)

    def _plain(self, weights, ids, targets, of_rows, draws):
        kept = draws.one_pass(len(ids), self.encoder, self.head)

        def loss(weights):
            logits, penalty = self.logits(weights, ids, kept)
            return (self.row_losses(logits, targets) * of_rows).sum() / (
                of_rows > 0
            ).sum() + penalty

        return loss, self.row_losses(self.logits(weights, ids, kept)[0], targets, plain=True)

    def _mixup(self, weights, ids, targets, of_rows, draws):
        kept = draws.one_pass(len(ids), self.encoder, self.head)
        texts = int((ids > 0).any(axis=1).sum())
        partners = [*reversed(range(texts)), *range(texts, len(ids))]
        share = draws.share(self.head["mixup"])
        mix = share, partners

        def loss(weights):
            logits, penalty = self.logits(weights, ids, kept, mix=mix)
            own = of_rows * self.row_losses(logits, targets)
            theirs = of_rows[partners] * self.row_losses(logits, targets[partners])
            return (share * own + (1 - share) * theirs).sum() / (of_rows > 0).sum() + penalty

        return loss, self.row_losses(
            self.logits(weights, ids, kept, mix=mix)[0], targets, plain=True
        )

    def _r_drop(self, weights, ids, targets, of_rows, draws):
        twice = np.vstack([ids, ids])
        kept = draws.one_pass(len(twice), self.encoder, self.head)

        def loss(weights):
            logits, penalty = self.logits(weights, twice, kept)
            first, second = np.split(logits, 2)
            losses = (self.row_losses(first, targets) + self.row_losses(second, targets)) / 2
            losses = losses + self.head["r_drop"] * self.apart(first, second)
            return (losses * of_rows).sum() / (of_rows > 0).sum() + penalty

        first = self.logits(weights, twice, kept)[0][: len(ids)]
        return loss, self.row_losses(first, targets, plain=True)

    def _adversarial_epsilon(self, weights, ids, targets, of_rows, draws):
        first = draws.one_pass(len(ids), self.encoder, self.head)
        kept = draws.one_pass(len(ids), self.encoder, self.head)  # others for the shifted texts

        def losses(weights, shift):
            return self.row_losses(self.logits(weights, ids, kept, shift)[0], targets) * of_rows

        (slope,) = central_differences(
            lambda at: losses(weights, at[0]).sum(), [np.zeros((*ids.shape, WIDTH))]
        )
        real = self.embedded(weights[0], ids, kept) * (ids > 0)[..., None]
        longest = self.head["adversarial_epsilon"] * lengths_of(real)
        shift = longest * slope / np.maximum(lengths_of(slope), 1e-30)

        def loss(weights):
            logits, penalty = self.logits(weights, ids, first)
            plain = self.row_losses(logits, targets) * of_rows
            both = (plain + losses(weights, shift)) / 2
            return both.sum() / (of_rows > 0).sum() + penalty

        shown = self.row_losses(self.logits(weights, ids, first)[0], targets, plain=True)
        return loss, shown


def central_differences(function, at):
    """Return the gradient of a function of a list of arrays."""
    at, step = [np.array(one, dtype=float) for one in at], 1e-6
    found = [np.zeros_like(one) for one in at]
    for one, slope in zip(at, found, strict=True):
        for place in np.ndindex(one.shape):
            kept, sides = one[place], []
            for sign in (1, -1):
                one[place] = kept + sign * step
                sides.append(function(at))
            one[place] = kept
            slope[place] = (sides[0] - sides[1]) / (2 * step)
    return found


def batch_of(n_rows, objective, rng):
    """Draw texts of one to four tokens; where there are three or more, the last is a filler."""
    lengths = rng.integers(1, N_STEPS + 1, size=n_rows)
    weights = rng.uniform(0.5, 2, size=n_rows)
    if n_rows > 2:
        lengths[-1] = weights[-1] = 0
    ids = rng.integers(1, N_IDS, size=(n_rows, N_STEPS))
    ids = np.where(np.arange(N_STEPS) < lengths[:, None], ids, 0).astype("int32")
    if objective == "softmax":
        return ids, rng.integers(0, 3, size=n_rows).astype("int32"), weights.astype("float32")
    targets = rng.integers(0, 2, size=(n_rows, N_OUTPUTS[objective]))
    return ids, targets.astype("float32"), weights.astype("float32")


TWO_LAYERS, BOTH_WAYS = {"n_layers": 2}, {"bidirectional": True}
ATTENTION, LAST = {"pooling": "attention"}, {"pooling": "last"}
EACH = {"word_dropout": 0.3, "embedding_dropout": 0.4, "dropout": 0.5}
SMOOTHED = {"label_smoothing": 0.2}
CASES = [
    (3, "softmax", ATTENTION, {}),
    (2, "several", {**LAST, **TWO_LAYERS, **BOTH_WAYS}, {}),
    (3, "softmax", {}, {"dropout": 0.4}),
    (3, "binary", TWO_LAYERS, {"dropout": 0.4}),
    (1, "several", LAST, {"embedding_dropout": 0.3}),
    (32, "softmax", {}, {"word_dropout": 0.4}),
    (3, "softmax", {**BOTH_WAYS, **ATTENTION}, EACH),
    (3, "softmax", {}, {"mixup": 0.7}),
    (1, "binary", {}, {"mixup": 0.7}),
    (32, "several", LAST, {"mixup": 0.2, "embedding_dropout": 0.4, **SMOOTHED}),
    (3, "softmax", {}, {"r_drop": 2.0, "dropout": 0.4}),
    (2, "binary", TWO_LAYERS, {"r_drop": 0.5, **EACH}),
    (3, "several", {**BOTH_WAYS, "activity_l2": 0.7}, {"r_drop": 5.0, "dropout": 0.4, **SMOOTHED}),
    (3, "softmax", {}, {"adversarial_epsilon": 0.1}),
    (1, "binary", BOTH_WAYS, {"adversarial_epsilon": 0.5, **SMOOTHED}),
    (3, "several", LAST, {"adversarial_epsilon": 0.2, **EACH}),
    (32, "softmax", {"activity_l2": 0.7}, {"adversarial_epsilon": 0.1}),
]


@pytest.mark.parametrize(("n_rows", "objective", "encoder", "head"), CASES, ids=str)
def test_two_steps_are_those_computed_by_hand(n_rows, objective, encoder, head):
    rng = np.random.default_rng(0)
    hand = ByHand(encoder, head, objective)
    rates = {name: hand.encoder[name] for name in RATES if hand.encoder.get(name)}
    rates |= {name: value for name, value in head.items() if name not in LOSS_TERMS}
    options = {name: value for name, value in hand.encoder.items() if name not in RATES}
    spec = NetworkSpec(
        encoder=lstm_encoder,
        pooling=options.pop("pooling"),
        encoder_options=tuple(sorted(options.items())),
        vocabulary_size=N_IDS,
        embedding_dim=WIDTH,
        n_outputs=N_OUTPUTS[objective],
        rates=tuple(sorted(rates.items())),
    )
    terms = tuple(name for name in LOSS_TERMS if head.get(name))
    aim = Softmax() if objective == "softmax" else Sigmoid()
    compiled = CompiledNetwork(build_network(spec, seed=0), TrainingSpec(aim, "sgd", terms))
    trained = compiled.network.trainable_variables
    for variable in trained:  # far from where all is alike
        variable.assign(rng.normal(size=variable.shape).astype("float32"))
    compiled.start_training(
        NetworkWeights.of(compiled.network), None, {"learning_rate": RATE, **rates, **head}
    )
    compiled.network.begin_epoch()
    weights = [np.asarray(variable.value).astype(float) for variable in trained]
    shown, of_rows = [], []
    for _ in range(2):
        batch = batch_of(n_rows, objective, rng)
        loss, row_losses = hand.step(weights, batch, Draws(compiled.network))
        slopes = central_differences(loss, weights)
        weights = [one - RATE * slope for one, slope in zip(weights, slopes, strict=True)]
        shown, of_rows = [*shown, *row_losses], [*of_rows, *batch[2]]
        means = compiled.train_on(*batch)
    for variable, expected in zip(trained, weights, strict=True):
        found = np.asarray(variable.value)
        np.testing.assert_allclose(found, expected, rtol=3e-4, atol=3e-5, err_msg=variable.path)
    assert float(means["loss"]) == pytest.approx(np.average(shown, weights=of_rows), rel=1e-4)
