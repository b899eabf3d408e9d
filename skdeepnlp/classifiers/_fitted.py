"""What a fitted classifier keeps: plain arrays and the numbers to build a network for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from skdeepnlp.classifiers._encoder_failures import name_failures
from skdeepnlp.networks import (
    NetworkSpec,
    build_network,
    is_lack_of_memory,
    with_id_lookup,
    with_probabilities,
)
from skdeepnlp.training import CompiledNetwork, NetworkWeights, TrainingSpec, network_pool

__all__ = ["FittedNetwork", "borrow_fitted", "borrow_network", "fresh_weights", "live_model"]


@dataclass(frozen=True, eq=False)
class FittedNetwork:
    """A network as numbers and arrays; it is borrowed from the pool when it has to compute.

    Parameters
    ----------
    network : NetworkSpec
        What to build.
    training : TrainingSpec
        How it is compiled.
    weights : NetworkWeights
        What it learnt.
    """

    network: NetworkSpec
    training: TrainingSpec
    weights: NetworkWeights


@contextmanager
def borrow_network(network: NetworkSpec, training: TrainingSpec) -> Iterator[CompiledNetwork]:
    """Borrow a compiled network of this shape from the pool, to train it."""
    wanted = _shape_and_builder(network, training)
    with _lack_of_memory_named(), network_pool.borrow(*wanted) as compiled:
        yield compiled


@contextmanager
def borrow_fitted(fitted: FittedNetwork) -> Iterator[CompiledNetwork]:
    """Borrow a network that computes with fitted weights; threads take turns at one."""
    wanted = _shape_and_builder(fitted.network, fitted.training)
    with _lack_of_memory_named(), network_pool.borrow_to_predict(*wanted) as compiled:
        compiled.load(fitted.weights)
        yield compiled


@contextmanager
def _lack_of_memory_named() -> Iterator[None]:
    """Say in an error for want of memory which parameters ask for less."""
    try:
        yield
    except Exception as error:
        if not is_lack_of_memory(error):
            raise
        raise MemoryError(
            "The texts of a batch do not fit into memory. One long text makes its batch long: "
            "lower max_length of the SequencePadder (pad__max_length in a pipeline), or batch_size."
        ) from error


def _shape_and_builder(
    network: NetworkSpec, training: TrainingSpec
) -> tuple[tuple, Callable[[], CompiledNetwork]]:
    """Return what the traces depend on, and what makes such a network."""

    def build() -> CompiledNetwork:
        compiled = CompiledNetwork(build_network(network, seed=0), training)
        return name_failures(compiled) if network.is_custom else compiled

    return (network.shape, training), build


_drawn = network_pool.memory(1 << 26, lambda weights: weights.n_bytes)


def fresh_weights(network: NetworkSpec, seed: int) -> NetworkWeights:
    """Draw the initial weights of a network, strengths of its regularisers included.

    Candidates of a search start from the same ones, and building a network to draw them takes
    longer than a small epoch; so they are remembered, but for encoders of the user's, which may
    draw as they like.
    """

    def draw() -> NetworkWeights:
        return NetworkWeights.of(build_network(network, seed=seed))

    if network.is_custom:
        return draw()
    key = (keras.backend.backend(), keras.config.dtype_policy().name, network, seed)
    return _drawn.get(key, draw)


def live_model(
    fitted: FittedNetwork,
    learning_rate: float,
    clipnorm: float | None,
    lookup: np.ndarray | None = None,
) -> keras.Model:
    """Build a Keras model of one's own from what was learnt, compiled, with probabilities."""
    network = build_network(fitted.network, seed=0)
    fitted.weights.assign_to(network)
    activation = fitted.training.activation
    model = with_probabilities(network, activation)
    if lookup is not None:
        model = with_id_lookup(model, lookup)
    optimizer = keras.optimizers.get(fitted.training.optimizer)
    optimizer.learning_rate = learning_rate
    optimizer.global_clipnorm = clipnorm
    model.compile(optimizer=optimizer, loss=_LOSS[activation], metrics=["accuracy"])
    return model


_LOSS: dict[str, Any] = {
    "softmax": "sparse_categorical_crossentropy",
    "sigmoid": "binary_crossentropy",
}
