"""How many texts a second do threads of a server predict, one text at a time?

A pipeline is fitted and then asked by 1, 8 and 40 threads, each arm several times in turn: from the
start of the process (cold), after that (warm), and while another thread fits a pipeline of the same
shape. Ratios are to one thread in the same round; probabilities are compared bit by bit.

    python examples/benchmarks/predict_threads.py
"""

import argparse
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from _machine import machine

from skdeepnlp import make_text_pipeline
from skdeepnlp.classifiers import network_pool
from skdeepnlp.datasets import load_docstrings

THREADS = (1, 8, 40)


def main(argv: list[str] | None = None) -> None:
    """Print a line for each arm."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=400, help="texts of a round (default 400)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default 5)")
    options = parser.parse_args(argv)
    print(machine())
    texts, labels = load_docstrings(return_X_y=True)
    rows = np.random.default_rng(0).permutation(len(texts))[: options.texts]
    texts, labels = np.asarray(texts)[rows], np.asarray(labels)[rows]
    pipeline = make_text_pipeline("lstm", max_length=30).set_params(classify__random_state=0)
    pipeline.set_params(classify__epochs=2).fit(texts, labels)
    expected = np.vstack([pipeline.predict_proba([text]) for text in texts])
    print(f"{'state':18} " + " ".join(f"{f'{n} threads':>12}" for n in THREADS) + "  of one")
    network_pool.clear()
    _print_row("cold", {n: _cold_rate(pipeline, texts, n, expected) for n in THREADS})
    rounds = [
        {n: _rate(pipeline, texts, n, expected) for n in THREADS} for _ in range(options.rounds)
    ]
    _print_row("warm", {n: float(np.median([one[n] for one in rounds])) for n in THREADS})
    with _Fitting(pipeline, texts, labels):
        rounds = [
            {n: _rate(pipeline, texts, n, expected) for n in THREADS} for _ in range(options.rounds)
        ]
    _print_row("beside a fit", {n: float(np.median([one[n] for one in rounds])) for n in THREADS})


def _cold_rate(pipeline, texts: np.ndarray, n_threads: int, expected: np.ndarray) -> float:
    network_pool.clear()
    return _rate(pipeline, texts, n_threads, expected)


def _rate(pipeline, texts: np.ndarray, n_threads: int, expected: np.ndarray) -> float:
    """Return texts a second; raise if a probability differs in a bit."""
    with ThreadPoolExecutor(n_threads) as pool:
        begun = time.perf_counter()
        found = list(pool.map(lambda text: pipeline.predict_proba([text]), texts))
        seconds = time.perf_counter() - begun
    if not np.array_equal(np.vstack(found), expected):
        raise AssertionError("threads predicted other probabilities than one thread")
    return len(texts) / seconds


def _print_row(state: str, rates: dict[int, float]) -> None:
    ratios = ", ".join(f"{rates[n] / rates[1]:.2f}" for n in THREADS[1:])
    print(f"{state:18} " + " ".join(f"{rates[n]:12.0f}" for n in THREADS) + f"  {ratios}")


class _Fitting:
    """Fits a copy of a pipeline again and again in another thread."""

    def __init__(self, pipeline, texts: np.ndarray, labels: np.ndarray) -> None:
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(pipeline, texts, labels))

    def _run(self, pipeline, texts: np.ndarray, labels: np.ndarray) -> None:
        from sklearn.base import clone

        while not self.ended.is_set():
            clone(pipeline).fit(texts, labels)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error) -> None:
        self.ended.set()
        self.thread.join()


if __name__ == "__main__":
    main()
