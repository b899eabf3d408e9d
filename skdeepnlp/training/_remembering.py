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
        How large all of it may be together; the latest is kept in any case.
    n_bytes : callable
        Tells the size of one.

    Attributes
    ----------
    closed : bool
        Whether everything is made anew, and nothing kept.
    """

    def __init__(self, most_bytes: int, n_bytes: Callable[[Made], int]) -> None:
        self.closed = False
        self._most_bytes, self._n_bytes, self._size = most_bytes, n_bytes, 0
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what goes by this key, made now unless it was before."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()  # not under the lock: others need not wait for it
        if not self.closed:
            self._keep(key, made)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._made.clear()
            self._size = 0

    def __len__(self) -> int:
        return len(self._made)

    def _keep(self, key: Hashable, made: Made) -> None:
        with self._lock:
            if key in self._made:  # another thread was faster
                return
            self._made[key] = made
            self._size += self._n_bytes(made)
            while len(self._made) > 1 and self._size > self._most_bytes:
                _, forgotten = self._made.popitem(last=False)
                self._size -= self._n_bytes(forgotten)
