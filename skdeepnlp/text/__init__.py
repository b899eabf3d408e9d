"""From raw texts to ids: cleaning, tokenizing and padding, none of which needs Keras."""

from skdeepnlp.text._cleaning import TextCleaner
from skdeepnlp.text._padded_ids import PaddedIds
from skdeepnlp.text._padding import SequencePadder
from skdeepnlp.text._sequences import TokenSequences
from skdeepnlp.text._tokenizing import TextTokenizer
from skdeepnlp.text._vocabulary import Vocabulary

__all__ = [
    "PaddedIds",
    "SequencePadder",
    "TextCleaner",
    "TextTokenizer",
    "TokenSequences",
    "Vocabulary",
]
