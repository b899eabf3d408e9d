"""All time steps of an LSTM layer on JAX, in a loop that ends at the longest text."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

__all__ = ["run_lstm"]


def run_lstm(
    sequences: Any, initial_state: Any, mask: Any, weights: tuple[Any, Any, Any], backwards: bool
) -> tuple[Any, Any, list[Any]]:
    """Run an LSTM layer over sequences; the counterpart of the function for TensorFlow.

    Parameters
    ----------
    sequences : array of shape (batch, time, features)
        What the layer reads.
    initial_state : list of two arrays of shape (batch, units)
        Output and cell state before the first step.
    mask : array of shape (batch, time), dtype bool, or None
        Which steps are real; None means all.
    weights : tuple of three arrays
        Kernel, recurrent kernel and bias, in Keras' shapes and order of gates.
    backwards : bool
        Whether each row is read from its last step to its first.

    Returns
    -------
    last : array of shape (batch, units)
        Output of the last step read.
    outputs : array of shape (batch, time, units)
        In the order of reading; where `backwards`, with the padding ahead.
    states : list of two arrays of shape (batch, units)
        Output and cell state after the last step read.
    """
    kernel, recurrent_kernel, bias = weights
    if mask is None:
        mask = jnp.ones(sequences.shape[:2], dtype=bool)
    by_time = jnp.swapaxes(sequences, 0, 1)
    # one product for all steps; of matrices, as XLA is slow at the gradients of one with three axes
    products = (_flat(by_time) @ kernel + bias).reshape(*by_time.shape[:2], kernel.shape[-1])
    real = jnp.swapaxes(mask, 0, 1)[:, :, None].astype(products.dtype)
    width = jnp.max(jnp.where(mask.any(axis=0), jnp.arange(mask.shape[1]) + 1, 0))
    outputs, *states = _all_steps(
        backwards, products, recurrent_kernel, real, *initial_state, width
    )
    outputs = jnp.swapaxes(outputs, 0, 1)
    return states[0], jnp.flip(outputs, axis=1) if backwards else outputs, states


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _all_steps(
    backwards: bool, products: Any, matrix: Any, real: Any, hidden: Any, cell: Any, width: Any
) -> tuple[Any, Any, Any]:
    """Return the outputs of the first `width` steps, zeros behind them, and the last states."""
    return _forth(backwards, products, matrix, real, hidden, cell, width)[0]


def _forth(
    backwards: bool, products: Any, matrix: Any, real: Any, hidden: Any, cell: Any, width: Any
) -> tuple[tuple[Any, Any, Any], tuple]:
    """Run the steps, and keep what the way back needs."""

    def one_step(carry: tuple) -> tuple:
        count, hidden, cell, kept = carry
        step = width - 1 - count if backwards else count
        gates = _gates(products[step] + hidden @ matrix)
        before = (hidden, cell)
        hidden, cell = _next_states(gates, before, real[step])
        return count + 1, hidden, cell, _put(kept, step, (hidden, *before, gates))

    empty = jnp.zeros((len(products), *hidden.shape), products.dtype)
    kept = (empty, empty, empty, jnp.zeros_like(products))
    start = (jnp.int32(0), hidden, cell, kept)
    _, hidden, cell, kept = lax.while_loop(lambda carry: carry[0] < width, one_step, start)
    outputs, *for_back = kept
    return (outputs, hidden, cell), (*for_back, matrix, real, width)


def _back(backwards: bool, kept: tuple, of_results: tuple) -> tuple:
    """Return the gradients of what `_all_steps` was given."""
    hidden_before, cell_before, gates, matrix, real, width = kept
    of_outputs, of_hidden, of_cell = of_results

    def one_step(carry: tuple) -> tuple:
        count, of_hidden, of_cell, of_products = carry
        step = count if backwards else width - 1 - count
        of_states = (of_hidden + of_outputs[step], of_cell)
        of_product, of_states = _step_back(gates[step], cell_before[step], real[step], of_states)
        of_hidden = of_states[0] + of_product @ matrix.T
        return count + 1, of_hidden, of_states[1], of_products.at[step].set(of_product)

    start = (jnp.int32(0), of_hidden, of_cell, jnp.zeros_like(gates))
    _, of_hidden, of_cell, of_products = lax.while_loop(
        lambda carry: carry[0] < width, one_step, start
    )
    # steps behind the longest text are zeros on both sides
    of_matrix = _flat(hidden_before).T @ _flat(of_products)
    return of_products, of_matrix, None, of_hidden, of_cell, None


_all_steps.defvjp(_forth, _back)


def _gates(product: Any) -> Any:
    """Return input gate, forget gate, candidate and output gate, side by side."""
    entered, forgotten, candidate, shown = jnp.split(product, 4, axis=-1)
    sigmoid = jax.nn.sigmoid
    parts = (sigmoid(entered), sigmoid(forgotten), jnp.tanh(candidate), sigmoid(shown))
    return jnp.concatenate(parts, axis=-1)


def _next_states(gates: Any, before: tuple[Any, Any], real: Any) -> tuple[Any, Any]:
    """Return output and cell state after a step; where it is padding, those before it."""
    hidden, cell = before
    entered, forgotten, candidate, shown = jnp.split(gates, 4, axis=-1)
    new_cell = forgotten * cell + entered * candidate
    new_hidden = shown * jnp.tanh(new_cell)
    return hidden + real * (new_hidden - hidden), cell + real * (new_cell - cell)


def _step_back(
    gates: Any, cell: Any, real: Any, of_states: tuple[Any, Any]
) -> tuple[Any, tuple[Any, Any]]:
    """Return the gradients of a step's product, and of the states before it by other ways."""
    of_hidden, of_cell = of_states
    entered, forgotten, candidate, shown = jnp.split(gates, 4, axis=-1)
    squashed = jnp.tanh(forgotten * cell + entered * candidate)
    of_new_hidden = real * of_hidden
    of_new_cell = real * of_cell + of_new_hidden * shown * (1 - squashed**2)
    of_product = (
        of_new_cell * candidate * entered * (1 - entered),
        of_new_cell * cell * forgotten * (1 - forgotten),
        of_new_cell * entered * (1 - candidate**2),
        of_new_hidden * squashed * shown * (1 - shown),
    )
    passed_on = ((1 - real) * of_hidden, (1 - real) * of_cell + of_new_cell * forgotten)
    return jnp.concatenate(of_product, axis=-1), passed_on


def _flat(array: Any) -> Any:
    """Return a matrix with a row for each step of each text."""
    return array.reshape(-1, array.shape[-1])


def _put(into: tuple, step: Any, values: tuple) -> tuple:
    """Write one value for a step into each array."""
    return tuple(array.at[step].set(value) for array, value in zip(into, values, strict=True))
