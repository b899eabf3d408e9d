"""The linear model beside a network: learnt of the rows trained on, at last of all of them."""

from typing import Any

from skdeepnlp._interrupts import interrupted_again
from skdeepnlp._seeds import derive_seed
from skdeepnlp._warnings import warn_user
from skdeepnlp.classifiers._keeping import rounded_rows
from skdeepnlp.classifiers._linear_model import LinearModel, LinearSettings, linear_model_of
from skdeepnlp.classifiers._parameters import SharedParameters
from skdeepnlp.classifiers._targets import TargetEncoding
from skdeepnlp.exceptions import TrainingInterruptedWarning
from skdeepnlp.networks import n_linear_rows
from skdeepnlp.training import CompiledNetwork, LabelledTexts, NetworkWeights

__all__ = ["LearnsLinearModel", "with_linear"]


class LearnsLinearModel(SharedParameters):
    """Mixin of what trains networks: the linear model, where `linear_ngrams` asks for one."""

    vocabulary_size_: int
    _targets: TargetEncoding

    def _linear_model(self, texts: LabelledTexts, seed: int, scale: Any = None) -> LinearModel:
        """Learn the linear model of some texts."""
        n_outputs = self._targets.n_outputs
        n_rows = n_linear_rows(rounded_rows(self.vocabulary_size_), n_outputs)
        settings = LinearSettings(
            n_outputs=n_outputs,
            longest=int(self.linear_ngrams),
            n_rows=n_rows,
            C=float(self.linear_c),
            seed=derive_seed(seed, "linear"),
        )
        return linear_model_of(texts, settings, scale)

    def _linear_model_at_last(
        self, texts: LabelledTexts, seed: int, before: LinearModel
    ) -> LinearModel:
        """Learn the linear model of more texts; at Ctrl-C the one before stays."""
        try:
            return self._linear_model(texts, seed, before.scale)
        except KeyboardInterrupt:
            if interrupted_again():
                raise
            warn_user(
                "Training was interrupted in its last linear model; the one beside which the "
                "network was trained is kept.",
                TrainingInterruptedWarning,
            )
            return before


def with_linear(
    linear: LinearModel, weights: NetworkWeights, compiled: CompiledNetwork
) -> NetworkWeights:
    """Return weights of a network with a linear model put into them."""
    values = {name: getattr(linear, name) for name in ("keys", "scores", "bias")}
    return compiled.with_values(weights, "linear_path", values)
