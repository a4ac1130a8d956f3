"""What scores mean in millimetres, calibrated on other systems than those that are judged.

The systems are dealt into folds. Each fold is judged by a calibration that was fitted to the others, so no system has a
part in what it is judged by. The calibrations are those of the surrogates themselves: isotonic regression for
`transfer`, the layer for all regimes for `composite`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.alloys.labels import BULK_FROM_MM, MOULD_STEP_MM
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.models.calibration import FEWEST_BULK, Calibration, CalibrationError, LeftOutScores
from bmg_assets.science.models.interval_calibration import IntervalCalibration, LeftOutAlloys
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets.science.surrogates.transfer import NOT_METALS

FOLDS = 5
COVERAGE = 0.9
ABOVE_NOTHING_MM = 1e-6
SMALLEST = 1e-4
"""A probability below this counts as this in a log score: one report may be wrong."""
CALIBRATED_COLUMNS = (
    "predicted_mm",
    "probability_glass",
    "probability_bulk",
    "log_score",
    "interval_low_mm",
    "interval_high_mm",
    "is_held",
)
"""`is_held` is 1 where the interval meets what was reported (a rod's diameter, a ribbon's range, no glass), else 0."""


@dataclass(frozen=True)
class _Calibrated:
    """Predictions for m alloys, each of shape (m,); see CALIBRATED_COLUMNS."""

    predicted_mm: FloatArray
    probability_glass: FloatArray
    probability_bulk: FloatArray
    log_score: FloatArray
    interval_low_mm: FloatArray
    interval_high_mm: FloatArray
    is_held: FloatArray


def folds_of(systems: NDArray[np.object_], seed: int) -> NDArray[np.int64]:
    """Fold of each alloy, shape (n,): the same for all alloys of a system."""
    names, place = np.unique(systems.astype(str), return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(names)) % FOLDS
    return np.asarray(dealt[place], dtype=np.int64)


def with_layer(left_out: LeftOutAlloys, seed: int) -> pd.DataFrame:
    """CALIBRATED_COLUMNS of n alloys by the layer for all regimes; missing where it cannot be fitted."""
    folds = folds_of(left_out.systems, seed)
    columns = _missing(len(folds))
    for fold in range(FOLDS):
        try:
            calibration = IntervalCalibration.fit(left_out.take(folds != fold))
        except CalibrationError:
            continue
        for regime in Regime:
            rows = (folds == fold) & (left_out.regimes == regime)
            if rows.any():
                _enter(columns, rows, _by_layer(calibration, left_out.take(rows), regime))
    return pd.DataFrame(columns)


def with_isotonic(left_out: LeftOutAlloys, seed: int) -> pd.DataFrame:
    """CALIBRATED_COLUMNS of n alloys as `transfer` calibrates; missing where it cannot.

    It knows two calibrations: by systems left out with all that is related, and by systems left out alone.
    """
    folds = folds_of(left_out.systems, seed)
    is_nothing_known = left_out.regimes == Regime.NOTHING_KNOWN
    columns = _missing(len(folds))
    for of_mode, learns in ((is_nothing_known, Regime.NOTHING_KNOWN), (~is_nothing_known, Regime.RELATED_KNOWN)):
        for fold in range(FOLDS):
            known = left_out.take((folds != fold) & (left_out.regimes == learns))
            for rows in _alike(left_out, of_mode & (folds == fold)):
                calibration = _isotonic_for(known, left_out.take(rows), seed)
                if calibration is not None:
                    _enter(columns, rows, _by_isotonic(calibration, left_out.take(rows)))
    return pd.DataFrame(columns)


def _missing(n: int) -> dict[str, FloatArray]:
    return {name: np.full(n, np.nan) for name in CALIBRATED_COLUMNS}


def _enter(columns: dict[str, FloatArray], rows: BoolArray, found: _Calibrated) -> None:
    for name, column in columns.items():
        column[rows] = getattr(found, name)


def _by_layer(calibration: IntervalCalibration, alloys: LeftOutAlloys, regime: Regime) -> _Calibrated:
    log_dmax = calibration.predict(alloys.score, alloys.uncertainty, alloys.flags)
    levels = calibration.levels_for(COVERAGE, regime, alloys.flags[:, 0] == 1)
    low, high = log_dmax.interval(levels, calibration.largest_mm)
    glass_from_mm = float(np.exp(calibration.parameters[-1]))
    return _Calibrated(
        log_dmax.mean_up_to(calibration.largest_mm),
        log_dmax.probability_at_least(glass_from_mm),
        log_dmax.probability_at_least(BULK_FROM_MM),
        np.maximum(calibration.log_scores(alloys), np.log(SMALLEST)),
        low,
        high,
        is_held(low, high, alloys.dmax_mm, glass_from_mm),
    )


def _by_isotonic(calibration: Calibration, alloys: LeftOutAlloys) -> _Calibrated:
    distribution, dmax_mm = calibration.distribution, alloys.dmax_mm
    glass = distribution.probability_of(alloys.score, ABOVE_NOTHING_MM)
    bulk = distribution.probability_of(alloys.score, BULK_FROM_MM)
    of_rod = distribution.at_least(alloys.score, dmax_mm) - distribution.at_least(alloys.score, dmax_mm + MOULD_STEP_MM)
    reported = np.where(dmax_mm >= BULK_FROM_MM, of_rod, np.where(dmax_mm > 0, glass - bulk, 1 - glass))
    low, high = calibration.interval(alloys.score, COVERAGE)
    return _Calibrated(
        distribution.mean(alloys.score),
        glass,
        bulk,
        np.log(np.maximum(reported, SMALLEST)),
        low,
        high,
        is_held(low, high, dmax_mm, ABOVE_NOTHING_MM),
    )


def is_held(low_mm: FloatArray, high_mm: FloatArray, dmax_mm: FloatArray, glass_from_mm: float) -> FloatArray:
    """1 where an interval meets what was reported, else 0, shape (n,).

    Args:
        low_mm, high_mm: ends of the intervals, shape (n,).
        dmax_mm: reported; a ribbon may be anything from `glass_from_mm` to 1 mm, no glass anything below.
        glass_from_mm: thickness below which nothing is a glass even as a ribbon.
    """
    is_bulk, is_glass = dmax_mm >= BULK_FROM_MM, dmax_mm > 0
    lowest = np.where(is_bulk, dmax_mm, np.where(is_glass, glass_from_mm, 0.0))
    highest = np.where(is_bulk, dmax_mm, np.where(is_glass, BULK_FROM_MM, glass_from_mm))
    return ((low_mm <= highest) & (high_mm >= lowest)).astype(np.float64)


def _alike(left_out: LeftOutAlloys, rows: BoolArray) -> Iterator[BoolArray]:
    """The rows in groups of one number of elements and one family, as `transfer` tells target systems apart."""
    kinds = [_kind_of(system) for system in left_out.systems]
    for kind in sorted({kind for kind, wanted in zip(kinds, rows, strict=True) if wanted}):
        yield rows & np.array([one == kind for one in kinds])


def _kind_of(system: str) -> tuple[int, bool]:
    elements = system.split(SEPARATOR)
    return len(elements), NOT_METALS.isdisjoint(elements)


def _isotonic_for(known: LeftOutAlloys, target: LeftOutAlloys, seed: int) -> Calibration | None:
    """The calibration that `transfer` would have for systems of this kind; None with too few bulk glasses."""
    n_elements, is_metal = _kind_of(target.systems[0])
    kinds = [_kind_of(system) for system in known.systems]
    is_like = np.array([kind[0] == n_elements for kind in kinds])
    if (known.dmax_mm[is_like] >= BULK_FROM_MM).sum() < FEWEST_BULK:
        is_like[:] = True
    of_family = np.array([kind[1] == is_metal for kind in kinds])
    scores = LeftOutScores(known.score, known.dmax_mm, known.systems).take(is_like)
    try:
        return Calibration.fit(scores, of_family[is_like], seed)
    except CalibrationError:
        return None
