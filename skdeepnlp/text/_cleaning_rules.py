"""The rules of TextCleaner: small functions from one text to another."""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Literal

Rule = Callable[[str], str]
UnicodeForm = Literal["NFC", "NFD", "NFKC", "NFKD"]

# Scripts that set no space between words: a number, an address or a mention ends where they begin.
_UNSPACED = (
    "\u1100-\u11ff\u3000-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
_WORD = rf"[^\W{_UNSPACED}]"
_URL_CHARACTER = rf'[^\s()<>"{_UNSPACED}]'
_URL_END = rf"""[^\s()<>"{_UNSPACED}\[\]{{}}'`.,:;!?\u00ab\u00bb\u2018\u2019\u201c\u201d\u2026*]"""
_PARENTHESES = rf"\({_URL_CHARACTER}*\)"

# Tried from first to last at each place, so an e-mail address is never taken for a mention.
_KINDS = {
    "urls": (
        rf"(?<!{_WORD})(?i:https?://|ftp://|www\.)"
        rf"(?:{_URL_CHARACTER}|{_PARENTHESES})*(?:{_PARENTHESES}|{_URL_END})"
    ),
    "emails": (
        rf"(?<!{_WORD})(?<![.%+-])(?:{_WORD}|[.%+-]){{1,64}}@"
        r"(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}"
    ),
    "mentions": rf"(?<!{_WORD})@(?!\d){_WORD}+",
    "numbers": (
        rf"(?:(?<!\S)[+\u2212-]|(?<!{_WORD})(?<!\d[.,]))"
        rf"\d++(?:[.,]\d++)*+(?!{_WORD}|[\ufe0f\u20e3])"
    ),
    "repeats": r"(?P<once>[^\d\s])(?P=once)+",
}
_ANY_KIND = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))

# Names of HTML only: "<user>" and "<3" are words of a text, not tags of a page.
_TAG_NAMES = (
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo big "
    "blockquote body br button canvas caption center cite code col colgroup data datalist dd del "
    "details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame "
    "frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li "
    "link main map mark menu meta meter nav noframes noscript object ol optgroup option output p "
    "param picture pre progress q rp rt ruby s samp script section select slot small source span "
    "strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time "
    "title tr track tt u ul var video wbr"
)
# Each scan stops where the next one would begin, so that hostile input costs no quadratic time.
_TAGS = re.compile(
    r"<!--(?:(?!<!--).)*?-->"
    r"|<(script|style)\b[^<>]*>(?:(?!<\1\b).)*?</\1\s*>"
    rf"|</?(?:{_TAG_NAMES.replace(' ', '|')})(?:[\s/](?:\"[^\"<]*\"|'[^'<]*'|[^<>])*+)?>"
    r"|<!doctype\b[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)

# Only with their semicolon: "?a=1&copy=2" is an address, not a copyright sign.
_ENTITIES = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTRACTIONS = re.compile(
    r"(?<=[^\W\d_])(?=n['\u2019]t\b|['\u2019](?:s|re|ve|ll|d|m)\b)", re.IGNORECASE
)
# Latin, Greek and Cyrillic accents; the vowel signs of Hindi, Thai or Arabic are letters, and stay.
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]")


def decode_entities(text: str) -> str:
    """Turn HTML character references such as ``&amp;`` into the characters they stand for.

    Examples
    --------
    >>> from skdeepnlp.text._cleaning_rules import decode_entities
    >>> decode_entities("fish &amp; chips &#8364;9, ?a=1&copy=2")
    'fish & chips €9, ?a=1&copy=2'
    """
    if "&" not in text:
        return text
    return _ENTITIES.sub(lambda match: html.unescape(match[0]), text)


def drop_tags(text: str) -> str:
    """Put a space for each HTML tag and comment, and for the content of scripts and styles.

    Examples
    --------
    >>> from skdeepnlp.text._cleaning_rules import drop_tags
    >>> drop_tags("<p>a < b<br/>I <3 you</p>")
    ' a < b I <3 you '
    """
    return _TAGS.sub(" ", text) if "<" in text else text


def unicode_normalizer(form: UnicodeForm) -> Rule:
    """Return the rule that brings a text into one Unicode normal form.

    Examples
    --------
    >>> from skdeepnlp.text._cleaning_rules import unicode_normalizer
    >>> unicode_normalizer("NFKC")("ﬁne ②")
    'fine 2'
    """

    def normalize(text: str) -> str:
        return text if text.isascii() else unicodedata.normalize(form, text)

    return normalize


def strip_accents(text: str) -> str:
    """Take the accents off Latin, Greek and Cyrillic letters.

    Examples
    --------
    >>> from skdeepnlp.text._cleaning_rules import strip_accents
    >>> strip_accents("Crème brûlée, 한국어")
    'Creme brulee, 한국어'
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def match_replacer(replacements: Mapping[str, str], max_repeats: int | None) -> Rule:
    """Return the rule that replaces addresses, mentions and numbers and caps repeated characters.

    One pass from left to right finds every kind, also those to be kept: what was put in is never
    rewritten, and no number is cut out of a kept address.

    Parameters
    ----------
    replacements : mapping of str to str
        What takes the place of each kind; kinds that are not named stay as they are.
    max_repeats : int or None
        Longest run of one character that is left; None leaves all.

    Returns
    -------
    rule : callable
        From one text to another.

    Examples
    --------
    >>> from skdeepnlp.text._cleaning_rules import match_replacer
    >>> match_replacer({"numbers": "<number>"}, 2)("soooo 1,000 b2b www.a.org/2024")
    'soo <number> b2b www.a.org/2024'
    """

    def replace(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if kind == "repeats":
            return match[0][:max_repeats]
        return replacements.get(str(kind), match[0])

    return lambda text: _ANY_KIND.sub(replace, text)


def split_contractions(text: str) -> str:
    """Set English contractions apart, in the manner of the Penn Treebank.

    Examples
    --------
    >>> from skdeepnlp.text._cleaning_rules import split_contractions
    >>> split_contractions("I don't think she'll mind")
    "I do n't think she 'll mind"
    """
    return _CONTRACTIONS.sub(" ", text) if "'" in text or "\u2019" in text else text


def collapse_whitespace(text: str) -> str:
    """Write each run of white space as one space, and none at the ends.

    Examples
    --------
    >>> from skdeepnlp.text._cleaning_rules import collapse_whitespace
    >>> collapse_whitespace("  one\\ttwo\\n\\nthree ")
    'one two three'
    """
    return " ".join(text.split())


def checked_function(function: Rule) -> Rule:
    """Return the user's function with an error for results that are no text.

    Examples
    --------
    >>> from skdeepnlp.text._cleaning_rules import checked_function
    >>> checked_function(str.title)("good film")
    'Good Film'
    """

    def call(text: str) -> str:
        result = function(text)
        if not isinstance(result, str):
            raise TypeError(
                f"Got {type(result).__name__} from function={function!r}; expected a str for each "
                "text. Return the text itself where there is nothing to change."
            )
        return result

    return call
