"""A bounded pool of compiled networks, so that fits of one shape are traced once."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

import keras

from skdeepnlp.training._compiled import CompiledNetwork

__all__ = ["NetworkPool", "default_pool"]


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
    longest is forgotten.

    Parameters
    ----------
    max_size : int, default=8
        How many idle networks to keep.
    """

    def __init__(self, max_size: int = 8) -> None:
        self.max_size = max_size
        self._idle: OrderedDict[Hashable, list[CompiledNetwork]] = OrderedDict()
        self._lock = threading.Lock()

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

    def clear(self) -> None:
        """Forget every idle network and free its memory."""
        with self._lock:
            self._idle.clear()

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
            while len(self) > self.max_size:
                oldest = next(iter(self._idle))
                self._idle[oldest].pop(0)
                if not self._idle[oldest]:
                    del self._idle[oldest]


default_pool = NetworkPool()
