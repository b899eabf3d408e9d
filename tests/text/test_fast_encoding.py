"""Cutting each distinct piece once gives the ids of cutting every text, on any Unicode."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skdeepnlp.text import TextTokenizer
from skdeepnlp.text import _encoding as encoding
from skdeepnlp.text._analyzers import make_analyzer
from skdeepnlp.text._fast_encoding import FirstAppearance, PieceNumbers

AWKWARD = [
    *"aZz09_'’-.,!?:#*^`@$~\\",
    *" \t\n\r\x0b\x0c\x1c\x1f\x00\x01\x07\x1b\x7f\x80\x85\x9f",  # white space, control
    *"\xa0\xad\u1680\u2003\u2028\u2029\u202f\u205f\u3000\ufeff",  # spaces beyond ASCII
    *"\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066",  # without width, direction
    *"\u0301\u0308\u0345\u20e3\ufe0e\ufe0f\U000e0100",  # marks that follow
    *"ÉßıİſKΣσςŉǆᾳﬃ",  # letters whose case is odd, Kelvin sign and ligature among them
    *"中々〇ㅋㅠ가각\u1100\u1161\u11a8ｱﾞカ゛",
    *"אבשלוםע\u05b8اَلعَ٣۴५๓१²½Ⅷ①",
    *"👍🏽👩❤🇰🇷🇩🏴☃♡→©™",
    *"\U000e0067\U000e007f\ud800\udfff\ue000\U0010ffff",
    "👩\u200d👩\u200d👧",
    "1\ufe0f\u20e3",
    "don't",
    "l’eau",
    "ΑΣ.Α",
    "ΑΣ",
    "e\u0301",
    "www.a-b.org/?q=1",
    "sixteen_letters_",
    "seventeen_letters",
    "sixteen_letters_and_more",
    "eight_by",
]
awkward = st.lists(st.sampled_from(AWKWARD) | st.characters(), max_size=30).map("".join)
corpora = st.lists(awkward, min_size=1, max_size=8)
ways = st.builds(
    make_analyzer,
    st.just("word"),
    lowercase=st.booleans(),
    punctuation=st.sampled_from(["keep", "drop"]),
)


def joined(parts):
    ids, lengths = map(np.concatenate, zip(*parts, strict=True))
    return ids.tolist(), lengths.tolist()


def tokens_one_way(encode, texts, analyze):
    """Return tokens in the order of their numbers, the numbers, and how many each text has."""
    number_of = FirstAppearance()

    def lookup(tokens, n_tokens):
        return np.fromiter(map(number_of.__getitem__, tokens), dtype=np.int32, count=n_tokens)

    numbers, lengths = joined(encode(texts, analyze, lookup))
    return list(number_of), numbers, lengths


@settings(max_examples=500)
@given(corpora, ways)
def test_cutting_pieces_equals_cutting_texts(texts, analyze):
    plainly = tokens_one_way(encoding._encode_plainly, texts, analyze)
    assert tokens_one_way(encoding._encode_by_pieces, texts, analyze) == plainly


@given(st.lists(st.text(), min_size=1), ways)
def test_cutting_pieces_equals_cutting_texts_of_any_characters(texts, analyze):
    plainly = tokens_one_way(encoding._encode_plainly, texts, analyze)
    assert tokens_one_way(encoding._encode_by_pieces, texts, analyze) == plainly


@given(st.lists(st.text(alphabet="ab'_.- \n0Z", max_size=40), min_size=1), ways)
def test_cutting_pieces_equals_cutting_texts_of_plain_ascii(texts, analyze):
    plainly = tokens_one_way(encoding._encode_plainly, texts, analyze)
    assert tokens_one_way(encoding._encode_by_pieces, texts, analyze) == plainly


@pytest.mark.parametrize("first", [chr(code) for code in range(128)])
def test_each_pair_of_ascii_characters_is_cut_alike(first):
    texts = [f"a{first}{chr(second)}b" for second in range(128)]
    texts += [f"{first}{chr(second)}" for second in range(128)]
    for punctuation in ("keep", "drop"):
        analyze = make_analyzer("word", lowercase=True, punctuation=punctuation)
        plainly = tokens_one_way(encoding._encode_plainly, texts, analyze)
        assert tokens_one_way(encoding._encode_by_pieces, texts, analyze) == plainly


@given(corpora)
def test_many_small_chunks_give_the_same(texts):
    analyze = make_analyzer("word", lowercase=True, punctuation="keep")
    plainly = tokens_one_way(encoding._encode_plainly, texts, analyze)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "_CHUNK", 5)
        patch.setattr(encoding, "_MOST_PIECES", 3)
        assert tokens_one_way(encoding._encode_by_pieces, texts, analyze) == plainly


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=20), min_size=1))
def test_pieces_that_fight_for_slots_keep_their_own_numbers(words):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("skdeepnlp.text._fast_encoding._SLOT_BITS", 1)
        pieces = PieceNumbers(keeps_marks=True, lowercase=True)
        for text in (" ".join(words), " ".join(words)):
            numbers, _ = pieces.number([text])
            assert [pieces.pieces()[number] for number in numbers.tolist()] == words


@pytest.mark.parametrize(("text", "expected"), [("the same film", True), ("{0}a {0}b {0}c", False)])
def test_only_texts_that_repeat_their_words_are_cut_in_pieces(text, expected):
    texts = [text.format(number) for number in range(100)]
    assert encoding._repeat_words(texts) is expected


def test_pieces_that_differ_after_the_sixteenth_byte_are_two():
    pieces = PieceNumbers(keeps_marks=True, lowercase=True)
    texts = ["sixteen_letters_", "sixteen_letters_a", "sixteen_letters_b", "sixteen_letters_"]
    for _ in range(2):
        assert pieces.number(texts)[0].tolist() == [0, 1, 2, 0]


@given(st.lists(awkward, min_size=40, max_size=60))
@settings(max_examples=50)
def test_many_texts_are_tokenized_like_few(texts):
    tokenizer = TextTokenizer(vocabulary=["a", "don't", "中", ".", "가", "ß"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "_repeat_words", lambda texts: True)
        together = tokenizer.fit_transform(texts).to_lists()
    one_by_one = [tokenizer.transform([text]).to_lists()[0] for text in texts]
    assert together == one_by_one
