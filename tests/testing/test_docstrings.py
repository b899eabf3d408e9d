"""The pages of the checks and of the data sets: complete, and alike where they say the same."""

import inspect
from collections import defaultdict

import pytest
from sklearn.externals._numpydoc.docscrape import FunctionDoc

from skdeepnlp import datasets, testing

FUNCTIONS = [getattr(module, name) for module in (datasets, testing) for name in module.__all__]
CHECKS = [testing.check_sequence_classifier, testing.check_padding_invariance]


def parameters_of(function):
    """Return the words on each parameter, and its kind, by name."""
    described = FunctionDoc(function)["Parameters"]
    return {entry.name: (entry.type, "\n".join(entry.desc)) for entry in described}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_every_parameter_is_described_in_the_order_of_the_signature(function):
    assert list(parameters_of(function)) == list(inspect.signature(function).parameters)


@pytest.mark.parametrize("function", CHECKS, ids=lambda function: function.__name__)
def test_no_place_for_shared_words_is_left_empty(function):
    page = FunctionDoc(function)
    assert [entry.type for entry in page["Raises"]] == ["AssertionError", "ValueError"]
    assert [entry.name for entry in page["Returns"]] == ["outcomes"]
    assert "\n{outcomes}" not in inspect.getdoc(function)


@pytest.mark.parametrize(
    "module", [datasets, testing], ids=lambda module: module.__name__.rpartition(".")[2]
)
def test_one_parameter_is_described_in_the_same_words_everywhere(module):
    words = defaultdict(set)
    # labels of texts are another thing than labels of ids
    for name in set(module.__all__) - {"check_text_step", "get_data_home"}:
        for parameter, described in parameters_of(getattr(module, name)).items():
            words[parameter].add(described)
    assert [name for name, different in words.items() if len(different) > 1] == []
