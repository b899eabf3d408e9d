"""Successive halving over epochs: the same scores as training without a break, at a fraction."""

import keras
import numpy as np
import pytest
from scipy.stats import uniform
from sklearn import config_context
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.exceptions import FitFailedWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from skdeepnlp import (
    EpochHalvingSearchCV,
    LSTMClassifier,
    SequencePadder,
    TextTokenizer,
    make_text_pipeline,
)
from skdeepnlp.datasets import make_text_classification
from skdeepnlp.model_selection._halving_plan import HalvingSchedule
from skdeepnlp.model_selection._halving_run import HalvingRun

GRID = {"classify__dropout": [0.0, 0.3, 0.6], "tokenize__min_df": [1, 2]}


@pytest.fixture(scope="module")
def data():
    return make_text_classification(n_samples=60, random_state=0)


@pytest.fixture(scope="module")
def pipeline():
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, learning_rate=0.05, epochs=6)
    return make_text_pipeline(toy.set_params(min_steps=0, refit_on_all=False))


@pytest.fixture(scope="module")
def searched(pipeline, data):
    return EpochHalvingSearchCV(pipeline, GRID, cv=2, return_train_score=True).fit(*data)


def two_scores(classifier, X, y):
    return {"a": 0.5, "b": 0.2}


class CountingStep(TransformerMixin, BaseEstimator):
    """Pass texts on and count the fits."""

    fits: list = []

    def __init__(self, strength=1):
        self.strength = strength

    def fit(self, X, y=None):
        if self.strength < 0:
            raise ValueError("too weak")
        self.fits.append(self.strength)
        self.n_features_in_ = 1
        return self

    def transform(self, X):
        return X


class Interrupt(keras.callbacks.Callback):
    """Press Ctrl-C in the third epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("candidates", "factor", "least", "most", "expected"),
    [
        (27, 3, "exhaust", 9, [(27, 1), (9, 3), (3, 9)]),
        (8, 3, "exhaust", 9, [(8, 3), (3, 9)]),
        (9, 3, 1, 9, [(9, 1), (3, 3), (1, 9)]),
        (10, 2, 2, 9, [(10, 2), (5, 4), (3, 8)]),
        (2, 3, "exhaust", 20, [(2, 20)]),
        # where epochs are few, fewer iterations use them to the end
        (27, 3, "exhaust", 8, [(27, 2), (9, 6)]),
        (27, 3, "exhaust", 2, [(27, 2)]),
        (9, 3, np.int64(1), 9, [(9, 1), (3, 3), (1, 9)]),
        (1000, 10, 1, 100, [(1000, 1), (100, 10), (10, 100)]),
    ],
)
def test_the_schedule_halves_candidates_and_multiplies_epochs(
    candidates, factor, least, most, expected
):
    assert HalvingSchedule(candidates, factor, least, most).iterations() == expected


def test_scores_equal_those_of_training_without_a_break(searched, pipeline, data):
    results = searched.cv_results_
    for row, parameters in enumerate(results["params"]):
        folds = [results[f"split{fold}_test_score"][row] for fold in range(2)]
        whole = clone(pipeline).set_params(**parameters)
        assert folds == cross_val_score(whole, *data, cv=2).tolist()


def test_results_have_a_row_for_each_candidate_in_each_iteration(searched):
    results = searched.cv_results_
    assert results["iter"].tolist() == [0] * 6 + [1] * 2
    assert results["n_resources"].tolist() == [2] * 6 + [6] * 2
    assert (searched.n_resources_, searched.n_candidates_) == ([2, 6], [6, 2])
    assert results["param_classify__epochs"].tolist() == [2] * 6 + [6] * 2
    names = {"mean_fit_time", "std_score_time", "rank_test_score", "std_train_score"}
    assert names | {"param_tokenize__min_df"} <= set(results)
    assert searched.n_iterations_ == searched.n_required_iterations_ == 2
    assert (searched.min_resources_, searched.max_resources_, searched.n_splits_) == (2, 6, 2)
    assert searched.n_remaining_candidates_ == 1


def test_by_score_the_survivors_are_the_best_of_the_iteration_before(searched, data):
    results = clone(searched).set_params(promote_by="score").fit(*data).cv_results_
    first = results["mean_test_score"][:6]
    survivors = [{**p, "classify__epochs": 2} for p in results["params"][6:]]
    scores = [first[results["params"].index(survivor)] for survivor in survivors]
    assert sorted(scores) == sorted(first)[-2:]


def test_by_loss_those_survive_who_learn_where_scores_tell_nothing(pipeline):
    data = make_text_classification(n_samples=300, random_state=0)
    rates = [1e-7, 0.1, 1e-6]
    search = EpochHalvingSearchCV(
        pipeline,
        {"classify__learning_rate": rates},
        scoring=lambda classifier, X, y: 0.5,
        min_epochs=2,
        max_epochs=6,
        cv=2,
    )
    by_loss, by_score = (
        clone(search).set_params(promote_by=way).fit(*data).cv_results_["params"][3:]
        for way in ("loss", "score")
    )
    assert [row["classify__learning_rate"] for row in by_loss] == [0.1]
    assert [row["classify__learning_rate"] for row in by_score] == [1e-7]


def test_the_best_is_of_the_last_iteration_and_is_trained_on_all_rows(searched, pipeline, data):
    last = searched.cv_results_["mean_test_score"][6:]
    assert searched.best_score_ == last.max()
    assert searched.best_params_ == searched.cv_results_["params"][searched.best_index_]
    assert searched.best_params_["classify__epochs"] == 6
    anew = clone(pipeline).set_params(**searched.best_params_).fit(*data)
    assert np.array_equal(searched.predict_proba(data[0]), anew.predict_proba(data[0]))
    assert searched.classes_.tolist() == anew.classes_.tolist()
    assert searched.score(*data) == anew.score(*data)


def test_steps_before_the_classifier_run_once_for_each_fold_and_setting(data):
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, epochs=4)
    steps = [("count", CountingStep()), ("tokenize", TextTokenizer()), ("classify", toy)]
    grid = {"count__strength": [1, 2], "classify__dropout": [0.0, 0.1, 0.2, 0.3]}
    CountingStep.fits.clear()
    EpochHalvingSearchCV(Pipeline(steps), grid, factor=2, cv=3, refit=False).fit(*data)
    assert sorted(CountingStep.fits) == [1] * 3 + [2] * 3


def test_only_those_who_may_survive_are_held(pipeline, data, monkeypatch):
    held = []
    forget = HalvingRun._forget_all_but

    def note(run, best, means):
        forget(run, best, means)
        held.append(len(run._classifiers))

    monkeypatch.setattr(HalvingRun, "_forget_all_but", note)
    EpochHalvingSearchCV(pipeline, GRID, cv=2, refit=False).fit(*data)
    assert held == [1, 2, 2, 2, 2, 2, 2, 1]


def test_candidates_can_be_drawn_from_distributions(pipeline, data):
    space = {"classify__dropout": uniform(0, 0.9)}
    searches = [
        EpochHalvingSearchCV(pipeline, space, n_candidates=3, cv=2, max_epochs=3, random_state=1)
        for _ in range(2)
    ]
    first, second = (search.fit(*data).cv_results_["params"] for search in searches)
    assert first == second
    assert len({parameters["classify__dropout"] for parameters in first}) == 3


def test_a_classifier_without_a_pipeline_is_searched_over_ids(data):
    tokenized = TextTokenizer().fit_transform(data[0])
    ids = SequencePadder().fit_transform(tokenized)
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, epochs=3)
    search = EpochHalvingSearchCV(toy, {"dropout": [0.0, 0.2, 0.4]}, cv=2, scoring="f1_macro")
    assert search.fit(ids, data[1]).best_params_["epochs"] == 3
    assert search.predict(ids[:3]).shape == (3,)


@pytest.mark.slow
def test_two_processes_find_the_same(searched, pipeline, data):
    search = EpochHalvingSearchCV(pipeline, GRID, cv=2, n_jobs=2, return_train_score=True)
    search.fit(*data)
    for name, values in searched.cv_results_.items():
        if "score" in name and "time" not in name:
            assert np.array_equal(search.cv_results_[name], values), name


def test_candidates_that_fail_get_the_error_score(data):
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, epochs=4)
    steps = [("count", CountingStep()), ("tokenize", TextTokenizer()), ("classify", toy)]
    grid = {"count__strength": [1, -1], "classify__validation_fraction": [0.1, 0.2]}
    search = EpochHalvingSearchCV(Pipeline(steps), grid, factor=2, cv=2)
    with (
        pytest.warns(UserWarning, match="non-finite"),
        pytest.warns(FitFailedWarning, match="4 fits failed out of a total of 8(.|\n)*too weak"),
    ):
        search.fit(*data)
    assert np.isnan(search.cv_results_["mean_test_score"]).sum() == 2
    assert search.best_params_["count__strength"] == 1
    with pytest.raises(ValueError, match="too weak"):
        search.set_params(error_score="raise").fit(*data)


def test_a_classifier_that_fails_is_named_before_all_others_are_lost(pipeline, data):
    grid = {"classify__units": [2, 3, 0]}
    with (
        pytest.warns(UserWarning, match="non-finite"),
        pytest.warns(FitFailedWarning, match="2 fits failed out of a total of 6(.|\n)*'units'"),
    ):
        search = EpochHalvingSearchCV(pipeline, grid, cv=2, refit=False).fit(*data)
    assert search.best_params_["classify__units"] in (2, 3)


def test_sample_weights_reach_the_fits(pipeline, data):
    weights = np.where(data[1] == data[1][0], 1.0, 1e-3)
    parameters = {"estimator": pipeline, "param_distributions": GRID, "cv": 2, "refit": False}
    plain = EpochHalvingSearchCV(**parameters).fit(*data)
    weighted = EpochHalvingSearchCV(**parameters).fit(*data, classify__sample_weight=weights)
    assert not np.array_equal(
        plain.cv_results_["mean_test_score"], weighted.cv_results_["mean_test_score"]
    )


def test_validation_texts_go_through_the_pipeline(data):
    texts, labels = data
    toy = LSTMClassifier(units=2, embedding_dim=4, random_state=0, epochs=3)
    steps = [("tokenize", TextTokenizer()), ("pad", SequencePadder()), ("classify", toy)]
    with config_context(enable_metadata_routing=True):
        pipeline = Pipeline(steps, transform_input=["X_val"])
        search = EpochHalvingSearchCV(pipeline, {"classify__dropout": [0.0, 0.5]}, cv=2)
        search.fit(texts, labels, X_val=texts[:7], y_val=labels[:7])
    classifier = search.best_estimator_[-1]
    assert len(classifier.history_["val_loss"]) == classifier.n_iter_


def test_groups_reach_the_splitter(pipeline, data):
    groups = np.arange(60) % 3
    search = EpochHalvingSearchCV(pipeline, GRID, cv=GroupKFold(3), refit=False, max_epochs=1)
    assert search.fit(*data, groups=groups).n_splits_ == 3


def test_a_callable_may_choose(pipeline, data):
    search = EpochHalvingSearchCV(pipeline, GRID, cv=2, refit=lambda results: 0)
    assert search.fit(*data).best_index_ == 0
    assert search.best_estimator_[-1].epochs == search.n_resources_[0]


def test_without_refit_there_is_a_best_but_no_estimator(pipeline, data):
    cv = StratifiedKFold(2, shuffle=True, random_state=0)
    search = EpochHalvingSearchCV(pipeline, GRID, cv=cv, refit=False).fit(*data)
    assert search.best_params_ in search.cv_results_["params"]
    with pytest.raises(AttributeError, match="no attribute 'predict'"):
        search.predict(data[0])


def test_ctrl_c_leaves_the_finished_iterations(pipeline, data):
    interrupted = clone(pipeline).set_params(classify__callbacks=[Interrupt()])
    search = EpochHalvingSearchCV(interrupted, GRID, cv=2)
    with pytest.raises(KeyboardInterrupt):
        search.fit(*data)
    assert search.n_resources_ == [2]
    assert len(search.cv_results_["params"]) == 6


def test_progress_is_a_line_an_iteration(pipeline, data, capsys):
    EpochHalvingSearchCV(pipeline, GRID, cv=2, verbose=1, refit=False).fit(*data)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(", best")[0] for line in lines] == [
        "Iteration 1: 6 candidates in 2 folds, 2 epochs",
        "Iteration 2: 2 candidates in 2 folds, 6 epochs",
    ]


def test_scikit_learns_callbacks_hear_of_iterations(pipeline, data):
    callback = pytest.importorskip("sklearn.callback")
    search = EpochHalvingSearchCV(pipeline, GRID, cv=2, refit=False)
    search.set_callbacks(callback.ProgressBar()).fit(*data)
    assert search.n_iterations_ == 2


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"param_distributions": {"classify__epochs": [1]}}, ValueError, "epochs are the resource"),
        ({"min_epochs": 9}, ValueError, "Got min_epochs=9 and max_epochs=6"),
        ({"factor": 1}, ValueError, "'factor' parameter of EpochHalvingSearchCV"),
        ({"estimator": LogisticRegression()}, TypeError, "LogisticRegression cannot do"),
        ({"param_distributions": {"classify__unit": [1]}}, ValueError, "Invalid parameter 'unit'"),
        ({"scoring": ["accuracy"]}, ValueError, "'scoring' parameter"),
        ({"scoring": two_scores}, ValueError, "Got the scores .* from scoring; expected one"),
        ({"param_distributions": []}, ValueError, "Got no candidates"),
        ({"cv": []}, ValueError, "Got no folds from cv="),
        ({"param_distributions": {"classify__refit_on_all": [False, True]}}, ValueError, "in a se"),
        ({"param_distributions": {"classify": [LogisticRegression()]}}, TypeError, "cannot do"),
    ],
)
def test_bad_parameters_are_refused(parameters, error, message, pipeline, data):
    search = EpochHalvingSearchCV(**{"estimator": pipeline, "param_distributions": GRID})
    with pytest.raises(error, match=message):
        search.set_params(**parameters).fit(*data)


@pytest.mark.parametrize(
    "schedule", [{"learning_rate_schedule": "cosine"}, {"warmup": 0.5}], ids=str
)
def test_schedules_go_by_the_epochs_of_the_last_iteration(schedule, pipeline, data):
    """They went by `epochs` of the classifier, which the last iteration need not reach."""
    scheduled = clone(pipeline).set_params(
        **{f"classify__{name}": value for name, value in schedule.items()}, classify__epochs=9
    )
    grid = {"classify__dropout": [0.0, 0.3, 0.6]}
    parameters = {"cv": 2, "max_epochs": 3, "scoring": "neg_log_loss", "refit": False}
    search = EpochHalvingSearchCV(scheduled, grid, **parameters).fit(*data)
    folds = [search.cv_results_[f"split{fold}_test_score"][-1] for fold in range(2)]
    whole = clone(scheduled).set_params(**search.best_params_)
    assert folds == cross_val_score(whole, *data, cv=2, scoring="neg_log_loss").tolist()


def test_losses_decide_only_where_every_candidate_watches_rows(pipeline, data):
    """A loss of training rows stood against one of rows watched, and won by overfitting."""
    grid = {"classify__early_stopping": [True, False], "classify__dropout": [0.0, 0.6]}
    searches = [
        EpochHalvingSearchCV(
            pipeline, grid, factor=2, cv=2, promote_by=rule, scoring="neg_log_loss", refit=False
        ).fit(*data)
        for rule in ("loss", "score")
    ]
    assert searches[0].cv_results_["params"] == searches[1].cv_results_["params"]


def test_a_generator_of_folds_that_is_used_up_is_named(pipeline, data):
    search = EpochHalvingSearchCV(pipeline, GRID, cv=StratifiedKFold(2).split(*data), refit=False)
    with pytest.raises(ValueError, match="give list"):
        search.fit(*data).fit(*data)


def test_steps_that_cannot_be_pickled_are_searched(pipeline, data):
    grid = {"clean": ["passthrough", FunctionTransformer(lambda texts: texts)]}
    search = EpochHalvingSearchCV(pipeline, grid, cv=2, refit=False).fit(*data)
    assert search.cv_results_["mean_test_score"][0] == search.cv_results_["mean_test_score"][1]


def test_a_pipeline_in_a_pipeline_gives_the_scores_of_the_inner_one(searched, pipeline, data):
    grid = {f"pipeline__{name}": values for name, values in GRID.items()}
    nested = make_pipeline("passthrough", pipeline)
    search = EpochHalvingSearchCV(nested, grid, cv=2).fit(*data)
    for name in ("mean_test_score", "n_resources"):
        assert np.array_equal(search.cv_results_[name], searched.cv_results_[name])
    assert np.array_equal(search.predict(data[0]), searched.predict(data[0]))


def test_a_search_that_is_broken_off_keeps_nothing_of_the_one_before(pipeline, data):
    search = EpochHalvingSearchCV(clone(pipeline), GRID, cv=2).fit(*data)
    search.set_params(estimator__classify__callbacks=[Interrupt()])
    with pytest.raises(KeyboardInterrupt):
        search.fit(*data)
    assert not hasattr(search, "best_index_")
    with pytest.raises(AttributeError):
        search.predict(data[0])
    wrong = {"param_distributions": {"classify__dropout": [5.0, 6.0]}, "error_score": "raise"}
    with pytest.raises(ValueError, match="'dropout' parameter"):
        search.set_params(estimator__classify__callbacks=None, **wrong).fit(*data)
    assert not hasattr(search, "n_iterations_")
    assert not hasattr(search, "n_remaining_candidates_")


def test_a_search_that_is_refused_leaves_the_one_before_as_it_was(pipeline, data):
    """The number of iterations was that of the one refused."""
    search = EpochHalvingSearchCV(clone(pipeline), GRID, cv=2).fit(*data)
    before = dict(vars(search))
    search.set_params(param_distributions={"classify__nope": [1]}, cv=3)
    with pytest.raises(ValueError, match="nope"):
        search.fit(*data)
    search.set_params(param_distributions=GRID, cv=2)
    assert vars(search) == before


def test_distributions_need_a_number_of_candidates(pipeline, data):
    space = {"classify__dropout": uniform(0.1, 0.5)}
    with pytest.raises(ValueError, match=r"for classify__dropout.*a number as n_candidates"):
        EpochHalvingSearchCV(pipeline, space, cv=2).fit(*data)


def test_progress_without_a_score_warns_of_nothing_more(pipeline, data, capsys, recwarn):
    search = EpochHalvingSearchCV(
        pipeline, GRID, cv=2, verbose=1, refit=False, scoring=lambda classifier, X, y: np.nan
    )
    search.fit(*data)
    assert "best mean score nan" in capsys.readouterr().out
    assert not [warning for warning in recwarn if "All-NaN" in str(warning.message)]
