"""From raw texts to ids: cleaning, tokenizing and padding, none of which needs Keras."""

from skdeepnlp.text._padded_ids import PaddedIds
from skdeepnlp.text._sequence_padder import SequencePadder
from skdeepnlp.text._text_cleaner import TextCleaner
from skdeepnlp.text._text_tokenizer import TextTokenizer
from skdeepnlp.text._token_sequences import TokenSequences
from skdeepnlp.text._vocabulary import Vocabulary

__all__ = [
    "PaddedIds",
    "SequencePadder",
    "TextCleaner",
    "TextTokenizer",
    "TokenSequences",
    "Vocabulary",
]
