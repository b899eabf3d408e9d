"""The one door to scikit-learn's private names; each is imported when it is first asked for."""

import importlib
from typing import Any

_HOMES = {
    "BaseSearchCV": "sklearn.model_selection._search",
    "Interval": "sklearn.utils._param_validation",
    "RealNotInt": "sklearn.utils._param_validation",
    "StrOptions": "sklearn.utils._param_validation",
    "_BaseScorer": "sklearn.metrics._scorer",
    "_check_method_params": "sklearn.utils.validation",
    "_check_sample_weight": "sklearn.utils.validation",
    "_check_y": "sklearn.utils.validation",
    "_fit_context": "sklearn.base",
    "_num_samples": "sklearn.utils.validation",
    "_safe_split": "sklearn.utils.metaestimators",
    "_score": "sklearn.model_selection._validation",
    "_warn_or_raise_about_fit_failures": "sklearn.model_selection._validation",
    "validate_params": "sklearn.utils._param_validation",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
