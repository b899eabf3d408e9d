"""What training in parts asks for, so that it is training without a break."""

from numbers import Integral
from typing import Any

from sklearn.utils.validation import check_scalar

from skdeepnlp.classifiers._keeping import plain_value
from skdeepnlp.networks import comparable
from skdeepnlp.training import LabelledTexts, TrainingState

__all__ = ["check_in_parts", "check_still_watched", "settled_parameters"]

_MAY_CHANGE = frozenset({"callbacks", "verbose"})


def settled_parameters(classifier: Any) -> dict[str, Any]:
    """Return the parameters that must not change between the parts of a training.

    Parameters
    ----------
    classifier : classifier
        One of this package.

    Returns
    -------
    parameters : dict
        All but `callbacks` and `verbose`, and `epochs` where no schedule goes by it.
    """
    free = _MAY_CHANGE if _follows_schedule(classifier) else _MAY_CHANGE | {"epochs"}
    return {
        name: comparable(plain_value(value))
        for name, value in classifier.get_params(deep=False).items()
        if name not in free
    }


def check_in_parts(classifier: Any, n_epochs: Any, earlier: dict[str, Any] | None) -> None:
    """Raise if a classifier cannot train to so many epochs, or not go on where it stopped.

    Parameters
    ----------
    classifier : classifier
        One of this package.
    n_epochs : int
        Epochs in all.
    earlier : dict or None
        Its settled parameters when it stopped; None if it has not begun.
    """
    check_scalar(n_epochs, "n_epochs", Integral, min_val=1)
    if classifier.refit_on_all:
        raise ValueError(
            "Got refit_on_all=True, which begins again when training has ended; expected "
            "False for training in parts. Set it when all is decided, and call fit."
        )
    if n_epochs > classifier.epochs and _follows_schedule(classifier):
        cure = "Clone the classifier, raise epochs and begin anew" if earlier else "Raise epochs"
        raise ValueError(
            f"Got n_epochs={n_epochs} and epochs={classifier.epochs}, at whose end the schedule of "
            f"the learning rate is over; expected n_epochs not to be above. {cure}."
        )
    now = settled_parameters(classifier)
    if earlier is not None and now != earlier:
        changed = sorted(n for n in {**now, **earlier} if now.get(n) != earlier.get(n))
        raise ValueError(
            f"Parameters were changed after fit_until ({', '.join(changed)}), so training cannot "
            "go on as if never stopped. Give them their values back, or clone the classifier first."
        )


def check_still_watched(state: TrainingState | None, watched: LabelledTexts | None) -> None:
    """Raise if rows are watched in this part of a training and were not in the last, or reverse.

    Parameters
    ----------
    state : TrainingState or None
        Where the last part stopped.
    watched : LabelledTexts or None
        The rows that are watched now.
    """
    if not state or not state.history or ("val_loss" in state.history) == (watched is not None):
        return
    now, before = ("with", "without") if watched is not None else ("without", "with")
    raise ValueError(
        f"Got a call of fit_until {now} rows to watch after one {before}; expected X_val and y_val "
        "in each call or in none."
    )


def _follows_schedule(classifier: Any) -> bool:
    return classifier.learning_rate_schedule is not None or bool(classifier.warmup)
