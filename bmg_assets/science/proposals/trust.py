"""Where a map can be believed: near enough to what is known."""

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray

LEAST_EXPLAINED = 0.5
"""Share of the variance that known alloys must explain. Measured with `composite` on left-out alloys in all regimes:
below it a predicted chance of a bulk glass tells no more than the share of bulk glasses among such alloys; from it on
chances tell more, and 90 % intervals hold 88 % of the bulk glasses or more (docs/results.md)."""


def is_trusted(explained: FloatArray | None, n: int) -> BoolArray:
    """Whether each of n compositions is near enough to what is known, shape (n,).

    Args:
        explained: share of the variance that the known alloys explain, shape (n,); where the surrogate does not
            say, nothing is doubted.
        n: number of compositions.
    """
    return np.ones(n, dtype=bool) if explained is None else np.asarray(explained >= LEAST_EXPLAINED)
