"""Remember what was made for as long as all of it together is small enough."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Memory"]

Made = TypeVar("Made")


class Memory(Generic[Made]):
    """What was made, by its key; what was not asked for longest is forgotten first.

    Parameters
    ----------
    most_bytes : int
        How large all of it may be together; what alone is larger is not kept.
    n_bytes : callable
        Tells the size of one.
    closed : bool, default=False
        Whether everything is made anew, and nothing kept.
    """

    def __init__(
        self, most_bytes: int, n_bytes: Callable[[Made], int], closed: bool = False
    ) -> None:
        self._most_bytes, self._n_bytes, self._closed = most_bytes, n_bytes, closed
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._size = self._n_clearings = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what goes by this key, made now unless it was before."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
            n_clearings = self._n_clearings
        made = make()  # not under the lock: others need not wait for it
        with self._lock:
            if not self._closed and n_clearings == self._n_clearings:
                self._keep(key, made)
        return made

    def clear(self) -> None:
        """Forget everything, also what is being made."""
        with self._lock:
            self._forget()

    def close(self, closed: bool = True) -> None:
        """Keep nothing from now on, and forget everything; or open the memory again."""
        with self._lock:
            self._closed = closed
            if closed:
                self._forget()

    def __len__(self) -> int:
        return len(self._made)

    def _forget(self) -> None:
        self._made.clear()
        self._size = 0
        self._n_clearings += 1

    def _keep(self, key: Hashable, made: Made) -> None:
        n_bytes = self._n_bytes(made)
        if key in self._made or n_bytes > self._most_bytes:  # another thread may have been faster
            return
        self._made[key] = made
        self._size += n_bytes
        while self._size > self._most_bytes:
            _, forgotten = self._made.popitem(last=False)
            self._size -= self._n_bytes(forgotten)
