"""all_estimators: nobody is left out, and steps come without Keras."""

import subprocess
import sys

import pytest

from skdeepnlp import text
from skdeepnlp.testing import all_estimators


def test_every_public_step_is_found_by_name():
    names = [name for name, _ in all_estimators("step")]
    assert names == sorted(set(text.__all__) - {"PaddedIds", "TokenSequences", "Vocabulary"})


def test_classes_are_those_of_the_public_names():
    assert all(getattr(text, name) is value for name, value in all_estimators("step"))


@pytest.mark.slow
def test_none_gives_steps_classifiers_and_regressors():
    kinds = ("step", "classifier", "regressor")
    found = [pair for kind in kinds for pair in all_estimators(kind)]
    assert set(all_estimators()) == set(found)
    assert {"LSTMClassifier", "LSTMRegressor", "TextTokenizer"} <= set(dict(found))


def test_an_unknown_kind_raises():
    with pytest.raises(ValueError, match=r"Got kind='tagger'; expected one of \['classifier'"):
        all_estimators("tagger")


def test_steps_are_found_without_keras():
    code = (
        "import sys; from skdeepnlp.testing import all_estimators; all_estimators('step'); "
        "sys.exit('keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
