"""The kernel of the Gaussian process: how similar two alloys are in composition and in estimates of their melts.

Two offsets keep apart what must not be read as chemistry: one for the alloys of one system (200 alloys of a sputtered
system are one opinion on its level and 200 on its shape), one for alloys of four elements and more (98 % of those in
the literature were reported because they were bulk glasses).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray, RealArray
from bmg_assets.science.melt.elements import MeltElements, melt_elements, squared_distances
from bmg_assets.science.melt.estimates import MeltEstimates, estimate_melts
from bmg_assets.science.surrogates.alloys import Compositions

COMPOSITION_LENGTH = 0.3
MELT_LENGTH = 1.0
IN_SYSTEM_LENGTH = 1.0
"""Length scales of the RBF kernel: of fractions spread over similar elements, and of standardised estimates of the melt
by itself and within its system, averaged over their columns. Chosen on the development split."""
SAME_SYSTEM = 0.2
MANY_ELEMENTS = 0.5
"""Variances of the two offsets; the variance of the RBF part is 1."""
FEWEST_OF_MANY = 4
"""Elements from which an alloy has the offset of many elements."""
FARTHEST = 3.0
"""Standard deviations at which standardised estimates are clipped."""


@dataclass(frozen=True)
class Embedding:
    """n alloys as the kernel sees them."""

    coordinates: FloatArray
    """Scaled by the lengths, so that the RBF part is exp(-d²/2) of their Euclidean distance; shape (n, d)."""
    systems: NDArray[np.str_]
    """Chemical system of each, shape (n,)."""
    has_many_elements: BoolArray
    """Shape (n,)."""

    @cached_property
    def rows_by_system(self) -> dict[str, IntArray]:
        """Rows of the alloys of each system."""
        systems, place, counts = np.unique(self.systems, return_inverse=True, return_counts=True)
        order, stops = np.argsort(place, kind="stable"), np.cumsum(counts)
        each = zip(systems.tolist(), counts, stops, strict=True)
        return {system: order[stop - count : stop] for system, count, stop in each}

    def take(self, rows: IntArray) -> "Embedding":
        """The alloys of these rows."""
        return Embedding(self.coordinates[rows], self.systems[rows], self.has_many_elements[rows])

    def followed_by(self, others: "Embedding") -> "Embedding":
        """These alloys, and the others behind them."""
        return Embedding(
            np.vstack([self.coordinates, others.coordinates]),
            np.concatenate([self.systems, others.systems]),
            np.concatenate([self.has_many_elements, others.has_many_elements]),
        )


@dataclass(frozen=True)
class EmbeddingSpace:
    """Elements, and the standardisation of the estimates, taken from the known alloys."""

    elements: MeltElements
    means: tuple[FloatArray, FloatArray]
    """Means of the melt estimates, by itself and in its system; `deviations` likewise."""
    deviations: tuple[FloatArray, FloatArray]

    @classmethod
    def fit(cls, known: Compositions) -> tuple["EmbeddingSpace", Embedding]:
        """The space that the known alloys span, and their embedding in it."""
        elements = melt_elements(known.elements)
        estimates = estimate_melts(known.fractions, elements)
        blocks = (estimates.by_itself, estimates.in_its_system)
        means = (blocks[0].mean(axis=0), blocks[1].mean(axis=0))
        deviations = (np.maximum(blocks[0].std(axis=0), 1e-9), np.maximum(blocks[1].std(axis=0), 1e-9))
        space = cls(elements, means, deviations)
        return space, space._embedded(known.fractions, estimates)

    def embed(self, compositions: Compositions) -> Embedding:
        """Embedding of compositions whose columns are the elements of the known alloys."""
        return self._embedded(compositions.fractions, estimate_melts(compositions.fractions, self.elements))

    def _embedded(self, fractions: FloatArray, estimates: MeltEstimates) -> Embedding:
        coordinates = [fractions @ self.elements.embedding / COMPOSITION_LENGTH]
        blocks = (estimates.by_itself, estimates.in_its_system)
        lengths = (MELT_LENGTH, IN_SYSTEM_LENGTH)
        for block, mean, deviation, length in zip(blocks, self.means, self.deviations, lengths, strict=True):
            standardised = np.clip((block - mean) / deviation, -FARTHEST, FARTHEST)
            coordinates.append(standardised / np.sqrt(standardised.shape[1]) / length)
        present = fractions > 0
        symbols = np.array(self.elements.symbols)
        systems = np.array(["-".join(symbols[row]) for row in present])
        return Embedding(np.hstack(coordinates), systems, present.sum(axis=1) >= FEWEST_OF_MANY)


def kernel(a: Embedding, b: Embedding) -> FloatArray:
    """Prior covariance of n with m alloys: RBF on the embedding plus the two offsets; shape (n, m)."""
    covariance = squared_distances(a.coordinates, b.coordinates)
    covariance /= -2
    np.exp(covariance, out=covariance)
    add_offsets(covariance, a, b, SAME_SYSTEM, MANY_ELEMENTS)
    return covariance


def add_offsets(covariance: RealArray, a: Embedding, b: Embedding, same_system: float, many_elements: float) -> None:
    """Add the variances of the two offsets to the covariance of n with m alloys, shape (n, m), in place."""
    add_same_system(covariance, a, b, same_system)
    if a.has_many_elements.any() and b.has_many_elements.any():
        both_of_many = np.ix_(np.flatnonzero(a.has_many_elements), np.flatnonzero(b.has_many_elements))
        covariance[both_of_many] += many_elements


def add_same_system(covariance: RealArray, a: Embedding, b: Embedding, variance: float) -> None:
    """Add a variance to the covariance of alloys of the same system, shape (n, m), in place."""
    ours, theirs = a.rows_by_system, b.rows_by_system
    for system in ours.keys() & theirs.keys():
        covariance[np.ix_(ours[system], theirs[system])] += variance


def prior_variance(embedding: Embedding) -> FloatArray:
    """Diagonal of `kernel(embedding, embedding)`, shape (n,)."""
    return np.asarray(1 + SAME_SYSTEM + MANY_ELEMENTS * embedding.has_many_elements)
