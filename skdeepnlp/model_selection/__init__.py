"""Searches made for networks: spaces, halving over epochs, choices, and searches on a cluster."""

from skdeepnlp.model_selection._dask import dask_backend
from skdeepnlp.model_selection._epoch_halving import EpochHalvingSearchCV
from skdeepnlp.model_selection._one_standard_error import one_standard_error
from skdeepnlp.model_selection._param_space import param_space

__all__ = ["EpochHalvingSearchCV", "dask_backend", "one_standard_error", "param_space"]
