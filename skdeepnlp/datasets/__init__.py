"""Texts to try things on: generated, read from what is installed, or fetched from the web.

`make_` functions generate, `load_` functions read what is already on this machine, `fetch_`
functions download once and keep a copy. Nothing here imports Keras.
"""

from skdeepnlp.datasets._cache import get_data_home
from skdeepnlp.datasets._docstrings import load_docstrings
from skdeepnlp.datasets._imdb import fetch_imdb
from skdeepnlp.datasets._sms_spam import fetch_sms_spam
from skdeepnlp.datasets._synthetic import make_text_classification

__all__ = [
    "fetch_imdb",
    "fetch_sms_spam",
    "get_data_home",
    "load_docstrings",
    "make_text_classification",
]
