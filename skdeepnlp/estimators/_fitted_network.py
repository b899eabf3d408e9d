"""What a fitted estimator keeps: plain arrays and the numbers to build a network for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from skdeepnlp._contracts import PAD_ID, UNKNOWN_ID
from skdeepnlp._ragged import RaggedIds
from skdeepnlp.networks import (
    IdLookup,
    NetworkSpec,
    build_network,
    is_lack_of_memory,
    with_output,
)
from skdeepnlp.training import (
    CompiledNetwork,
    NetworkWeights,
    TrainingSpec,
    attention_of_texts,
    network_pool,
    predict_features,
    predict_logits,
)

_BITS_OF_SMALL = 13  # up to 8,192 rows an optimizer's step over all of them costs little


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
        Its trained weights.
    embedding_ids : ndarray of shape (n_ids,), dtype int32, or None
        The id that the network gets for each token id; None leaves them.
    """

    network: NetworkSpec
    training: TrainingSpec
    weights: NetworkWeights
    embedding_ids: np.ndarray | None = None

    def logits(self, sequences: RaggedIds) -> np.ndarray:
        """Return the logits of texts, shape (n_samples, n_outputs), dtype float32."""
        return self._computed(predict_logits, sequences)

    def features(self, sequences: RaggedIds) -> np.ndarray:
        """Return what the last layer takes, shape (n_samples, n_features), dtype float32."""
        return self._computed(predict_features, sequences)

    def attention(self, sequences: RaggedIds) -> list[np.ndarray]:
        """Return the attention weight of each token of each text."""
        return self._computed(attention_of_texts, sequences)

    @property
    def n_features(self) -> int:
        """Number of features of a text."""
        with borrow_fitted(self) as compiled:
            return int(compiled.parts.features.shape[-1])

    def _computed(self, compute: Callable[[CompiledNetwork, RaggedIds], Any], sequences: RaggedIds):
        with borrow_fitted(self) as compiled:
            return compute(compiled, mapped_ids(sequences, self.embedding_ids))


def mapped_ids(sequences: RaggedIds, lookup: np.ndarray | None) -> RaggedIds:
    """Return texts with each id replaced by that of a lookup, if there is one."""
    return sequences if lookup is None else RaggedIds(lookup[sequences.ids], sequences.offsets)


@contextmanager
def borrow_network(
    network: NetworkSpec, training: TrainingSpec, *, private: bool = False
) -> Iterator[CompiledNetwork]:
    """Borrow a compiled network of this shape, to train it.

    Parameters
    ----------
    network, training : NetworkSpec, TrainingSpec
        What the traces depend on.
    private : bool, default=False
        Whether to build a network that no other fit ever uses, as callbacks may change it.

    Yields
    ------
    compiled : CompiledNetwork
    """
    shape, build = _shape_and_builder(network, training)
    with _memory_errors_explained():
        if private:
            yield build()
            return
        with network_pool.borrow(shape, build) as compiled:
            yield compiled


@contextmanager
def borrow_fitted(fitted: FittedNetwork) -> Iterator[CompiledNetwork]:
    """Borrow a network that computes with fitted weights; threads take turns at one."""
    shape, build = _shape_and_builder(fitted.network, fitted.training)
    with _memory_errors_explained(), network_pool.borrow_to_predict(shape, build) as compiled:
        compiled.load(fitted.weights)
        yield compiled


@contextmanager
def _memory_errors_explained() -> Iterator[None]:
    """Name the parameters that require less in an error for want of memory."""
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
    return (network.shape, training), lambda: CompiledNetwork(
        build_network(network, seed=0), training
    )


_initial_weights = network_pool.cache(1 << 26, lambda weights: weights.n_bytes)


def fresh_weights(network: NetworkSpec, seed: int) -> NetworkWeights:
    """Draw the initial weights of a network.

    Candidates of a search start from the same ones, and building a network to draw them takes
    longer than a small epoch; so they are cached, but for custom encoders, which may draw as they
    like.
    """

    def draw() -> NetworkWeights:
        return NetworkWeights.of(build_network(network, seed=seed).model)

    if network.is_custom:
        return draw()
    key = (keras.backend.backend(), keras.config.dtype_policy().name, network.shape, seed)
    return _initial_weights.get(key, draw)


def standalone_model(
    fitted: FittedNetwork,
    learning_rate: float,
    clipnorm: float | None,
    n_known: int | None = None,
) -> keras.Model:
    """Build a compiled Keras model from fitted weights, from token ids to predictions.

    Where `n_known` is given, ids from there on are read as unknown.
    """
    ids, objective = fitted.embedding_ids, fitted.training.objective
    known = None
    if ids is not None or n_known is not None:
        known = IdLookup(None if ids is None else ids.tolist(), n_known, name="id_lookup")
    network = build_network(fitted.network, seed=0, known=known)
    fitted.weights.assign_to(network.model)
    model = with_output(network, objective.link)
    optimizer = keras.optimizers.get(fitted.training.optimizer)
    optimizer.learning_rate = learning_rate
    optimizer.global_clipnorm = clipnorm
    metrics = list(objective.keras_metrics)
    model.compile(optimizer=optimizer, loss=objective.keras_loss, metrics=metrics)
    return model


def embedding_rows(vocabulary_size: int) -> int:
    """Return how many rows the embedding gets: some more than there are ids.

    The folds of a cross-validation have vocabularies of slightly different sizes; rounded up by at
    most an eighth, they share one compiled network. On JAX, where a network takes seconds to
    compile, small numbers become powers of two, so that all rows mostly share that network too.

    Examples
    --------
    >>> from skdeepnlp.estimators._fitted_network import embedding_rows
    >>> [embedding_rows(size) for size in (8000, 8190, 9000)]
    [8192, 8192, 9216]
    """
    n_bits = (vocabulary_size - 1).bit_length()
    if keras.backend.backend() == "jax" and n_bits <= _BITS_OF_SMALL:
        return 1 << n_bits
    step = max(1, 1 << max(0, vocabulary_size.bit_length() - 4))
    return -(-vocabulary_size // step) * step


def embedding_lookup(sequences: RaggedIds, n_ids: int, min_df: int) -> np.ndarray | None:
    """Return the id that the network gets for each token id: unknown for rare tokens.

    Parameters
    ----------
    sequences : RaggedIds
        The training texts.
    n_ids : int
        Number of token ids.
    min_df : int
        Training texts that a token must occur in to keep its id.

    Returns
    -------
    lookup : ndarray of shape (n_ids,), dtype int32, or None
        None if every id is kept.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeepnlp.estimators._fitted_network import embedding_lookup
    >>> from skdeepnlp._ragged import RaggedIds
    >>> texts = RaggedIds(np.array([2, 3, 2, 4, 4]), np.array([0, 2, 5]))
    >>> embedding_lookup(texts, 5, min_df=2).tolist()
    [0, 1, 2, 1, 1]
    """
    if min_df <= 1:
        return None
    text_of = np.repeat(np.arange(len(sequences.lengths)), sequences.lengths)
    once_a_text = np.unique(text_of * n_ids + sequences.ids)
    n_texts = np.bincount(once_a_text % n_ids, minlength=n_ids)
    lookup = np.where(n_texts >= min_df, np.arange(n_ids), UNKNOWN_ID).astype(np.int32)
    lookup[PAD_ID] = PAD_ID
    return lookup
