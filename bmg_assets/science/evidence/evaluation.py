"""One surrogate on one left-out system: its predictions for the alloys and on the map against what is reported.

The surrogate is fitted to what is known without the system; nothing of the system is used to tune.
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
from bmg_assets.science.surrogates.base import FittedSurrogate, Posterior, Surrogate

TOP_OF_MAP = 0.05
COVERAGES = (0.8, 0.9, 0.95)
"""Coverages of the intervals that are evaluated."""

Describe = Callable[[LeftOutSystem], Compositions]
"""Gives the grid of a left-out system, with the descriptors that the alloys have."""


@dataclass(frozen=True)
class Evaluation:
    """Predictions of a surrogate for a left-out system, and how good they are."""

    posterior: Posterior
    """Prediction for its reported alloys, in their order."""
    intervals: dict[float, tuple[FloatArray, FloatArray]]
    """Bounds of D_max in mm by coverage; empty where the surrogate has no intervals."""
    metrics: dict[str, float]
    """By name; not a number where the system does not determine it."""


def evaluate(
    surrogate: Surrogate,
    alloys: Alloys,
    left_out: LeftOutSystem,
    known: BoolArray,
    seed: int,
    describe_grid: Describe | None = None,
) -> tuple[Evaluation, FittedSurrogate]:
    """Fit to what is known, then predict the left-out system.

    Args:
        surrogate: it is fitted here.
        alloys: all n alloys.
        left_out: the system to predict in.
        known: which of them may be fitted to, shape (n,); none of the left-out system.
        seed: of the surrogate.
        describe_grid: given where the map is evaluated, too.

    Raises:
        ValueError: an alloy of the left-out system is among the known.
    """
    if (known & left_out.rows).any():
        raise ValueError(f"alloys of {left_out.target.key} are known and left out at once")
    fitted = surrogate.fit(alloys.take(known), left_out.target.element_set, seed)
    reported = alloys.take(left_out.rows)
    posterior = fitted.predict(reported.compositions)
    bounds = {coverage: posterior.interval(coverage) for coverage in COVERAGES}
    intervals = {coverage: found for coverage, found in bounds.items() if found is not None}
    metrics = alloy_metrics(posterior, reported.dmax_mm) | interval_metrics(intervals, reported.dmax_mm)
    if describe_grid is not None:
        metrics |= map_metrics(fitted, describe_grid(left_out), reported)
    return Evaluation(posterior, intervals, metrics), fitted


def alloy_metrics(posterior: Posterior, dmax_mm: FloatArray) -> dict[str, float]:
    """How well the reported alloys are ranked, and whether at least one of them is predicted to be a bulk glass."""
    bulk = is_bulk(dmax_mm)
    return {
        "auc": auc(posterior.score, bulk),
        "spearman": spearman(posterior.score, dmax_mm),
        "enrichment": enrichment(posterior.score, bulk),
        "highest_score": float(posterior.score.max()),
        "promises_bulk": float((posterior.dmax_mm >= BULK_FROM_MM).any()),
    }


def interval_metrics(intervals: dict[float, tuple[FloatArray, FloatArray]], dmax_mm: FloatArray) -> dict[str, float]:
    """Shares of the bulk glasses and of the other alloys within the intervals, and the mean width of these."""
    found = {}
    for coverage, (low, high) in intervals.items():
        inside = (low <= dmax_mm) & (dmax_mm <= high)
        for name, rows in (("bulk", is_bulk(dmax_mm)), ("rest", ~is_bulk(dmax_mm))):
            found[f"held_{name}_{coverage:.0%}"] = float(inside[rows].mean()) if rows.any() else float("nan")
        found[f"width_{coverage:.0%}_mm"] = float((high - low).mean())
    return found


def map_metrics(fitted: FittedSurrogate, grid: Compositions, reported: Alloys) -> dict[str, float]:
    """How near the top share of the map lies to the reported bulk glasses; empty where there are none.

    Args:
        fitted: the surrogate without the system.
        grid: the grid of the system, n compositions.
        reported: the alloys of the system.
    """
    bulk = reported.compositions.fractions[is_bulk(reported.dmax_mm)] * 100
    if len(bulk) == 0:
        return {}
    # The other elements of the literature add nothing to a distance, but cost time.
    in_system = grid.fractions.any(axis=0)
    points, bulk = grid.fractions[:, in_system] * 100, bulk[:, in_system]
    marked = top_share(fitted.predict(grid).score, TOP_OF_MAP)
    return {
        "region_enrichment": region_enrichment(points, marked, bulk),
        "optima_found": optima_found(points, marked, bulk),
    }
