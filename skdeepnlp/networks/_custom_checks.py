"""What an encoder of the user's made of the embedded tokens, checked before any training."""

import weakref
from collections.abc import Collection
from typing import Any

import keras

from skdeepnlp._contracts import shorten

__all__ = ["check_features", "check_rows", "claim_layers", "is_lack_of_memory"]

# layers of every network are found by these names
_OWN_NAMES = frozenset(
    {
        "dropout",
        "embedding",
        "embedding_dropout",
        "ids",
        "label_smoothing",
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


def is_lack_of_memory(error: Exception) -> bool:
    """Say whether an error is one of memory, which is no fault of an encoder."""
    said = f"{type(error).__name__} {error}"
    by_backend = ("ResourceExhausted", "RESOURCE_EXHAUSTED", "OutOfMemory")  # torch's is the last
    return isinstance(error, MemoryError) or any(words in said for words in by_backend)


def check_features(features: Any) -> None:
    """Raise unless these are features, or a sequence that can be pooled.

    Parameters
    ----------
    features : object
        What an encoder returned.
    """
    shape = tuple(features.shape) if isinstance(features, keras.KerasTensor) else ()
    if len(shape) in (2, 3) and shape[-1] and "float" in str(features.dtype):
        return
    shown = f"a tensor of shape {shape} and dtype {features.dtype}" if shape else shorten(features)
    raise ValueError(
        f"encoder returned {shown}; expected features of shape (batch, n) or a sequence of "
        "shape (batch, time, n), with n known, above 0 and of floats, computed from what it was "
        "given by Keras layers or keras.ops."
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
    for width in (509, 512, 480):  # wide enough for any window; what is cut up may ask for a factor
        probe = keras.KerasTensor((n_texts, width), dtype=ids.dtype)
        try:
            shape = keras.Model(ids, features).compute_output_spec(probe).shape
        except Exception:  # its layers do not take this width, so that nothing is known
            continue
        if shape[0] != n_texts:
            raise ValueError(
                f"encoder returned features of shape {tuple(shape)} for {n_texts} texts; expected "
                "a row for each text. Leave the first axis alone."
            )
        return


def claim_layers(embedded: Any, features: Any) -> None:
    """Make sure that the layers of an encoder belong to one network, by names of their own.

    Parameters
    ----------
    embedded, features : tensor
        What the encoder was given, and what it returned.
    """
    operations = _operations_between(embedded, features)
    variables = {operation.name: getattr(operation, "variables", ()) for operation in operations}
    for name, own in variables.items():
        if any(_claimed.get(id(variable)) is variable for variable in own):
            raise ValueError(
                f"encoder uses the layer {name!r}, whose weights another network has too, so that "
                "fits would share them; expected new layers in each call. Make them inside the "
                "function."
            )
    _claimed.update((id(variable), variable) for own in variables.values() for variable in own)
    for operation in operations:
        if operation.name in _OWN_NAMES:
            operation.name = _free_name(operation.name, _OWN_NAMES.union(variables))


# variables of the encoders of all networks that there are, by their identity
_claimed: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()


def _free_name(name: str, taken: Collection[str]) -> str:
    """Return a name with as many prefixes as make it new."""
    return _free_name(f"encoder_{name}", taken) if name in taken else name


def _operations_between(start: Any, end: Any) -> list[Any]:
    """Return the operations of the graph that lead from one tensor to another."""
    todo, seen, operations = [end], {id(start)}, {}
    meets_start = False
    while todo:
        tensor = todo.pop()
        meets_start |= tensor is start
        if id(tensor) in seen:
            continue
        seen.add(id(tensor))
        operation, place, _ = tensor._keras_history
        operations[id(operation)] = operation
        todo += operation._inbound_nodes[place].input_tensors
    if not meets_start:
        raise ValueError(
            "encoder returned features that do not depend on what it was given; expected them to "
            "be computed from its argument, not from an Input of its own."
        )
    return list(operations.values())
