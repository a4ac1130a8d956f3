"""The kernel of the surrogate `composite`: what is near in composition, in the melt, and near at once, as three parts.

Two smooth parts see composition and melt, one at short and one at long lengths of the melt. The third is exponential
in composition alone: it is rough, so that a single report is believed close by and nowhere else. Offsets keep apart
what must not be read as chemistry (see kernels.py), and a constant leaves open how good alloys are on average.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

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
    add_same_system,
)

SingleArray = NDArray[np.float32]

SMOOTH_PARTS = ((0.4, 0.3, 1.0, 1.0), (0.4, 0.184, 1.91, 1.85))
"""Variance, and lengths in composition, in the melt by itself and in its system, of each smooth part. The second set of
lengths is that of the largest marginal likelihood on at most four alloys of each system, without those it is judged
on."""
ROUGH_VARIANCE, ROUGH_LENGTH = 0.4, 0.5
SAME_SYSTEM, MANY_ELEMENTS, CONSTANT = 0.22, 1.2, 0.35
"""Variances of the offsets of a system, of alloys of many elements, and of all alloys."""
VARIANCE_TO_EXPLAIN = ROUGH_VARIANCE + sum(variance for variance, *_ in SMOOTH_PARTS) + CONSTANT + SAME_SYSTEM
"""Variance of which known alloys explain a share. The offset of many elements is not in it: any known alloys of many
elements explain all of that, and whatever has as many would seem to be near to what is known."""
SPANS_NOTHING = 1e-12
"""Share of the largest sum of squares along a direction below which it is rounding."""
ROWS_AT_ONCE, COLUMNS_AT_ONCE = 128, 512
"""A block of a covariance that stays in the cache of a core from its first product to its last sum."""


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
        composition, *melts = _blocks(others)
        norms = tuple((block**2).sum(axis=1) for block in (composition, *melts))
        # Compositions of a few elements span a few directions: the products need no other ones.
        spanned = _spanned(composition)
        left, right = (composition @ spanned, *melts), spanned.T @ self.blocks[0]
        # Products that are squared distances in units of the rough length, and logarithms of the smooth parts.
        to_rough = _left(left[:1], norms[:1], [ROUGH_LENGTH], 1.0, 0.0)
        of_rough = np.vstack([right, _squares(self.norms[:1], [ROUGH_LENGTH], 1.0)])
        right_in_single = right.astype(np.float32)
        smooth = [
            (
                _left(left, norms, lengths, -0.5, np.log(variance)).astype(np.float32),
                np.vstack([right_in_single, of_melts]),
            )
            for (variance, *lengths), of_melts in zip(SMOOTH_PARTS, self._of_melts, strict=True)
        ]
        levels, kinds = self._levels, others.has_many_elements.astype(np.int64)
        covariance = np.empty((len(others.systems), len(self.alloys.systems)), dtype=np.float32)
        for rows, columns in _blocks_of(*covariance.shape):
            # In double precision: the root is steepest where a composition meets itself, and would magnify rounding.
            one = np.maximum(to_rough[rows] @ of_rough[:, columns], 0).astype(np.float32)
            np.sqrt(one, out=one)
            np.subtract(np.float32(np.log(ROUGH_VARIANCE)), one, out=one)
            np.exp(one, out=one)
            for of_others, of_alloys in smooth:
                part = of_others[rows] @ of_alloys[:, columns]
                one += np.exp(part, out=part)
            np.add(one, levels[:, columns][kinds[rows]], out=covariance[rows, columns])
        add_same_system(covariance, others, self.alloys, SAME_SYSTEM)
        return covariance

    @cached_property
    def _of_melts(self) -> tuple[SingleArray, ...]:
        """For each smooth part what its products need of the alloys but for their composition, shape (d, m) each."""
        return tuple(
            np.vstack([*self.blocks[1:], _squares(self.norms, lengths, -0.5)]).astype(np.float32)
            for _, *lengths in SMOOTH_PARTS
        )

    @cached_property
    def _levels(self) -> SingleArray:
        """What any other alloy shares with each of these: one of few elements, and one of many; shape (2, m)."""
        of_many = CONSTANT + MANY_ELEMENTS * self.alloys.has_many_elements
        return np.stack([np.full(of_many.shape, CONSTANT), of_many]).astype(np.float32)


def composite_prior_variance(embedding: Embedding) -> FloatArray:
    """Diagonal of `composite_kernel(embedding, embedding)`, shape (n,)."""
    return np.where(
        embedding.has_many_elements, prior_variance_of(FEWEST_OF_MANY), prior_variance_of(FEWEST_OF_MANY - 1)
    )


def prior_variance_of(n_elements: int) -> float:
    """The same of any alloy of so many elements."""
    return VARIANCE_TO_EXPLAIN + MANY_ELEMENTS * (n_elements >= FEWEST_OF_MANY)


def share_explained(left_open: FloatArray) -> FloatArray:
    """Share of VARIANCE_TO_EXPLAIN that is not left open, 0 to 1, shape (n,).

    Args:
        left_open: variance that known alloys leave to the score, without noise, shape (n,).
    """
    return np.clip(1 - left_open / VARIANCE_TO_EXPLAIN, 0, 1)


def _blocks(embedding: Embedding) -> tuple[FloatArray, ...]:
    """Coordinates in composition, in the melt by itself and in its system, without a length."""
    width = len(ESTIMATES)
    composition, by_itself, in_its_system = np.split(embedding.coordinates, [-2 * width, -width], axis=1)
    return composition * COMPOSITION_LENGTH, by_itself * MELT_LENGTH, in_its_system * IN_SYSTEM_LENGTH


def _blocks_of(n_rows: int, n_columns: int) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of the blocks that a matrix of this shape is made of."""
    for row in range(0, n_rows, ROWS_AT_ONCE):
        for column in range(0, n_columns, COLUMNS_AT_ONCE):
            yield slice(row, row + ROWS_AT_ONCE), slice(column, column + COLUMNS_AT_ONCE)


def _left(
    blocks: Sequence[FloatArray], norms: Sequence[FloatArray], lengths: Sequence[float], factor: float, summand: float
) -> FloatArray:
    """What makes factor · d² + summand of a product with others, d² being squared distances; shape (n, d + 2).

    The others are their blocks above what `_squares` gives: the squares ride along, and a product is all.
    """
    scaled = [-2 * factor / length**2 * block for length, block in zip(lengths, blocks, strict=True)]
    squares, ones = _squares(norms, lengths, factor)[::-1]
    return np.column_stack([*scaled, squares + summand, ones])


def _squares(norms: Sequence[FloatArray], lengths: Sequence[float], factor: float) -> FloatArray:
    """Ones, and factor times the squared lengths in units of `lengths`, shape (2, m)."""
    squares = factor * np.sum([norm / length**2 for length, norm in zip(lengths, norms, strict=True)], axis=0)
    return np.stack([np.ones(len(squares)), squares])


def _spanned(coordinates: FloatArray) -> FloatArray:
    """Orthonormal directions that n points span, shape (d, r)."""
    squares, directions = np.linalg.eigh(coordinates.T @ coordinates)
    return np.asarray(directions[:, squares > SPANS_NOTHING * max(squares[-1], 1e-30)])
