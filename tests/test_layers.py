"""The floors of the house: imports point down only, and heavy packages stay in their rooms."""

import ast
from pathlib import Path

import pytest

import skdeepnlp

PACKAGE = Path(skdeepnlp.__file__).parent
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

GROUND = (
    "_backend",
    "_contracts",
    "_docstrings",
    "_gaps",
    "_label_checks",
    "_optional",
    "_progress",
    "_ragged",
    "_seeds",
    "_sklearn",
    "_warnings",
    "exceptions",
)
FLOORS = [
    GROUND,
    ("datasets", "networks", "text", "vectors"),
    ("training",),
    ("callbacks", "estimators"),
    ("classifiers", "regressors"),
    ("inspection", "model_selection", "persistence", "pipelines", "testing"),
    ("__init__",),
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

KERAS = {"jax", "keras", "scikeras", "tensorflow", "torch"}
NEVER = {
    "datasets": KERAS,
    "networks": {"sklearn"},
    "text": KERAS,
    "training": {"sklearn"},
    "vectors": KERAS,
}
ONLY_IN = {"scikeras": {"_backend.py", "estimators/_kinds.py"}}
NEVER_AT_THE_TOP = {"dask", "distributed", "matplotlib", "optuna"}
# it subclasses joblib's backend for Dask; dask_backend imports it when it is called
MAY_AT_THE_TOP = {"model_selection/_dask_backend.py": {"dask"}}
DOOR_TO_SKLEARN = "_sklearn.py"


def names_imported(tree):
    """Yield the dotted name of everything that a tree imports, in whatever function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top_statements(tree):
    """Return the tree without the bodies of its functions."""
    kept = [node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return ast.Module(body=kept, type_ignores=[])


def room_of(module):
    """Return the room of a file such as "text/_padding.py"."""
    return module.split("/")[0].removesuffix(".py")


def room_imported(name):
    """Return the room of an imported name; what the front door offers is the front door's."""
    part = name.split(".")[1] if "." in name else "__init__"
    return part if part in FLOOR_OF else "__init__"


def packages(names):
    return {name.partition(".")[0] for name in names}


def private_in_sklearn(names):
    """Return the names of scikit-learn that have a leading underscore in any part."""
    return {name for name in names if name.startswith("sklearn.") and "._" in name}


def broken_rules(module, source):
    """Return a sentence for each rule that a file breaks."""
    room, tree = room_of(module), ast.parse(source)
    names = set(names_imported(tree))
    own = {room_imported(name) for name in names if name.split(".")[0] == "skdeepnlp"}
    floor = FLOOR_OF[room]
    too_high = {other for other in own - {room} if FLOOR_OF[other] >= floor and floor > 0}
    too_high |= {other for other in own if FLOOR_OF[other] > floor}
    kept_out = packages(names) & NEVER.get(room, set())
    elsewhere = {name for name, homes in ONLY_IN.items() if module not in homes} & packages(names)
    too_early = packages(names_imported(top_statements(tree))) & NEVER_AT_THE_TOP
    too_early -= MAY_AT_THE_TOP.get(module, set())
    private = private_in_sklearn(names) if module != DOOR_TO_SKLEARN else set()
    return [
        *(f"{module} imports {other}, which is not below it" for other in sorted(too_high)),
        *(f"{room} never imports {name}" for name in sorted(kept_out)),
        *(f"{name} is imported in {sorted(ONLY_IN[name])} only" for name in sorted(elsewhere)),
        *(f"{name} is imported where it is needed, not above" for name in sorted(too_early)),
        *(f"{name} comes through {DOOR_TO_SKLEARN}" for name in sorted(private)),
    ]


def test_every_file_has_a_floor():
    assert {room_of(module) for module in MODULES} <= set(FLOOR_OF)


@pytest.mark.parametrize("module", MODULES)
def test_no_file_breaks_a_rule(module):
    assert broken_rules(module, (PACKAGE / module).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source", "rule"),
    [
        ("text/_a.py", "from skdeepnlp.classifiers import B", "text/_a.py imports classifiers"),
        ("text/_a.py", "import skdeepnlp", "text/_a.py imports __init__"),
        ("text/_a.py", "from skdeepnlp import networks", "text/_a.py imports networks"),
        ("text/_a.py", "def f():\n import skdeepnlp.datasets._b", "text/_a.py imports datasets"),
        ("_seeds.py", "from skdeepnlp.text import B", "_seeds.py imports text"),
        ("testing/_a.py", "from skdeepnlp import TextCleaner", "testing/_a.py imports __init__"),
        ("text/_a.py", "from keras import ops", "text never imports keras"),
        ("networks/_a.py", "def f():\n import sklearn.base", "networks never imports sklearn"),
        ("estimators/_a.py", "import scikeras.wrappers", "scikeras is imported in"),
        ("inspection/_a.py", "import matplotlib.pyplot as plt", "matplotlib is imported where"),
        ("model_selection/_dask.py", "import dask", "dask is imported where"),
        ("text/_a.py", "from sklearn.base import (\n a,\n _b)", "sklearn.base._b comes through"),
        ("text/_a.py", "def f():\n import sklearn.utils._a", "sklearn.utils._a comes through"),
        ("text/_a.py", "from sklearn.utils._a import B", "sklearn.utils._a.B comes through"),
    ],
)
def test_a_broken_rule_is_seen(module, source, rule):
    assert [line.startswith(rule) for line in broken_rules(module, source)] == [True]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("text/_a.py", "from skdeepnlp.text._b import c\nfrom skdeepnlp._contracts import d"),
        ("_contracts.py", "from skdeepnlp.exceptions import a"),
        ("estimators/_kinds.py", "import scikeras, skdeepnlp.networks, skdeepnlp.training"),
        ("inspection/_a.py", "def plot():\n import matplotlib"),
        ("text/_a.py", "from sklearn.base import clone\nfrom skdeepnlp._sklearn import _score"),
        ("_sklearn.py", "from sklearn.base import _fit_context"),
    ],
)
def test_a_kept_rule_is_let_pass(module, source):
    assert broken_rules(module, source) == []
