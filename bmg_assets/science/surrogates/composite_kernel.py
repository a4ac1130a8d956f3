"""The kernel of the surrogate `composite`: what is near in composition, in the melt, and near at once, as three parts.

Two smooth parts see composition and melt, one at short and one at long lengths of the melt. The third is exponential
in composition alone: it is rough, so that a single report is believed close by and nowhere else. Offsets keep apart
what must not be read as chemistry (see kernels.py), and a constant leaves open how good alloys are on average.
"""

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.arrays import FloatArray, RealArray
from bmg_assets.science.melt.elements import squared_distances
from bmg_assets.science.melt.estimates import ESTIMATES
from bmg_assets.science.surrogates.kernels import (
    COMPOSITION_LENGTH,
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


def composite_kernel(a: Embedding, b: Embedding) -> RealArray:
    """Prior covariance of n with m alloys, shape (n, m), in single precision.

    The noise of reports is ten thousand times larger than what is rounded off.
    """
    of_a, of_b = _blocks(a), _blocks(b)
    covariance = squared_distances(of_a[0] / ROUGH_LENGTH, of_b[0] / ROUGH_LENGTH)
    np.sqrt(covariance, out=covariance)
    np.negative(covariance, out=covariance)
    np.exp(covariance, out=covariance)
    covariance *= ROUGH_VARIANCE
    for variance, *lengths in SMOOTH_PARTS:
        part = squared_distances(_scaled(of_a, lengths), _scaled(of_b, lengths))
        part /= -2
        np.exp(part, out=part)
        part *= variance
        covariance += part
    covariance += CONSTANT
    add_offsets(covariance, a, b, SAME_SYSTEM, MANY_ELEMENTS)
    return covariance


def composite_prior_variance(embedding: Embedding) -> FloatArray:
    """Diagonal of `composite_kernel(embedding, embedding)`, shape (n,)."""
    parts = ROUGH_VARIANCE + sum(variance for variance, *_ in SMOOTH_PARTS)
    return np.asarray(parts + CONSTANT + SAME_SYSTEM + MANY_ELEMENTS * embedding.has_many_elements)


def _blocks(embedding: Embedding) -> tuple[SingleArray, SingleArray, SingleArray]:
    """Coordinates in composition, in the melt by itself and in its system, without a length."""
    width = len(ESTIMATES)
    single = embedding.coordinates.astype(np.float32)
    composition, by_itself, in_its_system = np.split(single, [-2 * width, -width], axis=1)
    return composition * COMPOSITION_LENGTH, by_itself * MELT_LENGTH, in_its_system * IN_SYSTEM_LENGTH


def _scaled(blocks: tuple[SingleArray, SingleArray, SingleArray], lengths: list[float]) -> SingleArray:
    return np.hstack([block / length for block, length in zip(blocks, lengths, strict=True)])
