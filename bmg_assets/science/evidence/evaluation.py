"""One strategy on one left-out system: what it promises of the alloys and on the map, against what is reported.

Everything that the strategy learns from is what is known without the system; nothing of it is used to tune.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.regions import top_share
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.evidence.left_out import LeftOutSystem
from bmg_assets.science.evidence.maps import optima_found, region_enrichment
from bmg_assets.science.evidence.metrics import auc, enrichment, is_bulk, spearman
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Learnt, Promise, Strategy

TOP_OF_MAP = 0.05
COVERAGES = (0.8, 0.9, 0.95)
"""Of the intervals that are judged."""

Describe = Callable[[LeftOutSystem], Compositions]
"""The grid of a left-out system, described as the alloys are."""


@dataclass(frozen=True)
class Judged:
    """What a strategy promised of a left-out system, and what that was worth."""

    promise: Promise
    """Of its reported alloys, in their order."""
    intervals: dict[float, tuple[FloatArray, FloatArray]]
    """Bounds of D_max in mm by coverage; empty where the strategy knows none."""
    metrics: dict[str, float]
    """By name; not a number where the system cannot tell."""


def judge(
    strategy: Strategy,
    alloys: Alloys,
    left_out: LeftOutSystem,
    known: BoolArray,
    seed: int,
    describe_grid: Describe | None = None,
) -> tuple[Judged, Learnt]:
    """Learn from what is known, then look at the left-out system.

    Args:
        alloys: all of them.
        known: which of them may be learnt from; none of the left-out system.
        describe_grid: where the map is to be judged, too.

    Raises:
        ValueError: an alloy of the left-out system is among the known.
    """
    if (known & left_out.rows).any():
        raise ValueError(f"alloys of {left_out.target.key} are known and left out at once")
    learnt = strategy.learn(alloys.take(known), left_out.target.element_set, seed)
    reported = alloys.take(left_out.rows)
    promise = learnt.promise(reported.compositions)
    bounds = {coverage: learnt.interval(promise, coverage) for coverage in COVERAGES}
    intervals = {coverage: found for coverage, found in bounds.items() if found is not None}
    metrics = alloy_metrics(promise, reported.dmax_mm) | interval_metrics(intervals, reported.dmax_mm)
    if describe_grid is not None:
        metrics |= map_metrics(learnt, describe_grid(left_out), reported)
    return Judged(promise, intervals, metrics), learnt


def alloy_metrics(promise: Promise, dmax_mm: FloatArray) -> dict[str, float]:
    """How well the reported alloys are ranked, and whether one of them at least is promised to be a bulk glass."""
    bulk = is_bulk(dmax_mm)
    return {
        "auc": auc(promise.score, bulk),
        "spearman": spearman(promise.score, dmax_mm),
        "enrichment": enrichment(promise.score, bulk),
        "highest_score": float(promise.score.max()),
        "promises_bulk": float((promise.dmax_mm >= BULK_FROM_MM).any()),
    }


def interval_metrics(intervals: dict[float, tuple[FloatArray, FloatArray]], dmax_mm: FloatArray) -> dict[str, float]:
    """How many bulk glasses and others the intervals hold, and how wide they are."""
    found = {}
    for coverage, (low, high) in intervals.items():
        inside = (low <= dmax_mm) & (dmax_mm <= high)
        for name, rows in (("bulk", is_bulk(dmax_mm)), ("rest", ~is_bulk(dmax_mm))):
            found[f"held_{name}_{coverage:.0%}"] = float(inside[rows].mean()) if rows.any() else float("nan")
        found[f"width_{coverage:.0%}_mm"] = float((high - low).mean())
    return found


def map_metrics(learnt: Learnt, grid: Compositions, reported: Alloys) -> dict[str, float]:
    """Whether the top share of the map lies where the bulk glasses were found."""
    bulk = reported.compositions.fractions[is_bulk(reported.dmax_mm)] * 100
    if len(bulk) == 0:
        return {}
    # Of all the elements that the literature knows, a system has few: distances over the others are zero, and dear.
    in_system = grid.fractions.any(axis=0)
    points, bulk = grid.fractions[:, in_system] * 100, bulk[:, in_system]
    marked = top_share(learnt.promise(grid).score, TOP_OF_MAP)
    return {
        "region_enrichment": region_enrichment(points, marked, bulk),
        "optima_found": optima_found(points, marked, bulk),
    }
