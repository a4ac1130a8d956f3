"""Data of elements for the estimates of the melt, read from matminer and pymatgen on the first call."""

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.elements import ELEMENT_PROPERTIES, ElementTables, element_tables

Precision = TypeVar("Precision", bound=np.floating[Any])

SIMILARITY_PROPERTIES = ("X", "atomic_radius", "mendeleev_no", "row", "group", "melting_point")
"""Properties by which two elements are compared."""
ENTROPY_OF_METALS = 0.0096
"""Entropy of fusion of most metals in kJ/(mol K), Richards' rule; for elements without a measured enthalpy."""
NETWORK_FORMERS = {"C": (60.0, 4000.0), "P": (12.0, 1300.0), "B": (50.0, 2350.0), "Si": (50.0, 1687.0)}
"""Enthalpy of fusion (kJ/mol of atoms) and melting point (K), to one or two digits. For these the tables hold values of
molecules, of a sublimation, or estimates."""
UNKNOWN_RADIUS_PM = 140.0
UNKNOWN_ELECTRONEGATIVITY = 1.8


@dataclass(frozen=True, eq=False)
class MeltElements:
    """Data of e elements, in the order of `symbols`. Instances are compared by identity, as keys of a cache."""

    symbols: tuple[str, ...]
    tables: ElementTables
    table_row: NDArray[np.intp]
    """Index of each element in `tables.symbols`, shape (e,)."""
    melting_kelvin: FloatArray
    """Melting points in K, shape (e,)."""
    fusion_kj_mol: FloatArray
    """Enthalpies of fusion in kJ/mol of atoms, shape (e,)."""
    interaction_kj_mol: FloatArray
    """Regular-solution parameter of each pair in kJ/mol: four times the enthalpy of mixing at equal amounts; symmetric,
    shape (e, e)."""
    radius_pm: FloatArray
    """Atomic radii in pm, shape (e,)."""
    electronegativity: FloatArray
    """On Pauling's scale, shape (e,)."""
    embedding: FloatArray
    """Coordinates of the elements, shape (e, e). Their inner product is the RBF kernel exp(-d²/2) of two elements, with
    the distance d in SIMILARITY_PROPERTIES, standardised over these e elements."""

    @property
    def fusion_entropy(self) -> FloatArray:
        """Entropies of fusion in kJ/(mol K), shape (e,)."""
        return self.fusion_kj_mol / self.melting_kelvin


@cache
def melt_elements(symbols: tuple[str, ...]) -> MeltElements:
    """Data of elements from the installed element tables.

    Enthalpies of mixing are those of Takeuchi and Inoue, Mater. Trans. 46 (2005) 2817; a pair that they lack counts as
    ideal. Melting points and enthalpies of fusion are those of Magpie.

    Args:
        symbols: e elements.

    Raises:
        ValueError: a symbol is not an element of the tables.
    """
    tables = element_tables("current")
    row = np.array([tables.symbols.index(symbol) for symbol in symbols], dtype=np.intp)
    melting, fusion = _fusion(symbols)
    radius = tables.radius_pm[row]
    electronegativity = tables.properties[row, ELEMENT_PROPERTIES.index("X")]
    mixing = np.nan_to_num(tables.mixing_kj_mol[np.ix_(row, row)])
    return MeltElements(
        symbols=symbols,
        tables=tables,
        table_row=row,
        melting_kelvin=melting,
        fusion_kj_mol=fusion,
        interaction_kj_mol=2 * (mixing + mixing.T),
        radius_pm=np.where(np.isfinite(radius), radius, UNKNOWN_RADIUS_PM),
        electronegativity=np.nan_to_num(electronegativity, nan=UNKNOWN_ELECTRONEGATIVITY),
        embedding=_embedding(tables, row),
    )


def squared_distances(a: NDArray[Precision], b: NDArray[Precision]) -> NDArray[Precision]:
    """Squared Euclidean distances between points of shape (n, d) and (m, d), shape (n, m), in their precision."""
    # In place, because a copy of such a matrix takes hundreds of megabytes for thousands of alloys.
    squares: NDArray[Precision] = (-2 * a) @ b.T
    squares += (a**2).sum(axis=1)[:, np.newaxis]
    squares += (b**2).sum(axis=1)
    np.maximum(squares, 0, out=squares)
    return squares


def _fusion(symbols: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    """Melting points in K and enthalpies of fusion in kJ/mol of atoms, shape (e,) each."""
    melting, fusion = _magpie(symbols, ("MeltingT", "FusionEnthalpy")).T.copy()
    fusion = np.where(np.isfinite(fusion) & (fusion > 0), fusion, ENTROPY_OF_METALS * melting)
    for symbol, (enthalpy, temperature) in NETWORK_FORMERS.items():
        if symbol in symbols:
            fusion[symbols.index(symbol)], melting[symbols.index(symbol)] = enthalpy, temperature
    return melting, fusion


def _magpie(symbols: tuple[str, ...], names: tuple[str, ...]) -> FloatArray:
    from matminer.utils.data import MagpieData
    from pymatgen.core.periodic_table import Element

    magpie = MagpieData(impute_nan=False)
    return np.array(
        [[magpie.get_elemental_property(Element(symbol), name) for name in names] for symbol in symbols], dtype=float
    )


def _embedding(tables: ElementTables, row: NDArray[np.intp]) -> FloatArray:
    columns = np.array([ELEMENT_PROPERTIES.index(name) for name in SIMILARITY_PROPERTIES])
    properties = tables.properties[row[:, np.newaxis], columns]
    spread = np.nanstd(properties, axis=0)
    standardised = np.nan_to_num((properties - np.nanmean(properties, axis=0)) / np.where(spread > 0, spread, 1))
    weights, vectors = np.linalg.eigh(np.exp(-squared_distances(standardised, standardised) / 2))
    return np.asarray(vectors * np.sqrt(np.maximum(weights, 0)))
