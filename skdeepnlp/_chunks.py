"""Fit a pipeline on more rows than memory holds, chunk by chunk."""

from collections.abc import Callable, Iterable, Iterator
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags
from sklearn.utils.validation import check_scalar

from skdeepnlp.text import SequencePadder

__all__ = ["fit_in_chunks"]

Chunks = Callable[[], Iterable[tuple[Any, Any]]] | Iterable[tuple[Any, Any]]


def fit_in_chunks(
    pipeline: Pipeline, chunks: Chunks, *, epochs: int | None = None, classes: Any = None
) -> Pipeline:
    """Fit a pipeline on more rows than memory holds, by the `partial_fit` of its steps.

    The chunks are read once for each step that has to learn, such as the tokenizer and a padder
    whose length is a quantile, and then once for each epoch of the classifier, so that one chunk
    is in memory at a time. The steps before the classifier become what `fit` on all rows would
    make of them.

    Parameters
    ----------
    pipeline : Pipeline
        Whose steps before the last one have `partial_fit` or nothing to learn, and whose last one
        has `partial_fit`. It is cloned. A classifier named by a word in `make_text_pipeline` has
        a linear model beside it that learns from all rows at once: set ``linear_ngrams=0``.
    chunks : callable, or iterable such as a list
        Gives the chunks, anew and in the same order each time it is called or iterated over;
        each is a pair of texts and labels. Rows that are sorted by label teach each label in
        turn: shuffle them first.
    epochs : int, default=None
        How many times to train on all chunks; None takes `epochs` of the classifier. Nothing is
        set aside for early stopping.
    classes : array-like of shape (n_classes,), default=None
        All labels; None finds them in the chunks.

    Returns
    -------
    fitted : Pipeline
        A fitted copy.

    Raises
    ------
    TypeError
        If a step cannot learn by chunks, or `chunks` can be iterated over only once, as a
        generator can.
    ValueError
        If there is no chunk, `epochs` is below 1, or the classifier has an option that asks for
        all rows at once.

    See Also
    --------
    TextTokenizer.partial_fit, LSTMClassifier.partial_fit : What is called for each chunk.

    Examples
    --------
    >>> from skdeepnlp import LSTMClassifier, fit_in_chunks, make_text_pipeline
    >>> texts, labels = ["a good film", "a bad film", "good fun", "bad luck"] * 5, [1, 0, 1, 0] * 5
    >>> def chunks():
    ...     for start in range(0, 20, 10):
    ...         yield texts[start : start + 10], labels[start : start + 10]
    >>> classifier = LSTMClassifier(units=4, learning_rate=0.1, random_state=0)
    >>> fitted = fit_in_chunks(make_text_pipeline(classifier), chunks, epochs=10)
    >>> fitted.predict(["good", "a bad day"]).tolist()
    [1, 0]
    """
    fitted = clone(pipeline)
    *steps, classifier = [step for _, step in fitted.steps if step not in (None, "passthrough")]
    for step in steps:
        _check_learns_by_chunks(step)
    epochs = _checked_epochs(classifier, epochs)
    source = _Source(chunks)
    for number, step in enumerate(steps):
        _learn(step, steps[:number], source)
    classes = source.labels() if classes is None else classes
    for _ in range(epochs):
        for texts, labels in source:
            classifier.partial_fit(_through(steps, texts), labels, classes=classes)
    return fitted


class _Source:
    """The chunks, as often as they are asked for.

    Parameters
    ----------
    chunks : callable or iterable
        Where they come from.
    """

    def __init__(self, chunks: Chunks) -> None:
        if not callable(chunks) and (not hasattr(chunks, "__iter__") or iter(chunks) is chunks):
            raise TypeError(
                f"Got chunks={chunks!r}, which is read once for the vocabulary and again for each "
                "epoch; expected a function that returns the chunks anew, or a list. Put what "
                "makes the generator into a function."
            )
        self._chunks = chunks

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        n_chunks = 0
        for chunk in self._chunks() if callable(self._chunks) else self._chunks:
            if not isinstance(chunk, tuple | list) or len(chunk) != 2:
                raise TypeError(
                    f"Got a chunk of type {type(chunk).__name__}; expected a pair of texts and "
                    "labels, such as (frame['text'], frame['label'])."
                )
            yield chunk[0], chunk[1]
            n_chunks += 1
        if not n_chunks:
            raise ValueError(
                "Got no chunk; expected at least one each time that chunks are asked for. Return "
                "a new iterator from each call."
            )

    def labels(self) -> np.ndarray | None:
        """Return all labels, sorted; None where a row may have several."""
        found: list[np.ndarray] = []
        for _, labels in self:
            if np.ndim(labels) > 1 and np.shape(labels)[1] > 1:
                return None
            found.append(np.unique(np.asarray(labels)))
        return np.unique(np.concatenate(found))


def _check_learns_by_chunks(step: Any) -> None:
    if _has_to_learn(step) and not hasattr(step, "partial_fit"):
        raise TypeError(
            f"Got the step {step!r}, which has no partial_fit; expected steps before the "
            "classifier that learn by chunks, or have nothing to learn. Fit it before, and wrap it "
            "in sklearn.frozen.FrozenEstimator."
        )


def _has_to_learn(step: Any) -> bool:
    return get_tags(step).requires_fit and not isinstance(step, FrozenEstimator)


def _checked_epochs(classifier: Any, epochs: int | None) -> int:
    """Return how many epochs to train, once it is sure that the classifier can."""
    if not hasattr(classifier, "partial_fit"):
        raise TypeError(
            f"Got {classifier!r} as the last step, which has no partial_fit; expected a classifier "
            "that has, such as LSTMClassifier()."
        )
    if hasattr(classifier, "_check_by_chunks"):
        classifier._check_by_chunks()
    if epochs is None:
        epochs = getattr(classifier, "epochs", 1)
    return check_scalar(epochs, "epochs", Integral, min_val=1)


def _learn(step: Any, before: list[Any], source: _Source) -> None:
    """Let a step learn from all chunks, if it has to."""
    if not _has_to_learn(step):
        return
    fixed = isinstance(step, SequencePadder) and isinstance(step.max_length, Integral)
    for texts, _ in source:
        step.partial_fit(_through(before, texts))
        if fixed:  # one chunk tells it the vocabulary
            return


def _through(steps: list[Any], X: Any) -> Any:
    """Transform by one step after the other."""
    for step in steps:
        X = step.transform(X)
    return X
