"""Pickles, joblib files and copies of fitted classifiers."""

import copy
import pickle
import subprocess
import sys

import joblib
import numpy as np
import pytest

PREDICT = """
import pickle, sys
classifier, ids = pickle.load(open(sys.argv[1], "rb"))
print(classifier.predict_proba(ids).tobytes().hex())
"""


@pytest.fixture(scope="module")
def fitted(toy, ids_and_labels):
    return toy(embedding_dim=50, units=20).fit(*ids_and_labels)


def test_a_fresh_process_predicts_the_same_bits(fitted, ids_and_labels, tmp_path):
    ids, _ = ids_and_labels
    path = tmp_path / "classifier.pickle"
    path.write_bytes(pickle.dumps((fitted, ids)))
    run = subprocess.run(
        [sys.executable, "-c", PREDICT, str(path)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == fitted.predict_proba(ids).tobytes().hex()


def test_a_pickle_is_about_as_large_as_the_weights(fitted):
    n_weights = sum(int(np.prod(weight.shape)) for weight in fitted.model_.weights)
    assert len(pickle.dumps(fitted)) < 4 * n_weights + 5_000


def test_a_pickle_holds_no_optimizer_state_unless_training_may_go_on(toy, ids_and_labels):
    sizes = [
        len(pickle.dumps(toy(embedding_dim=50, warm_start=warm).fit(*ids_and_labels)))
        for warm in (False, True)
    ]
    assert sizes[1] > 2 * sizes[0]  # Adam keeps two numbers for each weight


def test_a_pickle_of_a_warm_started_classifier_goes_on_where_it_ended(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy(warm_start=True, early_stopping=False).fit(ids, labels)
    again = pickle.loads(pickle.dumps(classifier))
    expected = classifier.fit(ids, labels).predict_proba(ids)
    assert np.array_equal(again.fit(ids, labels).predict_proba(ids), expected)


def test_partial_fit_goes_on_from_a_pickle_as_if_there_had_been_none(toy, ids_and_labels):
    """The optimizer began anew, without a word."""
    ids, labels = ids_and_labels
    classifier = toy().partial_fit(ids, labels)
    again = pickle.loads(pickle.dumps(classifier)).partial_fit(ids, labels)
    assert again.n_iter_ == 2
    expected = classifier.partial_fit(ids, labels).predict_proba(ids)
    assert np.array_equal(again.predict_proba(ids), expected)


def test_joblib_files_load_also_as_memory_maps(fitted, ids_and_labels, tmp_path):
    ids, _ = ids_and_labels
    joblib.dump(fitted, tmp_path / "classifier.joblib")
    for mode in (None, "r"):
        loaded = joblib.load(tmp_path / "classifier.joblib", mmap_mode=mode)
        assert np.array_equal(loaded.predict_proba(ids), fitted.predict_proba(ids))


def test_a_deep_copy_is_on_its_own(toy, ids_and_labels):
    ids, labels = ids_and_labels
    classifier = toy().fit(ids, labels)
    twin = copy.deepcopy(classifier)
    before = classifier.predict_proba(ids)
    twin.set_params(random_state=9).fit(ids, labels)
    assert np.array_equal(classifier.predict_proba(ids), before)


def test_the_vocabulary_is_kept(fitted, ids_and_labels):
    ids, _ = ids_and_labels
    assert fitted.vocabulary_ == ids.vocabulary
    assert pickle.loads(pickle.dumps(fitted)).vocabulary_ == ids.vocabulary
