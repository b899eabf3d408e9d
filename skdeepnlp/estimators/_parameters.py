"""A parameter is written once: default, limits, who receives it, how it is searched, its text."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from numbers import Integral, Real
from typing import Any

from skdeepnlp._docstrings import fill_docstring
from skdeepnlp._sklearn import Interval

COUNT = [Interval(Integral, 1, None, closed="left")]
SHARE = [Interval(Real, 0, 1, closed="left")]
STRENGTH = [Interval(Real, 0, None, closed="left")]
LIMIT = [Interval(Real, 0, None, closed="neither"), None]


class Receiver(Enum):
    """Who receives the value of a parameter."""

    ESTIMATOR = "the estimator itself"
    NETWORK = "the specification of the network"
    ENCODER = "the encoder, as an option"
    RATE = "layers of the network, as a variable; they are left out at 0"
    LOSS = "the loss, as the variable weight of a term that is left out at 0"
    OPTIMIZER = "the optimizer, as a variable; left out if None"


@dataclass(frozen=True)
class Parameter:
    """One parameter of an estimator.

    Parameters
    ----------
    name : str
        Its name.
    default : object
        Its default.
    limits : list
        Constraints of scikit-learn's parameter validation.
    doc : str
        Its entry in numpydoc, without the name; begins with the type.
    receiver : Receiver
        Who gets it.
    simpler : tuple of ({"less", "more"}, int) or None
        In which direction a model gets more regularized, for `one_standard_error`, and the rank
        of the parameter there.
    search : tuple of (str, object) or None
        The size from which on `param_space` draws it, and a distribution or a list.
    grid : tuple of (str, list)
        Lists of the grids of `param_space`, by size.
    """

    name: str
    default: Any
    limits: list[Any]
    doc: str
    receiver: Receiver = Receiver.ESTIMATOR
    simpler: tuple[str, int] | None = None
    search: tuple[str, Any] | None = None
    grid: tuple[tuple[str, list[Any]], ...] = ()

    @property
    def text(self) -> str:
        """Its entry in a docstring; a default that is not in the text of its type is added."""
        kind, *lines = self.doc.strip("\n").split("\n")
        return "\n".join([f"{self.name} : {kind}, default={_shown(self.default)}", *lines])


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def sequence_estimator(*groups: tuple[Parameter, ...]) -> Callable[[type], type]:
    """Return a decorator that gives an estimator class its parameters.

    Their fields, limits and docstring come from the table; in the docstring of the class a line
    ``{parameters}`` stands for them. Parameters of base classes are kept; one of the same name is
    replaced, in its place.

    Parameters
    ----------
    *groups : tuple of Parameter
        The parameters that the class adds.

    Returns
    -------
    decorator : callable
        From a class to the same class, as a dataclass.
    """

    def decorate(cls: Any) -> Any:
        added = {parameter.name: parameter for group in groups for parameter in group}
        cls._parameter_table = {**getattr(cls, "_parameter_table", {}), **added}
        annotations = dict.fromkeys(added, Any)
        cls.__annotations__ = {**annotations, **inspect.get_annotations(cls)}
        for parameter in added.values():
            setattr(cls, parameter.name, parameter.default)
        limits = {name: parameter.limits for name, parameter in added.items()}
        cls._parameter_constraints = {**getattr(cls, "_parameter_constraints", {}), **limits}
        text = "\n".join(parameter.text for parameter in cls._parameter_table.values())
        cls = dataclass(kw_only=True, eq=False, repr=False)(cls)
        return fill_docstring({"parameters": text, **cls._docstring_parts})(cls)

    return decorate
