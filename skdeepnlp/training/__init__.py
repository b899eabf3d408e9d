"""Training of Keras networks on texts of any length: batches, fit loop, pool of networks."""

from skdeepnlp.training._attending import attention_of_texts
from skdeepnlp.training._compiled import CompiledNetwork, NetworkWeights, TrainingSpec
from skdeepnlp.training._fitting import train
from skdeepnlp.training._optimizers import ADJUSTABLE, OPTIMIZER_NAMES
from skdeepnlp.training._pool import NetworkPool, network_pool
from skdeepnlp.training._predicting import predict_features, predict_logits
from skdeepnlp.training._ragged import RaggedIds, padded_rows
from skdeepnlp.training._schedules import SCHEDULES, Schedule
from skdeepnlp.training._state import (
    LabelledTexts,
    TrainingResult,
    TrainingSettings,
    TrainingState,
)

__all__ = [
    "ADJUSTABLE",
    "OPTIMIZER_NAMES",
    "SCHEDULES",
    "CompiledNetwork",
    "LabelledTexts",
    "NetworkPool",
    "NetworkWeights",
    "RaggedIds",
    "Schedule",
    "TrainingResult",
    "TrainingSettings",
    "TrainingSpec",
    "TrainingState",
    "attention_of_texts",
    "network_pool",
    "padded_rows",
    "predict_features",
    "predict_logits",
    "train",
]
