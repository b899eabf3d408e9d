"""The contracts of text steps: a sound step passes, and each catches a step that breaks it."""

import copy

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from skdeepnlp._contracts import check_texts
from skdeepnlp.testing import check_text_step


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
