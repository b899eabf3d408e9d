"""How many candidates train for how many epochs in each iteration of successive halving."""

import math
from dataclasses import dataclass

__all__ = ["HalvingSchedule"]


@dataclass(frozen=True)
class HalvingSchedule:
    """The iterations of successive halving over epochs.

    Parameters
    ----------
    n_candidates : int
        How many candidates there are.
    factor : int
        Each iteration keeps one candidate in `factor`, and trains it `factor` times as long.
    min_epochs : int or "exhaust"
        Epochs of the first iteration; "exhaust" takes as many as let the last one train for about
        `max_epochs`.
    max_epochs : int
        Epochs of no iteration are more.
    """

    n_candidates: int
    factor: int
    min_epochs: int | str
    max_epochs: int

    @property
    def n_required_iterations(self) -> int:
        """Iterations until at most `factor` candidates are left, and those once more."""
        return 1 + _whole_logarithm(self.n_candidates, self.factor)

    @property
    def first_epochs(self) -> int:
        """Epochs of the first iteration."""
        if self.min_epochs != "exhaust":
            return int(self.min_epochs)
        most = 1 + _whole_logarithm(self.max_epochs, self.factor)
        n_iterations = min(self.n_required_iterations, most)
        return self.max_epochs // self.factor ** (n_iterations - 1)

    @property
    def n_possible_iterations(self) -> int:
        """Iterations that `max_epochs` leaves room for."""
        return 1 + _whole_logarithm(self.max_epochs // self.first_epochs, self.factor)

    def iterations(self) -> list[tuple[int, int]]:
        """Return the number of candidates and the number of epochs of each iteration.

        Examples
        --------
        >>> from skdeepnlp.model_selection._halving_schedule import HalvingSchedule
        >>> HalvingSchedule(27, 3, "exhaust", 9).iterations()
        [(27, 1), (9, 3), (3, 9)]
        >>> HalvingSchedule(8, 3, "exhaust", 20).iterations()
        [(8, 6), (3, 18)]
        >>> HalvingSchedule(27, 3, "exhaust", 20).iterations()
        [(27, 2), (9, 6), (3, 18)]
        """
        n_iterations = min(self.n_required_iterations, self.n_possible_iterations)
        return [
            (
                math.ceil(self.n_candidates / self.factor**iteration),
                self.first_epochs * self.factor**iteration,
            )
            for iteration in range(n_iterations)
        ]


def _whole_logarithm(number: int, base: int) -> int:
    """Return the largest power of `base` that is not above `number`, exactly."""
    power = 0
    while base ** (power + 1) <= number:
        power += 1
    return power
