"""Weights of classes and of samples."""

import numpy as np


def test_class_weight_moves_predictions_towards_the_heavy_class(toy, ids_and_labels):
    ids, labels = ids_and_labels
    fit = {"epochs": 10, "learning_rate": 0.05}
    shares = [
        (toy(class_weight=weight, **fit).fit(ids, labels).predict(ids) == "yes").mean()
        for weight in ({"no": 100, "yes": 0.01}, {"no": 0.01, "yes": 100})
    ]
    assert shares[0] < 0.1
    assert shares[1] > 0.9


def test_balanced_weights_are_those_of_scikit_learn(toy, ids_and_labels):
    ids, labels = ids_and_labels
    rare = np.r_[np.flatnonzero(labels == "no"), np.flatnonzero(labels == "yes")[:6]]
    ids, labels = ids[rare], labels[rare]
    written_out = {"no": len(rare) / (2 * (len(rare) - 6)), "yes": len(rare) / (2 * 6)}
    balanced, explicit = (
        toy(class_weight=weight).fit(ids, labels).predict_proba(ids)
        for weight in ("balanced", written_out)
    )
    np.testing.assert_allclose(balanced, explicit, atol=1e-6)


def test_validation_rows_weigh_as_the_training_rows_of_their_class(toy, ids_and_labels):
    # they were balanced by their own labels, 3 to 1, so val_loss meant something else than loss
    ids, labels = ids_and_labels
    rare = np.r_[np.flatnonzero(labels == "no"), np.flatnonzero(labels == "yes")[:6]]
    watched = np.r_[np.flatnonzero(labels == "no")[:2], np.flatnonzero(labels == "yes")[:6]]
    written_out = {"no": len(rare) / (2 * (len(rare) - 6)), "yes": len(rare) / (2 * 6)}
    balanced, explicit = (
        toy(class_weight=weight)
        .fit(ids[rare], labels[rare], X_val=ids[watched], y_val=labels[watched])
        .history_["val_loss"]
        for weight in ("balanced", written_out)
    )
    np.testing.assert_allclose(balanced, explicit, rtol=1e-6)


def test_rows_of_weight_zero_are_left_out(toy, ids_and_labels):
    ids, labels = ids_and_labels
    weights = np.r_[np.ones(40), np.zeros(20)]
    weighted = toy(early_stopping=False).fit(ids, labels, sample_weight=weights)
    without = toy(early_stopping=False).fit(ids[:40], labels[:40])
    assert np.array_equal(weighted.predict_proba(ids), without.predict_proba(ids))


def test_weights_count_relative_to_one_another(toy, ids_and_labels):
    ids, labels = ids_and_labels
    weights = 1 + np.arange(60) % 3
    first, second = (
        toy().fit(ids, labels, sample_weight=scale * weights).predict_proba(ids)
        for scale in (1, 1000)
    )
    np.testing.assert_allclose(first, second, atol=1e-5)


def test_a_weight_of_two_is_as_good_as_a_row_given_twice(toy, ids_and_labels):
    ids, labels = ids_and_labels
    weights = 1 + np.arange(60) % 2
    plain = {
        "early_stopping": False,
        "dropout": 0,
        "embedding_dropout": 0,
        "batch_size": 200,
        "optimizer": "sgd",
        "learning_rate": 0.5,
    }
    weighted = toy(**plain).fit(ids, labels, sample_weight=weights)
    repeated = toy(**plain).fit(ids[np.repeat(np.arange(60), weights)], labels.repeat(weights))
    np.testing.assert_allclose(weighted.predict_proba(ids), repeated.predict_proba(ids), atol=1e-5)


def test_integer_weights_are_taken_and_not_written_to(toy, ids_and_labels):
    ids, labels = ids_and_labels
    weights = np.full(60, 2)
    toy(class_weight="balanced").fit(ids, labels, sample_weight=weights)
    assert weights.tolist() == [2] * 60
