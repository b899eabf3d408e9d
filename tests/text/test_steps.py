"""The text steps inside scikit-learn: pipelines, searches, columns, pickles, callbacks."""

import pickle
import warnings

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from sklearn import config_context
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.utils.fixes import parse_version

from skdeepnlp.text import PaddedIds, SequencePadder, TextTokenizer, TokenSequences

TEXTS = ["a good film", "a bad film", "good fun", "bad", "good good film", "a bad bad bore"]
LABELS = [1, 0, 1, 0, 1, 0]
PADDED = [[4, 2, 5, 0], [4, 3, 5, 0], [2, 6, 0, 0], [3, 0, 0, 0], [2, 2, 5, 0], [4, 3, 3, 7]]
polars_2 = pytest.mark.skipif(
    parse_version(sklearn.__version__) < parse_version("1.9")
    and not hasattr(pl.DataFrame, "__dataframe__"),
    reason="scikit-learn < 1.9 cannot choose a column of a polars 2 frame",
)
STEPS = [TextTokenizer(max_tokens=5), SequencePadder(max_length=0.9)]


class FirstWordClassifier(ClassifierMixin, BaseEstimator):
    """Says 1 where "good" occurs; stands for a network that needs words."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.vocabulary_ = X.vocabulary
        return self

    def predict(self, X):
        assert X.vocabulary == self.vocabulary_
        is_good = np.isin(X, self.vocabulary_.id_of("good"))
        return np.asarray(is_good).any(axis=1).astype(int)


def text_steps():
    return Pipeline([("tokenize", TextTokenizer()), ("pad", SequencePadder())])


@pytest.mark.parametrize("step", STEPS, ids=repr)
def test_parameters_survive_clone_and_set_params(step):
    twin = clone(step)
    assert twin.get_params() == step.get_params()
    name, value = next(iter(step.get_params().items()))
    assert getattr(twin.set_params(**{name: value}), name) == value


def test_a_pipeline_gives_padded_ids():
    padded_ids = text_steps().fit_transform(TEXTS)
    assert padded_ids.tolist() == PADDED
    assert padded_ids.vocabulary.tokens[2:] == ("good", "bad", "a", "film", "fun", "bore")


def test_a_pipeline_can_be_inverted():
    steps = text_steps().fit(TEXTS)
    assert steps.inverse_transform(steps.transform(TEXTS[:2])) == [
        ["a", "good", "film"],
        ["a", "bad", "film"],
    ]


@pytest.mark.parametrize("columns", ["text", ["text"]])
@pytest.mark.parametrize("frame", [pd.DataFrame, pytest.param(pl.DataFrame, marks=polars_2)])
def test_one_column_of_a_frame_gives_padded_ids(columns, frame):
    chosen = ColumnTransformer([("text", text_steps(), columns)])
    padded_ids = chosen.fit_transform(frame({"n": range(6), "text": TEXTS}))
    assert padded_ids.tolist() == PADDED
    assert padded_ids.vocabulary.id_of("good") == 2


def test_columns_beside_the_text_make_a_plain_matrix():
    chosen = ColumnTransformer([("text", text_steps(), "text"), ("n", "passthrough", ["n"])])
    matrix = chosen.fit_transform(pd.DataFrame({"n": np.arange(6) / 2, "text": TEXTS}))
    assert matrix[:, :4].tolist() == PADDED
    assert matrix[:, 4].tolist() == [0, 0.5, 1, 1.5, 2, 2.5]
    assert chosen.get_feature_names_out().tolist() == [
        *(f"text__token_{column}" for column in range(4)),
        "n__n",
    ]


def test_a_union_stands_side_by_side():
    union = FeatureUnion([("words", text_steps()), ("again", text_steps())])
    assert union.fit_transform(TEXTS).tolist() == [row + row for row in PADDED]


@pytest.mark.parametrize("container", ["default", "pandas", "polars"])
def test_set_output_does_no_harm(container):
    steps = text_steps().set_output(transform=container)
    assert isinstance(steps[:1].fit_transform(TEXTS), TokenSequences)
    assert isinstance(steps.fit_transform(TEXTS), PaddedIds)


def test_the_global_output_setting_does_no_harm():
    with config_context(transform_output="pandas"):
        steps = text_steps()
        assert isinstance(steps.fit_transform(TEXTS), PaddedIds)
        assert isinstance(steps.transform(TEXTS), PaddedIds)


def test_a_search_learns_the_vocabulary_fold_by_fold():
    pipeline = make_pipeline(TextTokenizer(), SequencePadder(), FirstWordClassifier())
    grid = {"texttokenizer__max_tokens": [1, None], "sequencepadder__max_length": ["longest", 1]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(TEXTS, LABELS)
    assert search.best_score_ == 1.0
    assert search.best_params_["sequencepadder__max_length"] == "longest"


def test_a_search_slices_token_sequences():
    sequences = TextTokenizer().fit_transform(TEXTS)
    pipeline = make_pipeline(SequencePadder(), FirstWordClassifier())
    search = GridSearchCV(pipeline, {"sequencepadder__max_length": ["longest", 1]}, cv=2)
    assert search.fit(sequences, LABELS).best_score_ == 1.0


def test_a_cached_pipeline_keeps_the_vocabulary(tmp_path):
    for _ in range(2):  # cold, then cached
        steps = [("t", TextTokenizer()), ("p", SequencePadder()), ("c", FirstWordClassifier())]
        pipeline = Pipeline(steps, memory=str(tmp_path)).fit(TEXTS, LABELS)
        assert pipeline.predict(TEXTS).tolist() == LABELS


def test_fitted_steps_can_be_pickled():
    steps = pickle.loads(pickle.dumps(text_steps().fit(TEXTS)))
    assert steps.transform(TEXTS).tolist() == PADDED


def test_fitted_steps_can_be_mapped_from_disk(tmp_path):
    joblib.dump(text_steps().fit(TEXTS), tmp_path / "steps.joblib")
    steps = joblib.load(tmp_path / "steps.joblib", mmap_mode="r")
    assert steps.transform(TEXTS).tolist() == PADDED


def test_a_progress_bar_reaches_the_steps_without_a_warning():
    callback = pytest.importorskip("sklearn.callback", reason="scikit-learn < 1.9 has none")
    pytest.importorskip("rich", reason="the progress bar draws with rich")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text_steps().set_callbacks(callback.ProgressBar()).fit(TEXTS)
