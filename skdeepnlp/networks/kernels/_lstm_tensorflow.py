"""All time steps of an LSTM layer in TensorFlow's kernel for processors."""

from typing import Any

__all__ = ["run_lstm"]


def run_lstm(
    sequences: Any, initial_state: Any, mask: Any, weights: tuple[Any, Any, Any], backwards: bool
) -> tuple[Any, Any, list[Any]]:
    """Run an LSTM layer over sequences whose padding follows the tokens.

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
    row, step = tf.range(n_rows)[:, None], tf.range(n_steps)
    # what is read at which step, of each row; padding stays behind
    reading = tf.where(step < lengths[:, None], lengths[:, None] - 1 - step, step)
    reading = reading if backwards else tf.broadcast_to(step, (n_rows, n_steps))
    by_time = _all_steps(_moved(sequences, reading * n_rows + row), initial_state, weights)
    # Keras hands out the outputs in the order of reading, with the padding ahead
    handed_out = n_steps - 1 - reading if backwards else reading
    outputs = _moved(by_time[0], tf.transpose(row * n_steps + handed_out))
    last = [_at_last_step(steps, lengths) for steps in by_time]
    return last[0], outputs, last


def _moved(tensor: Any, places: Any) -> Any:
    """Swap the first two axes of a tensor, its vectors in another order.

    The gradient is a plain look-up; that of `tf.gather` would add up slices. (`tf.custom_gradient`
    keeps every graph alive.)

    Parameters
    ----------
    tensor : tensor of shape (a, b, features)
        What to move.
    places : tensor of shape (a, b), dtype int32
        Where each vector goes, of the ``b * a`` places of the result.

    Returns
    -------
    moved : tensor of shape (b, a, features)
    """
    import tensorflow as tf

    n_features = tensor.shape[-1]
    vectors = tf.reshape(tensor, (-1, n_features))
    stitched = tf.dynamic_stitch([tf.reshape(places, (-1,))], [vectors])
    return tf.reshape(stitched, (*tf.unstack(tf.shape(places)[::-1]), n_features))


def _all_steps(by_time: Any, initial_state: Any, weights: tuple[Any, Any, Any]) -> tuple[Any, Any]:
    """Return outputs and cell states of all steps, each of shape ``(time, batch, units)``."""
    import tensorflow as tf

    kernel, recurrent_kernel, bias = weights
    hidden, cell = initial_state
    no_peephole = tf.zeros_like(bias[: recurrent_kernel.shape[0]])
    # BlockLSTMV2 has Keras' order of gates, but TensorFlow gives it the gradient of version 1
    found = tf.raw_ops.BlockLSTM(
        seq_len_max=tf.shape(by_time, out_type=tf.int64)[0],
        x=by_time,
        cs_prev=cell,
        h_prev=hidden,
        w=_in_order_of_kernel(tf.concat([kernel, recurrent_kernel], axis=0)),
        wci=no_peephole,
        wcf=no_peephole,
        wco=no_peephole,
        b=_in_order_of_kernel(bias),
        forget_bias=0.0,  # Keras adds its own to the bias
        cell_clip=-1.0,
        use_peephole=False,
    )
    return found.h, found.cs


def _in_order_of_kernel(weight: Any) -> Any:
    """Return a weight with the gates in the order of the kernel: candidate before forget gate."""
    import tensorflow as tf

    entered, forgotten, candidate, shown = tf.split(weight, 4, axis=-1)
    return tf.concat([entered, candidate, forgotten, shown], axis=-1)


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
