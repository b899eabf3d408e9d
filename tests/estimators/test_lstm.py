"""LSTMClassifier: parameters, learning, labels and weights."""

import inspect

import keras
import numpy as np
import pandas as pd
import pytest
from scikeras.wrappers import KerasClassifier
from sklearn.base import clone, is_classifier
from sklearn.exceptions import DataConversionWarning

from skdeepnlp import LSTMClassifier
from skdeepnlp.datasets import make_text_classification
from skdeepnlp.pipelines import make_text_pipeline
from skdeepnlp.training import network_pool


def weights_of(classifier):
    return [np.asarray(weight) for weight in classifier.model_.get_weights()]


def test_it_is_scikeras_own_classifier_and_one_for_scikit_learn():
    assert isinstance(LSTMClassifier(), KerasClassifier)
    assert is_classifier(LSTMClassifier())


def test_every_parameter_is_an_explicit_keyword():
    parameters = inspect.signature(LSTMClassifier).parameters
    assert set(parameters) == set(LSTMClassifier().get_params())
    assert {p.kind for p in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}


def test_every_parameter_is_described_in_the_docstring():
    documented = inspect.getdoc(LSTMClassifier).partition("Attributes\n")[0]
    missing = [name for name in LSTMClassifier().get_params() if f"\n{name} : " not in documented]
    assert not missing


def test_a_clone_has_the_parameters_and_nothing_learnt(toy, ids_and_labels):
    fitted = toy(dropout=0.25).fit(*ids_and_labels)
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not copy.initialized_


def test_a_misspelt_parameter_is_refused(toy):
    with pytest.raises(ValueError, match="Invalid parameter 'unitss'"):
        toy().set_params(unitss=3)
    with pytest.raises(TypeError, match="unitss"):
        LSTMClassifier(unitss=3)


def test_it_learns_what_no_bag_of_words_can():
    texts, labels = make_text_classification(400, order_matters=True, random_state=0)
    classifier = LSTMClassifier(
        units=16,
        embedding_dim=16,
        epochs=40,
        n_iter_no_change=8,
        learning_rate=0.02,
        dropout=0,
        random_state=0,
    )
    pipeline = make_text_pipeline(classifier).fit(texts[:300], labels[:300])
    assert pipeline.score(texts[300:], labels[300:]) > 0.8


@pytest.mark.parametrize(
    "parameters",
    [
        {"pooling": "max"},
        {"pooling": "mean"},
        {"pooling": "max+mean", "bidirectional": False},
        {"pooling": "last"},
        {"pooling": "last", "n_layers": 2, "dropout": 0.5, "bidirectional": False},
        {"n_layers": 2, "recurrent_dropout": 0.3},
        {"optimizer": "sgd", "clipnorm": None},
        {"dropout": 0, "embedding_dropout": 0, "l1": 1e-4, "l2": 1e-4},
        {"batch_size": 7},
        {"early_stopping": False},
    ],
    ids=str,
)
def test_training_lowers_the_loss_with(parameters, toy, ids_and_labels):
    ids, labels = ids_and_labels
    small = {"dropout": 0, "embedding_dropout": 0, "epochs": 8, "learning_rate": 0.05}
    history = toy(**{**small, **parameters}).fit(ids, labels).history_
    assert history["loss"][-1] < history["loss"][0]


def test_numpy_scalars_are_as_good_as_python_numbers(toy, ids_and_labels):
    ids, labels = ids_and_labels
    drawn = toy(units=np.int64(2), dropout=np.float64(0.5), bidirectional=np.bool_(True))
    expected = toy(units=2, dropout=0.5).fit(ids, labels).predict_proba(ids)
    assert np.array_equal(drawn.fit(ids, labels).predict_proba(ids), expected)


def test_parameters_set_after_fit_do_not_change_predictions(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy().fit(ids, labels)
    before = classifier.predict_proba(ids)
    classifier.set_params(units=5, dropout=0.0, optimizer="sgd", n_layers=2)
    assert np.array_equal(classifier.predict_proba(ids), before)


def test_fits_that_differ_in_strengths_share_one_compiled_network(toy, ids_and_labels):
    network_pool.clear()
    for strengths in (
        {"dropout": 0.1, "l2": 1e-3, "learning_rate": 1e-3},
        {"dropout": 0.7, "l2": 1e-2, "learning_rate": 1e-2},
        {"dropout": 0.4, "l2": 1e-3, "embedding_dropout": 0.6},
    ):
        toy(**strengths).fit(*ids_and_labels)
    assert len(network_pool) == 1


def test_a_shared_network_learns_as_one_built_anew(toy, ids_and_labels):
    ids, labels = ids_and_labels
    network_pool.clear()
    expected = toy(dropout=0.7, l2=1e-2).fit(ids, labels).predict_proba(ids)
    for strengths in ({"dropout": 0.1, "l2": 1e-5}, {"dropout": 0.7, "l2": 1e-2}):
        shared = toy(**strengths).fit(ids, labels).predict_proba(ids)
    assert np.array_equal(shared, expected)


def test_two_fitted_classifiers_predict_in_turn_without_mixing_up(toy, ids_and_labels):
    ids, labels = ids_and_labels
    pair = [toy(random_state=seed).fit(ids, labels) for seed in (0, 1)]
    expected = [classifier.predict_proba(ids) for classifier in pair]
    assert not np.array_equal(*expected)
    for _ in range(2):
        for classifier, probabilities in zip(pair, expected, strict=True):
            assert np.array_equal(classifier.predict_proba(ids), probabilities)


def test_l2_makes_the_kernels_smaller(toy, ids_and_labels):
    fit = {"epochs": 10, "learning_rate": 0.05, "early_stopping": False}
    sizes = [
        sum(
            float((weight.numpy() ** 2).sum())
            for weight in toy(l2=l2, **fit).fit(*ids_and_labels).model_.trainable_weights
            if "kernel" in weight.name
        )
        for l2 in (0.0, 0.1)
    ]
    assert sizes[1] < 0.5 * sizes[0]


def test_l1_makes_the_kernels_sparser(toy, ids_and_labels):
    fit = {"epochs": 30, "learning_rate": 0.02, "early_stopping": False}
    small = []
    for l1 in (0.0, 0.05):
        model = toy(l1=l1, **fit).fit(*ids_and_labels).model_
        kernels = [w.numpy().ravel() for w in model.trainable_weights if "kernel" in w.name]
        small.append(float((np.abs(np.concatenate(kernels)) < 0.02).mean()))
    assert small[1] > small[0] + 0.3


def test_dropout_makes_the_training_loss_worse_than_the_same_network_without(toy, ids_and_labels):
    ids, labels = ids_and_labels
    fit = {"epochs": 15, "learning_rate": 0.05, "early_stopping": False, "embedding_dropout": 0}
    losses = [toy(dropout=rate, **fit).fit(ids, labels).history_["loss"][-1] for rate in (0, 0.9)]
    assert losses[1] > losses[0]


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["no", "yes"]),
        np.array([0, 1]),
        np.array([-1, 1]),
        np.array([False, True]),
        np.array(["no", "yes"], dtype=object),
        np.array([1.0, 2.0]),
    ],
    ids=lambda labels: str(labels.dtype),
)
def test_labels_of_any_type_come_back_as_they_were(labels, toy, ids_and_labels):
    ids, names = ids_and_labels
    y = labels[(names == "yes").astype(int)]
    classifier = toy().fit(ids, y)
    assert classifier.classes_.tolist() == labels.tolist()
    assert set(classifier.predict(ids).tolist()) <= set(labels.tolist())
    assert classifier.predict_proba(ids[:1]).shape == (1, 2)
    assert classifier.n_classes_ == 2


def test_score_takes_labels_longer_than_those_of_fit(toy, ids_and_labels):
    # scikeras refuses them: "casting from <U18 to <U3 is not safe"
    ids, labels = ids_and_labels
    longer = np.where(labels == "no", "no", "something else yet")
    assert toy().fit(ids, labels).score(ids, longer) <= 0.5


def test_a_renamed_or_reordered_frame_is_refused(toy, ids_and_labels):
    ids, labels = ids_and_labels
    frame = pd.DataFrame(np.asarray(ids)).add_prefix("token_")
    classifier = toy().fit(frame, labels)
    assert classifier.feature_names_in_.tolist() == frame.columns.tolist()
    with pytest.raises(ValueError, match="feature names"):
        classifier.predict(frame[frame.columns[::-1]])


@pytest.mark.parametrize("dtype", ["category", "Int64", "Float64", "boolean", "string"])
def test_labels_of_pandas_types_are_taken(dtype, toy, ids_and_labels):
    ids, labels = ids_and_labels
    numbers = pd.Series((labels == "yes").astype(int))
    y = pd.Series(labels, dtype=dtype) if dtype == "string" else numbers.astype(dtype)
    classifier = toy(epochs=1).fit(ids, y)
    assert classifier.classes_.tolist() == (["no", "yes"] if dtype == "string" else [0, 1])
    assert classifier.score(ids, np.asarray(y.tolist())) >= 0


POLARS_LABELS = {
    "String": ["no", "yes"],
    "Categorical": ["no", "yes"],
    "Int8": [-1, 1],
    "Int64": [0, 1],
    "Float32": [1.0, 2.0],
    "Boolean": [False, True],
}


@pytest.mark.parametrize("dtype", POLARS_LABELS)
def test_labels_of_polars_types_are_taken(dtype, toy, ids_and_labels):
    polars = pytest.importorskip("polars")
    ids, names = ids_and_labels
    values = [POLARS_LABELS[dtype][name == "yes"] for name in names]
    classifier = toy(epochs=1).fit(ids, polars.Series(values, dtype=getattr(polars, dtype)))
    assert classifier.classes_.tolist() == POLARS_LABELS[dtype]
    assert {type(label) for label in classifier.classes_.tolist()} == {type(values[0])}
    assert set(classifier.predict(ids).tolist()) <= set(values)


def test_a_missing_label_of_polars_is_refused(toy, ids_and_labels):
    polars = pytest.importorskip("polars")
    with pytest.raises(ValueError, match="Input y contains NaN: row 1 holds None"):
        toy().fit(ids_and_labels[0], polars.Series(["a", None, "b"] * 20))


@pytest.mark.parametrize(
    "as_column", [pd.DataFrame, lambda labels: labels[:, None]], ids=["frame", "array"]
)
def test_labels_in_a_column_are_taken_with_a_single_warning(as_column, toy, ids_and_labels):
    ids, labels = ids_and_labels
    with pytest.warns(DataConversionWarning, match="column-vector y was passed") as warned:
        classifier = toy(epochs=1).fit(ids, as_column(labels))
    assert len(warned) == 1  # labels were checked when learnt, and again when encoded
    assert classifier.classes_.tolist() == ["no", "yes"]


def test_a_class_weight_may_name_classes_that_a_chunk_lacks(toy, ids_and_labels):
    ids, labels = ids_and_labels
    rows = labels == "no"
    predicted = [
        toy(class_weight={"no": weight, "yes": 1}, learning_rate=0.1, optimizer="sgd")
        .partial_fit(ids[rows], labels[rows], classes=["no", "yes"])
        .predict_proba(ids)
        for weight in (1, 9)
    ]
    assert not np.array_equal(*predicted)


def test_three_classes_have_three_probabilities(toy, ids_and_labels):
    ids, _ = ids_and_labels
    labels = np.array(["a", "b", "c"])[np.arange(60) % 3]
    classifier = toy().fit(ids, labels)
    assert classifier.predict_proba(ids).shape == (60, 3)
    assert set(classifier.predict(ids)) <= {"a", "b", "c"}


def test_rows_of_several_labels_stay_so_even_if_each_has_one(toy, ids_and_labels):
    ids, _ = ids_and_labels
    indicators = np.eye(3, dtype=int)[np.arange(60) % 3]
    classifier = toy(epochs=1).fit(ids, indicators)
    probabilities = classifier.predict_proba(ids)
    assert probabilities.shape == (60, 3)
    assert not np.allclose(probabilities.sum(axis=1), 1)
    assert classifier.predict(ids).shape == (60, 3)
    assert classifier.classes_.tolist() == [0, 1, 2]


def test_several_labels_are_learnt(toy, ids_and_labels):
    ids, labels = ids_and_labels
    indicators = np.column_stack([labels == "yes", labels == "no", labels == "yes"]).astype(int)
    fit = {"epochs": 40, "learning_rate": 0.05, "dropout": 0, "embedding_dropout": 0}
    assert toy(units=4, **fit).fit(ids, indicators).score(ids, indicators) > 0.9


def test_the_live_model_computes_the_same_probabilities(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy().fit(ids, np.where(labels == "no", "a", "b"))
    alive = classifier.model_.predict(np.asarray(ids), verbose=0)
    np.testing.assert_allclose(alive[:, 0], classifier.predict_proba(ids)[:, 1], atol=1e-6)
    assert isinstance(classifier.model_, keras.Model)
    assert classifier.model_ is classifier.model_


def test_the_live_model_is_ones_own(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy().fit(ids, labels)
    before = classifier.predict_proba(ids)
    classifier.model_.fit(np.asarray(ids), (labels == "yes").astype("float32"), verbose=0)
    assert np.array_equal(classifier.predict_proba(ids), before)


def test_the_live_model_can_be_saved_and_loaded_by_keras(toy, ids_and_labels, tmp_path):
    ids, labels = ids_and_labels
    model = toy(l2=1e-3).fit(ids, labels).model_
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(
        loaded.predict(np.asarray(ids), verbose=0), model.predict(np.asarray(ids), verbose=0)
    )


def test_initialize_makes_it_able_to_predict_without_training(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy().initialize(ids, labels)
    assert classifier.n_iter_ == 0
    assert classifier.predict(ids).shape == (60,)


def test_loss_that_is_not_finite_says_what_to_change(toy, ids_and_labels):
    classifier = toy(learning_rate=1e38, clipnorm=None, optimizer="sgd")
    with pytest.raises(FloatingPointError, match=r"diverged.*learning_rate.*set clipnorm"):
        classifier.fit(*ids_and_labels)
    assert classifier.set_params(learning_rate=0.01).fit(*ids_and_labels).n_iter_ >= 1


def test_weights_that_are_not_finite_are_told_from_the_loss(toy, ids_and_labels):
    """The loss was said to be at fault, and a limit asked for that was set."""
    one_step = {"epochs": 1, "batch_size": 64, "early_stopping": False}
    classifier = toy(optimizer="sgd", learning_rate=3e38, l2=10.0, clipnorm=1e3, **one_step)
    with pytest.raises(FloatingPointError, match=r"not finite after epoch 1.*or lower clipnorm"):
        classifier.fit(*ids_and_labels)


def test_probabilities_do_not_depend_on_the_order_of_texts_to_the_last_bit(toy, ids_and_labels):
    """A text of the same length as others fell into another place of its batch."""
    fitted = toy().fit(*ids_and_labels)
    ids = np.random.default_rng(0).integers(1, 5, size=(300, fitted.n_features_in_))
    order = np.random.default_rng(1).permutation(300)
    assert np.array_equal(fitted.predict_proba(ids)[order], fitted.predict_proba(ids[order]))
