"""All time steps of an LSTM layer in TensorFlow's kernel for processors."""

from typing import Any

__all__ = ["run_lstm"]


def run_lstm(
    sequences: Any, initial_state: Any, mask: Any, weights: tuple[Any, Any, Any], backwards: bool
) -> tuple[Any, Any, list[Any]]:
    """Run an LSTM layer over sequences whose padding stands behind the tokens.

    Parameters
    ----------
    sequences : tensor of shape (batch, time, features), dtype float32
        What the layer reads.
    initial_state : list of two tensors of shape (batch, units)
        Output and cell state before the first step.
    mask : tensor of shape (batch, time), dtype bool, or None
        Which steps are real; None means all.
    weights : tuple of three tensors
        Kernel, recurrent kernel and bias, in Keras' shapes and order of gates.
    backwards : bool
        Whether each row is read from its last real step to its first.

    Returns
    -------
    last : tensor of shape (batch, units)
        Output of the last step read; zeros for a row without a real step.
    outputs : tensor of shape (batch, time, units)
        In the order of reading; where `backwards`, with the padding ahead, as Keras has it.
        Outputs at padding mean nothing.
    states : list of two tensors of shape (batch, units)
        Output and cell state after the last step read.
    """
    import tensorflow as tf

    n_rows, n_steps = tf.unstack(tf.shape(sequences)[:2])
    lengths = _lengths(sequences, mask)
    row, step = tf.range(n_rows)[None, :], tf.range(n_steps)[:, None]
    position = tf.where(step < lengths, lengths - 1 - step, step) if backwards else step
    to_rows = tf.transpose(position * n_rows + row)
    by_time = _moved(sequences, row * n_steps + position, to_rows)
    by_time = _all_steps(by_time, initial_state, weights)
    if backwards:  # Keras hands out the outputs in the order of reading, with the padding ahead
        position, to_rows = n_steps - 1 - position, tf.reverse(to_rows, axis=[1])
    outputs = _moved(by_time[0], to_rows, row * n_steps + position)
    last = [_at_last_step(steps, lengths) for steps in by_time]
    return last[0], outputs, last


def _moved(tensor: Any, source: Any, target: Any) -> Any:
    """Move the vectors of a tensor of three axes to another order of its first two axes.

    Parameters
    ----------
    tensor : tensor of shape (a, b, features)
        What to move.
    source : tensor of shape (b, a), dtype int32
        For each place of the result, which of the ``a * b`` vectors stands there.
    target : tensor of shape (a, b), dtype int32
        For each vector, which of the ``b * a`` places it gets. Knowing it, the gradient is a
        move as well; TensorFlow would add up slices.

    Returns
    -------
    moved : tensor of shape (b, a, features)
    """
    import tensorflow as tf

    def vectors(of: Any) -> Any:
        return tf.reshape(of, (-1, tensor.shape[-1]))

    @tf.custom_gradient
    def move(given: Any) -> Any:
        return tf.gather(vectors(given), source), lambda of: tf.gather(vectors(of), target)

    return move(tensor)


def _all_steps(by_time: Any, initial_state: Any, weights: tuple[Any, Any, Any]) -> tuple[Any, Any]:
    """Return outputs and cell states of all steps, each of shape ``(time, batch, units)``."""
    import tensorflow as tf

    kernel, recurrent_kernel, bias = weights
    constant = {
        "seq_len_max": tf.shape(by_time, out_type=tf.int64)[0],
        "use_peephole": False,
        **dict.fromkeys(("wci", "wcf", "wco"), tf.zeros_like(bias[: recurrent_kernel.shape[0]])),
    }

    @tf.custom_gradient
    def steps(x: Any, h_prev: Any, cs_prev: Any, w: Any, b: Any) -> tuple[Any, Any]:
        given = {"x": x, "h_prev": h_prev, "cs_prev": cs_prev, "w": w, "b": b, **constant}
        made = tf.raw_ops.BlockLSTMV2(cell_clip=0.0, **given)

        def gradient(of_outputs: Any, of_cells: Any) -> tuple[Any, ...]:
            # the gradient that TensorFlow registers reads the gates in the order of version 1
            found = tf.raw_ops.BlockLSTMGradV2(
                **made._asdict(), h_grad=of_outputs, cs_grad=of_cells, **given
            )
            return tuple(getattr(found, f"{name}_grad") for name in _INPUTS)

        return (made.h, made.cs), gradient

    return steps(by_time, *initial_state, tf.concat([kernel, recurrent_kernel], axis=0), bias)


_INPUTS = ("x", "h_prev", "cs_prev", "w", "b")


def _lengths(sequences: Any, mask: Any) -> Any:
    """Return the number of real steps of each row, shape ``(batch,)``."""
    import tensorflow as tf

    if mask is None:
        return tf.fill(tf.shape(sequences)[:1], tf.shape(sequences)[1])
    return tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)


def _at_last_step(by_time: Any, lengths: Any) -> Any:
    """Return what stands at the last real step of each row, zeros if there is none."""
    import tensorflow as tf

    places = tf.stack([tf.maximum(lengths, 1) - 1, tf.range(tf.size(lengths))], axis=1)
    return tf.gather_nd(by_time, places) * tf.cast(lengths > 0, by_time.dtype)[:, None]
