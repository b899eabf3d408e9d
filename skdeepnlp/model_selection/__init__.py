"""Searches made for networks: halving over epochs that goes on with the training of survivors."""

from skdeepnlp.model_selection._epoch_halving import EpochHalvingSearchCV

__all__ = ["EpochHalvingSearchCV"]
