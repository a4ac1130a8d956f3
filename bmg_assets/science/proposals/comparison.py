"""Alloys side by side: what is predicted and known of each, and what argues for which.

An argument compares one number over all alloys. It speaks for the alloys that lead by more than a threshold, or says
that the number does not tell them apart. Numbers are not weighed against each other: that is the person's part.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.words import descriptor_in_words

FEWEST, MOST = 2, 5
"""Alloys that are compared at once."""
DESCRIPTORS_SHOWN = 8
LEAST_DIFFERENCE = 0.1
"""Standard deviations over the known alloys; descriptors that differ by less are not shown."""


@dataclass(frozen=True)
class Prediction:
    """What one model predicts of an alloy.

    Attributes:
        by: name of the surrogate, or of a sub-model of the paper.
        low_mm, high_mm: interval of D_max; None where the model gives none.
        probability_bulk: None where the model gives none.
        is_trusted: whether the alloy is near enough to what is known; None where the model does not say.
        explained: share of the prior variance that the known alloys explain; None where the model does not say.
        is_of_map: whether it was read from a stored map, and not computed now.
    """

    by: str
    dmax_mm: float
    low_mm: float | None = None
    high_mm: float | None = None
    probability_bulk: float | None = None
    is_trusted: bool | None = None
    explained: float | None = None
    is_of_map: bool = False


@dataclass(frozen=True)
class KnownAlloy:
    """A reported alloy near a compared one, or that very one.

    Attributes:
        who: the literature, or the laboratory itself (own cast).
        distance_at_pct: atoms of a hundred by which it differs.
    """

    formula: str
    glass_class: str
    dmax_mm: float | None
    who: str
    distance_at_pct: float


@dataclass(frozen=True)
class PropertyEstimate:
    """A property other than D_max.

    Attributes:
        low, high: interval of a map; of a measured value the range of the reports.
        error: root-mean-square error of the map, in its unit, on systems left out where that is known; None for a
            measured value.
    """

    symbol: str
    unit: str
    value: float
    low: float
    high: float
    error: float | None = None

    @property
    def is_measured(self) -> bool:
        """Whether it was reported of this alloy, and not predicted."""
        return self.error is None


@dataclass(frozen=True)
class ComparedAlloy:
    """All that is known and predicted of an alloy.

    Attributes:
        formula: with the elements in the order in which they were written.
        amounts: at.% by element, in that order.
        system: the registered key of its elements; else their names in alphabetical order.
        predictions: the surrogate's that all alloys have comes first.
        known: the alloy itself as it is reported; None where nobody reports it.
        own_cast: what the laboratory's own casts of it have shown, in words; empty where it has none.
        nearest: the reported alloys that lie nearest, the alloy itself left out.
        nearest_bulk: the nearest reported bulk glass, the alloy itself left out.
        price_per_kg, density_g_cm3: None where it cannot be told.
        liquidus_kelvin: estimate of the liquidus in K.
        reduced_liquidus: the same over the mean melting point of the elements.
        above_lowest: the reduced liquidus less the lowest one of the system, by the same estimate.
        properties: mapped or measured, by name.
        notes: what cannot be told and how it could be, and what speaks against casting it: sentences.
    """

    formula: str
    composition: str
    amounts: dict[str, float]
    system: str
    predictions: tuple[Prediction, ...] = ()
    known: KnownAlloy | None = None
    own_cast: str = ""
    nearest: tuple[KnownAlloy, ...] = ()
    nearest_bulk: KnownAlloy | None = None
    price_per_kg: float | None = None
    density_g_cm3: float | None = None
    liquidus_kelvin: float | None = None
    reduced_liquidus: float | None = None
    above_lowest: float | None = None
    properties: dict[str, PropertyEstimate] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def by(self, name: str) -> Prediction | None:
        """The prediction of a model; None where it has none."""
        return next((one for one in self.predictions if one.by == name), None)

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models that predict it."""
        return tuple(one.by for one in self.predictions)


def models_of(alloys: Sequence[ComparedAlloy]) -> list[str]:
    """Names of the models that predict any of the alloys, those of the most alloys first."""
    names = list(dict.fromkeys(name for alloy in alloys for name in alloy.models))
    return sorted(names, key=lambda name: -sum(name in alloy.models for alloy in alloys))


def differing_descriptors(values: FloatArray, known: FloatArray, names: Sequence[str]) -> pd.DataFrame:
    """The descriptors in which alloys differ most, the largest difference first.

    Args:
        values: of m alloys, shape (m, d); NaN where one cannot be computed.
        known: of the n known alloys, shape (n, d).
        names: of the d descriptors.

    Returns:
        `descriptor` and `in_words`, `difference` (largest less smallest, in standard deviations over the known alloys),
        `known_mean`, and the columns 0 to m - 1 with the values.
    """
    with np.errstate(invalid="ignore"):
        spread = np.nanstd(known, axis=0)
        difference = (values.max(axis=0) - values.min(axis=0)) / np.where(spread > 0, spread, np.nan)
    usable = np.flatnonzero(np.nan_to_num(difference, nan=-1.0) >= LEAST_DIFFERENCE)
    best = usable[np.argsort(-difference[usable], kind="stable")][:DESCRIPTORS_SHOWN]
    chosen = [names[column] for column in best]
    return pd.DataFrame(
        {
            "descriptor": chosen,
            "in_words": [descriptor_in_words(name) for name in chosen],
            "difference": difference[best],
            "known_mean": np.nanmean(known[:, best], axis=0) if len(best) else np.zeros(0),
            **{str(row): values[row, best] for row in range(len(values))},
        }
    )
