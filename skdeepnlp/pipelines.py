"""The front door: one call from raw text to a tunable classifier."""

from typing import Any

from sklearn.base import clone
from sklearn.pipeline import Pipeline

from skdeepnlp.text import SequencePadder, TextCleaner, TextTokenizer

__all__ = ["make_text_pipeline"]

_CLASSIFIERS = {"lstm": "LSTMClassifier"}


def make_text_pipeline(
    classifier: Any = "lstm",
    *,
    max_tokens: int | None = 20_000,
    min_df: int | float = 2,
    max_length: int | float | str = 0.95,
    clean: Any = True,
    memory: Any = None,
) -> Pipeline:
    """Make a pipeline from raw text to labels, with steps clean, tokenize, pad and classify.

    Parameters
    ----------
    classifier : {"lstm"} or estimator, default="lstm"
        The last step: a name, for a classifier with its default parameters, or an estimator that
        takes token ids. An estimator is cloned.
    max_tokens : int or None, default=20_000
        Size of the vocabulary: the commonest tokens are kept. See `TextTokenizer`.
    min_df : int or float, default=2
        Texts that a token must occur in, a number or a share of all. Rarer tokens become the
        unknown one, in training too, so that its vector is learnt: measured, that is worth more
        than the tokens themselves.
    max_length : int, float or "longest", default=0.95
        Tokens kept of a text: a number, or the quantile of the lengths seen in training. See
        `SequencePadder`.
    clean : bool or transformer, default=True
        True puts a `TextCleaner` first, False nothing ("passthrough"), a transformer itself
        (cloned).
    memory : str, joblib.Memory or None, default=None
        Where to cache the fitted steps, as in `sklearn.pipeline.Pipeline`.

    Returns
    -------
    pipeline : sklearn.pipeline.Pipeline
        With steps named "clean", "tokenize", "pad" and "classify"; parameters are searched as
        ``tokenize__max_tokens``, ``pad__max_length``, ``classify__units`` and so on.

    Raises
    ------
    ValueError
        If the classifier has a name that is not known.
    TypeError
        If `classifier` is a class or no estimator at all.

    See Also
    --------
    TextCleaner, TextTokenizer, SequencePadder, LSTMClassifier : The steps.

    Examples
    --------
    >>> from skdeepnlp import LSTMClassifier, make_text_pipeline
    >>> texts = ["a good film", "good fun", "a bad film", "bad and dull"] * 5
    >>> labels = ["pos", "pos", "neg", "neg"] * 5
    >>> classifier = LSTMClassifier(units=4, epochs=20, learning_rate=0.1, random_state=0)
    >>> pipeline = make_text_pipeline(classifier).fit(texts, labels)
    >>> pipeline.predict(["good", "dull"]).tolist()
    ['pos', 'neg']
    """
    steps = [
        ("clean", _cleaning_step(clean)),
        ("tokenize", TextTokenizer(max_tokens=max_tokens, min_df=min_df)),
        ("pad", SequencePadder(max_length=max_length)),
        ("classify", _classifier_step(classifier)),
    ]
    return Pipeline(steps, memory=memory)


def _cleaning_step(clean: Any) -> Any:
    """Return the first step."""
    if isinstance(clean, bool):
        return TextCleaner() if clean else "passthrough"
    if clean is None or clean == "passthrough":
        return "passthrough"
    return clone(clean)


def _classifier_step(classifier: Any) -> Any:
    """Return the last step."""
    if isinstance(classifier, str):
        if classifier not in _CLASSIFIERS:
            names = ", ".join(map(repr, sorted(_CLASSIFIERS)))
            raise ValueError(f"Got classifier={classifier!r}; expected {names} or an estimator.")
        from skdeepnlp import classifiers  # here, for it loads Keras

        return getattr(classifiers, _CLASSIFIERS[classifier])()
    if isinstance(classifier, type) or not hasattr(classifier, "fit"):
        raise TypeError(
            f"Got classifier={classifier!r}; expected a name such as 'lstm' or an estimator "
            "instance, such as LSTMClassifier(units=32)."
        )
    return clone(classifier)
