"""Valence electrons by orbital: matminer's ValenceOrbital (Ward et al., npj Comput. Mater. 2 (2016) 16028)."""

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.elements import ORBITALS, ElementTables

ORBITAL_NAMES = tuple(f"{kind} {orbital} valence electrons" for kind in ("avg", "frac") for orbital in ORBITALS)


def valence_orbitals(
    index: NDArray[np.intp], fractions: NDArray[np.float64], tables: ElementTables
) -> NDArray[np.float64]:
    """Mean number of valence electrons in s, p, d and f, and their shares of the mean total.

    Args:
        index: (n, m) positions of the alloys' elements in `tables.symbols`.
        fractions: (n, m) mole fractions, all above zero.
        tables: element data.

    Returns:
        (n, 8) in the order of `ORBITAL_NAMES`.
    """
    weights = fractions / fractions.sum(axis=1)[:, None]
    average = np.einsum("nm,nmo->no", weights, tables.valence_by_orbital[index])
    total = np.einsum("nm,nm->n", weights, tables.valence_total[index])
    return np.hstack([average, average / total[:, None]])
