"""A covariance of many points by a few columns of it: the pivoted Cholesky decomposition.

Each step takes the point whose variance is explained the least so far (Harbrecht, Peters and Schneider, Appl. Numer.
Math. 62 (2012) 428). Only the columns of these points are computed.
"""

from collections.abc import Callable

import numpy as np

from bmg_assets.science.arrays import FloatArray


def pivoted_cholesky(variance: FloatArray, column: Callable[[int], FloatArray], most: int, enough: float) -> FloatArray:
    """Factors whose products approach the covariance from below, shape (n, r) with r up to `most`.

    Args:
        variance: diagonal of the covariance, shape (n,).
        column: gives a column of it, shape (n,).
        most: columns to compute at most.
        enough: share of the sum of variances that may stay unexplained.
    """
    left, factors = variance.copy(), np.zeros((len(variance), 0))
    for _ in range(min(most, len(variance))):
        pivot = int(np.argmax(left))
        if left.sum() <= enough * variance.sum() or left[pivot] <= 0:
            break
        one = (column(pivot) - factors @ factors[pivot]) / np.sqrt(left[pivot])
        factors = np.column_stack([factors, one])
        left = np.maximum(left - one**2, 0)
        left[pivot] = 0.0
    return factors
