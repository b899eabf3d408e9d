"""Searches in several processes: few start-ups, few compilations, texts handed over cheaply."""

import os

import numpy as np
import pytest
from joblib.externals.loky import get_reusable_executor
from sklearn.model_selection import GridSearchCV


@pytest.mark.slow
def test_the_fits_of_a_search_share_two_processes_and_a_network_in_each(
    toy_pipeline, texts, labels, tmp_path
):
    def noted_score(pipeline, X, y):
        from skdeepnlp.classifiers import network_pool

        (tmp_path / f"{os.getpid()}-{len(network_pool)}").touch()
        return pipeline.score(X, y)

    get_reusable_executor().shutdown(wait=True)  # processes of tests before hold their networks
    grid = {"classify__dropout": [0.2, 0.3, 0.4, 0.5]}
    GridSearchCV(toy_pipeline(), grid, scoring=noted_score, cv=2, n_jobs=2, refit=False).fit(
        texts, labels
    )
    processes, networks = zip(*(path.name.split("-") for path in tmp_path.iterdir()), strict=True)
    assert len(processes) <= 2
    assert set(networks) == {"1"}


def test_a_pipeline_learns_from_texts_that_joblib_maps_from_a_file(
    toy_pipeline, texts, labels, tmp_path
):
    """joblib maps arrays of fixed-width texts beyond 1 MB, in place of pickling them each time."""
    fixed = np.array(texts)
    mapped = np.memmap(tmp_path / "texts", dtype=fixed.dtype, mode="w+", shape=fixed.shape)
    mapped[:] = fixed
    mapped.flags.writeable = False
    from_file, from_list = (
        toy_pipeline().fit(given, labels).predict_proba(given) for given in (mapped, texts)
    )
    assert np.array_equal(from_file, from_list)
