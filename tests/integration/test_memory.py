"""Many fits in one process: searches must not grow without bounds."""

import subprocess
import sys

import pytest

# a process of its own: other tests leave networks and caches behind
FORTY_FITS = """
import gc
import numpy as np
from skdeepnlp import LSTMClassifier

def resident_kilobytes():
    gc.collect()
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

rng = np.random.default_rng(0)
ids, labels = rng.integers(1, 9, size=(20, 6)), np.arange(20) % 2
for number in range(40):
    classifier = LSTMClassifier(
        units=2 + number % 2,
        dropout=(0.1, 0.3, 0.5, 0.7)[number // 2 % 4],
        embedding_dim=4,
        epochs=1,
        random_state=number,
    )
    classifier.fit(ids, labels).predict(ids)
    print(resident_kilobytes())
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc/self/status")
def test_the_fortieth_fit_holds_hardly_more_memory_than_the_tenth():
    """Networks that are built anew for every fit, and kept, fill the memory in long searches."""
    process = subprocess.run(
        [sys.executable, "-c", FORTY_FITS], capture_output=True, text=True, timeout=300
    )
    assert process.returncode == 0, process.stderr
    kilobytes = [int(line) for line in process.stdout.split()]
    assert len(kilobytes) == 40
    assert kilobytes[39] <= 1.05 * kilobytes[9], kilobytes
