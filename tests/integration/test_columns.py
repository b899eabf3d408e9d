"""Text beside other columns, and several views of one text."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import StackingClassifier
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import FeatureUnion, make_pipeline

from skdeepnlp import PaddedIds, SequencePadder, TextTokenizer


@pytest.fixture(params=[pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def frame(request, texts):
    return request.param({"noise": np.arange(48) % 5, "text": texts})


def ids_of(text_steps, selector="text"):
    return ColumnTransformer([("ids", text_steps, selector)])


def test_a_column_by_name_or_by_list_gives_what_the_texts_alone_give(
    toy_pipeline, toy_classifier, frame, texts, labels
):
    expected = toy_pipeline().fit(texts, labels).predict_proba(texts)
    for selector in ("text", ["text"]):
        pipeline = make_pipeline(ids_of(toy_pipeline()[:-1], selector), toy_classifier())
        found = pipeline.fit(frame, labels).predict_proba(frame)
        np.testing.assert_array_equal(found, expected)


def test_a_frame_of_a_single_text_column_needs_no_selector(toy_pipeline, frame, labels):
    column = frame[["text"]]
    predicted = toy_pipeline().fit(column, labels).predict(column)
    assert predicted.shape == (48,)


def test_a_frame_of_two_columns_is_refused_with_a_way_out(toy_pipeline, frame, labels):
    with pytest.raises(ValueError, match=r"one column of texts\. Choose the column"):
        toy_pipeline().fit(frame, labels)


def test_the_vocabulary_passes_through_a_column_transformer(
    toy_pipeline, toy_classifier, frame, labels
):
    pipeline = make_pipeline(ids_of(toy_pipeline()[:-1]), toy_classifier()).fit(frame, labels)
    assert pipeline[-1].vocabulary_.tokens[:4] == ("[PAD]", "[UNK]", "the", "and")


def test_columns_of_ids_have_names(toy_pipeline, frame, labels):
    columns = ids_of(toy_pipeline()[:-1]).fit(frame, labels)
    assert columns.get_feature_names_out().tolist() == [f"ids__token_{i}" for i in range(6)]


def test_a_text_model_stacks_with_a_model_of_the_other_columns(
    toy_pipeline, toy_classifier, frame, labels
):
    on_text = make_pipeline(ids_of(toy_pipeline()[:-1]), toy_classifier())
    others = ColumnTransformer([("others", "passthrough", ["noise"])])
    stack = StackingClassifier(
        [("text", on_text), ("others", make_pipeline(others, LogisticRegression()))], cv=2
    )
    scores = cross_val_score(stack, frame, labels, cv=2, error_score="raise")
    assert scores.shape == (2,)


def test_a_column_that_no_step_reads_has_no_importance(toy_pipeline, toy_classifier, texts, labels):
    frame = pd.DataFrame({"noise": np.arange(48) % 5, "text": texts})
    network = toy_classifier(epochs=30, early_stopping=False, learning_rate=0.1)
    pipeline = make_pipeline(ids_of(toy_pipeline()[:-1]), network).fit(frame, labels)
    noise, text = permutation_importance(
        pipeline, frame, labels, n_repeats=3, random_state=0
    ).importances_mean
    assert noise == 0
    assert text > 0.1


def test_positions_of_padded_ids_have_an_importance_each(toy_classifier, padded_ids, labels):
    classifier = toy_classifier().fit(padded_ids, labels)
    found = permutation_importance(classifier, padded_ids, labels, n_repeats=2, random_state=0)
    assert found.importances.shape == (6, 2)


def head_and_tail(head_analyzer="word"):
    """Three tokens from the beginning of a text, and three from its end."""
    parts = [("head", head_analyzer, "post"), ("tail", "word", "pre")]
    return FeatureUnion(
        [
            (
                name,
                make_pipeline(
                    TextTokenizer(analyzer=analyzer, max_tokens=10),
                    SequencePadder(max_length=3, truncating=truncating),
                ),
            )
            for name, analyzer, truncating in parts
        ]
    )


def test_a_union_of_views_under_one_vocabulary_remembers_it(toy_classifier, texts, labels):
    pipeline = make_pipeline(head_and_tail(), toy_classifier()).fit(texts, labels)
    joined = pipeline[:-1].transform(texts)
    assert isinstance(joined, PaddedIds)
    assert joined[0].tolist() == [2, 1, 6, 1, 3, 1]  # "the soup was" and "warm and salty"
    assert pipeline[-1].vocabulary_ == joined.vocabulary


def test_a_union_of_words_and_characters_has_no_common_vocabulary(toy_classifier, texts, labels):
    pipeline = make_pipeline(head_and_tail("char"), toy_classifier()).fit(texts, labels)
    assert pipeline[-1].vocabulary_ is None
    assert pipeline.predict(texts[:3]).shape == (3,)
