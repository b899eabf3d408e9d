"""Cut texts into tokens: words, characters, or whatever a callable makes of them."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

# Members of character classes. A "joined" character continues the one before it.
_IDEOGRAPHS = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LONE_JAMO = "\u3131-\u318e"
_JOINERS = "\u200c\u200d"
_SKIN_TONES = "\U0001f3fb-\U0001f3ff"
_FLAG_TAGS = "\U000e0020-\U000e007f"
_FLAG_LETTERS = "\U0001f1e6-\U0001f1ff"
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_UNSEEN = "\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"

_ASCII_WORD = r"\w+(?:'\w+)*"
_ASCII_PATTERNS = {
    ("word", "keep"): rf"{_ASCII_WORD}|[^\w\s\x00-\x1f\x7f]",
    ("word", "drop"): _ASCII_WORD,
    ("char", "keep"): r"[ -~]",
    ("char", "drop"): r"[\w ]",
}


@dataclass(frozen=True)
class Analyzer:
    """Cuts many texts into tokens; called with texts, it returns a list of tokens for each.

    Parameters
    ----------
    cut : callable
        Cuts one text into a list of tokens.
    lowercase : bool
        Whether texts are put into lower case first.
    joins_spaces : bool, default=False
        Whether each run of white space is made one space first.
    punctuation : {"keep", "drop"} or None, default=None
        What becomes of punctuation marks, where tokens are words; None for other tokens. White
        space always stands between words, so a text of words can be cut in pieces (`PieceNumbers`).
    """

    cut: Callable[[str], list[str]]
    lowercase: bool
    joins_spaces: bool = False
    punctuation: str | None = None

    def __call__(self, texts: Iterable[str]) -> list[list[str]]:
        texts = map(str.lower, texts) if self.lowercase else texts
        texts = map(" ".join, map(str.split, texts)) if self.joins_spaces else texts
        return list(map(self.cut, texts))


def make_analyzer(analyzer: Any, *, lowercase: bool, punctuation: str) -> Analyzer:
    """Return what cuts many texts into tokens.

    Parameters
    ----------
    analyzer : {"word", "char"} or callable
        What a token is; a callable takes one document, of any kind, and returns its tokens.
    lowercase : bool
        Whether documents that are texts are put into lower case first.
    punctuation : {"keep", "drop"}
        What becomes of punctuation marks. Not used with a callable.

    Returns
    -------
    analyze : Analyzer
        Takes an iterable of texts and returns a list of lists of tokens.

    Examples
    --------
    >>> from skdeepnlp.text._analyzers import make_analyzer
    >>> make_analyzer("word", lowercase=True, punctuation="keep")(["Don't go!"])
    [["don't", 'go', '!']]
    """
    if callable(analyzer):
        return Analyzer(partial(_cut_by_callable, analyzer, lowercase), lowercase=False)
    is_char = analyzer == "char"
    return Analyzer(
        _cutter(analyzer, punctuation), lowercase, is_char, None if is_char else punctuation
    )


def _cut_by_callable(
    analyzer: Callable[[Any], Iterable[str]], lowercase: bool, document: Any
) -> list[str]:
    is_text = isinstance(document, str)
    tokens = analyzer(document.lower() if lowercase and is_text else document)
    if isinstance(tokens, str) or not isinstance(tokens, Iterable):
        raise TypeError(
            f"Got {type(tokens).__name__} from analyzer={analyzer!r}; expected a list of tokens "
            "for each document. Split texts, for instance with str.split, and take documents that "
            "are cut into tokens already as they are, with list."
        )
    return tokens if isinstance(tokens, list) else list(tokens)


@lru_cache
def _cutter(analyzer: str, punctuation: str) -> Callable[[str], list[str]]:
    """Return the function that cuts one text; the short pattern serves what is plain ASCII."""
    in_ascii = re.compile(_ASCII_PATTERNS[analyzer, punctuation], re.ASCII).findall
    in_unicode = re.compile(_unicode_pattern(analyzer, punctuation)).findall

    def cut(text: str) -> list[str]:
        return in_ascii(text) if text.isascii() else in_unicode(text)

    return cut


def _unicode_pattern(analyzer: str, punctuation: str) -> str:
    """Return the pattern whose matches are the tokens of any text."""
    marks = _combining_marks()
    flag = f"[{_FLAG_LETTERS}]{{2}}"
    if analyzer == "char":
        first = rf"[^{_UNSEEN}]" if punctuation == "keep" else rf"[\w {_EMOJI}]"
        return f"{flag}|{_cluster(first, marks)}"
    symbol = rf"[^\w\s{_UNSEEN}]" if punctuation == "keep" else f"[{_EMOJI}]"
    letters = _with_marks(rf"[^\W{_IDEOGRAPHS}{_LONE_JAMO}]", marks)
    word = f"{letters}(?:['\u2019]{letters})*"
    ideograph = f"[{_IDEOGRAPHS}][{marks}]*"
    keycap = "[#*]\ufe0f?\u20e3"
    symbols = _cluster(symbol, marks)
    return f"{word}|[{_LONE_JAMO}]+|{ideograph}|{flag}|{keycap}|{symbols}"


def _with_marks(letter: str, marks: str) -> str:
    """Return the pattern of letters that may carry marks or be joined without width."""
    return f"{letter}+(?:[{marks}{_JOINERS}]+{letter}*)*"


def _cluster(first: str, marks: str) -> str:
    """Return the pattern of what is seen as one character, emoji joined to emoji included."""
    following = f"[{marks}{_JOINERS}{_SKIN_TONES}{_FLAG_TAGS}]*"
    return rf"{first}{following}(?:(?<=\u200d)[{_EMOJI}]{following})*"


@lru_cache
def _combining_marks() -> str:
    """Return Unicode's combining marks as ranges of a character class; Python's \\w lacks them."""
    is_mark = [unicodedata.category(chr(code))[0] == "M" for code in range(0x20000)]
    codes = [code for code, mark in enumerate(is_mark) if mark]
    starts = [code for code in codes if not is_mark[code - 1]]
    ends = [code for code in codes if not is_mark[code + 1]]
    ranges = [f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True)]
    return "".join([*ranges, "\U000e0100-\U000e01ef"])
