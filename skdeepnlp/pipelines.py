"""The front door: one call from raw text to a tunable classifier."""

from typing import Any

from sklearn.base import clone
from sklearn.pipeline import Pipeline

from skdeepnlp._chunks import fit_in_chunks
from skdeepnlp.text import SequencePadder, TextCleaner, TextTokenizer

__all__ = ["fit_in_chunks", "make_text_pipeline"]

_CLASSIFIERS = {
    "attention": "AttentionClassifier",
    "cnn": "CNNClassifier",
    "gru": "GRUClassifier",
    "lstm": "LSTMClassifier",
    "rnn": "SimpleRNNClassifier",
    "transformer": "TransformerClassifier",
}


def make_text_pipeline(
    classifier: Any = "lstm",
    *,
    max_tokens: int | None = 20_000,
    min_df: int | float | None = None,
    max_length: int | float | str = 0.95,
    clean: Any = True,
    memory: Any = None,
) -> Pipeline:
    """Make a pipeline from raw text to labels, with steps clean, tokenize, pad and classify.

    Parameters
    ----------
    classifier : str or estimator, default="lstm"
        The last step: "lstm", "gru", "rnn", "cnn", "attention" or "transformer", for a classifier
        with its default parameters but ``linear_ngrams=2``, ``embedding_min_df=2`` and
        ``ema_decay=0.99``, chosen by measurement; or an estimator that takes token ids and
        predicts, which is cloned.
    max_tokens : int or None, default=20_000
        Size of the vocabulary: the commonest tokens are kept. See `TextTokenizer`.
    min_df : int, float or None, default=None
        Samples that a token must occur in, a number or a share of all. Rarer tokens become the
        unknown one, in training too, so that its vector is trained: measured, that is worth more
        to a network than the tokens themselves. None stands for 2 with an estimator. With a name
        it keeps all tokens for the linear model, while ``embedding_min_df=2`` of the classifier
        does the same for the network alone.
    max_length : int, float or "longest", default=0.95
        Tokens kept of a text: a number, or the quantile of the lengths seen in training. See
        `SequencePadder`.
    clean : bool, transformer, "passthrough" or None, default=True
        The first step. True stands for a `TextCleaner` with its default parameters. False, None
        and "passthrough" leave the texts as they are; a step named "clean" is there all the same,
        so that a search may fill its place. A transformer of texts is cloned.
    memory : str, joblib.Memory or None, default=None
        Where to cache the fitted steps: a folder, or an object with a method `cache`. None caches
        nothing.

    Returns
    -------
    pipeline : sklearn.pipeline.Pipeline
        With steps named "clean", "tokenize", "pad" and "classify"; parameters are searched as
        ``tokenize__max_tokens``, ``pad__max_length``, ``classify__units`` and so on.

    Raises
    ------
    ValueError
        If `classifier` or `clean` is a name that is not known.
    TypeError
        If `classifier`, `clean` or `memory` is something else than is named here, such as a class
        in place of an instance.

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
    is_named = isinstance(classifier, str)
    if is_named:
        classifier = _classifier_named(classifier, 2 if min_df is None else 1)
    if min_df is None:
        min_df = 1 if is_named else 2
    steps = [
        ("clean", _cleaning_step(clean)),
        ("tokenize", TextTokenizer(max_tokens=max_tokens, min_df=min_df)),
        ("pad", SequencePadder(max_length=max_length)),
        ("classify", _classifier_step(classifier)),
    ]
    return Pipeline(steps, memory=_checked_memory(memory))


def _cleaning_step(clean: Any) -> Any:
    """Return the first step."""
    if isinstance(clean, bool):
        return TextCleaner() if clean else "passthrough"
    if clean is None:
        return "passthrough"
    if isinstance(clean, str):
        return _passthrough(clean)
    if not _is_instance_with(clean, "fit", "transform"):
        raise TypeError(
            f"Got clean={clean!r}; expected True, False, None, 'passthrough' or a transformer "
            "instance, such as TextCleaner(lowercase=True). Put a function of your own into "
            "TextCleaner(function=...)."
        )
    return clone(clean)


def _passthrough(name: str) -> str:
    """Return the only word that stands for a first step."""
    if name != "passthrough":
        raise ValueError(
            f"Got clean={name!r}; expected True, False, None, 'passthrough' or a transformer. "
            "Give a TextCleaner that does what you mean, such as TextCleaner(lowercase=True)."
        )
    return name


def _classifier_step(classifier: Any) -> Any:
    """Return the last step."""
    if not _is_instance_with(classifier, "fit", "predict"):
        raise TypeError(
            f"Got classifier={classifier!r}; expected a name such as 'lstm' or an estimator "
            "instance with fit and predict. Give one, such as LSTMClassifier(units=32)."
        )
    return clone(classifier)


def _classifier_named(name: str, embedding_min_df: int) -> Any:
    """Return a classifier with a linear model beside it and averaged weights."""
    if name not in _CLASSIFIERS:
        names = ", ".join(map(repr, sorted(_CLASSIFIERS)))
        raise ValueError(
            f"Got classifier={name!r}; expected {names} or an estimator. Give one, such as "
            "LSTMClassifier(units=32)."
        )
    from skdeepnlp import classifiers  # here, for it loads Keras

    family = getattr(classifiers, _CLASSIFIERS[name])
    return family(linear_ngrams=2, embedding_min_df=embedding_min_df, ema_decay=0.99)


def _checked_memory(memory: Any) -> Any:
    """Return where to cache, once it is sure that the pipeline will take it."""
    if memory is None or isinstance(memory, str):
        return memory
    if isinstance(memory, type) or not hasattr(memory, "cache"):
        raise TypeError(
            f"Got memory={memory!r}; expected None, a folder as str, or a joblib.Memory. Give "
            "str(folder) for a path."
        )
    return memory


def _is_instance_with(value: Any, *methods: str) -> bool:
    """Whether a value is an estimator, not its class, that can be cloned and has the methods."""
    is_class = isinstance(value, type)
    return not is_class and all(hasattr(value, name) for name in ("get_params", *methods))
