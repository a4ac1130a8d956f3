"""How alike two alloys are, for a Gaussian process: by what they are made of, and by what their melts are.

Two things are offsets, which must not be read as chemistry: what the alloys of one system have in common (200 alloys of
a sputtered system are one opinion on its level and 200 on its shape), and what alloys of four elements and more have in
common (98 % of those that were reported were reported because they were bulk glasses).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.melt.elements import MeltElements, melt_elements, squared_distances
from bmg_assets.science.melt.estimates import MeltEstimates, estimate_melts
from bmg_assets.science.surrogates.alloys import Compositions

COMPOSITION_LENGTH = 0.3
MELT_LENGTH = 1.0
IN_SYSTEM_LENGTH = 1.0
"""Distances at which the likeness falls to 0.61, of fractions spread over similar elements and of standardised
estimates, averaged over these. Chosen on the development split of the systems left out."""
SAME_SYSTEM = 0.2
MANY_ELEMENTS = 0.5
"""Variances of the two offsets; that of the likeness is one."""
FEWEST_OF_MANY = 4
FARTHEST = 3.0
"""Standard deviations beyond which an estimate makes no difference any more."""


@dataclass(frozen=True)
class Places:
    """Where n alloys are."""

    coordinates: FloatArray
    """Shape (n, d): the likeness is exp(-d²/2) of their distance."""
    systems: NDArray[np.str_]
    """Shape (n,)."""
    has_many_elements: NDArray[np.bool_]

    def followed_by(self, others: "Places") -> "Places":
        """Both."""
        return Places(
            np.vstack([self.coordinates, others.coordinates]),
            np.concatenate([self.systems, others.systems]),
            np.concatenate([self.has_many_elements, others.has_many_elements]),
        )


@dataclass(frozen=True)
class Likeness:
    """The scale on which alloys are compared, taken from those that are known."""

    elements: MeltElements
    means: tuple[FloatArray, FloatArray]
    deviations: tuple[FloatArray, FloatArray]

    @classmethod
    def among(cls, known: Compositions) -> tuple["Likeness", Places]:
        """The scale, and where the known alloys are on it."""
        elements = melt_elements(known.elements)
        estimates = estimate_melts(known.fractions, elements)
        blocks = (estimates.by_itself, estimates.in_its_system)
        means = (blocks[0].mean(axis=0), blocks[1].mean(axis=0))
        deviations = (np.maximum(blocks[0].std(axis=0), 1e-9), np.maximum(blocks[1].std(axis=0), 1e-9))
        likeness = cls(elements, means, deviations)
        return likeness, likeness._placed(known.fractions, estimates)

    def places_of(self, compositions: Compositions) -> Places:
        """Where others are; their columns are those of the known alloys."""
        return self._placed(compositions.fractions, estimate_melts(compositions.fractions, self.elements))

    def _placed(self, fractions: FloatArray, estimates: MeltEstimates) -> Places:
        coordinates = [fractions @ self.elements.embedding / COMPOSITION_LENGTH]
        blocks = (estimates.by_itself, estimates.in_its_system)
        lengths = (MELT_LENGTH, IN_SYSTEM_LENGTH)
        for block, mean, deviation, length in zip(blocks, self.means, self.deviations, lengths, strict=True):
            standardised = np.clip((block - mean) / deviation, -FARTHEST, FARTHEST)
            coordinates.append(standardised / np.sqrt(standardised.shape[1]) / length)
        present = fractions > 0
        symbols = np.array(self.elements.symbols)
        systems = np.array(["-".join(symbols[row]) for row in present])
        return Places(np.hstack(coordinates), systems, present.sum(axis=1) >= FEWEST_OF_MANY)


def covariance(a: Places, b: Places) -> FloatArray:
    """Of n and m alloys, shape (n, m)."""
    alike = squared_distances(a.coordinates, b.coordinates)
    alike /= -2
    np.exp(alike, out=alike)
    codes = np.unique(np.concatenate([a.systems, b.systems]), return_inverse=True)[1]
    same_system = np.equal.outer(codes[: len(a.systems)], codes[len(a.systems) :])
    np.add(alike, SAME_SYSTEM, out=alike, where=same_system)
    np.add(alike, MANY_ELEMENTS, out=alike, where=np.logical_and.outer(a.has_many_elements, b.has_many_elements))
    return alike


def prior_variance(places: Places) -> FloatArray:
    """Of each alloy before anything is known, shape (n,)."""
    return np.asarray(1 + SAME_SYSTEM + MANY_ELEMENTS * places.has_many_elements)
