"""A tokenizer says so where most of the tokens that it learns from get no id."""

import warnings

import pytest

from skdeepnlp import TextTokenizer, Vocabulary, fit_in_chunks, make_text_pipeline
from skdeepnlp.exceptions import UnknownTokensWarning

THAI = ["หนังดีมากครับ", "หนังแย่มากค่ะ", "เพลงสนุก", "บทห่วย"] * 3 + ["ดี", "แย่"]


def test_a_script_without_spaces_warns_and_names_the_cure():
    texts = [f"{text}{number}" for number, text in enumerate(THAI)] + ["ดี", "ดี"]
    message = r"no id for 14 of 16 tokens \(88%\).*min_df=2 and max_tokens=None.*analyzer='char'"
    with pytest.warns(UnknownTokensWarning, match=message):
        TextTokenizer(min_df=2).fit(texts)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"max_tokens": 1}, "4 of 6 tokens .*max_tokens=1; lower min_df or raise max_tokens"),
        ({"min_df": 0.9}, "4 of 6 tokens .*min_df=0.9 and"),
        ({"vocabulary": ["a"]}, "4 of 6 tokens .*The given vocabulary lacks them"),
        ({"vocabulary": Vocabulary(["a"])}, r"4 of 6 .*same case \(lowercase=True\)"),
    ],
)
def test_whatever_leaves_most_tokens_out_is_named(parameters, named):
    with pytest.warns(UnknownTokensWarning, match=named):
        TextTokenizer(**parameters).fit_transform(["a b c", "a d e"])


def test_characters_are_not_advised_to_those_who_have_them():
    with pytest.warns(UnknownTokensWarning) as caught:
        TextTokenizer(analyzer="char", max_tokens=1).fit(["abc", "def"])
    assert "char" not in str(caught[0].message)


@pytest.mark.parametrize("parameters", [{}, {"max_tokens": 2}, {"stop_words": ["a", "b"]}])
def test_half_of_the_tokens_may_be_unknown(parameters):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        TextTokenizer(**parameters).fit(["a b c", "a b d", "x y"])


def test_chunks_warn_once_when_the_vocabulary_is_first_used():
    def chunks():
        yield ["a b", "c d"], [0, 1]
        yield ["e f", "a g"], [0, 1]

    pipeline = make_text_pipeline(
        "lstm", linear_ngrams=0, units=2, embedding_dim=2, epochs=1, random_state=0
    )
    with pytest.warns(UnknownTokensWarning, match="no id for 6 of 8 tokens") as caught:
        fit_in_chunks(pipeline, chunks)
    assert [warning.category for warning in caught].count(UnknownTokensWarning) == 1
