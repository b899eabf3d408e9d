"""Who looks on while a network trains: the user's callbacks, a printed line, scikit-learn's."""

import copy
import time
from collections.abc import Callable
from typing import Any

import keras

from skdeepnlp._interrupts import interrupted_again
from skdeepnlp.training import TrainingState

__all__ = ["EpochLines", "ScikitLearnCallbacks", "user_callbacks"]


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
        """Note the time."""
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Print the measures of the epoch."""
        seconds = time.perf_counter() - self.begun
        given, own = logs or {}, ("loss", "score", "val_loss", "val_score")
        measures = "  ".join(f"{name} {given[name]:.4f}" for name in own if name in given)
        number = f"{self.first_epoch + epoch + 1}/{self.last_epoch}"
        print(f"Epoch {number}  {measures}  {seconds:.1f} s", flush=True)


class ScikitLearnCallbacks:
    """Tell scikit-learn's callbacks (progress bars, monitors) of a fit and each of its epochs.

    Parameters
    ----------
    estimator : estimator
        The classifier in training.
    context : sklearn.callback.CallbackContext
        The context of its fit.
    data : dict
        "X" and "y" as given to fit.
    fitted_attributes : callable
        Takes the state of training and returns what the classifier would hold, had its epochs
        ended there; but for what comes behind them, which is the end of Keras' callbacks, a
        linear model learnt of all rows, and `refit_on_all`.
    """

    def __init__(
        self,
        estimator: Any,
        context: Any,
        data: dict[str, Any],
        fitted_attributes: Callable[[TrainingState], dict[str, Any]],
    ) -> None:
        self.estimator, self.context, self.data = estimator, context, data
        self.fitted_attributes = fitted_attributes
        context.call_on_fit_task_begin(estimator=estimator, **data)

    def on_epoch_begin(self) -> None:
        """Open a task for the epoch."""
        self.epoch_context = self.context.subcontext(task_name="epoch")
        self.epoch_context.call_on_fit_task_begin(estimator=self.estimator, **self.data)

    def on_epoch_end(self, state_now: Callable[[], TrainingState]) -> bool:
        """Close the task; say whether a callback asks for an end."""
        return self.epoch_context.call_on_fit_task_end(
            estimator=self.estimator,
            reconstruction_attributes=lambda: self.fitted_attributes(state_now()),
            **self.data,
        )

    def on_train_end(self) -> bool:
        """Close the task of the fit; say whether Ctrl-C came."""
        try:
            self.context.call_on_fit_task_end(estimator=self.estimator, **self.data)
        except KeyboardInterrupt:
            if interrupted_again():
                raise
            return True
        return False


def user_callbacks(callbacks: Any) -> list[keras.callbacks.Callback]:
    """Return copies of the user's Keras callbacks: one that ran once keeps its network."""
    for callback in callbacks or ():
        if not isinstance(callback, keras.callbacks.Callback):
            raise TypeError(
                f"Got {callback!r} among callbacks; expected instances of Keras callbacks, such as "
                "keras.callbacks.TerminateOnNaN(). Give scikit-learn's to set_callbacks."
            )
    return [copy.deepcopy(callback) for callback in callbacks or ()]
