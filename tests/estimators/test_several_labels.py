"""Several labels a row: warned of where classes are meant, weighed label by label."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from skdeepnlp.exceptions import OneHotLabelsWarning
from skdeepnlp.networks import NetworkSpec, build_network, lstm_encoder
from skdeepnlp.training import CompiledNetwork, NetworkWeights, Sigmoid, TrainingSpec

OPTIONS = {
    "units": 2,
    "n_layers": 1,
    "bidirectional": False,
    "pooling": "mean",
    "residual": False,
    "normalization": None,
    "kernel_initializer": "glorot_uniform",
}


@pytest.fixture
def ids():
    return np.random.default_rng(0).integers(2, 9, size=(48, 5))


@pytest.fixture
def labels():
    rng = np.random.default_rng(1)
    return (rng.random((48, 3)) < [0.5, 0.3, 0.1]).astype(int)


ONE_HOT = np.eye(3)[np.arange(48) % 3]


@pytest.mark.parametrize(
    "y",
    [ONE_HOT, ONE_HOT.astype(int), pd.get_dummies(pd.Series(list("abc") * 16))],
    ids=["floats", "integers", "dummies"],
)
def test_one_hot_classes_are_warned_of_with_the_cure(toy, ids, y):
    """They were several labels a row without a word: accuracy 0.21 in place of 0.85."""
    with pytest.warns(OneHotLabelsWarning, match=r"exactly one 1.*y.argmax\(axis=1\)") as warned:
        fitted = toy().fit(ids, y)
    assert len(warned) == 1
    assert warned[0].filename == __file__
    assert fitted.predict(ids).shape == (48, 3)  # the shape decides all the same


@pytest.mark.filterwarnings("error::skdeepnlp.exceptions.OneHotLabelsWarning")
def test_other_matrices_are_not_warned_of(toy, ids, labels):
    toy().fit(ids, labels)
    toy().fit(ids, ONE_HOT[:, :2])
    toy().fit(ids, np.column_stack([np.arange(48) % 2, 1 - np.arange(48) % 2]))


def test_the_columns_of_a_frame_are_the_classes(toy, ids, labels):
    frame = pd.DataFrame(labels, columns=["joy", "fear", "grief"])
    assert toy().fit(ids, frame).classes_.tolist() == ["joy", "fear", "grief"]
    assert toy().fit(ids, labels).classes_.tolist() == [0, 1, 2]


def test_balanced_weights_are_those_of_each_label(toy, ids, labels):
    balanced = toy(class_weight="balanced").fit(ids, labels)
    counts = labels.sum(axis=0)
    each = [{0: 48 / (2 * (48 - n)), 1: 48 / (2 * n)} for n in counts]
    by_hand = toy(class_weight=each).fit(ids, labels)
    of_rows = np.where(labels == 1, [one[1] for one in each], [one[0] for one in each])
    by_sample_weight = toy(early_stopping=False).fit(ids, labels, sample_weight=of_rows)
    found = balanced.predict_proba(ids)
    assert np.array_equal(found, by_hand.predict_proba(ids))
    assert not np.allclose(found, toy().fit(ids, labels).predict_proba(ids), atol=1e-4)
    other = toy(early_stopping=False, class_weight=each).fit(ids, labels)
    np.testing.assert_allclose(
        by_sample_weight.predict_proba(ids), other.predict_proba(ids), atol=1e-6
    )


def test_a_label_of_large_weight_is_found(toy, ids):
    rare = np.zeros((48, 2), dtype=int)
    rare[:, 0] = np.arange(48) % 2
    rare[:5, 1] = 1
    options = {"early_stopping": False, "epochs": 20, "learning_rate": 0.05}
    plain, weighted = (
        toy(class_weight=weight, **options).fit(ids, rare).predict_proba(ids)[:, 1].mean()
        for weight in (None, [{0: 1, 1: 1}, {0: 1, 1: 30}])
    )
    assert weighted > plain + 0.2


def test_labels_without_weight_teach_nothing(toy, ids, labels):
    """The labels of one column may be anything where their weights are zero."""
    weights = np.ones(labels.shape)
    weights[:, 2] = 0
    options = {"early_stopping": False, "epochs": 3, "learning_rate": 0.05}
    found = [
        toy(**options).fit(ids, y, sample_weight=weights).predict_proba(ids)
        for y in (labels, np.column_stack([labels[:, :2], 1 - labels[:, 2]]))
    ]
    np.testing.assert_array_equal(found[0], found[1])


def test_rows_without_any_weight_are_left_out(toy, ids, labels):
    weights = np.ones(labels.shape)
    weights[40:] = 0
    options = {"early_stopping": False, "epochs": 2}
    found = toy(**options).fit(ids, labels, sample_weight=weights).predict_proba(ids)
    expected = toy(**options).fit(ids[:40], labels[:40]).predict_proba(ids)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_validation_data_are_weighed_as_training_data(toy, ids, labels):
    each = [{0: 1, 1: 5}] * 3
    fitted = toy(class_weight=each, epochs=1).fit(ids, labels, X_val=ids, y_val=labels)
    probabilities = fitted.predict_proba(ids).astype(float)
    weights = np.where(labels == 1, 5, 1)
    losses = -np.log(np.where(labels == 1, probabilities, 1 - probabilities))
    expected = (losses * weights).sum() / weights.sum()
    assert fitted.history_["val_loss"][0] == pytest.approx(expected, rel=1e-4)


def test_the_linear_model_weighs_labels_too(toy, ids, labels):
    options = {"linear_ngrams": 1, "linear_share": 1.0, "early_stopping": False}
    plain, weighted = (
        toy(class_weight=weight, **options).fit(ids, labels).predict_proba(ids).mean(axis=0)
        for weight in (None, [{0: 1, 1: 1}, {0: 1, 1: 20}, {0: 1, 1: 1}])
    )
    assert weighted[1] > plain[1] + 0.1
    assert weighted[0] == pytest.approx(plain[0], abs=0.1)


@pytest.mark.parametrize(
    "regularizer", [{"label_smoothing": 0.1}, {"mixup": 0.4}, {"r_drop": 1.0, "dropout": 0.3}]
)
def test_weights_of_labels_go_with_what_changes_the_loss(toy, ids, labels, regularizer):
    fitted = toy(class_weight="balanced", **regularizer).fit(ids, labels)
    assert np.isfinite(fitted.predict_proba(ids)).all()


def test_training_in_parts_weighs_labels(toy, ids, labels):
    each = [{0: 1, 1: 5}] * 3
    options = {"class_weight": each, "epochs": 3, "n_iter_no_change": 9}
    whole = toy(**options).fit(ids, labels)
    parts = toy(**options).fit_until(1, ids, labels).fit_until(3, ids, labels)
    assert np.array_equal(whole.predict_proba(ids), parts.predict_proba(ids))
    chunk = toy(class_weight=each).partial_fit(ids, labels)
    assert not np.allclose(
        chunk.predict_proba(ids), toy().partial_fit(ids, labels).predict_proba(ids), atol=1e-5
    )


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_a_step_is_that_computed_by_hand(smoothing):
    """The loss is the mean over rows and labels of weighted cross-entropies."""
    rng = np.random.default_rng(0)
    pooling = OPTIONS["pooling"]
    options = tuple(sorted((name, OPTIONS[name]) for name in OPTIONS if name != "pooling"))
    spec = NetworkSpec(lstm_encoder, options, pooling, 9, 2, 3)
    training = TrainingSpec(Sigmoid(), "sgd", ("label_smoothing",), has_target_weights=True)
    compiled = CompiledNetwork(build_network(spec, seed=0), training)
    before = NetworkWeights.of(compiled.network)
    compiled.start_training(before, None, {"learning_rate": 1.0, "label_smoothing": smoothing})
    compiled.network.begin_epoch()
    ids = rng.integers(2, 9, size=(3, 4)).astype("int32")
    targets = rng.integers(0, 2, size=(3, 3)).astype("float32")
    of_labels = rng.random((3, 3)).astype("float32")
    of_rows = np.array([1.0, 0.5, 2.0], dtype="float32")
    logits = np.asarray(compiled.network(ids)).astype(float)
    means = compiled.train_on(ids, np.hstack([targets, of_labels]), of_rows)
    spread = (1 - smoothing) * targets + smoothing * 0.5
    of_bias = (of_rows[:, None] * of_labels * (expit(logits) - spread)).sum(axis=0) / 9
    after = np.asarray(compiled.parts.logits.bias)
    np.testing.assert_allclose(after, -of_bias, atol=1e-5)
    losses = np.logaddexp(0, logits) - targets * logits
    expected = ((losses * of_labels).mean(axis=1) * of_rows).sum() / of_rows.sum()
    assert float(means["loss"]) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("class_weight", "message"),
    [
        ({0: 1, 1: 2}, r"Got class_weight=\{0: 1, 1: 2\} for rows of several labels; .* 3 dicts"),
        ([{0: 1, 1: 2}], "a list of 3 dicts, one for each label"),
        ([{0: 1, 2: 2}] * 3, "class_weight names labels that are not in y"),
    ],
)
def test_bad_class_weights_are_named(toy, ids, labels, class_weight, message):
    with pytest.raises(ValueError, match=message):
        toy(class_weight=class_weight).fit(ids, labels)


def test_a_list_of_class_weights_is_for_several_labels(toy, ids):
    with pytest.raises(ValueError, match="for one label a row; expected a dict"):
        toy(class_weight=[{0: 1, 1: 2}]).fit(ids, np.arange(48) % 2)


def test_bad_sample_weights_are_named(toy, ids, labels):
    with pytest.raises(ValueError, match=r"sample_weight of shape \(48, 2\)"):
        toy().fit(ids, labels, sample_weight=np.ones((48, 2)))
    with pytest.raises(ValueError, match=r"sample_weight of shape \(48, 3\)"):
        toy().fit(ids, np.arange(48) % 2, sample_weight=np.ones((48, 3)))
