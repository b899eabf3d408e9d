"""Pretrained word vectors: an immutable value, and readers of the usual files."""

from skdeepnlp.vectors._readers import from_gensim, load_fasttext, load_glove, load_word2vec
from skdeepnlp.vectors._word_vectors import WordVectors

__all__ = ["WordVectors", "from_gensim", "load_fasttext", "load_glove", "load_word2vec"]
