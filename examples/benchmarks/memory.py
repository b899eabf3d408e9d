"""Does memory stay flat over many fits?

Two hundred small fits in one process: two shapes of network, every strength of dropout another one.
Prints the resident memory as it goes, and how much it grew after the tenth fit.

    python examples/benchmarks/memory.py
    python examples/benchmarks/memory.py --fits 50 --shapes 10   # more shapes than the pool keeps
"""

import argparse
import gc
import os
from pathlib import Path

from _machine import machine

from skdeepnlp import LSTMClassifier, SequencePadder, TextTokenizer
from skdeepnlp.datasets import make_text_classification


def main(argv: list[str] | None = None) -> None:
    """Run the fits and print the memory."""
    options = _parser().parse_args(argv)
    texts, labels = make_text_classification(options.rows, random_state=0)
    ids = SequencePadder().fit_transform(TextTokenizer().fit_transform(texts))
    resident = []
    print(machine())
    for fit in range(options.fits):
        LSTMClassifier(
            units=8 + fit % options.shapes, dropout=0.5 * fit / options.fits + 0.1, epochs=1
        ).fit(ids, labels)
        gc.collect()
        resident.append(_resident_mib())
        if fit + 1 in (1, 10) or (fit + 1) % 25 == 0:
            print(f"after {fit + 1:4} fits: {resident[-1]:7.0f} MiB", flush=True)
    growth = resident[-1] / resident[9] - 1
    print(f"growth from the 10th to the {options.fits}th fit: {growth:.1%}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fits", type=int, default=200, help="number of fits (default 200)")
    parser.add_argument("--shapes", type=int, default=2, help="shapes of network (default 2)")
    parser.add_argument("--rows", type=int, default=200, help="texts (default 200)")
    return parser


def _resident_mib() -> float:
    """Return the resident memory of this process, from Linux' /proc."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
