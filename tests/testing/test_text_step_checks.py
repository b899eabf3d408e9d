"""check_text_step: sound steps pass, and each contract catches a step that breaks it."""

import copy

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.utils.validation import check_is_fitted

from skdeepnlp._contracts import check_texts
from skdeepnlp.testing import check_text_step
from skdeepnlp.text import SequencePadder, TextCleaner, TextTokenizer


class KnownWords(TransformerMixin, BaseEstimator):
    """A sound step: counts the words of each text, and those that were seen in fit."""

    def __init__(self, *, lowercase=True, ignored=None):
        self.lowercase = lowercase
        self.ignored = ignored

    def fit(self, X, y=None):
        self.words_ = sorted(set(" ".join(self.read(X)).split()))
        return self

    def transform(self, X):
        check_is_fitted(self)
        rows = [self.count(text) for text in self.read(X)]
        return np.array(rows, dtype=float).reshape(-1, 2)

    def read(self, X):
        return check_texts(X, caller=type(self).__name__)

    def count(self, text):
        words = text.split()
        return [len(words), sum(word in self.words_ for word in words)]

    def get_feature_names_out(self, input_features=None):
        return np.array(["words", "known"], dtype=object)


class InitCopies(KnownWords):
    def __init__(self, *, lowercase=True, ignored=None):
        super().__init__(lowercase=bool(lowercase), ignored=ignored)


class InitSetsMore(KnownWords):
    def __init__(self, *, lowercase=True, ignored=None):
        super().__init__(lowercase=lowercase, ignored=ignored)
        self.words_ = []


class SetParamsGivesNothing(KnownWords):
    def set_params(self, **params):
        super().set_params(**params)


class SetParamsTakesAnything(KnownWords):
    def set_params(self, **params):
        return super().set_params(**{name: params[name] for name in params if hasattr(self, name)})


class CloneStaysFitted(KnownWords):
    def __sklearn_clone__(self):
        return copy.deepcopy(self)


class FitGivesNothing(KnownWords):
    def fit(self, X, y=None):
        super().fit(X)


class FitReplacesParameter(KnownWords):
    def fit(self, X, y=None):
        self.ignored = set(self.ignored or ())
        return super().fit(X)


class FitWritesIntoParameter(KnownWords):
    def fit(self, X, y=None):
        self.ignored.append("more")
        return super().fit(X)


class FitSetsBareName(KnownWords):
    def fit(self, X, y=None):
        self.n_texts = len(X)
        return super().fit(X)


class CountsFits(KnownWords):
    def fit(self, X, y=None):
        self.n_fits_ = getattr(self, "n_fits_", 0) + 1
        return super().fit(X)

    def count(self, text):
        return [self.n_fits_, 0]


class KeepsOldWords(KnownWords):
    def fit(self, X, y=None):
        old = getattr(self, "words_", [])
        super().fit(X).words_.extend(old)
        return self

    def count(self, text):
        return [len(text), len(self.words_)]


class OtherFitTransform(KnownWords):
    def fit_transform(self, X, y=None):
        return super().fit_transform(X) + 1


class LearnsInTransform(KnownWords):
    def transform(self, X):
        output = super().transform(X)
        self.words_.append("seen")
        return output


class WritesIntoInput(KnownWords):
    def read(self, X):
        texts = super().read(X)
        X[0] = X[0].lower() + "!"
        return texts


class SeedsEverybody(KnownWords):
    def fit(self, X, y=None):
        np.random.seed(0)
        return super().fit(X)


class WorksUnfitted(KnownWords):
    def transform(self, X):
        return np.zeros((len(self.read(X)), 2))


class ClaimsToNeedNoFit(KnownWords):
    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags


class CutsSeries(KnownWords):
    def read(self, X):
        return super().read(X.str[:3] if isinstance(X, pd.Series) else X)


class ReadsColumnNames(KnownWords):
    def read(self, X):
        return super().read(list(X)) if isinstance(X, pd.DataFrame) else super().read(X)


class ForgetsInPickle(KnownWords):
    def __getstate__(self):
        return {name: value for name, value in super().__getstate__().items() if name != "words_"}


class DropsRepeatedTexts(KnownWords):
    def transform(self, X):
        return super().transform(sorted(set(X)) if isinstance(X, list) else X)[:-1]


class CentersRows(KnownWords):
    def transform(self, X):
        rows = super().transform(X)
        return rows - rows.mean(axis=0)


class RefusesEmptyTexts(KnownWords):
    def count(self, text):
        return [len(text), 1 / len(text.split())]


class RefusesUnknownWords(KnownWords):
    def count(self, text):
        return [0, sum(self.words_.index(word) for word in text.split())]


class KnowsLatinOnly(KnownWords):
    def count(self, text):
        return [0, len(text.replace("정말 좋은 영화 였다", "").encode("latin-1"))]


class OneNameTooMany(KnownWords):
    def get_feature_names_out(self, input_features=None):
        return np.array(["a", "b", "c"], dtype=object)


class OneNameTwice(KnownWords):
    def get_feature_names_out(self, input_features=None):
        return np.array(["a", "a"], dtype=object)


class TakesOneText(KnownWords):
    def read(self, X):
        return super().read([X] if isinstance(X, str) else X)


class WritesAnythingAsText(KnownWords):
    def read(self, X):
        return [str(text) for text in X]


class RaisesAttributeError(KnownWords):
    def read(self, X):
        return [text.strip() for text in X]


class BreaksWhenRefusing(KnownWords):
    def transform(self, X):
        check_is_fitted(self)
        known, self.words_ = self.words_, []
        self.read(X)
        self.words_ = known
        return super().transform(X)


BROKEN = [
    (InitCopies(), "init_only_stores_its_parameters"),
    (InitSetsMore(), "init_only_stores_its_parameters"),
    (SetParamsGivesNothing(), "set_params_is_read_by_get_params"),
    (SetParamsTakesAnything(), "set_params_is_read_by_get_params"),
    (CloneStaysFitted(), "clone_is_unfitted_with_equal_parameters"),
    (FitGivesNothing(), "fit_returns_self"),
    (FitReplacesParameter(), "fit_leaves_parameters_alone"),
    (FitWritesIntoParameter(ignored=[]), "fit_leaves_parameters_alone"),
    (FitSetsBareName(), "fit_sets_names_that_end_in_an_underscore"),
    (CountsFits(), "fitting_twice_gives_the_same"),
    (KeepsOldWords(), "refitting_forgets_the_past"),
    (OtherFitTransform(), "fit_transform_is_fit_then_transform"),
    (LearnsInTransform(), "transform_changes_nothing_learnt"),
    (WritesIntoInput(), "the_input_is_left_alone"),
    (SeedsEverybody(), "global_random_state_is_left_alone"),
    (WorksUnfitted(), "transform_before_fit_is_refused_or_needs_no_fit"),
    (ClaimsToNeedNoFit(), "transform_before_fit_is_refused_or_needs_no_fit"),
    (CutsSeries(), "list_array_and_series_are_equal"),
    (ReadsColumnNames(), "frame_of_one_column_is_its_column"),
    (ForgetsInPickle(), "pickles_give_equal_output"),
    (DropsRepeatedTexts(), "each_row_comes_out_once"),
    (CentersRows(), "each_row_is_transformed_by_itself"),
    (RefusesEmptyTexts(), "empty_texts_are_taken"),
    (RefusesUnknownWords(), "unknown_words_are_taken"),
    (KnowsLatinOnly(), "strange_unicode_is_taken"),
    (OneNameTooMany(), "feature_names_fit_the_output"),
    (OneNameTwice(), "feature_names_fit_the_output"),
    (TakesOneText(), "one_text_instead_of_many_is_refused"),
    (BreaksWhenRefusing(), "one_text_instead_of_many_is_refused"),
    (WritesAnythingAsText(), "missing_texts_are_refused"),
    (RaisesAttributeError(), "missing_texts_are_refused"),
    (WritesAnythingAsText(), "bytes_are_refused"),
    (WritesAnythingAsText(), "numbers_are_refused"),
]


@pytest.mark.parametrize(("step", "contract"), BROKEN, ids=lambda value: str(value))
def test_a_step_that_breaks_a_contract_is_caught(step, contract):
    with pytest.raises(AssertionError, match=rf"{type(step).__name__} breaks [\s\S]*  {contract}:"):
        check_text_step(step)


def test_every_contract_has_a_step_that_breaks_it():
    assert set(check_text_step(KnownWords())) == {contract for _, contract in BROKEN}


def test_sound_steps_pass_every_contract():
    outcomes = check_text_step(KnownWords())
    assert set(outcomes.values()) == {"passed"}


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
def test_the_padder_passes_after_a_tokenizer(padder):
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


def test_an_expected_failure_of_no_contract_raises():
    with pytest.raises(
        ValueError, match=r"Got expected_failures for \['no_such'\]; expected names"
    ):
        check_text_step(TextCleaner(), expected_failures={"no_such": "typing error"})


def test_the_step_itself_is_never_fitted():
    step = CountVectorizer()
    check_text_step(step, expected_failures=OF_SCIKIT_LEARN)
    assert not hasattr(step, "vocabulary_")
