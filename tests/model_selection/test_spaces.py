"""Spaces of parameters that searches take as they are."""

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import ParameterGrid, ParameterSampler
from sklearn.pipeline import Pipeline

from skdeepnlp import make_text_pipeline
from skdeepnlp.model_selection import param_space
from skdeepnlp.testing import all_estimators
from skdeepnlp.testing._toys import TOY_PARAMETERS

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


def test_the_large_space_searches_the_steps_before_the_classifier_too():
    pipeline = make_text_pipeline()
    added = set(param_space(pipeline, "large")) - set(param_space(pipeline["classify"], "large"))
    assert {"tokenize__min_df", "pad__max_length"} <= added
    assert "tokenize__min_df" not in param_space(pipeline, "medium")


@pytest.mark.parametrize("other", [LogisticRegression(), None, "lstm"], ids=repr)
def test_other_estimators_are_refused(other):
    with pytest.raises(TypeError, match=r"expected a classifier of skdeepnlp\.classifiers"):
        param_space(other)


@pytest.mark.parametrize(("options", "name"), [({"size": "huge"}, "size"), ({"kind": "x"}, "kind")])
def test_other_sizes_and_kinds_are_refused(options, name):
    with pytest.raises(ValueError, match=f"Got {name}=.*; expected"):
        param_space(make_text_pipeline(), **options)
