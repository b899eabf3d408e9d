"""How many words a second do tokenizers take in, and how many do they turn into ids?

Each side first learns a vocabulary of at most as many tokens as the others, then encodes the same
texts with it; the sides take turns, and medians are compared. A word is what white space
separates, the same for all sides, whatever a side makes of it.

    python examples/benchmarks/tokenize_speed.py                  # docstrings of libraries
    python examples/benchmarks/tokenize_speed.py --csv mr.csv.gz  # your own column text
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import importlib
import statistics
import time
from collections.abc import Callable, Iterator

import pandas as pd
from _machine import machine

from skdeepnlp import TextTokenizer
from skdeepnlp.datasets import load_docstrings

BATCH = 1024  # texts that TextVectorization gets at a time

Side = tuple[Callable[[], object], Callable[[], object]]  # learns; then encodes


def main(argv: list[str] | None = None) -> None:
    """Run the benchmark and print its table."""
    options = _parser().parse_args(argv)
    texts = _texts(options.csv, options.rows)
    sides = {
        "TextTokenizer": _ours(texts, options.max_tokens),
        'TextTokenizer(punctuation="drop")': _ours(texts, options.max_tokens, punctuation="drop"),
        "Keras' legacy Tokenizer": _keras_tokenizer(texts, options.max_tokens),
        "keras.layers.TextVectorization": _text_vectorization(texts, options.max_tokens),
        "CountVectorizer, without order": _count_vectorizer(texts, options.max_tokens),
    }
    n_words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} texts, {n_words} words, at most {options.max_tokens} tokens in vocabulary")
    print(f"{machine()}\n")
    _print_table(_alternate(sides, options.repeats), n_words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", help="file with a column text")
    parser.add_argument("--rows", type=int, default=20_000, help="texts to take (default 20000)")
    parser.add_argument("--max-tokens", type=int, default=20_000, help="vocabulary (default 20000)")
    parser.add_argument("--repeats", type=int, default=7, help="turns a side (default 7)")
    return parser


def _texts(csv: str | None, rows: int) -> list[str]:
    if csv is None:
        texts, _ = load_docstrings(return_X_y=True)
    else:
        texts = pd.read_csv(csv, keep_default_na=False)["text"]
    return list(texts[:rows])


def _ours(texts: list[str], max_tokens: int, **parameters: str) -> Side:
    tokenizer = TextTokenizer(max_tokens=max_tokens, **parameters)
    return lambda: tokenizer.fit(texts), lambda: tokenizer.transform(texts)


def _keras_tokenizer(texts: list[str], max_tokens: int) -> Side | None:
    """Return the Tokenizer of the tutorials, where this Keras still holds it."""
    try:
        module = importlib.import_module("keras.src.legacy.preprocessing.text")
    except ImportError:
        return None
    made = []

    def learn() -> None:
        made[:] = [module.Tokenizer(num_words=max_tokens + 2, oov_token="[UNK]")]
        made[0].fit_on_texts(texts)

    return learn, lambda: made[0].texts_to_sequences(texts)


def _text_vectorization(texts: list[str], max_tokens: int) -> Side:
    import tensorflow as tf
    from keras.layers import TextVectorization

    layer = TextVectorization(max_tokens + 2)
    batches = [tf.constant(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
    data = tf.data.Dataset.from_tensor_slices(texts).batch(BATCH)
    return lambda: layer.adapt(data), lambda: [layer(batch) for batch in batches]


def _count_vectorizer(texts: list[str], max_tokens: int) -> Side:
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(max_features=max_tokens)
    return lambda: vectorizer.fit(texts), lambda: vectorizer.transform(texts)


def _alternate(sides: dict[str, Side | None], repeats: int) -> Iterator[tuple[str, list, list]]:
    """Time each side in turn, after one untimed round; yield its seconds for both acts."""
    present = {name: side for name, side in sides.items() if side is not None}
    seconds: dict[str, tuple[list, list]] = {name: ([], []) for name in present}
    for turn in range(repeats + 1):
        for name, side in present.items():
            for act, spent in zip(side, seconds[name], strict=True):
                begun = time.perf_counter()
                act()
                if turn:
                    spent.append(time.perf_counter() - begun)
    return ((name, learning, encoding) for name, (learning, encoding) in seconds.items())


def _print_table(rows: Iterator[tuple[str, list, list]], n_words: int) -> None:
    print(f"{'million words a second':36}{'fit':>7}{'times':>8}{'transform':>12}{'times':>8}")
    ours = None
    for name, *spent in rows:
        speeds = [n_words / statistics.median(seconds) / 1e6 for seconds in spent]
        ours = ours or speeds
        fit, transform = speeds
        ratios = [mine / theirs for mine, theirs in zip(ours, speeds, strict=True)]
        print(f"{name:36}{fit:7.2f}{ratios[0]:8.1f}{transform:12.2f}{ratios[1]:8.1f}")


if __name__ == "__main__":
    main()
