"""scikit-learn's own callbacks (progress bars, monitors), where the installed version has them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

try:
    from sklearn.callback import CallbackSupportMixin
except ImportError:  # scikit-learn < 1.9 has no callbacks: nothing to support

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Stands in for scikit-learn's mixin and adds nothing."""


__all__ = ["CallbackSupportMixin", "begin_fit", "task"]


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
