"""A bounded pool of compiled networks, so that fits of one shape are traced once, and a cache."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from numbers import Integral
from typing import Any, Generic, TypeVar

import keras

from skdeepnlp.training._compiled_network import CompiledNetwork

Made = TypeVar("Made")


class LRUCache(Generic[Made]):
    """A cache bounded by size; the least recently used value is dropped first.

    Parameters
    ----------
    most_bytes : int
        Size of all values together; a value that alone is larger is not kept.
    n_bytes : callable
        Returns the size of a value.
    closed : bool, default=False
        Whether nothing is kept.
    """

    def __init__(
        self, most_bytes: int, n_bytes: Callable[[Made], int], closed: bool = False
    ) -> None:
        self._most_bytes, self._n_bytes, self._closed = most_bytes, n_bytes, closed
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._size = self._n_clearings = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the value of a key, made now unless it is there."""
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
        """Keep nothing from now on, and forget everything; or open the cache again."""
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


@contextmanager
def _without_retracing_warnings() -> Iterator[None]:
    """Keep TensorFlow from warning of traces, which it counts over all networks together."""

    def is_other(record: logging.LogRecord) -> bool:
        return "retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(is_other)
    try:
        yield
    finally:
        logger.removeFilter(is_other)


class NetworkPool:
    """Lends compiled networks by the shape they were built for.

    A network that is lent is out of the pool, so that two threads never share one. Given back,
    it is kept for the next borrower of the same shape; beyond `max_size` the one that was idle
    longest is forgotten. Fits beside one another have networks of their own; predictions of one
    shape take turns at one network, as each is short and tracing another one takes seconds.

    The classifiers of this package share the one named `network_pool`. A network is asked for by
    everything that its traces depend on: the sizes of its layers, the kind of its loss, of its
    optimizer and of its regularizers; not how strong these are, nor any weight. Processes have
    pools of their own.

    What fits on the same rows or from the same seed share is remembered beside them: up to 64 MiB
    of initial weights, and 256 MiB of the linear models that `linear_ngrams` asks for.

    Parameters
    ----------
    max_size : int, default=8
        How many idle networks to keep; 0 keeps none and remembers nothing, so that every fit
        and every prediction builds a network.

    Attributes
    ----------
    max_size : int
        May be set at any time.

    Examples
    --------
    >>> from skdeepnlp.classifiers import network_pool
    >>> network_pool.max_size
    8
    >>> network_pool.clear()
    >>> len(network_pool)
    0
    """

    _max_size: int

    def __init__(self, max_size: int = 8) -> None:
        self._idle: OrderedDict[Hashable, list[CompiledNetwork]] = OrderedDict()
        self._lock = threading.Lock()
        self._turns: dict[Hashable, threading.Lock] = {}
        self._caches: list[LRUCache[Any]] = []
        self.max_size = max_size

    def cache(self, most_bytes: int, n_bytes: Callable[[Any], int]) -> LRUCache[Any]:
        """Open a cache that is cleared, and closed, with the pool; see `LRUCache`."""
        cache: LRUCache[Any] = LRUCache(most_bytes, n_bytes, closed=not self._max_size)
        self._caches.append(cache)
        return cache

    @contextmanager
    def borrow(
        self, shape: Hashable, build: Callable[[], CompiledNetwork]
    ) -> Iterator[CompiledNetwork]:
        """Lend a network of this shape, a new one from `build` if none is idle.

        A network in whose hands an error occurred is not taken back.

        Parameters
        ----------
        shape : hashable
            Everything the traces depend on.
        build : callable
            Makes a compiled network.

        Yields
        ------
        compiled : CompiledNetwork
        """
        key = (keras.backend.backend(), keras.config.dtype_policy().name, shape)
        compiled = self._take(key) or build()
        with _without_retracing_warnings():
            yield compiled
        if compiled.intact:
            self._give_back(key, compiled)

    @contextmanager
    def borrow_to_predict(
        self, shape: Hashable, build: Callable[[], CompiledNetwork]
    ) -> Iterator[CompiledNetwork]:
        """Lend a network as `borrow` does, but wait where another thread predicts with one.

        Parameters
        ----------
        shape, build
            As for `borrow`.

        Yields
        ------
        compiled : CompiledNetwork
        """
        with self._lock:
            turn = self._turns.setdefault(shape, threading.Lock())
        with turn, self.borrow(shape, build) as compiled:
            yield compiled

    @property
    def max_size(self) -> int:
        """How many idle networks are kept at most."""
        return self._max_size

    @max_size.setter
    def max_size(self, max_size: int) -> None:
        if not isinstance(max_size, Integral) or max_size < 0:
            raise ValueError(f"Got max_size={max_size!r}; expected an int from 0 up.")
        with self._lock:
            self._max_size = int(max_size)
            self._forget_oldest()
        for cache in self._caches:
            cache.close(not max_size)

    def clear(self) -> None:
        """Forget every idle network, and what is remembered beside them.

        TensorFlow and JAX do not give back all the memory of a traced network: 10 to 20 MB, or
        30 to 40 MB, stay for each shape that was ever traced in a process.
        """
        with self._lock:
            self._idle.clear()
        for cache in self._caches:
            cache.clear()

    def __len__(self) -> int:
        return sum(len(networks) for networks in self._idle.values())

    def _take(self, key: Hashable) -> CompiledNetwork | None:
        with self._lock:
            networks = self._idle.get(key)
            if not networks:
                return None
            compiled = networks.pop()
            if not networks:
                del self._idle[key]
            return compiled

    def _give_back(self, key: Hashable, compiled: CompiledNetwork) -> None:
        with self._lock:
            self._idle.setdefault(key, []).append(compiled)
            self._idle.move_to_end(key)
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        """Forget those that were idle longest, until the others are few enough."""
        while len(self) > self._max_size:
            oldest = next(iter(self._idle))
            self._idle[oldest].pop(0)
            if not self._idle[oldest]:
                del self._idle[oldest]


network_pool = NetworkPool()
