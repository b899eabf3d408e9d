"""Say that it was the encoder of the user's, where a network around it cannot compute a batch."""

from collections.abc import Callable
from typing import Any

import numpy as np

from skdeepnlp.networks import is_lack_of_memory
from skdeepnlp.training import CompiledNetwork, LabelledTexts, predict_logits

__all__ = ["name_failures", "try_shortest"]


def name_failures(compiled: CompiledNetwork) -> CompiledNetwork:
    """Return a network whose steps name the encoder in what they raise."""
    compiled.train_on = _named(compiled.train_on)
    compiled.predict_on = _named(compiled.predict_on)
    return compiled


def try_shortest(compiled: CompiledNetwork, *parts: LabelledTexts | None) -> None:
    """Compute the shortest text of each part, which many an encoder is too wide for."""
    for texts in filter(None, parts):
        shortest = np.argmin(texts.sequences.lengths, keepdims=True)
        predict_logits(compiled, texts.sequences.take(shortest))


def _named(step: Callable[..., Any]) -> Callable[..., Any]:
    def named(*batch: Any) -> Any:
        try:
            return step(*batch)
        except Exception as error:
            if is_lack_of_memory(error):
                raise
            n_rows, width = batch[0].shape
            raise ValueError(
                f"The network around encoder failed on a batch of {n_rows} x {width} tokens; "
                "expected an encoder that takes texts of any length. If it needs longer ones, pad "
                "within it, as by padding='same', or leave shorter texts out. "
                f"{type(error).__name__}: {error}"
            ) from error

    return named
