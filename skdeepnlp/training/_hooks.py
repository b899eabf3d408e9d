"""What the fit loop asks of Keras callbacks: who reads each batch, and notes between their ends."""

from collections.abc import Callable, Sequence

import keras

__all__ = ["LogReader", "hears_batches", "with_notes"]


class _Notes(keras.callbacks.Callback):
    """Let a run be taken down once the callback before this one has ended."""

    def __init__(self, note: Callable[[], None]) -> None:
        super().__init__()
        self.note = note

    def on_train_end(self, logs: dict | None = None) -> None:
        """Take it down."""
        self.note()


class LogReader(keras.callbacks.Callback):
    """The last of all callbacks, which reads what those before it added to the logs of an epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.logs: dict = {}

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Keep the logs."""
        self.logs = dict(logs or {})


def with_notes(
    callbacks: Sequence[keras.callbacks.Callback], note: Callable[[], None]
) -> list[keras.callbacks.Callback]:
    """Return callbacks, each followed by one that takes notes at the end of training."""
    return [listed for callback in callbacks for listed in (callback, _Notes(note))]


def hears_batches(callback: keras.callbacks.Callback) -> bool:
    """Whether a callback reads the means of each batch, for which the step has to be awaited."""
    names = ("on_train_batch_end", "on_batch_end")
    # LambdaCallback sets its functions on the instance
    functions = [getattr(getattr(callback, name), "__func__", None) for name in names]
    return functions != [getattr(keras.callbacks.Callback, name) for name in names]
