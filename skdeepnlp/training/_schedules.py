"""How the learning rate goes: a pure function of the step, the horizon and the history."""

import math
from dataclasses import dataclass

__all__ = ["SCHEDULES", "Schedule"]

SCHEDULES = ("cosine", "one_cycle", "plateau")
_FIRST_OF_CYCLE = 1 / 25  # of the highest rate, as in Smith (2018)
_LAST_OF_CYCLE = 1e-4
_RISE_OF_CYCLE = 0.3  # of all steps
_PATIENCE = 2  # epochs without a smaller loss until the rate is halved


@dataclass(frozen=True)
class Schedule:
    """Factor of the learning rate at each step.

    Parameters
    ----------
    kind : {"cosine", "one_cycle", "plateau"} or None
        "cosine" falls to nothing along half a wave (Loshchilov & Hutter, 2017); "one_cycle" rises
        along half a wave and falls to nothing (Smith, 2018); "plateau" is halved each time that
        two epochs brought no smaller validation loss. None only warms up.
    warmup : float
        Share of all steps over which the rate rises, in a straight line but in "one_cycle", whose
        rise takes 30 % of the steps if this is 0.
    n_steps : int
        Steps in all, if no reason to stop comes before.

    References
    ----------
    Loshchilov & Hutter (2017), "SGDR: stochastic gradient descent with warm restarts", ICLR; Smith
    (2018), "A disciplined approach to neural network hyper-parameters", arXiv:1803.09820.
    """

    kind: str | None
    warmup: float
    n_steps: int

    def factor(self, step: int, losses: list[float]) -> float:
        """Return what the learning rate is multiplied by.

        Parameters
        ----------
        step : int
            Number of the step, from 0.
        losses : list of float
            Validation loss after each epoch so far.

        Returns
        -------
        factor : float
            Above 0, at most 1.

        Examples
        --------
        >>> from skdeepnlp.training._schedules import Schedule
        >>> [round(Schedule("cosine", 0.2, 10).factor(step, []), 2) for step in (0, 1, 2, 6, 9)]
        [0.5, 1.0, 1.0, 0.5, 0.04]
        """
        if self.kind == "one_cycle":
            return _cycle(min(1.0, step / max(1, self.n_steps)), self.warmup or _RISE_OF_CYCLE)
        n_warm = math.ceil(self.warmup * self.n_steps)
        if step < n_warm:
            return (step + 1) / n_warm
        done = min(1.0, (step - n_warm) / max(1, self.n_steps - n_warm))
        if self.kind == "plateau":
            return 0.5 ** _n_plateaus(losses)
        return _half_wave(1.0, 0.0, done) if self.kind == "cosine" else 1.0


def _half_wave(start: float, end: float, done: float) -> float:
    """Go from start to end along half a cosine."""
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * done))


def _cycle(done: float, rise: float) -> float:
    if done < rise:
        return _half_wave(_FIRST_OF_CYCLE, 1.0, done / rise)
    return _half_wave(1.0, _LAST_OF_CYCLE, (done - rise) / (1 - rise))


def _n_plateaus(losses: list[float]) -> int:
    """Return how often two epochs in a row brought no smaller loss."""
    lowest, waited, n_plateaus = math.inf, 0, 0
    for loss in losses:
        lowest, waited = (loss, 0) if loss < lowest else (lowest, waited + 1)
        if waited == _PATIENCE:
            n_plateaus, waited = n_plateaus + 1, 0
    return n_plateaus
