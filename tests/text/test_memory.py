"""How much memory tokenizing takes, and that chunks take the same however many there are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

STATUS = Path("/proc/self/status")
EXAMPLE = Path(__file__).parents[2] / "examples" / "larger_than_memory.py"
# what getrusage tells may be the peak of the process that started this one
PRINT_PEAK = f"print(open('{STATUS}').read())"
MILLION = """
import numpy as np
from skdeepnlp.text import TextTokenizer
words = [f"word{number}" for number in range(5000)]
draws = np.random.default_rng(0).integers(0, 5000, (1000, 20)).tolist()
texts = [" ".join(map(words.__getitem__, draw)) + f" {n}" for n in range(1000) for draw in draws]
assert len(set(texts)) == 1_000_000
tokenizer = TextTokenizer(max_tokens=5000)
sequences = tokenizer.fit_transform(texts)
assert len(tokenizer.transform(texts).ids) == len(sequences.ids) == 21_000_000
"""
RUN = "import runpy, sys; del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells the peak of a process"),
]


def run(code, *arguments):
    """Run code in a process of its own; return its peak of memory in bytes and its output."""
    command = [sys.executable, "-c", f"{code}\n{PRINT_PEAK}", *arguments]
    # the stack of a thread that begins late counts as data, and would be short of a limit
    threads = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | threads
    )
    return 1024 * int(re.search(r"VmHWM:\s+(\d+)", done.stdout)[1]), done.stdout


@pytest.fixture(scope="module")
def csv_of(tmp_path_factory):
    """Write a file of so many rows of 300 words, whose first five words tell the class."""

    def write(n_rows):
        random = np.random.default_rng(0)
        labels = random.integers(0, 2, n_rows)
        words = np.array([f"filler{number}" for number in range(500)], dtype=object)
        bodies = [" ".join(words[random.integers(0, 500, 300)]) for _ in range(100)]
        texts = [
            f"{'good' if label else 'bad'} {random.integers(0, 99)} film {bodies[row % 100]}"
            for row, label in enumerate(labels)
        ]
        path = tmp_path_factory.mktemp("rows") / f"{n_rows}.csv"
        pd.DataFrame({"text": texts, "label": labels}).to_csv(path, index=False)
        return path

    return write


def test_a_million_sentences_of_twenty_words_take_less_than_a_gigabyte():
    peak, _ = run(MILLION)
    assert peak < 1e9


LIMITED = """
import itertools, re, resource, sys
import pandas as pd
from skdeepnlp import LSTMClassifier, fit_in_chunks, make_text_pipeline

def chunks(path):
    for frame in pd.read_csv(path, chunksize=1000):
        yield frame["text"], frame["label"]

def learn(read):
    network = LSTMClassifier(units=2, embedding_dim=4, batch_size=256, learning_rate=0.05)
    return fit_in_chunks(make_text_pipeline(network, max_length=8), read, epochs=1)

first = list(itertools.islice(chunks(sys.argv[1]), 1))
learn(lambda: first)  # what is loaded and compiled once
now = 1024 * int(re.search(r"VmData:\\s+(\\d+)", open("/proc/self/status").read())[1])
resource.setrlimit(resource.RLIMIT_DATA, (now + int(sys.argv[2]),) * 2)
fitted = learn(lambda: chunks(sys.argv[1]))
print("accuracy", fitted.score(*first[0]))
try:
    list(chunks(sys.argv[1]))
except MemoryError:
    print("all rows do not fit")
"""


def test_a_pipeline_learns_from_more_than_it_may_hold(csv_of):
    path = csv_of(40_000)
    limit = path.stat().st_size // 2
    _, printed = run(LIMITED, path, str(limit))
    assert float(re.search(r"accuracy (.*)", printed)[1]) > 0.9
    assert "all rows do not fit" in printed


def test_ten_times_the_samples_take_no_more_memory(csv_of):
    few, many = csv_of(2_000), csv_of(20_000)
    options = ["--epochs", "1", "--units", "4", "--chunk", "1000"]
    peak_of_few, _ = run(RUN, EXAMPLE, "--csv", few, *options)
    peak_of_many, printed = run(RUN, EXAMPLE, "--csv", many, *options)
    # texts and ids of all rows would take more room than the file has bytes
    assert peak_of_many - peak_of_few < many.stat().st_size / 4
    assert float(re.search(r"held out: (.*)", printed)[1]) > 0.9
