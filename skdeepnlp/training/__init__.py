"""Training of Keras networks on texts of any length: batches, training loop, pool of networks."""

from skdeepnlp.training._attention_weights import attention_of_texts
from skdeepnlp.training._batching import padded_rows
from skdeepnlp.training._callbacks import EpochLines, user_callbacks
from skdeepnlp.training._compiled_network import CompiledNetwork, NetworkWeights, TrainingSpec
from skdeepnlp.training._network_pool import NetworkPool, network_pool
from skdeepnlp.training._objectives import Objective, Sigmoid, Softmax, SquaredError
from skdeepnlp.training._optimizers import OPTIMIZER_NAMES, OPTIMIZER_TERMS
from skdeepnlp.training._prediction import predict_features, predict_logits
from skdeepnlp.training._schedules import SCHEDULES, Schedule
from skdeepnlp.training._trainable_network import LOSS_TERMS
from skdeepnlp.training._training_loop import train
from skdeepnlp.training._training_state import (
    LabeledTexts,
    TrainingResult,
    TrainingSettings,
    TrainingState,
)

__all__ = [
    "LOSS_TERMS",
    "OPTIMIZER_NAMES",
    "OPTIMIZER_TERMS",
    "SCHEDULES",
    "CompiledNetwork",
    "EpochLines",
    "LabeledTexts",
    "NetworkPool",
    "NetworkWeights",
    "Objective",
    "Schedule",
    "Sigmoid",
    "Softmax",
    "SquaredError",
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
    "user_callbacks",
]
