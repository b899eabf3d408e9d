"""Number the pieces of many texts at once, by arithmetic on their bytes.

A piece is a part of a text that can be cut into tokens by itself, as no token reaches beyond it:
what white space separates, and where that is plain ASCII, each word and each punctuation mark in
it. Texts repeat their pieces, so it is enough to cut each distinct piece once.
"""

import numpy as np

_APOSTROPHE = ord("'")
_LAST_SEPARATOR = 0x20  # up to here white space and control characters, which are in no token
_FIRST_NON_ASCII = 0x80
_KEY_BYTES = 8
_LONGEST = 2 * _KEY_BYTES  # a longer piece has no slot
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(_KEY_BYTES + 1)], dtype="<u8")
_SLOT_BITS = 16
# odd numbers without a pattern: the upper bits of a product depend on all bits of the other factor
_SPREADS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype="<u8")
_SEPARATOR, _WORD, _MARK = range(3)


def _kind_of_byte(byte: int) -> int:
    if byte >= _FIRST_NON_ASCII or chr(byte).isalnum() or chr(byte) == "_":
        return _WORD
    return _MARK if chr(byte).isprintable() and byte > _LAST_SEPARATOR else _SEPARATOR


_KINDS = bytes(map(_kind_of_byte, range(256)))


class FirstAppearance(dict):
    """Numbers counted from 0, by key; a new key gets the next number."""

    def __missing__(self, key):
        number = self[key] = len(self)
        return number


class PieceNumbers:
    """Numbers for distinct pieces, counted from 0 by first appearance.

    Every piece has its number in a dictionary. Beside it stands a table of slots, in which pieces
    of up to 16 bytes are found without making a Python object of each: their bytes are read as
    two integers, which lead to the slot and are compared in full. A piece whose slot is taken is
    left to the dictionary.

    Parameters
    ----------
    keeps_marks : bool
        Whether punctuation marks in plain ASCII are pieces, or separate pieces.
    lowercase : bool
        Whether the letters A to Z count as those from a to z.
    """

    def __init__(self, *, keeps_marks: bool, lowercase: bool) -> None:
        self._keeps_marks, self._lowercase = keeps_marks, lowercase
        self._index_of = FirstAppearance()
        self._keys = np.zeros((2, 1 << _SLOT_BITS), dtype="<u8")  # no piece has the key 0
        self._numbers = np.zeros(1 << _SLOT_BITS, dtype=np.int32)

    def __len__(self) -> int:
        return len(self._index_of)

    def pieces(self) -> list[str]:
        """Return the pieces by number."""
        return [piece.decode("utf-8", "surrogatepass") for piece in self._index_of]

    def number(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Number the pieces of texts; those not met before get the next numbers.

        Parameters
        ----------
        texts : list of str
            Not too many at once: what is made on the way takes ten times their room.

        Returns
        -------
        numbers : ndarray of shape (n_pieces,), dtype int32
            The numbers of the pieces of all texts.
        offsets : ndarray of shape (n_texts + 1,), dtype int64
            Where texts begin and end.
        """
        data, text_ends = _joined_bytes(texts)
        data = data.lower() if self._lowercase else data
        starts, lengths = _bounds(*self._words_and_marks(data))
        numbers = self._numbers_of(data, starts, lengths)
        return numbers, np.concatenate([[0], np.searchsorted(starts, text_ends)])

    def _words_and_marks(self, data: bytes) -> tuple[np.ndarray, np.ndarray]:
        """Return which bytes belong to words, and which are pieces of their own."""
        kinds = np.frombuffer(data.translate(_KINDS), dtype=np.uint8)
        is_word, is_mark = kinds == _WORD, kinds == _MARK
        _join_apostrophes(data, is_word, is_mark)
        if not self._keeps_marks:
            is_mark[:] = False
        if not data.isascii():
            _keep_whole(np.frombuffer(data, dtype=np.uint8), is_word, is_mark)
        return is_word, is_mark

    def _numbers_of(self, data: bytes, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        keys = _keys(data, starts, lengths)
        slots = _slots(keys)
        numbers = self._numbers[slots]
        is_found = (self._keys[0][slots] == keys[0]) & (self._keys[1][slots] == keys[1])
        missed = np.flatnonzero(~is_found | (lengths > _LONGEST))
        if len(missed):
            ends = starts + lengths
            spans = zip(starts[missed].tolist(), ends[missed].tolist(), strict=True)
            pieces = (data[start:end] for start, end in spans)
            numbers[missed] = np.fromiter(map(self._index_of.__getitem__, pieces), dtype=np.int32)
            short = missed[lengths[missed] <= _LONGEST]
            self._remember(slots[short], keys[:, short], numbers[short])
        return numbers

    def _remember(self, slots: np.ndarray, keys: np.ndarray, numbers: np.ndarray) -> None:
        """Put pieces into their slots where these are free; of several, the first one."""
        free = np.flatnonzero(self._keys[0][slots] == 0)
        slots, first = np.unique(slots[free], return_index=True)
        self._keys[:, slots] = keys[:, free[first]]
        self._numbers[slots] = numbers[free[first]]


def _joined_bytes(texts: list[str]) -> tuple[bytes, np.ndarray]:
    """Return texts as UTF-8 with separators on all sides, and where each text ends."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
    # two keys read from the last piece on stay within the separators after it
    return b"".join([b"\0", b"\0".join(encoded), b"\0" * (_LONGEST + 1)]), np.cumsum(lengths + 1)


def _join_apostrophes(data: bytes, is_word: np.ndarray, is_mark: np.ndarray) -> None:
    """Make apostrophes between letters a part of the word."""
    places = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _APOSTROPHE)
    inner = places[is_word[places - 1] & is_word[places + 1]]
    is_word[inner], is_mark[inner] = True, False


def _keep_whole(data: np.ndarray, is_word: np.ndarray, is_mark: np.ndarray) -> None:
    """Leave what white space separates in one piece where it is not plain ASCII."""
    is_separator, is_foreign = data <= _LAST_SEPARATOR, data >= _FIRST_NON_ASCII
    separators = np.flatnonzero(is_separator)
    runs = np.flatnonzero(is_foreign[1:] & ~is_foreign[:-1]) + 1
    holds_foreign = np.zeros(len(separators), dtype=bool)
    holds_foreign[np.searchsorted(separators, runs) - 1] = True
    is_whole = np.repeat(holds_foreign, np.diff(separators, append=len(data)))
    is_word |= is_whole & ~is_separator
    is_mark &= ~is_whole


def _bounds(is_word: np.ndarray, is_mark: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where pieces start, and how many bytes they have."""
    starts = np.flatnonzero((is_word[1:] & ~is_word[:-1]) | is_mark[1:]) + 1
    ends = np.flatnonzero((is_word[:-1] & ~is_word[1:]) | is_mark[:-1]) + 1
    return starts, ends - starts


def _keys(data: bytes, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the first 16 bytes of each piece as two integers, with zeros after its end."""
    n_windows = len(data) - _KEY_BYTES + 1
    windows: np.ndarray = np.ndarray(n_windows, dtype="<u8", buffer=data, strides=(1,))
    keys = np.zeros((2, len(starts)), dtype="<u8")
    keys[0] = windows[starts] & _MASKS[np.minimum(lengths, _KEY_BYTES)]
    more = np.flatnonzero(lengths > _KEY_BYTES)
    n_more = np.minimum(lengths[more] - _KEY_BYTES, _KEY_BYTES)
    keys[1, more] = windows[starts[more] + _KEY_BYTES] & _MASKS[n_more]
    return keys


def _slots(keys: np.ndarray) -> np.ndarray:
    spread = (keys[0] * _SPREADS[0]) ^ (keys[1] * _SPREADS[1])
    return (spread >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
