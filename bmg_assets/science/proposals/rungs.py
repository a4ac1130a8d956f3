"""Rungs of the ladder of diameters, what each costs in hours, and what its verdict can be expected to tell.

A laboratory wants to know on which step of the ladder D_max lies: no glass even as a ribbon, glass as a ribbon alone,
or one of the half millimetres from 1 mm to its largest mould. What a rung tells is the mutual information, in bits,
between its verdict and that step, under the predictive distribution of the next cast, cut to what own casts have shown:
the decrease of the entropy of the step that is to be expected (Lindley, Ann. Math. Stat. 27 (1956) 986). The next rung
is the one with the most information per hour.

- A ribbon tells whether D_max is as large as what a melt spinner quenches, a rod whether it is its diameter or more.
- A wedge is read where its glass ends. It cools otherwise than a rod of the same size, so its reading is taken as D_max
  times a log-normal error, of WEDGE_FACTOR either way; what ends outside of it is only known to do so. The ladder takes
  no label from a wedge, so it comes first or not at all, and rods follow.

Where a rod failed above a rod that was left out, the ladder's own rule says which one closes the gap (ladder.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.labels import BULK_FROM_MM, MOULD_STEP_MM, RIBBON_LABEL_MM
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.casts.ladder import next_rod_mm
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.surrogates.base import LogNormal

if TYPE_CHECKING:
    import pandas as pd

WEDGE_FACTOR = 1.5
"""Standard deviation, as a factor, with which a wedge reads the critical diameter of rods. Ours, not measured."""
WEDGE_FROM_MM = 0.5
"""Thickness from which a wedge can be read; it reaches to that of the laboratory's largest rod."""
POINTS = 500
"""Quantiles that stand for a distribution."""


class RungKind(StrEnum):
    """How the melt is quenched on a rung."""

    RIBBON = "ribbon"
    WEDGE = "wedge"
    ROD = "rod"


@dataclass(frozen=True)
class Rung:
    """One sample that could be made."""

    kind: RungKind
    hours: float
    size_mm: float = 0.0
    """Diameter of a rod, 0 for the others."""


@dataclass(frozen=True)
class Bracket:
    """What own casts have shown of D_max: low or more, below high; in mm."""

    low_mm: float = 0.0
    """0 where nothing was glass, 0.2 where a ribbon was, else the largest glassy rod."""
    high_mm: float = float("inf")
    """The smallest size that was no glass."""

    def after(self, rung: Rung, is_glass: bool) -> "Bracket":
        """What is known after a ribbon or a rod with this verdict."""
        size_mm = RIBBON_LABEL_MM if rung.kind is RungKind.RIBBON else rung.size_mm
        return Bracket(size_mm, self.high_mm) if is_glass else Bracket(self.low_mm, size_mm)


def brackets_of(results: "pd.DataFrame") -> dict[str, Bracket]:
    """What the casts of each composition have shown; none for those that decide nothing or contradict each other.

    Args:
        results: the table `lab_results`.
    """
    shown = results[results["dmax_low_mm"].notna()]
    highs = shown["dmax_high_mm"].fillna(np.inf)
    return {
        str(composition): Bracket(float(low), float(high))
        for composition, low, high in zip(shown["composition"], shown["dmax_low_mm"], highs, strict=True)
    }


def diameters_of(cast: LogNormal, known: Bracket) -> FloatArray:
    """D_max in mm at POINTS equally probable quantiles of one next cast, given what is known, ascending.

    Args:
        cast: of one composition, shapes (1,).
        known: an interval that does not end below what the distribution calls no glass.
    """
    from scipy.stats import truncnorm

    # The convention of labels.py for a ribbon is a number, not a thickness: the distribution has its own.
    low_mm, high_mm = (
        cast.ribbon_mm if size_mm <= RIBBON_LABEL_MM else max(size_mm, cast.ribbon_mm)
        for size_mm in (known.low_mm, known.high_mm)
    )
    mean, spread = float(cast.mean[0]), float(cast.spread[0])
    low = -np.inf if known.low_mm == 0 else (np.log(cast.shift_mm + low_mm) - mean) / spread
    high = (np.log(cast.shift_mm + high_mm) - mean) / spread
    levels = (np.arange(POINTS) + 0.5) / POINTS
    diameters_mm = np.exp(mean + spread * truncnorm.ppf(levels, low, high)) - cast.shift_mm
    return np.asarray(np.minimum(diameters_mm, max(cast.largest_mm, low_mm)))


def steps_of(practice: CastingPractice, ribbon_mm: float) -> FloatArray:
    """The diameters in mm that part the steps of the ladder, ascending: the ribbon's, then the rods'.

    Args:
        practice: where no ribbon is spun, it parts nothing.
        ribbon_mm: D_max from which the distribution calls an alloy a glass.
    """
    rods = np.arange(BULK_FROM_MM, practice.largest_rod_mm + 1e-9, MOULD_STEP_MM)
    return rods if practice.hours.ribbon is None else np.concatenate([[ribbon_mm], rods])


def possible_rungs(practice: CastingPractice, known: Bracket) -> Iterator[Rung]:
    """Rungs whose verdict is not known, from the ribbon upwards; only the ladder's own rod where that leaves a gap."""
    if known.low_mm > 0 and np.isfinite(known.high_mm):
        rod_mm = next_rod_mm(known.low_mm)
        if rod_mm < known.high_mm:
            yield Rung(RungKind.ROD, practice.hours.rod, rod_mm)
        return
    if known.low_mm == 0 and known.high_mm > RIBBON_LABEL_MM and practice.hours.ribbon is not None:
        yield Rung(RungKind.RIBBON, practice.hours.ribbon)
    if known == Bracket() and practice.hours.wedge is not None:
        yield Rung(RungKind.WEDGE, practice.hours.wedge)
    for size_mm in np.arange(BULK_FROM_MM, practice.largest_rod_mm + 1e-9, MOULD_STEP_MM).tolist():
        if known.low_mm < size_mm < known.high_mm:
            yield Rung(RungKind.ROD, practice.hours.rod, size_mm)


def chance_of_glass(cast: LogNormal, rung: Rung, known: Bracket) -> float:
    """Probability that a ribbon or a rod is glass, given what is known."""
    return float((diameters_of(cast, known) >= _least_mm(rung, cast)).mean())


def information_bits(cast: LogNormal, rung: Rung, practice: CastingPractice, known: Bracket) -> float:
    """Mutual information, in bits, between the verdict of a rung and the step of the ladder on which D_max lies."""
    return _bits(diameters_of(cast, known), cast, rung, practice)


def next_rung(cast: LogNormal, practice: CastingPractice, known: Bracket) -> Rung | None:
    """The rung that tells most per hour; None where the ladder is closed, or its largest rod was glass.

    Where no verdict is in doubt, it is the rung that shows that D_max lies on the one step that is left.
    """
    rungs = list(possible_rungs(practice, known))
    if len(rungs) < 2:
        return rungs[0] if rungs else None
    diameters_mm = diameters_of(cast, known)
    per_hour = [_bits(diameters_mm, cast, rung, practice) / rung.hours for rung in rungs]
    if max(per_hour) > 0:
        return rungs[int(np.argmax(per_hour))]
    sure = [rung for rung in rungs if rung.kind is not RungKind.WEDGE]
    n_glass = len([rung for rung in sure if _least_mm(rung, cast) <= diameters_mm[POINTS // 2]])
    return sure[max(n_glass - 1, 0)]


def _least_mm(rung: Rung, cast: LogNormal) -> float:
    """The D_max from which a rung is glass, in mm; of a wedge the least that it reads."""
    return {RungKind.RIBBON: cast.ribbon_mm, RungKind.WEDGE: WEDGE_FROM_MM}.get(rung.kind, rung.size_mm)


def _bits(diameters_mm: FloatArray, cast: LogNormal, rung: Rung, practice: CastingPractice) -> float:
    steps_mm = steps_of(practice, cast.ribbon_mm)
    step = np.searchsorted(steps_mm, diameters_mm, side="right")
    verdicts = _wedge_readings(diameters_mm, practice) if rung.kind is RungKind.WEDGE else None
    if verdicts is None:
        is_glass = diameters_mm >= _least_mm(rung, cast)
        verdicts = np.stack([~is_glass, is_glass]).astype(np.float64)
    joint = verdicts @ (step[:, None] == np.arange(len(steps_mm) + 1)) / len(diameters_mm)
    return max(_entropy(joint.sum(axis=0)) + _entropy(joint.sum(axis=1)) - _entropy(joint.ravel()), 0.0)


def _wedge_readings(diameters_mm: FloatArray, practice: CastingPractice) -> FloatArray:
    """Probability of each reading of a wedge at n diameters, shape (r, n): readings to the half millimetre."""
    from scipy.special import ndtr

    ends = np.arange(WEDGE_FROM_MM, practice.largest_rod_mm + 1e-9, MOULD_STEP_MM)
    logs = np.log(np.maximum(diameters_mm, np.finfo(np.float64).tiny))
    below = ndtr((np.log(ends)[:, None] - logs) / np.log(WEDGE_FACTOR))
    none, all_of_it = np.zeros((1, len(logs))), np.ones((1, len(logs)))
    return np.diff(np.vstack([none, below, all_of_it]), axis=0)


def _entropy(probabilities: FloatArray) -> float:
    """In bits."""
    positive = probabilities[probabilities > 0]
    return float(-(positive * np.log2(positive)).sum())
