"""The field's own words, in US spelling: a dictionary over package, documentation and README."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# what is written, and what the field calls it
DICTIONARY = {
    r"\blearnt\b": "fitted, trained",
    r"\banew\b": "again",
    r"\brows? (that are )?watched\b": "validation set",
    r"\bwatched (rows?|texts?)\b": "validation set",
    r"\b(goes|go|going) by\b": "uses, is computed from",
    r"\bstands? behind\b": "follows",
    r"\b\w*regularis": "regulariz-",
    r"\b\w*normalis": "normaliz-",
    r"\b\w*tokenis": "tokeniz-",
    r"\b\w*penalis": "penaliz-",
    r"\blabelled\b": "labeled",
    r"\bbehaviour": "behavior",
    r"\bfavour": "favor",
    r"\bcolour": "color",
    r"\bof one's own\b": "custom, standalone",
}
FILES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "skdeepnlp").rglob("*.py")),
]


def foreign_words(text):
    """Return each word of the dictionary that a text holds, with the better ones."""
    return [
        f"line {text[: found.start()].count(chr(10)) + 1}: {found[0]!r}; write: {better}"
        for pattern, better in DICTIONARY.items()
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_words_are_those_of_the_field(file):
    assert foreign_words(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text", ["What was learnt.", "the rows watched", "It goes by the loss", "a regularised LSTM"]
)
def test_a_foreign_word_is_found(text):
    assert len(foreign_words(text)) == 1
