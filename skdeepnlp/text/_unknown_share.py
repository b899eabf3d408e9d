"""Warn where most tokens of the texts learnt from get no id."""

from typing import Any

from skdeepnlp._warnings import warn_user
from skdeepnlp.exceptions import UnknownTokensWarning

__all__ = ["warn_if_mostly_unknown"]

_MOST = 0.5


def warn_if_mostly_unknown(tokenizer: Any, n_unknown: int, n_tokens: int) -> None:
    """Warn if more than half of the tokens of a corpus became the unknown one.

    Parameters
    ----------
    tokenizer : TextTokenizer
        Whose parameters are named.
    n_unknown, n_tokens : int
        Tokens of the corpus without an id, and in all.
    """
    if n_unknown <= _MOST * n_tokens:
        return
    warn_user(
        f"{type(tokenizer).__name__} found no id for {n_unknown} of {n_tokens} tokens "
        f"({n_unknown / n_tokens:.0%}) of the texts that it learnt from: all of these are read as "
        f"the same unknown token. {_cause_and_cure(tokenizer)}",
        UnknownTokensWarning,
    )


def _cause_and_cure(tokenizer: Any) -> str:
    if tokenizer.vocabulary is not None:
        return (
            "The given vocabulary lacks them; look whether it is one of these texts, in the same "
            f"case (lowercase={tokenizer.lowercase}), cut in the same way."
        )
    limits = (
        f"Got min_df={tokenizer.min_df} and max_tokens={tokenizer.max_tokens}; lower min_df or "
        "raise max_tokens, and look whether X is the column of texts."
    )
    if tokenizer.analyzer == "char":
        return limits
    return (
        f"{limits} Where no spaces stand between words, as in Thai, Khmer or Lao, set "
        "analyzer='char', or an analyzer that finds words."
    )
