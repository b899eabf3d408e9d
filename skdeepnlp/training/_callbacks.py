"""Keras callbacks: copies of those given, the lines of `verbose`, and what the loop asks."""

import copy
import time
from typing import Any

import keras


class EpochLines(keras.callbacks.Callback):
    """Print one line an epoch.

    Parameters
    ----------
    first_epoch : int
        Number of the first epoch, counted from 0.
    last_epoch : int
        Number of epochs at most.
    """

    def __init__(self, first_epoch: int, last_epoch: int) -> None:
        super().__init__()
        self.first_epoch, self.last_epoch = first_epoch, last_epoch

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        """Start the clock."""
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Print the measures of the epoch."""
        seconds = time.perf_counter() - self.begun
        given, own = logs or {}, ("loss", "score", "val_loss", "val_score")
        measures = "  ".join(f"{name} {given[name]:.4f}" for name in own if name in given)
        number = f"{self.first_epoch + epoch + 1}/{self.last_epoch}"
        print(f"Epoch {number}  {measures}  {seconds:.1f} s", flush=True)


class LogReader(keras.callbacks.Callback):
    """The last of all callbacks, which reads what those before it added to the logs of an epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.logs: dict = {}

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Keep the logs."""
        self.logs = dict(logs or {})


def user_callbacks(callbacks: Any) -> list[keras.callbacks.Callback]:
    """Return copies of the Keras callbacks given: one that ran once keeps its network."""
    for callback in callbacks or ():
        if not isinstance(callback, keras.callbacks.Callback):
            raise TypeError(
                f"Got {callback!r} among callbacks; expected instances of Keras callbacks, such as "
                "keras.callbacks.TerminateOnNaN(). Give scikit-learn's to set_callbacks."
            )
    return [copy.deepcopy(callback) for callback in callbacks or ()]


def needs_batch_logs(callback: keras.callbacks.Callback) -> bool:
    """Whether a callback reads the means of each batch, for which the step has to be awaited."""
    names = ("on_train_batch_end", "on_batch_end")
    # LambdaCallback sets its functions on the instance
    functions = [getattr(getattr(callback, name), "__func__", None) for name in names]
    return functions != [getattr(keras.callbacks.Callback, name) for name in names]


def epoch_restored(callbacks: Any) -> int:
    """Return the epoch whose weights a callback restored, as far as one says so; else -1."""
    said = [
        callback.best_epoch
        for callback in callbacks
        if getattr(callback, "restore_best_weights", False) and hasattr(callback, "best_epoch")
    ]
    return int(said[-1]) if said else -1
