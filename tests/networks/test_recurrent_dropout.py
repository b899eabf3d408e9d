"""Recurrent layers in training are those computed by hand in NumPy, with the same masks."""

import keras
import numpy as np
import pytest

from skdeepnlp.networks._recurrent_layers import DroppableGRU, DroppableLSTM, DroppableSimpleRNN

N_GATES = {DroppableLSTM: 4, DroppableGRU: 3, DroppableSimpleRNN: None}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_step(x, states, weights, masks):
    """One step of Hochreiter & Schmidhuber's layer; each gate has a mask of its own."""
    kernel, recurrent, bias = weights
    state, cell = states
    units = state.shape[1]
    own = [slice(gate * units, (gate + 1) * units) for gate in range(4)]
    gates = [
        x @ kernel[:, part] + (state * mask) @ recurrent[:, part] + bias[part]
        for part, mask in zip(own, masks, strict=True)
    ]
    cell = sigmoid(gates[1]) * cell + sigmoid(gates[0]) * np.tanh(gates[2])
    return sigmoid(gates[3]) * np.tanh(cell), cell


def gru_step(x, states, weights, masks):
    """One step of Cho et al.'s layer, reset after the product, as Keras has it by default."""
    kernel, recurrent, (of_input, of_state) = weights
    (state,) = states
    units = state.shape[1]
    own = [slice(gate * units, (gate + 1) * units) for gate in range(3)]
    from_input = [x @ kernel[:, part] + of_input[part] for part in own]
    from_state = [
        (state * mask) @ recurrent[:, part] + of_state[part]
        for part, mask in zip(own, masks, strict=True)
    ]
    update, reset = (sigmoid(from_input[i] + from_state[i]) for i in (0, 1))
    candidate = np.tanh(from_input[2] + reset * from_state[2])
    return (update * state + (1 - update) * candidate,)


def rnn_step(x, states, weights, masks):
    """One step of Elman's layer."""
    kernel, recurrent, bias = weights
    return (np.tanh(x @ kernel + bias + (states[0] * masks[0]) @ recurrent),)


STEPS = {DroppableLSTM: lstm_step, DroppableGRU: gru_step, DroppableSimpleRNN: rnn_step}


def by_hand(layer, x, weights, masks, lengths, backwards):
    """Return the outputs of all steps in the order read; a padded step keeps the state."""
    n_states = 2 if layer is DroppableLSTM else 1
    states = (np.zeros((len(x), 4)),) * n_states
    outputs = []
    for time in reversed(range(x.shape[1])) if backwards else range(x.shape[1]):
        after = STEPS[layer](x[:, time], states, weights, masks)
        real = (time < lengths)[:, None]
        states = tuple(np.where(real, new, old) for new, old in zip(after, states, strict=True))
        outputs.append(states[0])
    return np.stack(outputs, axis=1)


def masks_drawn(layer):
    """Note the masks that a layer draws."""
    drawn, draw = [], layer.cell._create_dropout_mask

    def noted(state, rate):
        drawn.append(draw(state, rate))
        return drawn[-1]

    layer.cell._create_dropout_mask = noted
    return drawn


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("n_rows", [1, 2, 3, 32])
@pytest.mark.parametrize("layer", STEPS)
def test_a_dropped_state_gives_what_is_computed_by_hand(layer, n_rows, backwards):
    """All rows of a batch shared the masks of its first rows, and smaller batches failed."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n_rows, 5, 3)).astype("float32")
    lengths = rng.integers(1, 6, size=n_rows)
    options = {"return_sequences": True, "go_backwards": backwards, "seed": 1}
    dropping = layer(4, recurrent_dropout=0.5, **options)
    dropping.build(x.shape)
    weights = [rng.normal(size=weight.shape) for weight in dropping.trainable_variables]
    for variable, weight in zip(dropping.trainable_variables, weights, strict=True):
        variable.assign(weight.astype("float32"))
    drawn = masks_drawn(dropping)
    real = np.arange(5) < lengths[:, None]
    found = np.asarray(dropping(x, mask=keras.ops.convert_to_tensor(real), training=True))
    (masks,) = drawn
    masks = [np.asarray(one) for one in (masks if isinstance(masks, list) else [masks])]
    assert [mask.shape for mask in masks] == [(n_rows, 4)] * (N_GATES[layer] or 1)
    expected = by_hand(layer, x, weights, masks, lengths, backwards)
    np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("layer", [DroppableLSTM, DroppableGRU])
def test_masks_differ_between_rows_gates_and_batches(layer):
    dropping = layer(50, recurrent_dropout=0.25, seed=1)
    drawn = masks_drawn(dropping)
    x = np.ones((6, 3, 2), dtype="float32")
    outputs = [np.asarray(dropping(x, training=True)) for _ in range(2)]
    masks = np.array([[np.asarray(one) for one in of_batch] for of_batch in drawn])
    assert masks.shape == (2, N_GATES[layer], 6, 50)
    assert len(np.unique(masks.reshape(-1, 50), axis=0)) == 2 * N_GATES[layer] * 6
    assert (masks == 0).mean() == pytest.approx(0.25, abs=0.03)
    np.testing.assert_allclose(np.unique(masks), [0, 4 / 3], rtol=1e-6)
    assert len(np.unique(np.concatenate(outputs).round(6), axis=0)) == 12


@pytest.mark.parametrize("layer", STEPS)
def test_a_dropped_matrix_gives_what_is_computed_by_hand(layer):
    """One mask of the recurrent weights for all rows and steps of a batch (DropConnect)."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 5, 3)).astype("float32")
    dropping = layer(4, weight_dropout=0.5, seed=1, return_sequences=True)
    dropping.build(x.shape)
    weights = [rng.normal(size=weight.shape) for weight in dropping.trainable_variables]
    for variable, weight in zip(dropping.trainable_variables, weights, strict=True):
        variable.assign(weight.astype("float32"))
    drawn, draw = [], dropping._dropped
    dropping._dropped = lambda values, rate: (
        drawn.append(np.asarray(draw(values, rate))) or drawn[-1]
    )
    found = np.asarray(dropping(x, training=True))
    (recurrent,) = drawn
    kept = recurrent != 0
    assert 0.2 < kept.mean() < 0.8
    np.testing.assert_allclose(recurrent[kept], 2 * weights[1][kept], rtol=1e-5)
    no_mask = [np.ones((3, 4))] * (N_GATES[layer] or 1)
    own = [weights[0], recurrent, weights[2]]
    expected = by_hand(layer, x, own, no_mask, np.full(3, 5), False)
    np.testing.assert_allclose(found, expected, atol=2e-5)
