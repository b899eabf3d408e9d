"""Regressors: numbers of any size, several at once, and all that classifiers promise."""

import pickle

import numpy as np
import pytest
from scikeras.wrappers import KerasRegressor
from sklearn.base import clone, is_regressor
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils.estimator_checks import estimator_checks_generator

from skdeepnlp import EpochHalvingSearchCV, LSTMRegressor, param_space
from skdeepnlp.testing import all_estimators
from skdeepnlp.testing._discovery import TOY_PARAMETERS

REGRESSORS = dict(all_estimators("regressor"))
# the four of classifiers, but for class weights
EXPECTED_FAILURES = {
    "check_mixin_order": "looks at the order of scikeras' own base classes",
    "check_estimator_tags_renamed": "looks at each base class alone, one of which is scikeras'",
    "check_sample_weight_equivalence_on_dense_data": "feeds numbers that are no token ids",
}


@pytest.fixture(scope="module")
def ids():
    return np.random.default_rng(0).integers(2, 12, (120, 5))


@pytest.fixture(scope="module")
def y(ids):
    """Prices in the thousands: a word costs as much as its id, and 500 on top."""
    return 500.0 + 1000.0 * ids.sum(axis=1)


def toy(**parameters):
    small = {"units": 4, "embedding_dim": 8, "batch_size": 16, "refit_on_all": False}
    still = {"dropout": 0.0, "embedding_dropout": 0.0, "random_state": 0, "min_steps": 0}
    return LSTMRegressor(**{**small, **still, "learning_rate": 0.02, "epochs": 25, **parameters})


def checks():
    for family, regressor in REGRESSORS.items():
        for estimator, check in estimator_checks_generator(regressor(**TOY_PARAMETERS[family])):
            name = check.func.__name__
            reason = EXPECTED_FAILURES.get(name)
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            marks += [] if family == "LSTMRegressor" else [pytest.mark.slow]
            yield pytest.param(estimator, check, marks=marks, id=f"{family}-{name}")


@pytest.mark.parametrize(("estimator", "check"), list(checks()))
def test_scikit_learns_check(estimator, check):
    check(estimator)


@pytest.mark.parametrize("name", REGRESSORS)
def test_each_family_is_a_regressor_of_scikit_learn_and_of_scikeras(name):
    regressor = REGRESSORS[name](**TOY_PARAMETERS[name])
    assert is_regressor(regressor)
    assert isinstance(regressor, KerasRegressor)
    assert not hasattr(regressor, "predict_proba")
    assert {"class_weight", "label_smoothing"}.isdisjoint(regressor.get_params())


def test_numbers_in_the_thousands_are_fitted(ids, y):
    fitted = toy().fit(ids[:100], y[:100])
    assert fitted.score(ids[100:], y[100:]) > 0.7
    assert fitted.predict(ids).dtype == np.float64


@pytest.mark.parametrize("linear_ngrams", [0, 1])
def test_the_unit_of_the_numbers_does_not_matter(linear_ngrams, ids, y):
    fits = (toy(epochs=3, linear_ngrams=linear_ngrams).fit(ids, y * f - 7 * f) for f in (1, 1e-6))
    one, small = (fitted.predict(ids) for fitted in fits)
    np.testing.assert_allclose(small * 1e6, one, rtol=1e-3, atol=100)


def test_several_numbers_are_predicted_as_columns(ids, y):
    both = np.column_stack([y, -y / 1000])
    fitted = toy().fit(ids, both)
    assert fitted.predict(ids).shape == both.shape
    assert r2_score(both, fitted.predict(ids), multioutput="raw_values").min() > 0.7
    column = toy(epochs=1).fit(ids, both[:, :1])
    assert column.predict(ids).shape == (len(ids), 1)
    with pytest.raises(ValueError, match=r"Got y_val of shape .*; expected 2 number"):
        toy().fit(ids, both, X_val=ids, y_val=y)


def test_the_history_holds_mean_squared_errors_and_r2_of_scaled_numbers(ids, y):
    fitted = toy(epochs=2, early_stopping=False).fit(ids, y, X_val=ids, y_val=y)
    history = fitted.history_
    np.testing.assert_allclose(history["val_score"], 1 - np.array(history["val_loss"]), rtol=1e-5)
    assert history["val_score"][-1] == pytest.approx(fitted.score(ids, y), abs=1e-4)
    assert "val_accuracy" not in history


def test_early_stopping_keeps_the_best_epoch(ids, y):
    fitted = toy(learning_rate=0.3, epochs=30, n_iter_no_change=2).fit(ids, y)
    assert fitted.n_iter_ < 30
    assert fitted.best_iteration_ == np.argmin(fitted.history_["val_loss"])
    by_score = toy(scoring="neg_mean_absolute_error", epochs=4).fit(ids, y)
    assert by_score.best_iteration_ == np.argmax(by_score.history_["val_score"])
    assert min(by_score.history_["val_score"]) < -100  # in the unit of y


def test_a_weight_of_two_counts_as_the_row_twice(ids, y):
    repeats = 1 + np.arange(24) % 2
    still = {"early_stopping": False, "batch_size": 64, "epochs": 3}
    weighted = toy(**still).fit(ids[:24], y[:24], sample_weight=repeats)
    repeated = toy(**still).fit(ids[:24].repeat(repeats, axis=0), y[:24].repeat(repeats))
    np.testing.assert_allclose(weighted.predict(ids), repeated.predict(ids), rtol=1e-4)


def test_regularizers_train_numbers_too(ids, y):
    for one in ({"mixup": 0.2}, {"r_drop": 1.0, "dropout": 0.2}, {"adversarial_epsilon": 0.05}):
        fitted = toy(epochs=2, l2=1e-4, ema_decay=0.9, **one).fit(ids, y)
        assert np.isfinite(fitted.predict(ids)).all()


def test_fits_are_repeated_resumed_and_kept_to_the_bit(ids, y):
    whole = toy(epochs=4, linear_ngrams=2).fit(ids, y)
    expected = whole.predict(ids)
    parts = toy(epochs=4, linear_ngrams=2).fit_until(2, ids, y).fit_until(4, ids, y)
    for one in (clone(whole).fit(ids, y), pickle.loads(pickle.dumps(whole)), parts):
        assert np.array_equal(one.predict(ids), expected)


def test_chunks_keep_the_scale_of_the_first_one(ids, y):
    regressor = toy(learning_rate=0.05)
    for _ in range(30):
        regressor.partial_fit(ids[:60], y[:60]).partial_fit(ids[60:], y[60:])
    assert regressor.score(ids, y) > 0.8


def test_the_linear_model_is_averaged_with_the_network(ids, y):
    shares = (0.0, 0.5, 1.0)
    fits = (toy(epochs=2, linear_ngrams=1, linear_share=share).fit(ids, y) for share in shares)
    network, both, linear = (fitted.predict(ids) - y.mean() for fitted in fits)
    alone = toy(epochs=2).fit(ids, y).predict(ids)
    np.testing.assert_allclose(network + y.mean(), alone, rtol=1e-5)
    weights = np.linalg.lstsq(np.column_stack([network, linear]), both, rcond=None)[0]
    np.testing.assert_allclose(np.column_stack([network, linear]) @ weights, both, atol=1.0)
    assert weights[1] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("y_bad", "message"),
    [
        (["a"] * 120, "could not convert string to float|dtype='numeric'"),
        (np.full(120, np.nan), "NaN"),
        (np.full(120, np.inf), "infinity"),
        (np.ones(119), "inconsistent|119"),
        (None, "requires y"),
    ],
    ids=["text", "nan", "infinity", "short", "none"],
)
def test_what_is_no_number_is_refused(y_bad, message, ids):
    with pytest.raises(ValueError, match=message):
        toy().fit(ids, y_bad)


def test_searches_and_cross_validation_take_regressors(ids, y):
    grid = {"dropout": [0.0, 0.2]}
    assert np.isfinite(cross_val_score(toy(epochs=2), ids, y, cv=2)).all()
    assert GridSearchCV(toy(epochs=2), grid, cv=2).fit(ids, y).best_score_ < 1
    halving = EpochHalvingSearchCV(toy(), grid, max_epochs=4, cv=2).fit(ids, y)
    assert halving.predict(ids).shape == (120,)
    assert "dropout" in param_space(toy(), "small")


def test_the_standalone_model_predicts_scaled_numbers(ids, y):
    fitted = toy(epochs=3).fit(ids, y)
    scaled = np.asarray(fitted.model_(ids.astype("int32")))[:, 0]
    np.testing.assert_allclose(scaled * y.std() + y.mean(), fitted.predict(ids), rtol=1e-4)


def test_the_share_is_chosen_on_the_validation_set(ids, y):
    """Prices are sums of words, which a linear model of one word finds, and one epoch does not."""
    few = toy(epochs=1, linear_ngrams=1).fit(ids, y)
    assert few._vote.share > 0.8
    many = toy(epochs=40, linear_ngrams=1, linear_c=1e-3).fit(ids, y)
    assert many._vote.share < 0.5
    assert toy(epochs=1, linear_ngrams=1, early_stopping=False).fit(ids, y)._vote.share == 0.5
