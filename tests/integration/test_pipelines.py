"""A pipeline from text to labels as an object: parameters, copies, caches, labels of any kind."""

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

KINDS_OF_LABELS = {
    "str": (np.array(["no", "yes"]), ["no", "yes"]),
    "object": (np.array(["no", "yes"], dtype=object), ["no", "yes"]),
    "int": (np.array([-1, 7]), [-1, 7]),
    "bool": (np.array([False, True]), [False, True]),
    "float": (np.array([0.0, 1.0]), [0.0, 1.0]),
    "pandas string": (pd.Series(["no", "yes"], dtype="string"), ["no", "yes"]),
    "categorical": (pd.Series(["no", "yes"], dtype="category"), ["no", "yes"]),
    "Int64": (pd.Series([3, 4], dtype="Int64"), [3, 4]),
    "boolean": (pd.Series([False, True], dtype="boolean"), [False, True]),
}


def test_a_clone_has_equal_parameters_and_nothing_learnt(toy_pipeline, texts, labels):
    fitted = toy_pipeline(dropout=0.25).fit(texts, labels)
    copy = clone(fitted)
    assert repr(copy) == repr(fitted)
    assert copy.get_params()["classify__dropout"] == 0.25
    assert not hasattr(copy[-1], "classes_")


def test_parameters_make_a_round_trip(toy_pipeline):
    pipeline = toy_pipeline()
    shown = repr(pipeline)
    plain = {name: value for name, value in pipeline.get_params().items() if "__" in name}
    assert repr(pipeline.set_params(**plain)) == shown


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("classify__unit", "LSTMClassifier"),
        ("pad__maxlen", "SequencePadder"),
        ("tokenize__max_token", "TextTokenizer"),
        ("clean__lower", "TextCleaner"),
    ],
)
def test_a_misspelt_parameter_is_refused(toy_pipeline, name, step):
    misspelt = name.split("__")[1]
    with pytest.raises(ValueError, match=rf"(?s)Invalid parameter '{misspelt}'.*{step}"):
        toy_pipeline().set_params(**{name: 1})


def test_the_html_page_of_a_pipeline_shows_every_step(toy_pipeline):
    page = toy_pipeline()._repr_html_()
    for name in ("TextCleaner", "TextTokenizer", "SequencePadder", "LSTMClassifier"):
        assert name in page


def test_cached_steps_predict_what_fresh_ones_predict(toy_pipeline, texts, labels, tmp_path):
    expected = toy_pipeline().fit(texts, labels).predict_proba(texts)
    for _ in ("cold", "cached"):
        pipeline = toy_pipeline(memory=str(tmp_path)).fit(texts, labels)
        np.testing.assert_array_equal(pipeline.predict_proba(texts), expected)
        assert pipeline[-1].vocabulary_.tokens[2] == "the"


def test_a_stored_pipeline_predicts_the_same(toy_pipeline, texts, labels, tmp_path):
    pipeline = toy_pipeline().fit(texts, labels)
    joblib.dump(pipeline, tmp_path / "pipeline.joblib")
    loaded = joblib.load(tmp_path / "pipeline.joblib")
    np.testing.assert_array_equal(loaded.predict_proba(texts), pipeline.predict_proba(texts))


def test_new_words_and_empty_texts_get_probabilities(toy_pipeline, texts, labels):
    pipeline = toy_pipeline().fit(texts, labels)
    probabilities = pipeline.predict_proba(["", "zyx zyx", "\u96ea", texts[0] * 50])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS_OF_LABELS)
def test_predictions_are_labels_of_the_kind_given(toy_pipeline, texts, kind):
    values, expected = KINDS_OF_LABELS[kind]
    rows = np.arange(48) % 2
    y = values.iloc[rows] if isinstance(values, pd.Series) else values[rows]
    pipeline = toy_pipeline().fit(texts, y)
    assert pipeline.classes_.tolist() == expected
    predicted = pipeline.predict(texts).tolist()
    assert set(predicted) <= set(expected)
    assert type(predicted[0]) is type(expected[0])


def test_labels_of_several_a_row_pass_through_the_pipeline(toy_pipeline, texts, labels):
    several = np.stack([labels == "food", labels != "sport"], axis=1).astype(int)
    pipeline = toy_pipeline(epochs=25, learning_rate=0.1, early_stopping=False)
    pipeline.fit(texts, several)
    assert pipeline.predict(texts).shape == (48, 2)
    assert pipeline.score(texts, several) > 0.5  # chance is a third
    assert (pipeline.predict(texts) == (pipeline.predict_proba(texts) > 0.5)).all()


def test_a_matrix_with_one_label_in_every_row_stays_a_matrix(toy_pipeline, texts):
    one_each = np.eye(3, dtype=int)[np.arange(48) % 3]
    pipeline = toy_pipeline().fit(texts, one_each)
    assert pipeline.predict(texts).shape == (48, 3)
    # each label has a probability of its own, near one half after one epoch
    np.testing.assert_allclose(pipeline.predict_proba(texts), 0.5, atol=0.05)
