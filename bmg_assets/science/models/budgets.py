"""How much work a search may do, by name."""

from dataclasses import dataclass, replace

from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.search_space import Dimension

WARM_TRIALS = 2
"""The last best point and one of its neighbours."""


@dataclass(frozen=True)
class Budget:
    """Limits of a search; all of them count work, none looks at a clock, so that a seed gives the same result twice."""

    name: str
    max_evaluations: int
    """Trials at most, those tried first included."""
    patience: int
    """Trials without a better loss after which the search ends."""
    neighbours: int
    """Neighbours of the first point that are tried before TPE draws: where the point is good, better ones are near."""
    random_trials: int
    """Trials drawn at random before TPE begins to learn."""
    racing: bool
    """Whether a trial that is clearly behind after a fold or two is given up."""
    full_rounds: bool
    """Whether trees and boosting rounds go to the end of their range (else to its start)."""
    near_first_point: bool = False
    """Whether only the first point and neighbours of it are tried, at its number of rounds."""

    def warm(self) -> "Budget":
        """What is left to do from the last best point of nearly the same training set."""
        trials = min(WARM_TRIALS, self.max_evaluations)
        return replace(
            self,
            max_evaluations=trials,
            patience=trials,
            neighbours=trials - 1,
            racing=True,
            near_first_point=True,
        )

    def stages(self, rounds: Dimension | None) -> tuple[int, ...]:
        """Numbers of rounds at which a fit is evaluated; `(0,)` for a model without rounds."""
        if rounds is None:
            return (0,)
        if not self.full_rounds:
            return (int(rounds.start),)
        return tuple(range(int(rounds.start), int(rounds.end) + 1, int(rounds.step)))


BUDGETS = {
    budget.name: budget
    for budget in (
        Budget("quick", max_evaluations=5, patience=5, neighbours=0, random_trials=2, racing=True, full_rounds=False),
        Budget(
            "standard", max_evaluations=40, patience=24, neighbours=10, random_trials=6, racing=True, full_rounds=True
        ),
        Budget(
            "paper", max_evaluations=500, patience=50, neighbours=0, random_trials=20, racing=False, full_rounds=True
        ),
    )
}


class UnknownBudgetError(BmgError):
    """A budget that does not exist."""


def budget_named(name: str) -> Budget:
    """The budget of that name.

    Raises:
        UnknownBudgetError: there is none.
    """
    if name not in BUDGETS:
        raise UnknownBudgetError(f"There is no budget '{name}'; choose one of {', '.join(BUDGETS)}.")
    return BUDGETS[name]
