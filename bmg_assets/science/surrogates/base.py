"""The interface of everything that predicts: a surrogate is fitted to known alloys and gives a posterior of D_max.

Flags say what a surrogate can do, so that maps, candidates, pages and the benchmark depend on no particular one.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Protocol

from bmg_assets.science.alloys.report_kinds import RIBBON_THICKNESS_MM
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.surrogates.alloys import Alloys, Compositions


@dataclass(frozen=True)
class LogNormal:
    """Predictive distribution of the next cast of n compositions: log((shift + D_max) / mm) is normal."""

    mean: FloatArray
    """Mean of the logarithm, shape (n,)."""
    spread: FloatArray
    """Standard deviation of the logarithm, above zero, shape (n,)."""
    shift_mm: float = 1.0
    largest_mm: float = float("inf")
    """Diameter beyond which nothing is believed: the tail of the distribution is fat."""
    ribbon_mm: float = RIBBON_THICKNESS_MM
    """D_max below which nothing is glass even as a melt-spun ribbon; where it is fitted, no measured thickness."""

    def take(self, rows: BoolArray | IntArray) -> "LogNormal":
        """The distribution at chosen compositions."""
        return replace(self, mean=self.mean[rows], spread=self.spread[rows])


@dataclass(frozen=True)
class Posterior:
    """What a fitted surrogate predicts for n compositions. A method returns None if the surrogate lacks it."""

    score: FloatArray
    """Ranks the compositions, more is better, without a unit, shape (n,)."""
    dmax_mm: FloatArray
    """Posterior mean of the critical casting diameter in mm, shape (n,)."""

    def probability_at_least(self, dmax_mm: float) -> FloatArray | None:
        """P(D_max ≥ dmax_mm), shape (n,)."""
        return None

    def interval(self, coverage: float) -> tuple[FloatArray, FloatArray] | None:
        """Quantiles of D_max in mm between which a share `coverage` (0 to 1) shall lie, two of shape (n,)."""
        return None

    def next_cast(self) -> LogNormal | None:
        """Predictive distribution of the next cast, by which acquisition rules choose."""
        return None

    def explained(self) -> FloatArray | None:
        """Share of the variance that the known alloys explain, 0 to 1, shape (n,); 1 where they are near."""
        return None

    def factors(self) -> FloatArray | None:
        """How the logarithms of next casts go together, shape (n, r), r being small.

        The product of two rows is the correlation of the casts of two compositions; what a row lacks to one is noise
        and what its composition alone decides.
        """
        return None


class FittedSurrogate(Protocol):
    """A surrogate fitted to known alloys."""

    def predict(self, compositions: Compositions) -> Posterior:
        """Posterior at n compositions, whose columns are the elements of the known alloys."""

    def condition_on(self, alloys: Alloys) -> "FittedSurrogate":
        """The same settings with more casts: `alloys` are the known alloys, followed by the new ones."""


class Surrogate(ABC):
    """A way to predict D_max. It holds settings, no data."""

    name: str
    title: str
    """In figures and text."""
    colour: str = "#666666"
    """In figures, as #rrggbb."""
    version: str = "1"
    """To be raised with every change of its numbers: the benchmark then evaluates it anew."""
    makes_maps: bool = False
    """Whether alloys can be proposed by its map. It is then fitted to fractions alone: descriptors have no columns."""
    is_of_sub_models: bool = False
    """Whether its map is `prediction_grid`, made by the tuned sub-models, instead of a fit of its own."""
    has_calibrated_spread: bool = False
    """Whether intervals, probabilities and `next_cast` are calibrated to hold in systems that nobody has cast."""
    has_explained: bool = False
    """Whether its posterior has `explained`."""
    takes_bounds: bool = False
    """Whether it learns from casts that only bound D_max; the others are fitted to alloys with a D_max."""
    most_alloys: int | None = None
    """Alloys to which it can be fitted; a larger literature is thinned out (see thinning.py). None: any number."""

    @abstractmethod
    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> FittedSurrogate:
        """Fit to the known alloys, to predict in one system. Everything tuned is tuned on these alloys alone.

        Args:
            alloys: n known alloys.
            target: elements of the system to predict in.
            seed: of everything random.
        """
