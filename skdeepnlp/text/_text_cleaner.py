"""Clean raw texts: Unicode, HTML, addresses, mentions, numbers, repeats and white space."""

from numbers import Integral
from typing import Any

import numpy as np

from skdeepnlp._contracts import check_documents, shorten
from skdeepnlp._sklearn import Interval, StrOptions, _fit_context
from skdeepnlp.text._base import TextStep
from skdeepnlp.text._cleaning_rules import (
    Rule,
    checked_function,
    collapse_whitespace,
    decode_entities,
    drop_tags,
    match_replacer,
    split_contractions,
    strip_accents,
    unicode_normalizer,
)

_REPLACEABLE = ("urls", "emails", "mentions", "numbers")


def _check_choice(kind: str, choice: str) -> None:
    """Raise at what is more likely a misspelt option than a token."""
    if choice not in ("keep", "drop") and choice.isalpha() and choice.islower():
        raise ValueError(
            f"Got {kind}={choice!r}; expected 'keep', 'drop' or a token that is no plain word, "
            f"such as '<{choice}>'."
        )


def _as_array(documents: list[Any]) -> np.ndarray:
    """Return documents as an array of Python objects, however long each may be."""
    array = np.empty(len(documents), dtype=object)
    for index, document in enumerate(documents):  # lists of one length would become a matrix
        array[index] = document
    return array


def _check_documents(X: Any) -> list[str | list[str]]:
    """Return texts, and documents that are cut into tokens already as lists of str."""
    documents = check_documents(X, caller="TextCleaner")
    if set(map(type, documents)) == {str}:
        return documents
    return [_text_or_tokens(index, document) for index, document in enumerate(documents)]


def _text_or_tokens(index: int, document: Any) -> str | list[str]:
    if isinstance(document, str):
        return str(document)
    is_sequence = isinstance(document, (list, tuple, np.ndarray))
    if not is_sequence or not all(isinstance(token, str) for token in document):
        raise TypeError(
            f"TextCleaner expects texts or lists of tokens, but document {index} is of type "
            f"{type(document).__name__}: {shorten(document)}. Make lists of str of other objects, "
            "or leave the cleaner out, for instance by clean=None of make_text_pipeline."
        )
    return list(map(str, document))


def _cleaned(document: str | list[str], rules: list[Rule]) -> str | list[str]:
    """Clean a text, or each token of a document; tokens that come to nothing are left out."""
    if isinstance(document, list):
        tokens = (_cleaned(token, rules) for token in document)
        return [token for token in tokens if token]  # type: ignore[misc]
    for rule in rules:
        document = rule(document)
    return document


_CASE_RULES: dict[bool | str, Rule | None] = {
    False: None,
    True: str.lower,
    "casefold": str.casefold,
}


class TextCleaner(TextStep):
    """Clean raw texts, one for one; learns nothing.

    The defaults change little: they decode HTML character references, bring the text into one
    Unicode normal form and collapse white space. Everything else is switched on by name. The
    parameters are listed in the order in which they act.

    Parameters
    ----------
    decode_entities : bool, default=True
        Turn HTML character references such as ``&amp;`` into the characters they stand for.

    html_tags : {"keep", "drop"}, default="keep"
        Whether to drop HTML tags and comments, and scripts and styles with their content. Only
        names of HTML count as tags: ``a < b``, ``<3`` and ``<user>`` stay.

    unicode_form : {"NFC", "NFD", "NFKC", "NFKD"} or None, default="NFC"
        Unicode normal form, so that equal looking texts are equal. The "K" forms also make full
        width letters and ligatures plain. None leaves the text alone.

    strip_accents : bool, default=False
        Take the accents off Latin, Greek and Cyrillic letters. The result is in NFC where
        `unicode_form` is None.

    lowercase : bool or "casefold", default=False
        True writes everything in lower case: "ß" stays "ß". "casefold" goes further, so that
        texts match that differ in case only: "ß" becomes "ss".

    urls : {"keep", "drop"} or str, default="keep"
        What to do with web addresses, that is what begins with "http://", "https://", "ftp://" or
        "www.": keep them, drop them, or put a token such as "<url>" in their place.

    emails : {"keep", "drop"} or str, default="keep"
        The same for e-mail addresses.

    mentions : {"keep", "drop"} or str, default="keep"
        The same for mentions of users, such as "@scikit_learn".

    numbers : {"keep", "drop"} or str, default="keep"
        The same for numbers, such as "-3", "1,000.50" or "2024", but not inside words such as
        "b2b" or "3rd".

    max_repeats : int or None, default=None
        Longest run of one character, digits and white space excepted: 2 turns "soooo!!!!" into
        "soo!!". None leaves all.

    split_contractions : bool, default=False
        Set English contractions apart: "don't" becomes "do n't", "she'll" becomes "she 'll".

    collapse_whitespace : bool, default=True
        Write each run of white space, line ends included, as one space, and none at the ends.

    function : callable or None, default=None
        A custom last step, from one str to another.

    See Also
    --------
    TextTokenizer : Turns clean texts into token sequences.

    Notes
    -----
    A dropped part leaves a space, so that its neighbours do not grow together. Addresses, mentions,
    numbers and repeats are found in one pass from left to right: what was put in is never
    rewritten, and what is kept stays whole; ``numbers="drop"`` cuts nothing out of an address.

    A token that is a word of lower case letters, such as "remove", raises a ValueError: it is more
    likely a misspelt option than a token. Write "<remove>".

    Between words of Chinese, Japanese and Korean there need be no space: addresses, mentions and
    numbers end where such a script begins. So "100元" holds the number 100, and an address that
    spells out Korean letters ends before them.

    The result is always a one-dimensional array, also after ``set_output(transform="pandas")``:
    steps that take text would read a frame as the names of its columns.

    Documents that are cut into tokens already, as lists of str, may stand in the place of texts:
    each token is cleaned as a text by itself, and left out if nothing of it stays. A
    ``TextTokenizer(analyzer=list)`` takes what comes out.

    A lambda as `function` cannot be pickled; a function with a name in a module can.

    Examples
    --------
    >>> from skdeepnlp.text import TextCleaner
    >>> TextCleaner().transform(["  fish &amp;\\n chips "]).tolist()
    ['fish & chips']
    >>> cleaner = TextCleaner(urls="<url>", mentions="drop", numbers="<number>", max_repeats=2)
    >>> cleaner.transform(["@bob soooo good: 10 of 10, see https://a.org/b (2024)."]).tolist()
    ['soo good: <number> of <number>, see <url> (<number>).']
    """

    _parameter_constraints: dict = {
        "decode_entities": ["boolean"],
        "html_tags": [StrOptions({"keep", "drop"})],
        "unicode_form": [StrOptions({"NFC", "NFD", "NFKC", "NFKD"}), None],
        "strip_accents": ["boolean"],
        "lowercase": ["boolean", StrOptions({"casefold"})],
        "urls": [str],
        "emails": [str],
        "mentions": [str],
        "numbers": [str],
        "max_repeats": [Interval(Integral, 1, None, closed="left"), None],
        "split_contractions": ["boolean"],
        "collapse_whitespace": ["boolean"],
        "function": [callable, None],
    }

    def __init__(
        self,
        *,
        decode_entities=True,
        html_tags="keep",
        unicode_form="NFC",
        strip_accents=False,
        lowercase=False,
        urls="keep",
        emails="keep",
        mentions="keep",
        numbers="keep",
        max_repeats=None,
        split_contractions=False,
        collapse_whitespace=True,
        function=None,
    ):
        self.decode_entities = decode_entities
        self.html_tags = html_tags
        self.unicode_form = unicode_form
        self.strip_accents = strip_accents
        self.lowercase = lowercase
        self.urls = urls
        self.emails = emails
        self.mentions = mentions
        self.numbers = numbers
        self.max_repeats = max_repeats
        self.split_contractions = split_contractions
        self.collapse_whitespace = collapse_whitespace
        self.function = function

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Check parameters and texts; there is nothing to learn.

        Parameters
        ----------
        X : array-like of str, or of lists of str, of shape (n_samples,)
            Raw texts, or documents that are cut into tokens already.
        y : None
            Ignored.

        Returns
        -------
        self : TextCleaner
            The cleaner itself.
        """
        self._replacements()
        _check_documents(X)
        return self

    def transform(self, X):
        """Clean texts.

        Parameters
        ----------
        X : array-like of str, or of lists of str, of shape (n_samples,)
            Raw texts, or documents that are cut into tokens already.

        Returns
        -------
        texts : ndarray of shape (n_samples,), dtype object
            One clean str for each text, and a list of clean tokens for each list; either may be
            empty.
        """
        self._validate_params()
        rules = self._rules()
        return _as_array([_cleaned(document, rules) for document in _check_documents(X)])

    def get_feature_names_out(self, input_features=None):
        """Return the name of the one column of texts.

        Parameters
        ----------
        input_features : array-like of str of shape (1,) or None, default=None
            Name of the column that came in.

        Returns
        -------
        feature_names_out : ndarray of shape (1,), dtype object
            The same name, or "text" where none is given.
        """
        return np.asarray(["text"] if input_features is None else input_features, dtype=object)

    def _rules(self) -> list[Rule]:
        """Return the rules that are switched on, in the order in which they act."""
        rules = [
            self.decode_entities and decode_entities,
            self.html_tags == "drop" and drop_tags,
            self.unicode_form and unicode_normalizer(self.unicode_form),
            self.strip_accents and self._accent_rule(),
            _CASE_RULES[self.lowercase],
            self._match_rule(),
            self.split_contractions and split_contractions,
            self.collapse_whitespace and collapse_whitespace,
            self.function is not None and checked_function(self.function),
        ]
        return [rule for rule in rules if rule]

    def _accent_rule(self) -> Rule:
        """Return the rule that strips accents and ends in the wanted normal form."""
        if self.unicode_form in (None, "NFC", "NFKC"):
            return strip_accents
        normalize = unicode_normalizer(self.unicode_form)
        return lambda text: normalize(strip_accents(text))

    def _match_rule(self) -> Rule | None:
        """Return the rule for addresses, mentions, numbers and repeats, if one is wanted."""
        replacements = self._replacements()
        if replacements or self.max_repeats:
            return match_replacer(replacements, self.max_repeats)
        return None

    def _replacements(self) -> dict[str, str]:
        """Return what takes the place of each kind that is not kept."""
        chosen = {kind: getattr(self, kind) for kind in _REPLACEABLE}
        for kind, choice in chosen.items():
            _check_choice(kind, choice)
        return {
            kind: " " if choice == "drop" else choice
            for kind, choice in chosen.items()
            if choice != "keep"
        }

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.requires_fit = False
        return tags
