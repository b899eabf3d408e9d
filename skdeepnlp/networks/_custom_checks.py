"""What an encoder of the user's made of the embedded tokens, checked before any training."""

from collections import Counter
from typing import Any

import keras

__all__ = ["check_features", "check_rows", "claim_layers"]

# layers of every network are found by these names
_OWN_NAMES = frozenset(
    {
        "dropout",
        "embedding",
        "embedding_dropout",
        "ids",
        "label_smoothing",
        "linear_path",
        "linear_vote",
        "logits",
        "mixup",
        "not_equal",
        "penalty",
        "perturbation",
        "pooling",
        "probabilities",
        "r_drop",
        "word_dropout",
    }
)


def check_features(features: Any) -> None:
    """Raise unless these are features, or a sequence that can be pooled.

    Parameters
    ----------
    features : object
        What an encoder returned.
    """
    shape = tuple(features.shape) if isinstance(features, keras.KerasTensor) else ()
    if len(shape) in (2, 3) and shape[-1] is not None and "float" in str(features.dtype):
        return
    shown = f"a tensor of shape {shape} and dtype {features.dtype}" if shape else repr(features)
    raise ValueError(
        f"encoder returned {shown}; expected features of shape (batch, n) or a sequence of "
        "shape (batch, time, n), with n known and of floats, computed from what it was given by "
        "Keras layers or keras.ops."
    )


def check_rows(ids: Any, features: Any) -> None:
    """Raise unless there is a vector of features for each text.

    Parameters
    ----------
    ids : tensor of shape (batch, time)
        Input of the network.
    features : tensor of shape (batch, n_features)
        What was computed from it.
    """
    n_texts = 7
    probe = keras.KerasTensor((n_texts, 5), dtype=ids.dtype)
    shape = keras.Model(ids, features).compute_output_spec(probe).shape
    if shape[0] != n_texts:
        raise ValueError(
            f"encoder returned features of shape {tuple(shape)} for {n_texts} texts; expected a "
            "row for each text. Leave the first axis alone."
        )


def claim_layers(embedded: Any, features: Any) -> None:
    """Make sure that the layers of an encoder belong to one network, by names of their own.

    Parameters
    ----------
    embedded, features : tensor
        What the encoder was given, and what it returned.
    """
    uses = Counter(node.operation for node in _nodes_between(embedded, features))
    for operation, n_uses in uses.items():
        if len(operation._inbound_nodes) > n_uses:
            raise ValueError(
                f"encoder uses the layer {operation.name!r} that another network has too, so that "
                "fits would share its weights; expected new layers in each call. Make them inside "
                "the function."
            )
        if operation.name in _OWN_NAMES:
            operation.name = f"encoder_{operation.name}"


def _nodes_between(start: Any, end: Any) -> list[Any]:
    """Return the nodes of the graph that lead from one tensor to another."""
    todo, nodes = [end], {}
    while todo:
        tensor = todo.pop()
        if tensor is start:
            continue
        operation, place, _ = tensor._keras_history
        node = operation._inbound_nodes[place]
        if id(node) not in nodes:
            nodes[id(node)] = node
            todo += node.input_tensors
    return list(nodes.values())
