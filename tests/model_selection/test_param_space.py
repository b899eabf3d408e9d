"""Spaces of parameters that searches take as they are."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    ParameterGrid,
    ParameterSampler,
    RandomizedSearchCV,
)
from sklearn.pipeline import Pipeline

from skdeepnlp import AttentionClassifier, make_text_pipeline
from skdeepnlp.model_selection import EpochHalvingSearchCV, param_space
from skdeepnlp.testing import all_estimators
from skdeepnlp.testing._discovery import TOY_PARAMETERS

FAMILIES = dict(all_estimators("classifier"))
SIZES = ["small", "medium", "large"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_can_be_set_to_every_draw(family, size):
    pipeline = make_text_pipeline(FAMILIES[family](**TOY_PARAMETERS[family]))
    space = param_space(pipeline, size)
    for parameters in ParameterSampler(space, 20, random_state=0):
        pipeline.set_params(**parameters)
        pipeline["classify"]._validate_params()


@pytest.mark.parametrize(("size", "n_candidates"), [("small", 8), ("medium", 27), ("large", 108)])
def test_grids_have_the_size_that_is_promised(size, n_candidates):
    for family in ("LSTMClassifier", "CNNClassifier", "TransformerClassifier"):
        grid = ParameterGrid(param_space(FAMILIES[family](), size, kind="grid"))
        assert len(grid) == n_candidates


def test_the_small_space_and_most_grids_share_one_network():
    shape = {"units", "filters", "feedforward_dim", "n_layers", "embedding_dim", "pooling"}
    lstm = FAMILIES["LSTMClassifier"]()
    assert not shape & set(param_space(lstm, "small"))
    assert not shape & set(param_space(lstm, "medium", kind="grid"))


def test_names_follow_the_steps_of_a_pipeline_however_nested():
    inner = Pipeline([("net", FAMILIES["LSTMClassifier"]())])
    outer = Pipeline([("first", "passthrough"), ("last", inner)])
    assert set(param_space(outer, "small")) == {
        "last__net__dropout",
        "last__net__embedding_dropout",
        "last__net__learning_rate",
    }


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("small", set()),
        ("medium", {"tokenize__min_df"}),
        ("large", {"tokenize__min_df", "tokenize__analyzer", "pad__max_length"}),
    ],
)
def test_the_steps_before_the_classifier_are_searched_from_the_medium_size_on(size, expected):
    space = param_space(make_text_pipeline(AttentionClassifier()), size)
    assert {name for name in space if not name.startswith("classify__")} == expected
    grid = param_space(make_text_pipeline(), size, kind="grid")
    assert all(name.startswith("classify__") for name in grid)


@pytest.mark.parametrize(
    ("own", "searched"),
    [({"analyzer": str.split}, ["tokenize__min_df"]), ({"vocabulary": ["good", "bad"]}, [])],
)
def test_an_analyzer_or_a_vocabulary_of_the_user_stays(own, searched):
    """Without effect on a vocabulary that is given, min_df was searched."""
    pipeline = make_text_pipeline(AttentionClassifier())
    pipeline["tokenize"].set_params(**own)
    space = param_space(pipeline, "large")
    assert [name for name in space if name.startswith("tokenize")] == searched


def test_the_linear_model_is_searched_only_where_there_is_one():
    assert "classify__linear_c" in param_space(make_text_pipeline("cnn"), "medium")
    assert "classify__linear_ngrams" in param_space(make_text_pipeline("cnn"), "large")
    without = param_space(FAMILIES["CNNClassifier"](), "large")
    assert not [name for name in without if name.startswith("linear")]


def test_rare_tokens_are_kept_from_the_network_alone_where_there_is_a_linear_model():
    with_it = param_space(make_text_pipeline("cnn"), "medium")
    assert "classify__embedding_min_df" in with_it
    assert "tokenize__min_df" not in with_it
    without = param_space(make_text_pipeline(AttentionClassifier()), "medium")
    assert "tokenize__min_df" in without
    assert "classify__embedding_min_df" not in without


@pytest.mark.parametrize("options", [{"size": "medium"}, {"size": "large", "kind": "grid"}])
def test_attention_without_a_layer_of_its_own_is_searched_too(options):
    """The network as it comes was never drawn."""
    assert param_space(AttentionClassifier(), **options)["units"][:2] == [None, 32]
    assert param_space(AttentionClassifier(units=8), **options)["units"][0] == 32


def test_the_large_space_keeps_to_widths_that_the_heads_divide():
    three = FAMILIES["TransformerClassifier"](n_heads=3, embedding_dim=48)
    assert param_space(three, "large")["embedding_dim"] == [48]
    assert param_space(three.set_params(n_heads=4), "large")["embedding_dim"] == [32, 64, 128]


@pytest.mark.parametrize("other", [LogisticRegression(), None, "lstm", Pipeline([])], ids=repr)
def test_other_estimators_raise(other):
    with pytest.raises(TypeError, match=r"expected a classifier or regressor of skdeepnlp"):
        param_space(other)


@pytest.mark.parametrize(("options", "name"), [({"size": "huge"}, "size"), ({"kind": "x"}, "kind")])
def test_other_sizes_and_kinds_raise(options, name):
    with pytest.raises(ValueError, match=f"Got {name}=.*; expected"):
        param_space(make_text_pipeline(), **options)


def test_a_class_in_place_of_an_instance_raises():
    """It was called without an instance: "missing 1 required positional argument: 'self'"."""
    with pytest.raises(TypeError, match="Give an instance"):
        param_space(FAMILIES["LSTMClassifier"])


def test_what_is_added_to_a_space_is_in_no_other():
    """The lists of all spaces were the same objects."""
    pipeline = make_text_pipeline()
    param_space(pipeline, "large")["classify__units"].append(1)
    assert param_space(pipeline, "large")["classify__units"] == [32, 64, 128]


@pytest.mark.slow
def test_a_random_search_takes_a_space_as_it_is(toy_pipeline, texts, labels):
    toy = toy_pipeline()
    # the widths of the space are no toys
    space = {
        name: values
        for name, values in param_space(toy, "large").items()
        if name not in {"classify__units", "classify__embedding_dim"}
    }
    search = RandomizedSearchCV(toy, space, n_iter=1, cv=2, random_state=0, error_score="raise")
    assert set(search.fit(texts, labels).best_params_) == set(space)


@pytest.mark.slow
def test_a_grid_search_takes_a_grid_as_it_is(toy_pipeline, texts, labels):
    toy = toy_pipeline()
    search = GridSearchCV(toy, param_space(toy, "small", kind="grid"), cv=2, error_score="raise")
    search.fit(texts[:24], labels[:24])
    assert np.isfinite(search.cv_results_["mean_test_score"]).tolist() == [True] * 8


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "n_candidates"), [("distributions", 4), ("grid", "all")])
def test_halving_takes_both_kinds(kind, n_candidates, toy_pipeline, texts, labels):
    toy = toy_pipeline(epochs=3)
    space = param_space(toy, "small", kind=kind)
    search = EpochHalvingSearchCV(
        toy, space, n_candidates=n_candidates, cv=2, random_state=0, error_score="raise"
    ).fit(texts, labels)
    assert search.best_params_["classify__epochs"] == 3
