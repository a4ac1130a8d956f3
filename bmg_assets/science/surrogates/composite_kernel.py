"""The kernel of the surrogate `composite`: what is near in composition, in the melt, and near at once, as three parts.

Two smooth parts see composition and melt, one at short and one at long lengths of the melt. The third is exponential
in composition alone: it is rough, so that a single report is believed close by and nowhere else. Offsets keep apart
what must not be read as chemistry (see kernels.py), and a constant leaves open how good alloys are on average.
"""

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.melt.estimates import ESTIMATES
from bmg_assets.science.surrogates.kernels import (
    COMPOSITION_LENGTH,
    FEWEST_OF_MANY,
    IN_SYSTEM_LENGTH,
    MELT_LENGTH,
    Embedding,
    add_offsets,
)

SingleArray = NDArray[np.float32]

SMOOTH_PARTS = ((0.4, 0.3, 1.0, 1.0), (0.4, 0.184, 1.91, 1.85))
"""Variance, and lengths in composition, in the melt by itself and in its system, of each smooth part. The second set of
lengths is that of the largest marginal likelihood on at most four alloys of each system, without those it is judged
on."""
ROUGH_VARIANCE, ROUGH_LENGTH = 0.4, 0.5
SAME_SYSTEM, MANY_ELEMENTS, CONSTANT = 0.22, 1.2, 0.35
"""Variances of the offsets of a system, of alloys of many elements, and of all alloys."""
ROWS_AT_ONCE = 64
"""Rows of a covariance with thousands of columns that stay in the cache of a core."""


def composite_kernel(a: Embedding, b: Embedding) -> SingleArray:
    """Prior covariance of n with m alloys, shape (n, m), in single precision.

    The noise of reports is ten thousand times larger than what is rounded off.
    """
    of_a, of_b = _blocks(a), _blocks(b)
    # Products that are squared distances in units of the rough length, and logarithms of the smooth parts.
    rough = _products(of_a[:1], of_b[:1], [ROUGH_LENGTH], 1.0, 0.0)
    smooth = [_products(of_a, of_b, lengths, -0.5, np.log(variance)) for variance, *lengths in SMOOTH_PARTS]
    covariance = np.empty((len(a.systems), len(b.systems)), dtype=np.float32)
    for start in range(0, len(covariance), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        one = covariance[rows]
        np.matmul(rough[0][rows], rough[1], out=one)
        np.maximum(one, 0, out=one)
        np.sqrt(one, out=one)
        np.subtract(np.float32(np.log(ROUGH_VARIANCE)), one, out=one)
        np.exp(one, out=one)
        for left, right in smooth:
            part = left[rows] @ right
            one += np.exp(part, out=part)
        one += np.float32(CONSTANT)
    add_offsets(covariance, a, b, SAME_SYSTEM, MANY_ELEMENTS)
    return covariance


def composite_prior_variance(embedding: Embedding) -> FloatArray:
    """Diagonal of `composite_kernel(embedding, embedding)`, shape (n,)."""
    return np.where(
        embedding.has_many_elements, prior_variance_of(FEWEST_OF_MANY), prior_variance_of(FEWEST_OF_MANY - 1)
    )


def prior_variance_of(n_elements: int) -> float:
    """The same of any alloy of so many elements."""
    parts = ROUGH_VARIANCE + sum(variance for variance, *_ in SMOOTH_PARTS)
    return parts + CONSTANT + SAME_SYSTEM + MANY_ELEMENTS * (n_elements >= FEWEST_OF_MANY)


def _blocks(embedding: Embedding) -> tuple[FloatArray, ...]:
    """Coordinates in composition, in the melt by itself and in its system, without a length."""
    width = len(ESTIMATES)
    composition, by_itself, in_its_system = np.split(embedding.coordinates, [-2 * width, -width], axis=1)
    return composition * COMPOSITION_LENGTH, by_itself * MELT_LENGTH, in_its_system * IN_SYSTEM_LENGTH


def _products(
    of_a: tuple[FloatArray, ...], of_b: tuple[FloatArray, ...], lengths: list[float], factor: float, summand: float
) -> tuple[SingleArray, SingleArray]:
    """Two matrices, shape (n, d) and (d, m), whose product is factor · d² + summand, d² being squared distances.

    The squares of the norms ride along as two columns, so that a product is all that is computed.
    """
    left, right = (
        np.hstack([block / length for block, length in zip(blocks, lengths, strict=True)]) for blocks in (of_a, of_b)
    )
    one_left, one_right = np.ones((len(left), 1)), np.ones((len(right), 1))
    norms = factor * (left**2).sum(axis=1)[:, None] + summand, factor * (right**2).sum(axis=1)[:, None]
    return (
        np.hstack([-2 * factor * left, norms[0], one_left]).astype(np.float32),
        np.ascontiguousarray(np.hstack([right, one_right, norms[1]]).T, dtype=np.float32),
    )
