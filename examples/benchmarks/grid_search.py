"""How long does a 5-fold grid search of the LSTM pipeline take, and what does it find?

Six candidates, dropout by width, each cross-validated in five folds and the best refitted: 31
fits, timed from `.fit()` to `best_estimator_` in a fresh process, compilation included.

    python examples/benchmarks/grid_search.py --csv FILE [--jobs 2]
"""

import argparse
import time

import pandas as pd
from _machine import machine
from sklearn.model_selection import GridSearchCV

from skdeepnlp import make_text_pipeline

GRID = {"classify__units": [32, 64], "classify__dropout": [0.3, 0.5, 0.7]}


def main(argv: list[str] | None = None) -> None:
    """Run the search and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", required=True, help="file with columns text and label")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    options = parser.parse_args(argv)
    rows = pd.read_csv(options.csv, keep_default_na=False)
    pipeline = make_text_pipeline("lstm").set_params(classify__random_state=0)
    begun = time.perf_counter()
    search = GridSearchCV(pipeline, GRID, cv=5, n_jobs=options.jobs).fit(rows.text, rows.label)
    seconds = time.perf_counter() - begun
    table = pd.DataFrame(search.cv_results_)
    names = [f"param_{name}" for name in GRID]
    print(table[[*names, "mean_test_score", "std_test_score", "mean_fit_time"]].to_string())
    print(f"\n{machine()}\n{len(rows)} rows, {options.jobs} processes: {seconds:.0f} s for 31 fits")
    print(f"best: {search.best_params_}, accuracy {search.best_score_:.4f}")


if __name__ == "__main__":
    main()
