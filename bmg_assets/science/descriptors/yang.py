"""Mixing thermodynamics and size mismatch: matminer's YangSolidSolution.

X. Yang and Y. Zhang, Mater. Chem. Phys. 132 (2012) 233. Enthalpies of mixing: A. Takeuchi and A. Inoue,
Mater. Trans. 46 (2005) 2817. Radii: D.B. Miracle et al., Int. Mater. Rev. 55 (2010) 218.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.elements import ElementTables

YANG_NAMES = ("Yang omega", "Yang delta")

GAS_CONSTANT_KJ_MOL_K = 8.314 / 1000
SMALLEST_ENTHALPY_KJ_MOL = 1e-6
"""Stands for an enthalpy of mixing of zero, so that omega stays finite (matminer's choice)."""


def yang_solid_solution(
    index: NDArray[np.intp], fractions: NDArray[np.float64], tables: ElementTables
) -> NDArray[np.float64]:
    """Omega = T_m dS_mix / |dH_mix| and delta = sqrt(sum c (1 - r / mean r)^2), both without unit.

    Args:
        index: (n, m) positions of the alloys' elements in `tables.symbols`.
        fractions: (n, m) mole fractions, all above zero.
        tables: element data.

    Returns:
        (n, 2) in the order of `YANG_NAMES`; 0 for a pure element. Omega is nan where a pair of elements has no enthalpy
        of mixing (matminer takes it for 1e-6 kJ/mol there and gives a number of millions).
    """
    if index.shape[1] == 1:
        return np.zeros((len(index), 2))
    weights = fractions / fractions.sum(axis=1)[:, None]
    return np.column_stack([_omega(index, weights, tables), _delta(index, weights, tables)])


def _omega(index: NDArray[np.intp], weights: NDArray[np.float64], tables: ElementTables) -> NDArray[np.float64]:
    melting = (weights * tables.melting_kelvin[index]).sum(axis=1)
    entropy = -(weights * np.log(weights)).sum(axis=1) * GAS_CONSTANT_KJ_MOL_K
    enthalpy = np.zeros(len(index))
    for i, j in combinations(range(index.shape[1]), 2):
        enthalpy += 4 * weights[:, i] * weights[:, j] * tables.mixing_kj_mol[index[:, i], index[:, j]]
    omega: NDArray[np.float64] = melting * entropy / np.maximum(np.abs(enthalpy), SMALLEST_ENTHALPY_KJ_MOL)
    return omega


def _delta(index: NDArray[np.intp], weights: NDArray[np.float64], tables: ElementTables) -> NDArray[np.float64]:
    radii = tables.radius_pm[index]
    mean = (weights * radii).sum(axis=1)
    mismatch: NDArray[np.float64] = np.sqrt((weights * (1 - radii / mean[:, None]) ** 2).sum(axis=1))
    return mismatch
