"""A bounded pool of compiled networks, so that fits of one shape are traced once."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from numbers import Integral
from typing import Any

import keras

from skdeepnlp.training._compiled import CompiledNetwork
from skdeepnlp.training._remembering import Memory

__all__ = ["NetworkPool", "network_pool"]


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
    optimizer and of its regularisers; not how strong these are, nor any weight. Processes have
    pools of their own.

    What fits on the same rows or from the same seed share is remembered beside them: up to 64 MiB
    of initial weights, and 256 MiB of the linear models that `linear_ngrams` asks for.

    Parameters
    ----------
    max_size : int, default=8
        How many idle networks to keep; 0 keeps none and remembers nothing, so that every fit
        and every prediction builds its network anew.

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
        self._memories: list[Memory[Any]] = []
        self.max_size = max_size

    def memory(self, most_bytes: int, n_bytes: Callable[[Any], int]) -> Memory[Any]:
        """Open a memory that is cleared, and closed, with the pool; see `Memory`."""
        memory: Memory[Any] = Memory(most_bytes, n_bytes, closed=not self._max_size)
        self._memories.append(memory)
        return memory

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
        for memory in self._memories:
            memory.close(not max_size)

    def clear(self) -> None:
        """Forget every idle network, and what is remembered beside them.

        TensorFlow and JAX do not give back all the memory of a traced network: 10 to 20 MB, or
        30 to 40 MB, stay for each shape that was ever traced in a process.
        """
        with self._lock:
            self._idle.clear()
        for memory in self._memories:
            memory.clear()

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
