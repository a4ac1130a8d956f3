"""Element values as they were when the authors computed their published table, where they have changed since.

Every value comes from the older package it names, and the published columns confirm it.
"""

from collections.abc import Mapping

MIEDEMA_VALENCE: Mapping[str, int] = (
    dict.fromkeys(("B", "Al", "Ga", "In", "Tl"), 13)
    | dict.fromkeys(("C", "Si", "Ge", "Sn", "Pb"), 14)
    | dict.fromkeys(("N", "P", "As", "Sb", "Bi"), 15)
    | dict.fromkeys(("Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Th", "U", "Pu"), 3)
)
"""Valence electrons in Miedema.csv up to matminer 0.9.0, of the 31 elements that differ today; no other column does."""

BORON_RESISTIVITY = 1e12
"""`electrical_resistivity` of B. Up to 2023 pymatgen's table said "> 10^12 10^-8 ohm m" and the figure was read without
its unit; today it is 1.5e4 ohm m."""

# fmt: off
METAL_RESISTIVITY_1E_8_OHM_M: Mapping[str, float] = {
    "Li": 9.5, "Be": 3.8, "Mg": 4.4, "Al": 2.7, "Ca": 3.4, "Sc": 55, "Ti": 40, "V": 20, "Cr": 12.7, "Fe": 10, "Co": 6,
    "Ni": 7.2, "Cu": 1.72, "Zn": 6.0, "Sr": 13.5, "Y": 60, "Zr": 43.3, "Mo": 5.5, "Rh": 4.3, "Pd": 10.8, "Ag": 1.63,
    "In": 8, "Sn": 11.5, "Sb": 40, "Ba": 34, "Ce": 74, "Lu": 58, "Hf": 34, "Ta": 13.5, "W": 5.4, "Re": 18, "Os": 8.1,
    "Ir": 4.7, "Pt": 10.6, "Au": 2.2, "Pb": 21,
}
# fmt: on
"""Electrical resistivities up to pymatgen 2023.2.28, of the elements of the published table that differ today (by up to
seven per cent)."""


def group_counted_through_the_f_block(atomic_number: int) -> int | None:
    """Group number of a lanthanide or actinide in older pymatgen: 3 for La and Ac, one more per element (Lu 17).

    None for other elements, whose groups have not changed; today all of these have group 3.
    """
    for first in (57, 89):
        if first <= atomic_number < first + 15:
            return 3 + atomic_number - first
    return None
