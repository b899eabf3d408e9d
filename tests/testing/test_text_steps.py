"""check_text_step: steps of this library and of scikit-learn pass, and its parameters are used."""

import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from skdeepnlp.testing import check_text_step
from skdeepnlp.text import SequencePadder, TextCleaner, TextTokenizer


class LabeledCleaner(TextCleaner):
    """A step that wants labels of its own."""

    def fit(self, X, y=None):
        assert set(y) <= {"gut", "schlecht"}
        return super().fit(X)


CLEANERS = [
    TextCleaner(),
    TextCleaner(html_tags="drop", urls="<url>", numbers="drop", max_repeats=2, lowercase=True),
]


@pytest.mark.parametrize("cleaner", CLEANERS, ids=["defaults", "much"])
def test_the_cleaner_passes(cleaner):
    check_text_step(cleaner)


@pytest.mark.parametrize("tokenizer", [TextTokenizer(), TextTokenizer(max_tokens=10)], ids=repr)
def test_the_tokenizer_passes(tokenizer):
    check_text_step(tokenizer)


@pytest.mark.parametrize("padder", [SequencePadder(), SequencePadder(max_length=3)], ids=repr)
def test_the_padder_passes_behind_a_tokenizer(padder):
    outcomes = check_text_step(padder, before=TextTokenizer())
    assert "list_array_and_series_are_equal" not in outcomes


OF_SCIKIT_LEARN = {
    "frame_of_one_column_is_its_column": "reads a frame as the names of its columns",
    "missing_texts_are_refused": "None raises AttributeError (str.lower)",
    "bytes_are_refused": "decodes bytes, by its parameter encoding",
    "numbers_are_refused": "numbers raise AttributeError (str.lower)",
}


@pytest.mark.parametrize("vectorizer", [CountVectorizer(), TfidfVectorizer()], ids=repr)
def test_vectorizers_of_scikit_learn_pass_all_that_they_promise(vectorizer):
    outcomes = check_text_step(vectorizer, expected_failures=OF_SCIKIT_LEARN)
    failed = {name for name, outcome in outcomes.items() if outcome != "passed"}
    assert failed == set(OF_SCIKIT_LEARN)


def test_own_texts_and_labels_are_used():
    texts, y = ["ein Film", "kein Film", "das Kino"], ["gut", "schlecht", "gut"]
    check_text_step(LabeledCleaner(), texts=texts, y=y)


def test_without_own_labels_they_are_zeros_and_ones():
    with pytest.raises(AssertionError, match=r"LabeledCleaner breaks .* contracts"):
        check_text_step(LabeledCleaner())


def test_a_broken_contract_names_step_and_cause():
    with pytest.raises(AssertionError, match=r"pickles_give_equal_output: raised .*lambda"):
        check_text_step(TextCleaner(function=lambda text: text))


def test_an_expected_failure_of_no_contract_is_refused():
    with pytest.raises(
        ValueError, match=r"Got expected_failures for \['no_such'\]; expected names"
    ):
        check_text_step(TextCleaner(), expected_failures={"no_such": "typing error"})


def test_the_step_itself_is_never_fitted():
    step = CountVectorizer()
    check_text_step(step, expected_failures=OF_SCIKIT_LEARN)
    assert not hasattr(step, "vocabulary_")
