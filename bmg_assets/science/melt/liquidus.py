"""The liquidus of a regular solution against its pure elements and binary compounds.

A solid with mole fractions ν of the elements and enthalpy of formation h from the solid elements is in equilibrium with
a melt of mole fractions x where

    Σ νᵢ (Hᵢ + Hᵢᴱ(x)) - h = T Σ νᵢ (Sᵢ - R ln xᵢ),

with H and S the enthalpies and entropies of fusion (taken as constant) and Hᴱ the partial molar enthalpies of mixing of
a regular solution. This is solved for T; the highest T of all solids is the liquidus. Mixing enthalpies are those of
Takeuchi and Inoue, Mater. Trans. 46 (2005) 2817; compounds have Miedema's enthalpies.
"""

from functools import cache, lru_cache
from itertools import combinations

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.elements import Variant, element_tables
from bmg_assets.science.descriptors.miedema import KJ_MOL_PER_EV, miedema_enthalpies
from bmg_assets.science.melt.elements import MeltElements

GAS_CONSTANT = 8.314e-3
"""In kJ/(mol K)."""
COMPOUNDS = ((5, 1), (3, 1), (2, 1), (3, 2), (1, 1), (2, 3), (1, 2), (1, 3), (1, 5))
"""Atoms of the two elements in the compounds that every pair is assumed to have."""
SMALLEST_FRACTION = 1e-6
"""Mole fraction below which the logarithm stays constant."""
SYSTEMS_KEPT = 256
"""Systems whose solids are kept: an estimate asks for them a dozen times."""
CREDIBLE_K = (50.0, 6000.0)
"""Bounds to which temperatures are clipped."""


@lru_cache(maxsize=SYSTEMS_KEPT)
def competing_solids(members: tuple[int, ...], data: MeltElements) -> tuple[FloatArray, FloatArray]:
    """The solids that can form from m elements: the pure elements, then the compounds of every pair.

    Args:
        members: indices of the m elements in `data.symbols`.

    Returns:
        Mole fractions of the elements, shape (s, m), and enthalpies of formation in kJ/mol of atoms, shape (s,).
    """
    m = len(members)
    shares, enthalpies = [np.eye(m)], [np.zeros(m)]
    for a, b in combinations(range(m), 2):
        of_pair, enthalpy = _compounds(data.tables.variant, *data.table_row[[members[a], members[b]]].tolist())
        wide = np.zeros((len(of_pair), m))
        wide[:, [a, b]] = of_pair
        shares.append(wide)
        enthalpies.append(enthalpy)
    of_all = np.vstack(shares), np.concatenate(enthalpies)
    for values in of_all:
        values.flags.writeable = False
    return of_all


def partial_mixing_kj_mol(x: FloatArray, members: list[int], data: MeltElements) -> FloatArray:
    """Partial molar enthalpies of mixing of a regular solution in kJ/mol, shape (n, m).

    Args:
        x: mole fractions, shape (n, m).
        members: indices of the m elements in `data.symbols`.
    """
    interaction = data.interaction_kj_mol[np.ix_(members, members)]
    pulls = x @ interaction
    return np.asarray(pulls - (pulls * x).sum(axis=1, keepdims=True) / 2)


def melting_temperatures(x: FloatArray, members: list[int], data: MeltElements) -> FloatArray:
    """Temperature in K below which each competing solid precipitates, shape (n, s), solids as in `competing_solids`.

    The formula stands at the top of this file.

    Args:
        x: mole fractions, shape (n, m).
        members: indices of the m elements in `data.symbols`.
    """
    shares, enthalpies = competing_solids(tuple(members), data)
    gained = data.fusion_kj_mol[members] + partial_mixing_kj_mol(x, members, data)
    lost_per_kelvin = data.fusion_entropy[members] - GAS_CONSTANT * log_fractions(x)
    return np.clip((gained @ shares.T - enthalpies) / (lost_per_kelvin @ shares.T), *CREDIBLE_K)


def log_fractions(x: FloatArray) -> FloatArray:
    """Natural logarithms of mole fractions of any shape, finite for elements that are absent."""
    return np.asarray(np.log(np.maximum(x, SMALLEST_FRACTION)))


@cache
def _compounds(variant: Variant, first: int, second: int) -> tuple[FloatArray, FloatArray]:
    """Mole fractions of the compounds of two elements, shape (9, 2), and Miedema's enthalpies in kJ/mol, shape (9,).

    An enthalpy that is not known is zero.

    Args:
        first, second: rows of the two elements in the element tables.
    """
    shares = np.array(COMPOUNDS, dtype=np.float64)
    shares /= shares.sum(axis=1, keepdims=True)
    index = np.tile(np.array([first, second], dtype=np.intp), (len(shares), 1))
    return shares, np.nan_to_num(miedema_enthalpies(index, shares, element_tables(variant))[:, 0]) * KJ_MOL_PER_EV
