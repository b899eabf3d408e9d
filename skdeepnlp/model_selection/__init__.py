"""Searches made for networks: halving over epochs, and searches on a cluster."""

from skdeepnlp.model_selection._clusters import dask_backend
from skdeepnlp.model_selection._epoch_halving import EpochHalvingSearchCV

__all__ = ["EpochHalvingSearchCV", "dask_backend"]
