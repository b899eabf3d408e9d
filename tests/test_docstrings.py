"""Docstrings of every public object are numpydoc, as scikit-learn and skrub validate theirs."""

import importlib
import inspect

import pytest
from numpydoc.validate import validate

import skdeepnlp

MODULES = [
    *("classifiers", "datasets", "exceptions", "model_selection", "pipelines", "regressors"),
    *("testing", "text", "vectors"),
]
# what scikit-learn leaves out too, and what is a matter of taste
IGNORED = {
    "ES01",  # no extended summary
    "GL01",  # text begins in the line of the quotes
    "GL02",  # quotes close in a line of text
    "GL03",  # two blank lines
    "SA01",  # no See Also
    "SA04",  # no description of See Also
    "EX01",  # no Examples: methods are shown in the example of their class
    "RT02",  # a name for the value returned
    "RT03",
    "PR02",  # parameters of dataclasses are those of the signature; compared elsewhere
    "PR08",  # a description begins with a name or a number
    "PR09",  # a description ends in a list
    "SS06",  # a summary over two lines
    "YD01",
}


def public_objects():
    """Give each public object its dotted name, and each public method of a class."""
    for module in MODULES:
        home = importlib.import_module(f"skdeepnlp.{module}")
        names = getattr(home, "__all__", [n for n in vars(home) if not n.startswith("_")])
        for name in names:
            value = getattr(home, name)
            is_ours = getattr(value, "__module__", "").startswith("skdeepnlp")
            if not is_ours or not (inspect.isclass(value) or inspect.isfunction(value)):
                continue
            yield f"skdeepnlp.{module}.{name}"
            if inspect.isclass(value):
                for method, function in vars(value).items():
                    if not method.startswith("_") and inspect.isfunction(function):
                        yield f"skdeepnlp.{module}.{name}.{method}"


@pytest.mark.parametrize("name", sorted(set(public_objects())))
def test_a_docstring_is_numpydoc(name):
    errors = [f"{code} {text}" for code, text in validate(name)["errors"] if code not in IGNORED]
    assert errors == []


def test_every_public_name_is_looked_at():
    looked_at = {name.rpartition(".")[2] for name in public_objects()}
    assert {name for name in skdeepnlp.__all__ if not name.startswith("_")} <= looked_at
