"""scikit-learn's own callbacks (progress bars, monitors), where the installed version has them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

try:
    from sklearn.callback import CallbackSupportMixin
except ImportError:  # scikit-learn < 1.9 has no callbacks: nothing to support

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Stands in for scikit-learn's mixin and adds nothing."""


def begin_fit(estimator: Any, max_subtasks: int) -> Any:
    """Open scikit-learn's callback context of a fit; None where it has no callbacks."""
    if not hasattr(estimator, "_init_callback_context"):
        return None
    return estimator._init_callback_context(max_subtasks=max_subtasks)


@contextmanager
def task(
    context: Any, estimator: Any, X: Any, y: Any, *, name: str | None = None
) -> Iterator[None]:
    """Tell scikit-learn's callbacks of the beginning and the end of a task.

    Parameters
    ----------
    context : sklearn.callback.CallbackContext or None
        The context of the fit; None does nothing.
    estimator : estimator
        Whose fit it is.
    X, y : array-like
        As given to fit.
    name : str or None
        Name of a part of the fit; None for the whole.
    """
    if context is None:
        yield
        return
    own = context if name is None else context.subcontext(task_name=name)
    own.call_on_fit_task_begin(estimator=estimator, X=X, y=y)
    yield
    own.call_on_fit_task_end(estimator=estimator, X=X, y=y)


class EpochTasks:
    """Tell scikit-learn's callbacks of a fit and of each of its epochs.

    Parameters
    ----------
    estimator : estimator
        Whose fit it is.
    context : sklearn.callback.CallbackContext
        The context of the fit.
    X, y : array-like
        As given to fit.
    attributes_of : callable
        From what a fit leaves behind to the fitted attributes; as if training stopped after the
        current epoch, without the end of Keras' callbacks and without `refit_on_all`.
    """

    def __init__(
        self, estimator: Any, context: Any, X: Any, y: Any, attributes_of: Callable[[Any], dict]
    ) -> None:
        self.estimator, self.context, self.data = estimator, context, {"X": X, "y": y}
        self.attributes_of = attributes_of
        context.call_on_fit_task_begin(estimator=estimator, **self.data)

    def on_epoch_begin(self) -> None:
        """Open a task for the epoch."""
        self.epoch_context = self.context.subcontext(task_name="epoch")
        self.epoch_context.call_on_fit_task_begin(estimator=self.estimator, **self.data)

    def on_epoch_end(self, result_now: Callable[[], Any]) -> bool:
        """Close the task; say whether a callback wants training to end."""
        return self.epoch_context.call_on_fit_task_end(
            estimator=self.estimator,
            reconstruction_attributes=lambda: self.attributes_of(result_now()),
            **self.data,
        )

    def on_fit_end(self) -> None:
        """Close the task of the fit."""
        self.context.call_on_fit_task_end(estimator=self.estimator, **self.data)
