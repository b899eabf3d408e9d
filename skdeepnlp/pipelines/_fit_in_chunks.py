"""Fit a pipeline on more samples than memory holds, chunk by chunk."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags
from sklearn.utils.validation import check_scalar

from skdeepnlp._label_checks import (
    refuse_numbers_as_objects,
    refuse_odd_labels,
    refuse_unknown_labels,
)
from skdeepnlp._sklearn import _num_samples
from skdeepnlp._warnings import warn_user
from skdeepnlp.exceptions import TrainingInterruptedWarning
from skdeepnlp.text import SequencePadder

Chunks = Callable[[], Iterable[tuple[Any, Any]]] | Iterable[tuple[Any, Any]]


def fit_in_chunks(
    pipeline: Pipeline, chunks: Chunks, *, epochs: int | None = None, classes: Any = None
) -> Pipeline:
    """Fit a pipeline on more samples than memory holds, by the `partial_fit` of its steps.

    The chunks are read once for the labels, unless `classes` names them; once for each step that
    has to learn, such as the tokenizer and a padder that depends on the lengths of the texts; and
    once for each epoch of the classifier. One chunk is held at a time, beside what the function
    that makes chunks holds and what the steps keep: a tokenizer counts every distinct token. The
    steps of this package become what `fit` on all samples would make of them.

    To the classifier each chunk is a training of its own: `n_iter_` and `history_` count chunks,
    and `callbacks` start again with each one. Ctrl-C ends the training, and the classifier of the
    chunks until then is returned; before the first chunk is trained Ctrl-C is passed on. A
    classifier of another package that catches Ctrl-C itself continues with the next chunk.

    Parameters
    ----------
    pipeline : Pipeline
        Whose steps before the last one have `partial_fit` or nothing to learn, and whose last one
        is a classifier with `partial_fit`. It is cloned. A classifier named by a word in
        `make_text_pipeline` has a linear model beside it that is fitted on all samples at once:
        give that function ``linear_ngrams=0``.
    chunks : callable, or iterable such as a list
        Gives the chunks, in the same order each time it is called or iterated over; each is a
        tuple of texts and labels, and empty ones are skipped. Samples that are sorted by label
        teach each label in turn: shuffle them first.
    epochs : int, default=None
        How many times to train on all chunks; None takes `epochs` of the classifier, 1 where it
        has none. There is no validation set for early stopping.
    classes : array-like of shape (n_classes,), default=None
        All labels; None finds them in the chunks. Not for multilabel targets.

    Returns
    -------
    fitted : Pipeline
        A fitted copy.

    Raises
    ------
    TypeError
        If `pipeline` is no pipeline, a step cannot learn by chunks, a chunk is no pair of lists,
        arrays or columns, `epochs` is no whole number, or `chunks` can be iterated over only once,
        as a generator can.
    ValueError
        If no chunk has samples, a chunk has more texts than labels or fewer, a label is
        missing, unlike the others or not in `classes`, all labels are the same, `epochs` is below
        1, `classes` is no list of two labels or more, or the classifier has an option that
        requires all samples at once.

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
    steps, fitted = _check_steps(pipeline)
    *steps, classifier = steps
    epochs, classes = _check_epochs(classifier, epochs), _check_classes(classes)
    source = _Source(chunks, classes)
    classes = source.labels() if classes is None else classes  # most errors are in labels
    for number, step in enumerate(steps):
        _learn(step, steps[:number], source)
    _train(classifier, steps, chain.from_iterable(repeat(source, epochs)), classes)
    return fitted


class _Source:
    """The chunks that hold samples, as often as they are iterated over.

    Parameters
    ----------
    chunks : callable or iterable
        Where they come from.
    classes : ndarray of shape (n_classes,) or None
        All labels that may come, where they are known.
    """

    def __init__(self, chunks: Chunks, classes: np.ndarray | None) -> None:
        if not callable(chunks) and (not hasattr(chunks, "__iter__") or iter(chunks) is chunks):
            raise TypeError(
                f"Got chunks={chunks!r}, which is read once for the vocabulary and again for each "
                "epoch; expected a function that returns the chunks again, or a list. Put what "
                "makes the generator into a function."
            )
        self._chunks, self._classes, self._labels_are_checked = chunks, classes, False

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        chunks = self._chunks() if callable(self._chunks) else self._chunks
        if not hasattr(chunks, "__iter__"):
            raise TypeError(
                f"The function chunks returned {chunks!r}; expected chunks, as a generator or a "
                "list. Let it yield a tuple of texts and labels for each chunk."
            )
        found, number = False, -1
        for chunk in chunks:
            number += 1  # enumerate would hold the chunk before
            if _check_length(chunk, number):
                found = True
                if not self._labels_are_checked:
                    _check_labels(chunk[1], self._classes, f"chunk {number}")
                yield chunk
            del chunk
        self._labels_are_checked = True
        if not found:
            raise ValueError(
                "Got no chunk with samples; expected at least one each time that chunks are "
                "read. Return a new iterator from each call."
            )

    def labels(self) -> np.ndarray | None:
        """Return all labels, sorted; None for multilabel targets."""
        found: list[np.ndarray] = []
        for texts, labels in self:
            if _is_multilabel(labels):
                return None
            found.append(np.unique(np.asarray(labels)))
            del texts, labels
        kinds = {"text" if isinstance(part[0], (str, bytes)) else "numbers" for part in found}
        if len(kinds) > 1:
            raise ValueError(
                "Got text as labels in some chunks and numbers in others; expected the same in "
                "all. Read the column of labels as one type, such as dtype=str."
            )
        classes = np.unique(np.concatenate(found))
        if len(classes) < 2:
            raise ValueError(
                f"Got one class only in all chunks: {classes.tolist()[0]!r}; expected at least "
                "two. Give samples of another class too."
            )
        return classes


def _check_labels(labels: Any, classes: np.ndarray | None, name: str) -> None:
    """Raise if the classifier cannot be trained on the labels of a chunk."""
    refuse_odd_labels(labels, f"labels of {name}")
    refuse_numbers_as_objects(labels, f"labels of {name}")
    if classes is not None and not _is_multilabel(labels):
        found = np.unique(np.asarray(labels))
        refuse_unknown_labels(found, classes, name, "are not in classes")


def _is_multilabel(labels: Any) -> bool:
    return np.ndim(labels) > 1 and np.shape(labels)[1] > 1


def _check_length(chunk: Any, number: int) -> int:
    """Return how many samples a chunk has; raise if it is no chunk."""
    if not isinstance(chunk, tuple) or len(chunk) != 2:
        size = f" of {len(chunk)}" if isinstance(chunk, tuple) else ""
        raise TypeError(
            f"Got a chunk of type {type(chunk).__name__}{size}; expected a tuple of texts and "
            "labels, such as (frame['text'], frame['label'])."
        )
    try:
        n_texts, n_labels = map(_num_samples, chunk)
    except TypeError as error:
        kinds = " and ".join(type(part).__name__ for part in chunk)
        raise TypeError(
            f"Got {kinds} in chunk {number}; expected texts and labels as lists, arrays or columns."
        ) from error
    if n_texts != n_labels:
        raise ValueError(
            f"Got {n_texts} texts and {n_labels} labels in chunk {number}; expected as many of "
            "either. Take both from the same samples."
        )
    return n_texts


def _check_steps(pipeline: Any) -> tuple[list[Any], Pipeline]:
    """Return the steps of a copy, the classifier last; raise if one cannot learn by chunks."""
    if not isinstance(pipeline, Pipeline):
        raise TypeError(
            f"Got {pipeline!r}; expected a Pipeline that ends in a classifier. Give one, such as "
            "make_text_pipeline(LSTMClassifier())."
        )
    fitted = clone(pipeline)
    *before, last = [step for _, step in fitted.steps] or [None]
    steps = [step for step in before if step not in (None, "passthrough")]
    for step in steps:
        _check_learns_by_chunks(step)
    _check_classifies_by_chunks(last)
    for step in (*steps, last):
        if hasattr(step, "_validate_params"):
            step._validate_params()
    if hasattr(last, "_check_by_chunks"):
        last._check_by_chunks()
    return [*steps, last], fitted


def _check_learns_by_chunks(step: Any) -> None:
    if _has_to_learn(step) and not hasattr(step, "partial_fit"):
        raise TypeError(
            f"Got the step {step!r}, which has no partial_fit; expected steps before the "
            "classifier that learn by chunks, or have nothing to learn. Fit it before, and wrap it "
            "in sklearn.frozen.FrozenEstimator."
        )


def _check_classifies_by_chunks(last: Any) -> None:
    learns = hasattr(last, "partial_fit") and not isinstance(last, FrozenEstimator)
    if not learns or not is_classifier(last):
        raise TypeError(
            f"Got {last!r} as the last step; expected a classifier that learns by partial_fit, "
            "such as LSTMClassifier()."
        )


def _check_epochs(classifier: Any, epochs: int | None) -> int:
    if epochs is None:
        epochs = getattr(classifier, "epochs", 1)
    return check_scalar(epochs, "epochs", Integral, min_val=1)


def _check_classes(classes: Any) -> np.ndarray | None:
    if classes is None:
        return None
    refuse_odd_labels(classes, "classes")
    refuse_numbers_as_objects(classes, "classes")
    found = np.asarray(classes)
    if found.ndim != 1 or len(np.unique(found)) < 2:
        raise ValueError(
            f"Got classes={classes!r}; expected a list or array of all labels, two at least. Give "
            "None to find them in the chunks."
        )
    return found


def _has_to_learn(step: Any) -> bool:
    return get_tags(step).requires_fit and not isinstance(step, FrozenEstimator)


def _learn(step: Any, before: list[Any], source: _Source) -> None:
    """Let a step learn from all chunks, if it has to."""
    if not _has_to_learn(step):
        return
    fixed = isinstance(step, SequencePadder) and isinstance(step.max_length, Integral)
    for texts, labels in source:
        step.partial_fit(_through(before, texts), labels)
        if fixed:  # one chunk tells it the vocabulary
            return
        del texts, labels  # before the next ones are read


def _train(classifier: Any, steps: list[Any], chunks: Iterable, classes: np.ndarray | None) -> None:
    """Let the classifier learn from one chunk after the other, until Ctrl-C."""
    n_trained = 0
    try:
        for texts, labels in chunks:
            classifier.partial_fit(_through(steps, texts), labels, classes=classes)
            n_trained += 1
            del texts, labels
    except KeyboardInterrupt:
        if not n_trained:
            raise
        warn_user(
            f"Training was interrupted after {n_trained} chunks, which the classifier keeps.",
            TrainingInterruptedWarning,
        )


def _through(steps: list[Any], X: Any) -> Any:
    """Transform by one step after the other."""
    for step in steps:
        X = step.transform(X)
    return X
