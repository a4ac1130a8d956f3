"""The best composition of a scanned system, and what its score means."""

from dataclasses import dataclass

import numpy as np

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.atlas.scan import Scan
from bmg_assets.science.models.interval_calibration import LogDmax
from bmg_assets.science.surrogates.composite import FittedComposite
from bmg_assets.science.surrogates.composite_left_out import flags_of_elements
from bmg_assets.science.surrogates.transfer import GLASS_WEIGHT


@dataclass(frozen=True)
class BestComposition:
    """The composition of the highest score in a system."""

    n_elements: int
    row: int
    """Of the lattice."""
    score: float
    uncertainty: float
    """Standard deviation that the known alloys leave to the score."""
    deviate: float
    """Normal deviate of the probability that it is a bulk glass; NaN without calibration."""


def best_of_scan(scan: Scan, log_dmax: LogDmax | None) -> BestComposition:
    """The best composition of a system.

    Args:
        log_dmax: see `log_dmax_of`.
    """
    row = scan.best
    deviate = np.nan if log_dmax is None else (log_dmax.mean[row] - np.log(BULK_FROM_MM)) / log_dmax.spread[row]
    return BestComposition(
        n_elements=len(scan.elements),
        row=row,
        score=float(scan.score[row]),
        uncertainty=float(scan.uncertainty[row]),
        deviate=float(deviate),
    )


def log_dmax_of(fitted: FittedComposite, scan: Scan) -> LogDmax | None:
    """Distribution of log D_max at all compositions of a scan; None without calibration."""
    return log_dmax_at(fitted, scan.elements, scan.score, scan.uncertainty)


def log_dmax_at(
    fitted: FittedComposite, elements: tuple[str, ...], score: FloatArray, uncertainty: FloatArray
) -> LogDmax | None:
    """Distribution of log D_max at n compositions of a system, from what the surrogate says; None without calibration.

    Args:
        score, uncertainty: shape (n,).
    """
    if fitted.calibration is None:
        return None
    flags = np.repeat(flags_of_elements([elements]), len(score), axis=0)
    return fitted.calibration.predict(score, uncertainty, flags)


def dmax_mm_of(fitted: FittedComposite, score: FloatArray, log_dmax: LogDmax | None) -> FloatArray:
    """Expected D_max in mm of n compositions, shape (n,); the surrogate's own where nothing calibrates it.

    Args:
        log_dmax: of these compositions; None without calibration.
    """
    if log_dmax is None or fitted.calibration is None:
        return np.maximum(np.expm1(score - GLASS_WEIGHT), 0)
    return log_dmax.mean_up_to(fitted.calibration.largest_mm)
