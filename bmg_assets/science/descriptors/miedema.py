"""Enthalpies of formation by Miedema's model, as matminer's Miedema computes them (eV/atom).

F.R. de Boer et al., Cohesion in Metals (1988); R.F. Zhang et al., Comput. Phys. Commun. 209 (2016) 58; an alloy of more
elements is the sum of its binaries, after L.J. Gallego et al., J. Phys.: Condens. Matter 2 (1990) 6245. The binaries
keep the fractions of the whole alloy, so the enthalpy of transformation of an element enters once per partner:
matminer's reading, kept because the published descriptors have it.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.elements import MIEDEMA_PARAMETERS, ElementTables

ENTHALPY_NAMES = ("Miedema_deltaH_inter", "Miedema_deltaH_amor", "Miedema_deltaH_ss_min")
DIFFERENCE_NAMES = ("Miedema_deltaH_ami", "Miedema_deltaH_ams", "Miedema_deltaH_am_min")

KJ_MOL_PER_EV = 96.4853

SHORT_RANGE_ORDER = {"inter": 8, "amor": 5, "ss": 0}
"""Factor gamma of the surface concentrations: how strongly unlike neighbours are preferred."""

LATTICE_VALENCES = (0, 1, 2, 3, 4, 5, 5.5, 6, 7, 8, 8.5, 9, 10, 11, 12, 13, 14, 15)
LATTICE_STABILITY_KJ_MOL = {
    "fcc": (0, 0, 0, -2, -1.5, 9, 14, 11, -3, -9.5, -11, -9, -2, 1.5, 0, 0, 0, 0),
    "bcc": (0, 0, 0, 2.2, 2, -9.5, -14.5, -12, 4, 10, 11, 8.5, 1.5, 1.5, 0, 0, 0, 0),
    "hcp": (0, 0, 0, -2.5, -2.5, 10, 15, 13, -5, -10.5, -11, -8, -1, 2.5, 0, 0, 0, 0),
}
"""Stability of a lattice against the mean number of valence electrons (matminer's figures, linear in between)."""


@dataclass(frozen=True)
class _Element:
    """Miedema parameters of one element of each of n alloys, every field (n,)."""

    molar_volume: NDArray[np.float64]
    electron_density: NDArray[np.float64]
    electronegativity: NDArray[np.float64]
    valence_electrons: NDArray[np.float64]
    R_const: NDArray[np.float64]
    a_const: NDArray[np.float64]
    H_trans: NDArray[np.float64]
    compressibility: NDArray[np.float64]
    shear_modulus: NDArray[np.float64]
    melting_point: NDArray[np.float64]
    structural_stability: NDArray[np.float64]


def miedema_enthalpies(
    index: NDArray[np.intp], fractions: NDArray[np.float64], tables: ElementTables
) -> NDArray[np.float64]:
    """Enthalpies of formation of the intermetallic, the amorphous phase and the most stable solid solution.

    Args:
        index: (n, m) positions of the alloys' elements in `tables.symbols`.
        fractions: (n, m) mole fractions, all above zero.
        tables: element data.

    Returns:
        (n, 3) in the order of `ENTHALPY_NAMES`, eV/atom; nan where the model has no parameters for an element.
    """
    weights = fractions / fractions.sum(axis=1)[:, None]
    elements = [_Element(**dict(zip(MIEDEMA_PARAMETERS, tables.miedema[column].T, strict=True))) for column in index.T]
    inter, amor, solid = np.zeros(len(index)), _topological(elements, weights), _structural(elements, weights)
    for i, j in combinations(range(len(elements)), 2):
        pair = elements[i], elements[j], weights[:, i], weights[:, j]
        inter += _chemical(*pair, SHORT_RANGE_ORDER["inter"])
        amor += _chemical(*pair, SHORT_RANGE_ORDER["amor"])
        solid += _chemical(*pair, SHORT_RANGE_ORDER["ss"]) + _elastic(*pair, tables.negative_volume_is_nan)
    return np.column_stack([inter, amor, solid]) / KJ_MOL_PER_EV


def enthalpy_differences(enthalpies: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far the amorphous phase lies above its competitors.

    Args:
        enthalpies: (n, 3) in the order of `ENTHALPY_NAMES`.

    Returns:
        (n, 3) in the order of `DIFFERENCE_NAMES` and the same unit: amor - inter, amor - ss_min, and the lower of the
        two; where one of them is nan, the other, as in the published table.
    """
    inter, amor, solid = enthalpies.T
    return np.column_stack([amor - inter, amor - solid, np.fmin(amor - inter, amor - solid)])


def _topological(elements: list[_Element], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cost of the disorder of the amorphous phase: 3.5 J/(mol K) times the mean melting point, in kJ/mol."""
    melting = np.column_stack([element.melting_point for element in elements])
    cost: NDArray[np.float64] = 3.5 * (weights * melting).sum(axis=1) / 1000
    return cost


def _structural(elements: list[_Element], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Structural term of the solid solution (kJ/mol): the lowest of fcc, bcc, hcp and no lattice at all (0)."""
    valence = (weights * np.column_stack([element.valence_electrons for element in elements])).sum(axis=1)
    own = (weights * np.column_stack([element.structural_stability for element in elements])).sum(axis=1)
    # Beyond the last valence of the table all lattices are at 0, which is what np.interp continues with.
    lattices = [np.interp(valence, LATTICE_VALENCES, curve) - own for curve in LATTICE_STABILITY_KJ_MOL.values()]
    # 0 * own keeps an element without parameters nan.
    lowest: NDArray[np.float64] = np.minimum.reduce([*lattices, 0 * own])
    return lowest


def _chemical(
    a: _Element, b: _Element, x_a: NDArray[np.float64], x_b: NDArray[np.float64], order: float
) -> NDArray[np.float64]:
    """Chemical term of a binary (kJ/mol of alloy), with `order` the factor gamma of its surface concentrations."""
    difference = a.electronegativity - b.electronegativity
    v_a, v_b = np.cbrt(a.molar_volume) ** 2, np.cbrt(b.molar_volume) ** 2
    around_a, around_b = _surface_shares(x_a * v_a, x_b * v_b, order)
    v_a = v_a * (1 + a.a_const * around_a * difference)
    v_b = v_b * (1 - b.a_const * around_b * difference)
    around_a, _ = _surface_shares(x_a * v_a, x_b * v_b, order)
    transformation = x_a * a.H_trans + x_b * b.H_trans
    enthalpy: NDArray[np.float64] = around_a * x_a * v_a * _interface_energy(a, b) + transformation
    return enthalpy


def _surface_shares(
    surface_a: NDArray[np.float64], surface_b: NDArray[np.float64], order: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far atoms of a are surrounded by b, and of b by a, from the surfaces that a and b bring in."""
    share_a = surface_a / (surface_a + surface_b)
    share_b = surface_b / (surface_a + surface_b)
    preference = 1 + order * (share_a * share_b) ** 2
    return share_b * preference, share_a * preference


def _interface_energy(a: _Element, b: _Element) -> NDArray[np.float64]:
    """Energy of contact per surface of a and b: Miedema's -P (d phi)^2 + Q (d n^1/3)^2 - R."""
    n_a, n_b = np.cbrt(a.electron_density), np.cbrt(b.electron_density)
    transition = _is_transition(a.valence_electrons).astype(int) + _is_transition(b.valence_electrons)
    p = np.choose(transition, (10.7, 12.35, 14.1))
    r = np.where(transition == 1, a.R_const * b.R_const * p, 0.0)
    attraction = p * (a.electronegativity - b.electronegativity) ** 2 + r
    energy: NDArray[np.float64] = 2 * (9.4 * p * (n_a - n_b) ** 2 - attraction) / (1 / n_a + 1 / n_b)
    return energy


def _is_transition(valence: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Valence counts from 3 to 11, which the model treats as transition metals."""
    transition: NDArray[np.bool_] = (valence >= 3) & (valence <= 11) & (valence == np.floor(valence))
    return transition


def _elastic(
    a: _Element, b: _Element, x_a: NDArray[np.float64], x_b: NDArray[np.float64], negative_is_nan: bool
) -> NDArray[np.float64]:
    """Elastic mismatch of a solid solution of two elements (kJ/mol of alloy)."""
    a_in_b, b_in_a = _elastic_solute(a, b, negative_is_nan), _elastic_solute(b, a, negative_is_nan)
    enthalpy: NDArray[np.float64] = x_a * x_b * (x_b * a_in_b + x_a * b_in_a)
    return enthalpy


def _elastic_solute(solute: _Element, host: _Element, negative_is_nan: bool) -> NDArray[np.float64]:
    """Elastic energy of one atom of the solute in the host (kJ/mol), with the volumes corrected for charge transfer.

    A strong charge transfer can make the first correction negative (Ca in Al or Ni); its 2/3 power is then either that
    of the absolute value or nan.
    """
    difference = solute.electronegativity - host.electronegativity
    contact = 1 / np.cbrt(solute.electron_density) + 1 / np.cbrt(host.electron_density)
    volume = solute.molar_volume
    first = volume + 1.5 * np.cbrt(volume) ** 2 / contact * difference / solute.electron_density
    if negative_is_nan:
        first = np.where(first < 0, np.nan, first)
    transfer = 1.5 * np.cbrt(first) ** 2 / contact * difference
    inside = solute.molar_volume + transfer / solute.electron_density
    outside = host.molar_volume + transfer / host.electron_density
    stiffness = 4 * host.shear_modulus * inside + 3 * solute.compressibility * outside
    energy = 2 * solute.compressibility * host.shear_modulus * (inside - outside) ** 2
    # Both moduli are zero between two gases (H and N): no elastic energy.
    quotient: NDArray[np.float64] = np.divide(energy, stiffness, out=np.zeros_like(energy), where=stiffness != 0)
    return quotient
