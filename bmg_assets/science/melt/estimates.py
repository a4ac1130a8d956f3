"""Estimates of the melt of an alloy, by itself and relative to all other compositions of its system.

Relative estimates carry over between systems: "the lowest liquidus of this system" means the same in Al-Ni-Zr and in
Mg-Cu-Y; a liquidus in kelvin does not.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.melt.elements import MeltElements
from bmg_assets.science.melt.liquidus import (
    GAS_CONSTANT,
    competing_solids,
    log_fractions,
    melting_temperatures,
    partial_mixing_kj_mol,
)

ESTIMATES = (
    "liquidus",
    "reduced liquidus",
    "lead of the first solid",
    "reduced liquidus, ideal solution",
    "liquidus above the lowest of the system",
    "reduced liquidus above the lowest of the system",
    "mixing enthalpy",
    "mixing entropy",
    "size mismatch",
    "electronegativity mismatch",
    "omega",
    "repulsion of pairs",
    "attraction of pairs",
    "strongest pair",
    "mean radius",
    "skewness of radii",
    "driving force of crystallisation",
    "reduced liquidus, pure elements",
    "reduced liquidus, pure elements, above the lowest of the system",
    "solids near the liquidus",
    "depression of the liquidus",
)
"""Columns of the estimates. Liquidus in K, enthalpies and driving force in kJ/mol of atoms, mean radius in pm, a
number of solids; all others without a unit. Reduced means divided by the mean melting point of the alloy."""
SAMPLE = 400
"""Compositions that represent a system."""
SEED = 1
SYSTEMS_KEPT = 10_000
FARTHEST = 4.0
"""Standard deviations at which relative estimates are clipped."""
NEAR_LIQUIDUS = 0.93
"""Share of the liquidus above which a solid counts as near it."""
UNDERCOOLED = 0.6
"""Share of the mean melting point at which the driving force is estimated: about the glass transition."""
LARGEST_OMEGA = 20.0
"""Ω of solid solutions (Yang and Zhang) is clipped to it."""
SMALLEST_ENTHALPY_KJ_MOL = 1e-2
"""Mixing enthalpy below which Ω does not grow further."""


@dataclass(frozen=True)
class MeltEstimates:
    """Estimates of n alloys."""

    by_itself: FloatArray
    """Columns as in ESTIMATES, shape (n, 21)."""
    in_its_system: FloatArray
    """The same in standard deviations from the mean over the system, clipped to FARTHEST, shape (n, 21). Zeros for a
    pure element, except that rounding shows in its electronegativity mismatch."""


def estimate_melts(fractions: FloatArray, data: MeltElements) -> MeltEstimates:
    """Estimates of n alloys; each depends on its own elements alone, not on the other alloys or elements.

    Args:
        fractions: mole fractions, rows with the sum one, columns in the order of `data.symbols`, shape (n, e).
        data: of the e elements.
    """
    by_itself = np.zeros((len(fractions), len(ESTIMATES)))
    in_its_system = np.zeros_like(by_itself)
    for members, rows in _rows_by_members(fractions).items():
        of_system = _system(data, members)
        by_itself[rows] = _estimates(fractions[np.ix_(rows, members)], list(members), data, of_system.lowest)
        deviations = (by_itself[rows] - of_system.mean) / np.where(of_system.spread > 1e-9, of_system.spread, 1)
        in_its_system[rows] = np.clip(deviations, -FARTHEST, FARTHEST)
    return MeltEstimates(by_itself, in_its_system)


@dataclass(frozen=True)
class _Lowest:
    """First percentiles over a system: liquidus in K, reduced liquidus, and reduced liquidus of the pure elements."""

    liquidus_kelvin: float
    reduced: float
    reduced_pure: float


@dataclass(frozen=True)
class _System:
    """Means and standard deviations of ESTIMATES over the compositions of a system, shape (21,) each."""

    lowest: _Lowest
    mean: FloatArray
    spread: FloatArray


@lru_cache(maxsize=SYSTEMS_KEPT)
def _system(data: MeltElements, members: tuple[int, ...]) -> _System:
    everywhere = np.random.default_rng(SEED).dirichlet(np.ones(len(members)), SAMPLE)  # uniform over the simplex
    lowest = _lowest(everywhere, list(members), data)
    columns = _estimates(everywhere, list(members), data, lowest)
    return _System(lowest, columns.mean(axis=0), columns.std(axis=0))


def _rows_by_members(fractions: FloatArray) -> dict[tuple[int, ...], list[int]]:
    """Rows of the alloys of each set of elements, by the indices of these elements."""
    rows: dict[tuple[int, ...], list[int]] = {}
    for row, present in enumerate(fractions > 0):
        rows.setdefault(tuple(np.flatnonzero(present).tolist()), []).append(row)
    return rows


def _lowest(everywhere: FloatArray, members: list[int], data: MeltElements) -> _Lowest:
    temperatures, mean = melting_temperatures(everywhere, members, data), everywhere @ data.melting_kelvin[members]
    liquidus, pure = temperatures.max(axis=1), temperatures[:, : len(members)].max(axis=1)
    return _Lowest(*(float(np.percentile(values, 1)) for values in (liquidus, liquidus / mean, pure / mean)))


def _estimates(x: FloatArray, members: list[int], data: MeltElements, lowest: _Lowest) -> FloatArray:
    """Columns as in ESTIMATES, shape (n, 21), from mole fractions of shape (n, m)."""
    m = len(members)
    temperatures, mean = melting_temperatures(x, members, data), x @ data.melting_kelvin[members]
    ordered = np.sort(temperatures, axis=1)
    liquidus, pure = ordered[:, -1], temperatures[:, :m].max(axis=1) / mean
    lead = (liquidus - ordered[:, -2]) / mean if m > 1 else np.zeros(len(x))
    ideal = data.fusion_kj_mol[members] / (data.fusion_entropy[members] - GAS_CONSTANT * log_fractions(x))
    pairs = x[:, :, np.newaxis] * x[:, np.newaxis] * data.interaction_kj_mol[np.ix_(members, members)] / 2
    mixing = pairs.sum(axis=(1, 2))
    entropy = -(x * log_fractions(x)).sum(axis=1)
    omega = mean * GAS_CONSTANT * entropy / np.maximum(np.abs(mixing), SMALLEST_ENTHALPY_KJ_MOL)
    radius = x @ data.radius_pm[members]
    mismatch = 1 - data.radius_pm[members] / radius[:, np.newaxis]
    return np.column_stack(
        [
            liquidus,
            liquidus / mean,
            lead,
            ideal.max(axis=1) / mean,
            (liquidus - lowest.liquidus_kelvin) / data.melting_kelvin[members].mean(),
            liquidus / mean - lowest.reduced,
            mixing,
            entropy,
            np.sqrt((x * mismatch**2).sum(axis=1)),
            _spread(x, data.electronegativity[members]),
            np.clip(omega, 0, LARGEST_OMEGA),
            np.maximum(pairs, 0).sum(axis=(1, 2)),
            np.minimum(pairs, 0).sum(axis=(1, 2)),
            pairs.min(axis=(1, 2)) * 2,
            radius,
            np.cbrt((x * mismatch**3).sum(axis=1)),
            _driving_force_kj_mol(x, members, data),
            pure,
            pure - lowest.reduced_pure,
            (temperatures > NEAR_LIQUIDUS * liquidus[:, np.newaxis]).sum(axis=1),
            (mean - liquidus) / mean,
        ]
    )


def _driving_force_kj_mol(x: FloatArray, members: list[int], data: MeltElements) -> FloatArray:
    """Largest free energy that a solid gains from the melt at UNDERCOOLED, per mole of atoms, shape (n,)."""
    temperature = UNDERCOOLED * (x @ data.melting_kelvin[members])[:, np.newaxis]
    shares, enthalpies = competing_solids(tuple(members), data)
    of_elements = (
        partial_mixing_kj_mol(x, members, data)
        + data.fusion_kj_mol[members]
        - temperature * (data.fusion_entropy[members] - GAS_CONSTANT * log_fractions(x))
    )
    return np.asarray((of_elements @ shares.T - enthalpies).max(axis=1))


def _spread(x: FloatArray, values: FloatArray) -> FloatArray:
    """Standard deviation of a property over the atoms, shape (n,)."""
    mean = x @ values
    return np.asarray(np.sqrt(np.maximum(x @ values**2 - mean**2, 0)))
