"""One calibration for everything that may be known of an alloy: log D_max is normal, by score and uncertainty.

The mean and the spread of log D_max follow from the score of a Gaussian process and from what it leaves open, by a few
numbers that are fitted to alloys that were left out: with all that is related, with their system, with half of it, or
alone. So a score means less where the process knows less, and no step parts a system that somebody has cast from one
that nobody has. Reports are intervals: no glass is below a thickness that is fitted too, a ribbon between that and
1 mm, a rod its diameter and less than a mould's step more.

Intervals of a nominal level may miss the rarer class: the level is chosen by class, as in calibration.py, among alloys
of which as much was known.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.alloys.labels import BULK_FROM_MM, MOULD_STEP_MM
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.models.calibration import FEWEST_BULK, CalibrationError, conformal_quantile
from bmg_assets.science.models.normal_intervals import density_ratio, log_share

MEAN_TERMS, SPREAD_TERMS, FLAGS = 8, 4, 3
START = np.array([-3.0, 0.0, 2.0, 0.0, -0.2, 0.0, 0.0, 0.0, 0.3, 0.0, 0.0, 0.0, -2.0])
BEYOND_KNOWN, LARGEST_CASTING_MM = 2.0, 30.0
"""No diameter above twice the largest known, or above what castings without flux reach, is promised."""
LARGEST_CURVATURE = -1e-4
"""The mean bends downwards with the score, or is straight."""
LOG_RIBBON_LOW = (-8.0, -0.1)
"""Bounds of the fitted log thickness in mm below which nothing was glass."""


@dataclass(frozen=True)
class LeftOutAlloys:
    """n alloys that were left out while their score was made; an alloy stands once for each regime."""

    score: FloatArray
    """Shape (n,)."""
    uncertainty: FloatArray
    """Standard deviation that the process leaves open, without noise, shape (n,)."""
    flags: FloatArray
    """Whether an alloy has four elements or more, two, and a metalloid or non-metal; 0 or 1, shape (n, 3)."""
    dmax_mm: FloatArray
    """Shape (n,)."""
    systems: NDArray[np.object_]
    regimes: NDArray[np.object_]
    """Both of shape (n,)."""

    @classmethod
    def of_all(cls, parts: "list[LeftOutAlloys]") -> "LeftOutAlloys":
        """Several as one."""
        names = ("score", "uncertainty", "flags", "dmax_mm", "systems", "regimes")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def take(self, rows: BoolArray) -> "LeftOutAlloys":
        """Chosen rows."""
        return LeftOutAlloys(
            self.score[rows], self.uncertainty[rows], self.flags[rows], self.dmax_mm[rows], self.systems[rows],
            self.regimes[rows],
        )  # fmt: skip

    @cached_property
    def weights(self) -> FloatArray:
        """Within a regime one over the root of the number of alloys of the system; all regimes weigh the same."""
        weights = np.empty(len(self.score))
        for regime in np.unique(self.regimes.astype(str)):
            rows = self.regimes.astype(str) == regime
            _, place, counts = np.unique(self.systems[rows].astype(str), return_inverse=True, return_counts=True)
            one = 1 / np.sqrt(counts[place])
            weights[rows] = one / one.sum()
        return np.asarray(weights / weights.sum())


@dataclass(frozen=True)
class LogDmax:
    """log(D_max / mm) of n alloys, which is normal."""

    mean: FloatArray
    spread: FloatArray
    """Both of shape (n,)."""

    def probability_at_least(self, dmax_mm: float) -> FloatArray:
        """P(D_max ≥ dmax_mm), shape (n,)."""
        from scipy.special import ndtr

        return np.asarray(ndtr((self.mean - np.log(dmax_mm)) / self.spread))

    def mean_up_to(self, largest_mm: float) -> FloatArray:
        """E[min(D_max, largest_mm)] in mm, shape (n,): the tail of a log-normal distribution is fat."""
        from scipy.special import ndtr

        reach = (np.log(largest_mm) - self.mean) / self.spread
        below = np.exp(self.mean + self.spread**2 / 2) * ndtr(reach - self.spread)
        return np.asarray(below + largest_mm * ndtr(-reach))

    def interval(self, levels: FloatArray, largest_mm: float) -> tuple[FloatArray, FloatArray]:
        """Quantiles in mm with the same probability below and above them, two of shape (n,).

        Args:
            levels: probability between them, shape (n,).
            largest_mm: no quantile is larger.
        """
        from scipy.special import ndtri

        reach = ndtri(0.5 + np.minimum(levels, 1 - 1e-12) / 2) * self.spread
        return np.exp(self.mean - reach), np.minimum(np.exp(self.mean + reach), largest_mm)


@dataclass(frozen=True)
class IntervalCalibration:
    """Mean and spread of log D_max by score and uncertainty, and the levels that hold each class."""

    parameters: FloatArray
    """Of the mean, of the log of the spread, and the log thickness below which nothing was glass; shape (13,)."""
    left_out: LeftOutAlloys
    largest_mm: float
    """Nothing larger is promised: the tail of a log-normal distribution is fat."""

    @classmethod
    def fit(cls, left_out: LeftOutAlloys) -> "IntervalCalibration":
        """Fit by the likelihood of the reported intervals.

        Raises:
            CalibrationError: there are too few bulk glasses, or too few other alloys.
        """
        from scipy.optimize import minimize

        is_bulk = left_out.dmax_mm >= BULK_FROM_MM
        for kind, rows in (("bulk glasses", is_bulk), ("alloys that are no bulk glasses", ~is_bulk)):
            n_systems = len(np.unique(left_out.systems[rows].astype(str)))
            if n_systems < FEWEST_BULK:
                raise CalibrationError(
                    f"Found {kind} in {n_systems} systems that can be left out, expected {FEWEST_BULK} or more; add a "
                    "source of alloys."
                )
        bounds: list[tuple[float | None, float | None]] = [(None, None)] * len(START)
        bounds[4], bounds[-1] = (None, LARGEST_CURVATURE), LOG_RIBBON_LOW
        terms = _mean_terms(left_out), _spread_terms(left_out)
        found = minimize(_negative_log_likelihood, START, (left_out, *terms), "L-BFGS-B", jac=True, bounds=bounds)
        return cls(found.x, left_out, min(BEYOND_KNOWN * float(left_out.dmax_mm.max()), LARGEST_CASTING_MM))

    @property
    def ribbon_mm(self) -> float:
        """What is no glass even as a ribbon lies below it, as fitted, in mm."""
        return float(np.exp(self.parameters[-1]))

    def predict(self, score: FloatArray, uncertainty: FloatArray, flags: FloatArray) -> LogDmax:
        """Distribution of log D_max.

        Args:
            score, uncertainty, flags: see `LeftOutAlloys`, of n alloys. Beyond the score at which the mean is highest
                a higher score means no more.
        """
        slope = self.parameters[2] + self.parameters[3] * uncertainty
        highest = np.where(slope > 0, -slope / (2 * self.parameters[4]), np.inf)
        rows = _Terms(np.minimum(score, highest), uncertainty, flags)
        mean = _mean_terms(rows) @ self.parameters[:MEAN_TERMS]
        spread = np.exp(_spread_terms(rows) @ self.parameters[MEAN_TERMS : MEAN_TERMS + SPREAD_TERMS])
        return LogDmax(mean, spread)

    def log_scores(self, alloys: LeftOutAlloys) -> FloatArray:
        """log of the probability that is predicted for what was reported of each alloy, shape (n,)."""
        predicted = self.predict(alloys.score, alloys.uncertainty, alloys.flags)
        low, high = _reported_logs(alloys.dmax_mm, float(self.parameters[-1]))
        return log_share((low - predicted.mean) / predicted.spread, (high - predicted.mean) / predicted.spread)

    def levels_for(self, coverage: float, regime: str, has_many_elements: BoolArray) -> FloatArray:
        """The nominal levels that hold this share of the bulk glasses, and of the rest, of such a regime, shape (n,).

        Alloys of four elements or more are nearly all bulk glasses or none: their levels would hold too few of the
        others, so each kind has its own, where FEWEST_BULK systems of a class are of it.

        Args:
            coverage: the share, 0 to 1.
            regime: how much is known.
            has_many_elements: whether each of n compositions has four elements or more, shape (n,).
        """
        levels = [self._known_level(coverage, regime, many) for many in (False, True)]
        return np.where(has_many_elements, levels[True], levels[False])

    def _known_level(self, coverage: float, regime: str, has_many_elements: bool) -> float:
        asked = coverage, regime, has_many_elements
        if asked not in self._levels:
            self._levels[asked] = self._level_for(*asked)
        return self._levels[asked]

    @cached_property
    def _levels(self) -> dict[tuple[float, str, bool], float]:
        """Those that were found: each is sought among all left-out alloys, and an atlas asks for 10⁵ systems."""
        return {}

    def _level_for(self, coverage: float, regime: str, has_many_elements: bool) -> float:
        rows = self.left_out.regimes == regime
        if not rows.any():
            rows = np.ones(len(self.left_out.score), dtype=bool)
        alloys = self.left_out.take(rows)
        needed = self._levels_needed(alloys)
        is_bulk, is_alike = alloys.dmax_mm >= BULK_FROM_MM, (alloys.flags[:, 0] == 1) == has_many_elements
        levels = []
        for of_class in (is_bulk, ~is_bulk):
            is_enough = len(np.unique(alloys.systems[of_class & is_alike].astype(str))) >= FEWEST_BULK
            chosen = of_class & is_alike if is_enough else of_class
            if chosen.any():
                levels.append(conformal_quantile(needed[chosen], alloys.systems[chosen], coverage))
        return max(levels)

    def _levels_needed(self, alloys: LeftOutAlloys) -> FloatArray:
        """The smallest nominal level at which the interval of each alloy meets what was reported, shape (n,)."""
        from scipy.special import ndtr

        predicted = self.predict(alloys.score, alloys.uncertainty, alloys.flags)
        low, high = _reported_logs(alloys.dmax_mm, float(self.parameters[-1]))
        is_bulk = alloys.dmax_mm >= BULK_FROM_MM
        high = np.where(is_bulk, low, high)  # a rod is held where its diameter is
        away = np.maximum(np.maximum(low - predicted.mean, predicted.mean - high), 0) / predicted.spread
        return np.asarray(2 * ndtr(away) - 1)


@dataclass(frozen=True)
class _Terms:
    score: FloatArray
    uncertainty: FloatArray
    flags: FloatArray


def _mean_terms(rows: LeftOutAlloys | _Terms) -> FloatArray:
    m, u = rows.score, rows.uncertainty
    return np.column_stack([np.ones(len(m)), u, m, u * m, m**2, rows.flags])


def _spread_terms(rows: LeftOutAlloys | _Terms) -> FloatArray:
    return np.column_stack([np.ones(len(rows.score)), rows.uncertainty, rows.flags[:, [0, 2]]])


def _reported_logs(dmax_mm: FloatArray, log_ribbon_low: float) -> tuple[FloatArray, FloatArray]:
    """Ends of the interval of log(D_max / mm) that was reported, two of shape (n,)."""
    is_bulk, is_glass = dmax_mm >= BULK_FROM_MM, dmax_mm > 0
    bulk = np.maximum(dmax_mm, BULK_FROM_MM)
    low = np.where(is_bulk, np.log(bulk), np.where(is_glass, log_ribbon_low, -np.inf))
    high = np.where(is_bulk, np.log(bulk + MOULD_STEP_MM), np.where(is_glass, np.log(BULK_FROM_MM), log_ribbon_low))
    return low, high


def _negative_log_likelihood(
    parameters: FloatArray, alloys: LeftOutAlloys, mean_terms: FloatArray, spread_terms: FloatArray
) -> tuple[float, FloatArray]:
    """Of the reported intervals, and its gradient, shape (13,)."""
    mean = mean_terms @ parameters[:MEAN_TERMS]
    spread = np.exp(spread_terms @ parameters[MEAN_TERMS : MEAN_TERMS + SPREAD_TERMS])
    low, high = _reported_logs(alloys.dmax_mm, float(parameters[-1]))
    a, b = (low - mean) / spread, (high - mean) / spread
    of_interval = log_share(a, b)
    at_low, at_high = density_ratio(a, of_interval), density_ratio(b, of_interval)
    by_mean = (at_low - at_high) / spread
    by_log_spread = np.where(np.isfinite(a), a, 0) * at_low - np.where(np.isfinite(b), b, 0) * at_high
    is_ribbon = (alloys.dmax_mm > 0) & (alloys.dmax_mm < BULK_FROM_MM)
    by_ribbon_low = np.where(alloys.dmax_mm == 0, at_high, np.where(is_ribbon, -at_low, 0)) / spread
    weights = alloys.weights
    gradient = [mean_terms.T @ (weights * by_mean), spread_terms.T @ (weights * by_log_spread), weights @ by_ribbon_low]
    return float(-weights @ of_interval), -np.hstack(gradient)
