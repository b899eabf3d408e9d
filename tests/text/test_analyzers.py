"""What a token is: words and characters of many scripts, seen through TextTokenizer."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skdeepnlp.text import TextTokenizer
from skdeepnlp.text._analyzers import _cutter


def tokens_of(text, **parameters):
    tokenizer = TextTokenizer(**parameters)
    return tokenizer.inverse_transform(tokenizer.fit_transform([text]))[0]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I don't like l'eau.", ["i", "don't", "like", "l'eau", "."]),
        ("I don’t!", ["i", "don’t", "!"]),
        ("rock 'n' roll", ["rock", "'", "n", "'", "roll"]),
        ("state-of-the-art", ["state", "-", "of", "-", "the", "-", "art"]),
        ("3.5 of 10...", ["3", ".", "5", "of", "10", ".", ".", "."]),
        ("snake_case", ["snake_case"]),
        ("Größe über Straße", ["größe", "über", "straße"]),
        ("café cafe\u0301", ["café", "cafe\u0301"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("재밌다ㅋㅋㅋ ㅠㅠ 좋아요!", ["재밌다", "ㅋㅋㅋ", "ㅠㅠ", "좋아요", "!"]),
        ("我爱film。", ["我", "爱", "film", "。"]),
        ("今日はいい", ["今", "日", "はいい"]),
        ("👩‍👩‍👧‍👦👍🏽👍", ["👩‍👩‍👧‍👦", "👍🏽", "👍"]),
        ("🇰🇷🇩🇪 ❤️ 1️⃣", ["🇰🇷", "🇩🇪", "❤️", "1️⃣"]),
        ("£5 + “q”", ["£", "5", "+", "“", "q", "”"]),
        ("a\u200bb\ufeff\x00é", ["a", "b", "é"]),
    ],
)
def test_words_of_many_scripts(text, tokens):
    assert tokens_of(text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't go, £5!", ["don't", "go", "5"]),
        ("l’eau… “q”", ["l’eau", "q"]),
        ("good 👍🏽 👩‍⚕️🇰🇷 ♡ #️⃣!", ["good", "👍🏽", "👩‍⚕️", "🇰🇷", "♡", "#️⃣"]),
    ],
)
def test_punctuation_can_be_dropped_while_emoji_stay(text, tokens):
    assert tokens_of(text, punctuation="drop") == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Ab, \n c", ["a", "b", ",", " ", "c"]),
        ("영화ㅋ", ["영", "화", "ㅋ"]),
        ("e\u0301x", ["e\u0301", "x"]),
        ("👩‍👩‍👧👍🏽🇰🇷🇩🇪é", ["👩‍👩‍👧", "👍🏽", "🇰🇷", "🇩🇪", "é"]),
    ],
)
def test_characters_are_what_a_reader_sees(text, tokens):
    assert tokens_of(text, analyzer="char") == tokens


def test_characters_can_go_without_punctuation():
    assert tokens_of("a, b! é", analyzer="char", punctuation="drop") == ["a", " ", "b", " ", "é"]


def test_case_can_be_kept():
    assert tokens_of("Good GOOD", lowercase=False) == ["Good", "GOOD"]


def test_a_callable_gets_the_text_in_lower_case():
    assert tokens_of("Good, film", analyzer=str.split) == ["good,", "film"]


def test_a_callable_gets_the_text_as_it_is_without_lowercase():
    assert tokens_of("Good, film", analyzer=str.split, lowercase=False) == ["Good,", "film"]


def test_a_callable_may_be_a_generator():
    assert tokens_of("ab", analyzer=lambda text: (letter for letter in text)) == ["a", "b"]


@pytest.mark.parametrize("analyzer", [str.upper, len])
def test_a_callable_that_gives_no_tokens_raises(analyzer):
    with pytest.raises(TypeError, match=r"expected a list of tokens.*with str\.split"):
        tokens_of("good film", analyzer=analyzer)


def test_a_callable_that_gives_other_things_than_str_raises():
    with pytest.raises(TypeError, match="Got the token 1; expected every token to be a str"):
        tokens_of("good film", analyzer=lambda text: [1, 2])


@pytest.mark.parametrize("analyzer", ["word", "char"])
@pytest.mark.parametrize("punctuation", ["keep", "drop"])
@given(text=st.text(st.characters(codec="ascii")))
def test_plain_ascii_is_cut_as_any_other_text(analyzer, punctuation, text):
    text = " ".join(text.split())  # both analyzers see white space as one space
    cut = _cutter(analyzer, punctuation)
    # behind another script the pattern for all of Unicode is at work
    assert cut(f"{text} é")[-1] == "é"
    assert cut(text) == cut(f"{text} é")[: len(cut(text))]


@given(st.text())
def test_no_letter_gets_lost(text):
    joined = "".join(_cutter("word", "keep")(text))
    assert [c for c in joined if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_fitted_tokenizer_can_be_pickled():
    tokenizer = TextTokenizer().fit(["größe"])
    assert pickle.loads(pickle.dumps(tokenizer)).transform(["größe"]).to_lists() == [[2]]
