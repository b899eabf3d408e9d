"""One call from raw text to a tunable classifier or regressor."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from sklearn.base import clone, is_classifier, is_regressor
from sklearn.pipeline import Pipeline

from skdeepnlp.text import SequencePadder, TextCleaner, TextTokenizer

_FAMILIES = {
    "attention": "Attention",
    "cnn": "CNN",
    "gru": "GRU",
    "lstm": "LSTM",
    "rnn": "SimpleRNN",
    "transformer": "Transformer",
}
_KINDS = {"classification": "Classifier", "regression": "Regressor"}
_OWN_PARAMETERS = ("analyzer", "clean", "max_length", "max_tokens", "memory", "min_df", "task")
_STEPS: dict[str, type] = {"clean": TextCleaner, "tokenize": TextTokenizer, "pad": SequencePadder}


def make_text_pipeline(
    classifier: Any = "lstm",
    *,
    task: str = "classification",
    max_tokens: int | None = 20_000,
    min_df: int | float | None = None,
    max_length: int | float | str = 0.95,
    analyzer: Any = "word",
    clean: Any = True,
    memory: Any = None,
    **parameters: Any,
) -> Pipeline:
    """Make a pipeline from raw text to labels or numbers: clean, tokenize, pad and classify.

    Parameters
    ----------
    classifier : str or estimator, default="lstm"
        The last step: "lstm", "gru", "rnn", "cnn", "attention" or "transformer", for a classifier
        or regressor with its default parameters but ``linear_ngrams=2``, ``embedding_min_df=2`` and
        ``ema_decay=0.99``, chosen by measurement; or an estimator that takes token ids and
        predicts, which is cloned.
    task : {"classification", "regression"}, default="classification"
        What an estimator that is named is for. The last step is called "classify", or "regress"
        where it is a regressor.
    max_tokens : int or None, default=20_000
        Size of the vocabulary: the commonest tokens are kept. See `TextTokenizer`.
    min_df : int, float or None, default=None
        Samples that a token must occur in, a number or a share of all. Rarer tokens become the
        unknown one, in training too, so that its vector is trained: in benchmarks this improves a
        network more than the tokens themselves. None stands for 2 with an estimator. With a name
        it keeps all tokens for the linear model, while ``embedding_min_df=2`` of the classifier
        does the same for the network alone.
    max_length : int, float or "longest", default=0.95
        Tokens kept of a text: a number, or the quantile of the lengths seen in training. See
        `SequencePadder`.
    analyzer : {"word", "char"} or callable, default="word"
        What a token is. "char" is for scripts without spaces between words, ``list`` for documents
        that are cut into tokens already. See `TextTokenizer`.
    clean : bool, transformer, "passthrough" or None, default=True
        The first step. True stands for a `TextCleaner` with its default parameters. False, None
        and "passthrough" leave the texts as they are; a step named "clean" is there all the same,
        so that a search may fill its place. A transformer of texts is cloned.
    memory : str, joblib.Memory or None, default=None
        Where to cache the fitted steps: a folder, or an object with a method `cache`. None caches
        nothing.
    **parameters : object
        Parameters of the estimator that is named, such as ``units=32, epochs=5``. They
        override the ones chosen for names: ``linear_ngrams=0`` removes the linear model. For an
        estimator set them on it.

    Returns
    -------
    pipeline : sklearn.pipeline.Pipeline
        With steps named "clean", "tokenize", "pad" and "classify" or "regress"; parameters are
        searched as ``tokenize__max_tokens``, ``pad__max_length``, ``classify__units`` and so on.

    Raises
    ------
    ValueError
        If `classifier`, `task` or `clean` is a name that is not known.
    TypeError
        If `classifier`, `clean` or `memory` is something else than is named here, such as a class
        in place of an instance; if the estimator has no parameter of a name in `parameters`, or
        is an estimator, which has its parameters already.

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
    >>> make_text_pipeline("gru", units=32, epochs=5)["classify"]
    GRUClassifier(ema_decay=0.99, embedding_min_df=2, epochs=5, linear_ngrams=2,
                  units=32)
    >>> make_text_pipeline("cnn", task="regression").steps[-1][0]
    'regress'
    """
    # the linear model uses every token, the network those of two samples or more
    has_linear_model = isinstance(classifier, str) and parameters.get("linear_ngrams", 2) != 0
    if has_linear_model and min_df is None:
        parameters = {"embedding_min_df": 2, **parameters}
    if min_df is None:
        min_df = 1 if has_linear_model else 2
    tokenizer = TextTokenizer(analyzer=analyzer, max_tokens=max_tokens, min_df=min_df)
    last = _last_step(classifier, task, parameters)
    steps = [
        ("clean", _cleaning_step(clean)),
        ("tokenize", tokenizer),
        ("pad", SequencePadder(max_length=max_length)),
        ("regress" if is_regressor(last) else "classify", last),
    ]
    return Pipeline(steps, memory=_check_memory(memory))


def _cleaning_step(clean: Any) -> Any:
    """Return the first step."""
    if isinstance(clean, bool):
        return TextCleaner() if clean else "passthrough"
    if clean is None:
        return "passthrough"
    if isinstance(clean, str):
        return _passthrough(clean)
    if (
        not _is_instance_with(clean, "fit", "transform")
        or is_classifier(clean)
        or is_regressor(clean)
    ):
        raise TypeError(
            f"Got clean={clean!r}; expected True, False, None, 'passthrough' or a transformer "
            "instance, such as TextCleaner(lowercase=True). Put a custom function into "
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


def _last_step(estimator: Any, task: str, parameters: dict[str, Any]) -> Any:
    """Return the last step."""
    if isinstance(estimator, str):
        return _estimator_named(estimator, task, parameters)
    if not _is_instance_with(estimator, "fit", "predict"):
        raise TypeError(
            f"Got classifier={estimator!r}; expected a name such as 'lstm' or an estimator "
            "instance with fit and predict. Give one, such as LSTMClassifier(units=32)."
        )
    if parameters:
        raise TypeError(
            f"Got {_listed(parameters)} beside an estimator; expected further parameters only for "
            "an estimator given by its name. Set them on the estimator, such as "
            f"{type(estimator).__name__}({next(iter(parameters))}=...)."
        )
    return clone(estimator)


def _estimator_named(name: str, task: str, parameters: dict[str, Any]) -> Any:
    """Return an estimator with a linear model beside it and averaged weights."""
    if name not in _FAMILIES or task not in _KINDS:
        names = ", ".join(map(repr, sorted(_FAMILIES)))
        raise ValueError(
            f"Got classifier={name!r} and task={task!r}; expected {names} or an estimator, and "
            "'classification' or 'regression'. Give one, such as LSTMClassifier(units=32)."
        )
    # here, for it loads Keras
    from skdeepnlp import classifiers, regressors

    home = classifiers if task == "classification" else regressors
    named = getattr(home, f"{_FAMILIES[name]}{_KINDS[task]}")(linear_ngrams=2, ema_decay=0.99)
    _check_known(parameters, named)
    return named.set_params(**parameters)


def _check_known(parameters: dict[str, Any], estimator: Any) -> None:
    """Raise if an estimator has no parameter of some name, and list names that are close."""
    known = estimator.get_params(deep=False)
    unknown = [name for name in parameters if name not in known]
    if unknown:
        advice = " ".join(_advice_on(name, [*known, *_OWN_PARAMETERS]) for name in unknown)
        raise TypeError(
            f"Got {_listed(unknown)}; expected {', '.join(_OWN_PARAMETERS)} or parameters of "
            f"{type(estimator).__name__}. {advice}"
        )


def _advice_on(name: str, known: list[str]) -> str:
    """Return what was probably meant by a name that is not known."""
    bare = name.rpartition("__")[2]
    for step, of_step in _STEPS.items():
        if bare in of_step().get_params() and bare not in known:
            return f"{bare!r} is set by set_params({step}__{bare}=...) on the pipeline."
    close = [bare] if bare in known else get_close_matches(bare, known)
    if not close:
        return f"help(make_text_pipeline) lists what there is in place of {name!r}."
    return f"Did you mean {' or '.join(map(repr, close))} for {name!r}?"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{name}=..." for name in names)


def _check_memory(memory: Any) -> Any:
    """Return where to cache; raise if the pipeline cannot use it."""
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
