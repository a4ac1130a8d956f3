"""Intervals for predictions, from the residuals of out-of-fold predictions.

Such an interval holds for alloys left out *at random*. Alloys of a system that nobody has cast are harder: on the
published set a 90 % interval of this kind held 45 % of the bulk glasses of left-out systems. Every place that shows the
interval states this.
"""

import numpy as np

from bmg_assets.science.arrays import FloatArray, IntArray

COVERAGE = 0.9
NEIGHBOURS = 200
"""Residuals at each prediction: enough for its 5 % tail, few enough to follow how the spread grows with D_max."""

ROUNDING = 1e-9


def residual_intervals(
    out_of_fold: FloatArray,
    y: FloatArray,
    predicted: FloatArray,
    coverage: float = COVERAGE,
    lowest: float = 0.0,
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper bounds of D_max in mm (or another label in its unit) for new predictions, both of shape (n_new,).

    Each bound is a quantile of the residuals of the alloys whose out-of-fold predictions are the nearest by rank. The
    lower one is not below the lowest value there is, and a prediction lies within its interval.

    Args:
        out_of_fold: fused out-of-fold predictions in mm, shape (n,).
        y: labels in mm, shape (n,).
        predicted: new predictions in mm, shape (n_new,).
        coverage: share of the residuals within the interval.
        lowest: the lowest value of the label; zero for a diameter, minus infinity where there is no bound.
    """
    windows, start = _residuals_around(out_of_fold, y, predicted)
    tail = (1 - coverage) / 2
    low, high = np.quantile(windows, [tail, 1 - tail], axis=1)
    return (
        np.maximum(np.minimum(predicted + low[start], predicted), lowest),
        np.maximum(predicted + high[start], predicted),
    )


def residual_probability(out_of_fold: FloatArray, y: FloatArray, predicted: FloatArray, bound: float) -> FloatArray:
    """Share of the nearest residuals with which new predictions reach a bound, shape (n_new,), 0 to 1.

    It holds for alloys left out at random, as the intervals do.

    Args:
        out_of_fold, y, predicted: as of `residual_intervals`.
        bound: in the unit of the label.
    """
    windows, start = _residuals_around(out_of_fold, y, predicted)
    return np.array(
        [np.mean(value + windows[row] >= bound - ROUNDING) for value, row in zip(predicted, start, strict=True)],
        dtype=np.float64,
    )


def _residuals_around(out_of_fold: FloatArray, y: FloatArray, predicted: FloatArray) -> tuple[FloatArray, IntArray]:
    """Windows of residuals in the order of the predictions, shape (w, NEIGHBOURS), and each prediction's window."""
    order = np.argsort(out_of_fold, kind="stable")
    residuals = (y - out_of_fold)[order]
    window = min(NEIGHBOURS, len(residuals))
    windows = np.lib.stride_tricks.sliding_window_view(residuals, window)
    start = np.searchsorted(out_of_fold[order], predicted) - window // 2
    return windows, np.clip(start, 0, len(windows) - 1)
