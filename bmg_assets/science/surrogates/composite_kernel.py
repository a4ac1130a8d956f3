"""The kernel of the surrogate `composite`: what is near in composition, in the melt, and near at once, as three parts.

Two smooth parts see composition and melt, one at short and one at long lengths of the melt. The third is exponential
in composition alone: it is rough, so that a single report is believed close by and nowhere else. Offsets keep apart
what must not be read as chemistry (see kernels.py), and a constant leaves open how good alloys are on average.
"""

from dataclasses import dataclass

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
SPANS_NOTHING = 1e-12
"""Share of the largest sum of squares along a direction below which it is rounding."""
ROWS_AT_ONCE = 64
"""Rows of a covariance with thousands of columns that stay in the cache of a core."""


def composite_kernel(a: Embedding, b: Embedding) -> SingleArray:
    """Prior covariance of n with m alloys, shape (n, m), in single precision.

    The noise of reports is ten thousand times larger than what is rounded off.
    """
    return KernelColumns.of(b).covariance_of(a)


@dataclass(frozen=True)
class KernelColumns:
    """m alloys, prepared for the covariance of many others with them."""

    alloys: Embedding
    blocks: tuple[FloatArray, ...]
    """Coordinates in composition, in the melt by itself and in its system, without a length, transposed: (d, m)."""
    norms: tuple[FloatArray, ...]
    """Squared lengths of them, shape (m,)."""

    @classmethod
    def of(cls, alloys: Embedding) -> "KernelColumns":
        """These alloys."""
        blocks = _blocks(alloys)
        transposed = tuple(np.ascontiguousarray(block.T) for block in blocks)
        return cls(alloys, transposed, tuple((block**2).sum(axis=1) for block in blocks))

    def covariance_of(self, others: Embedding) -> SingleArray:
        """Prior covariance of n others with these alloys, shape (n, m)."""
        left, right = _blocks(others), self.blocks
        # Compositions of a few elements span a few directions: the products need no other ones.
        spanned = _spanned(left[0])
        norms = tuple((block**2).sum(axis=1) for block in left)
        left, right = (left[0] @ spanned, *left[1:]), (spanned.T @ right[0], *right[1:])
        # Products that are squared distances in units of the rough length, and logarithms of the smooth parts.
        rough = self._products(left[:1], right[:1], norms, [ROUGH_LENGTH], 1.0, 0.0)
        smooth = [
            _in_single_precision(*self._products(left, right, norms, lengths, -0.5, np.log(variance)))
            for variance, *lengths in SMOOTH_PARTS
        ]
        covariance = np.empty((len(others.systems), len(self.alloys.systems)), dtype=np.float32)
        for start in range(0, len(covariance), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            one = covariance[rows]
            # In double precision: the root is steepest where a composition meets itself, and would magnify rounding.
            np.maximum(rough[0][rows] @ rough[1], 0, out=one, casting="same_kind")
            np.sqrt(one, out=one)
            np.subtract(np.float32(np.log(ROUGH_VARIANCE)), one, out=one)
            np.exp(one, out=one)
            for of_others, of_alloys in smooth:
                part = of_others[rows] @ of_alloys
                one += np.exp(part, out=part)
            one += np.float32(CONSTANT)
        add_offsets(covariance, others, self.alloys, SAME_SYSTEM, MANY_ELEMENTS)
        return covariance

    def _products(
        self,
        left: tuple[FloatArray, ...],
        right: tuple[FloatArray, ...],
        norms: tuple[FloatArray, ...],
        lengths: list[float],
        factor: float,
        summand: float,
    ) -> tuple[FloatArray, FloatArray]:
        """Two matrices, shape (n, d) and (d, m), whose product is factor · d² + summand, d² being squared distances.

        The squares of the norms ride along as two columns, so that a product is all that is computed.
        """
        scales = [1 / length**2 for length in lengths]
        of_left, of_right = (
            factor * np.sum([scale * norm for scale, norm in zip(scales, of, strict=False)], axis=0)
            for of in (norms, self.norms)
        )
        scaled = [-2 * factor * scale * block for scale, block in zip(scales, left, strict=True)]
        return (
            np.column_stack([*scaled, of_left + summand, np.ones(len(of_left))]),
            np.vstack([*right, np.ones(len(of_right)), of_right]),
        )


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


def _in_single_precision(a: FloatArray, b: FloatArray) -> tuple[SingleArray, SingleArray]:
    return a.astype(np.float32), b.astype(np.float32)


def _spanned(coordinates: FloatArray) -> FloatArray:
    """Orthonormal directions that n points span, shape (d, r)."""
    squares, directions = np.linalg.eigh(coordinates.T @ coordinates)
    return np.asarray(directions[:, squares > SPANS_NOTHING * max(squares[-1], 1e-30)])
