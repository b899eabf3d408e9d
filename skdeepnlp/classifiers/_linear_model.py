"""The linear model that votes beside a network, as sure of itself as it is right."""

import hashlib
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import coo_matrix, csr_matrix
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from skdeepnlp._contracts import UNKNOWN_ID
from skdeepnlp.networks import NO_KEY, joined_keys
from skdeepnlp.training import LabelledTexts, RaggedIds, network_pool

__all__ = ["LinearModel", "LinearSettings", "linear_model_of"]

_N_PARTS = 3


@dataclass(frozen=True)
class LinearSettings:
    """What a linear model goes by, beside the texts.

    Parameters
    ----------
    n_outputs : int
        Number of logits.
    longest : int
        Tokens of the longest n-gram.
    n_rows : int
        How many n-grams there may be.
    C : float
        Inverse strength of the L2 penalty, as in `sklearn.linear_model.LogisticRegression`.
    seed : int
        Decides which rows are predicted together.
    """

    n_outputs: int
    longest: int
    n_rows: int
    C: float
    seed: int


@dataclass(frozen=True, eq=False)
class LinearModel:
    """A linear model of n-grams, as the network holds it.

    Parameters
    ----------
    keys : ndarray of shape (n_rows,), dtype int32
        Keys of the n-grams, in rising order, `NO_KEY` behind them.
    scores : ndarray of shape (n_rows, n_outputs), dtype float32
        What each n-gram that stands in a text adds to its logits.
    bias : ndarray of shape (n_outputs,), dtype float32
        Logits of a text of unknown n-grams.
    scale : float
        What the logits were multiplied by, to be as sure as they are right.
    """

    keys: np.ndarray
    scores: np.ndarray
    bias: np.ndarray
    scale: float


# for other fits on the same rows
_models = network_pool.memory(
    1 << 28, lambda model: model.keys.nbytes + model.scores.nbytes + model.bias.nbytes
)


def linear_model_of(
    texts: LabelledTexts, settings: LinearSettings, scale: float | None = None
) -> LinearModel:
    """Learn the linear model of some texts, unless that was just done.

    Parameters
    ----------
    texts : LabelledTexts
        What to learn from.
    settings : LinearSettings
        What to go by.
    scale : float or None, default=None
        What to multiply the logits by; None finds it out, by three more fits.

    Returns
    -------
    model : LinearModel
    """
    key = _digest(texts, (settings, scale))
    return _models.get(key, lambda: _learn(texts, settings, scale))


def _digest(texts: LabelledTexts, numbers: tuple) -> bytes:
    digest = hashlib.sha256(repr(numbers).encode())
    for array in (*texts.sequences, texts.targets, texts.weights):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


def _learn(texts: LabelledTexts, settings: LinearSettings, scale: float | None) -> LinearModel:
    keys, features = ngram_features(texts.sequences, settings.longest, settings.n_rows)
    model = _Model(features, texts, settings.n_outputs, settings.C)
    # the linear algebra of small problems gains nothing from threads, and loses much on busy cores
    with threadpool_limits(1, user_api="blas"):
        coefficients, bias = model.learn(np.arange(features.shape[0]))
        if scale is None:
            scale = _calibration(
                model.predict_each_part(_parts(texts.targets, settings.seed)), texts
            )
    of_keys, of_scores = (
        _filled_up(table, settings.n_rows, value)
        for table, value in ((keys, NO_KEY), (scale * coefficients, 0))
    )
    return LinearModel(of_keys, of_scores, (scale * bias).astype(np.float32), scale)


def _calibration(unseen: np.ndarray, texts: LabelledTexts) -> float:
    """Return what logits of rows not learnt from are to be multiplied by, to be rightly sure.

    Found by the log loss, as in Platt (1999), without a shift.
    """

    def loss(exponent: float) -> float:
        losses = _log_losses(np.exp(exponent) * unseen, texts.targets)
        return float(np.average(losses, weights=texts.weights))

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 1), method="bounded").x))


def _log_losses(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the log loss of each row."""
    if targets.ndim == 1:
        return logsumexp(logits, axis=1) - logits[np.arange(len(targets)), targets]
    return (np.logaddexp(0, logits) - targets * logits).sum(axis=1)


def _filled_up(table: np.ndarray, n_rows: int, value: int) -> np.ndarray:
    """Return a table with as many rows as the network has, integers of 32 bits or floats."""
    dtype = np.int32 if table.dtype.kind == "i" else np.float32
    filled = np.full((n_rows, *table.shape[1:]), value, dtype=dtype)
    filled[: len(table)] = table
    return filled


def ngram_features(
    sequences: RaggedIds, longest: int, n_rows: int
) -> tuple[np.ndarray, csr_matrix]:
    """Return the n-grams of texts, and which of them stand in each text.

    Parameters
    ----------
    sequences : RaggedIds
        The texts.
    longest : int
        Tokens of the longest n-gram.
    n_rows : int
        How many n-grams to keep, those of the most texts.

    Returns
    -------
    keys : ndarray of shape (n_ngrams,), dtype int32
        In rising order.
    features : csr_matrix of shape (n_samples, n_ngrams)
        1.0 where a text holds the n-gram, however often.
    """
    text_of, found = _keys(sequences, longest)
    keys, column = np.unique(found, return_inverse=True)
    shape = (len(sequences.lengths), len(keys))
    features = coo_matrix((np.ones(len(found)), (text_of, column)), shape=shape).tocsr()
    features.data[:] = 1.0
    n_texts = np.bincount(features.indices, minlength=len(keys))
    kept = np.sort(np.argsort(-n_texts, kind="stable")[:n_rows])
    return keys[kept], features[:, kept]


def _keys(sequences: RaggedIds, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the text and the key of each n-gram as it stands, of known words alone."""
    text_of = np.repeat(np.arange(len(sequences.lengths)), sequences.lengths)
    ids = sequences.ids.astype(np.int32)
    at = np.flatnonzero(ids != UNKNOWN_ID)
    keys, owners = [ids[at]], [text_of[at]]
    for n_before in range(1, longest):
        ends = at + n_before
        inside = ends < len(ids)
        inside[inside] = text_of[ends[inside]] == text_of[at[inside]]
        inside[inside] = ids[ends[inside]] != UNKNOWN_ID
        keys.append(joined_keys(keys[-1][inside], ids[ends[inside]]))
        at = at[inside]
        owners.append(text_of[at])
    return np.concatenate(owners), np.concatenate(keys)


def _parts(targets: np.ndarray, seed: int) -> np.ndarray:
    """Return for each row the part it is predicted in, each class spread over all parts."""
    shuffled = np.random.default_rng(seed).permutation(len(targets))
    by_class = np.lexsort((shuffled, *targets.reshape(len(targets), -1).T))
    parts = np.empty(len(targets), dtype=int)
    parts[by_class] = np.arange(len(targets)) % _N_PARTS
    return parts


class _Model:
    """Logistic regressions of the same features and targets on changing rows."""

    def __init__(self, features: csr_matrix, texts: LabelledTexts, n_outputs: int, C: float):
        self.features, self.texts = features, texts
        self.n_outputs, self.C = n_outputs, C

    def predict_each_part(self, parts: np.ndarray) -> np.ndarray:
        """Return logits of every row by a model of the other parts."""
        logits = np.zeros((len(parts), self.n_outputs))
        for part in range(_N_PARTS):
            inside = np.flatnonzero(parts == part)
            if len(inside):
                coefficients, bias = self.learn(np.flatnonzero(parts != part))
                logits[inside] = self.features[inside] @ coefficients + bias
        return logits

    def learn(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return coefficients of shape (n_features, n_outputs) and a bias for each output."""
        features, targets = self.features[rows], self.texts.targets[rows]
        if targets.ndim == 1:
            targets = targets[:, None] == np.arange(self.n_outputs)
        each: list[tuple[np.ndarray, float]] = []
        for yes in targets.T.astype(bool):
            # two classes that exclude one another need one regression
            mirrored = [
                one for one, other in zip(each, targets.T, strict=False) if (other != yes).all()
            ]
            if mirrored:
                each.append((-mirrored[0][0], -mirrored[0][1]))
            else:
                each.append(self._yes_or_no(features, yes, self.texts.weights[rows]))
        return np.stack([one for one, _ in each], axis=1), np.array([bias for _, bias in each])

    def _yes_or_no(
        self, features: csr_matrix, yes: np.ndarray, weights: np.ndarray
    ) -> tuple[np.ndarray, float]:
        """Fit one label; where all rows agree, only how sure that makes is learnt."""
        n_yes = int(yes.sum())
        if n_yes in (0, len(yes)):
            surprise = np.log(1 + len(yes))
            return np.zeros(features.shape[1]), surprise if n_yes else -surprise
        if not features.shape[1]:  # no text holds a known word
            return np.zeros(0), float(np.log(weights[yes].sum() / weights[~yes].sum()))
        ratios = _log_count_ratios(features, yes, weights)
        model = LogisticRegression(C=self.C, max_iter=200, tol=1e-3)
        model.fit(features.multiply(ratios).tocsr(), yes, sample_weight=weights)
        return model.coef_[0] * ratios, float(model.intercept_[0])


def _log_count_ratios(features: csr_matrix, yes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return how much commoner each n-gram is with the label than without, as logarithms.

    As naive Bayes has them, one text that holds it added on both sides.
    """
    with_it, without = (1 + features.T @ (weights * side) for side in (yes, ~yes))
    return np.log(with_it / with_it.sum()) - np.log(without / without.sum())
