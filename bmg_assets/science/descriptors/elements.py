"""Element data behind the descriptors: read from matminer and pymatgen when asked for, in two variants.

`current` is what the installed matminer and pymatgen hold. `paper` is the same with the four things that have changed
since the authors computed their published table: Miedema's valence counts, the groups of the f block, resistivities
(above all that of boron), and negative volumes in Miedema's elastic term.

Gaps stay gaps: nothing is imputed, an element without a value has nan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.older_values import (
    BORON_RESISTIVITY,
    METAL_RESISTIVITY_1E_8_OHM_M,
    MIEDEMA_VALENCE,
    group_counted_through_the_f_block,
)
from bmg_assets.science.errors import BmgError

Variant = Literal["current", "paper"]

ELEMENT_PROPERTIES = (
    "X",
    "row",
    "group",
    "block",
    "atomic_mass",
    "atomic_radius",
    "mendeleev_no",
    "electrical_resistivity",
    "velocity_of_sound",
    "thermal_conductivity",
    "melting_point",
    "bulk_modulus",
    "coefficient_of_linear_thermal_expansion",
)
"""Properties of matminer's ElementProperty preset `matminer`, in its order (pymatgen's units)."""

ORBITALS = ("s", "p", "d", "f")

MIEDEMA_PARAMETERS = (
    "molar_volume",
    "electron_density",
    "electronegativity",
    "valence_electrons",
    "R_const",
    "a_const",
    "H_trans",
    "compressibility",
    "shear_modulus",
    "melting_point",
    "structural_stability",
)
"""Columns of matminer's Miedema.csv (Zhang et al., Comput. Phys. Commun. 209 (2016) 58) that the enthalpies use."""


class UnknownVariantError(BmgError):
    """The variant of element data does not exist."""


@dataclass(frozen=True)
class ElementTables:
    """Element data as read-only arrays; the first axis is `symbols` (n elements, by atomic number).

    Attributes:
        variant: `current` or `paper`.
        matminer_version, pymatgen_version: versions of the packages the data came from.
        symbols: the n element symbols.
        properties: (n, 13) of `ELEMENT_PROPERTIES`.
        valence_by_orbital: (n, 4) valence electrons in s, p, d and f.
        valence_total: (n,) valence electrons.
        radius_pm: (n,) atomic radii of Miracle et al. (2010), pm.
        melting_kelvin: (n,) melting temperatures of Magpie, K.
        mixing_kj_mol: (n, n) enthalpies of mixing of the liquid at equal amounts (Takeuchi and Inoue 2005), kJ/mol.
        miedema: (n, 11) of `MIEDEMA_PARAMETERS`.
        negative_volume_is_nan: whether Miedema's solid solution has no value where charge transfer makes a volume
            negative. matminer 0.9.1 and before took the 2/3 power of the negative number, today's takes that of its
            absolute value.
    """

    variant: Variant
    matminer_version: str
    pymatgen_version: str
    symbols: tuple[str, ...]
    properties: NDArray[np.float64]
    valence_by_orbital: NDArray[np.float64]
    valence_total: NDArray[np.float64]
    radius_pm: NDArray[np.float64]
    melting_kelvin: NDArray[np.float64]
    mixing_kj_mol: NDArray[np.float64]
    miedema: NDArray[np.float64]
    negative_volume_is_nan: bool


@lru_cache
def element_tables(variant: str = "current") -> ElementTables:
    """Element data of a variant, read once per process.

    Raises:
        UnknownVariantError: the variant is neither `current` nor `paper`.
    """
    if variant not in get_args(Variant):
        raise UnknownVariantError(
            f"Found element tables {variant!r}, expected one of {', '.join(get_args(Variant))}: choose one of these."
        )
    return _read_installed() if variant == "current" else _as_in_the_paper(element_tables("current"))


def _as_in_the_paper(current: ElementTables) -> ElementTables:
    """The tables with everything that has changed as it was when the authors computed their columns."""
    properties, miedema = current.properties.copy(), current.miedema.copy()
    group, resistivity = (ELEMENT_PROPERTIES.index(name) for name in ("group", "electrical_resistivity"))
    for row, symbol in enumerate(current.symbols):
        properties[row, group] = group_counted_through_the_f_block(row + 1) or properties[row, group]
        if symbol in METAL_RESISTIVITY_1E_8_OHM_M:
            properties[row, resistivity] = METAL_RESISTIVITY_1E_8_OHM_M[symbol] * 1e-8
        if symbol in MIEDEMA_VALENCE:
            miedema[row, MIEDEMA_PARAMETERS.index("valence_electrons")] = MIEDEMA_VALENCE[symbol]
    properties[current.symbols.index("B"), resistivity] = BORON_RESISTIVITY
    return replace(
        current,
        variant="paper",
        properties=_frozen(properties),
        miedema=_frozen(miedema),
        negative_volume_is_nan=True,
    )


def _read_installed() -> ElementTables:
    """Everything the descriptors use, out of the installed matminer and pymatgen."""
    from matminer.featurizers.composition.alloy import Miedema
    from matminer.utils.data import MagpieData, MixingEnthalpy, PymatgenData
    from pymatgen.core.periodic_table import Element

    elements = sorted(Element, key=lambda element: element.Z)
    symbols = tuple(element.symbol for element in elements)
    magpie = MagpieData(impute_nan=False)
    miedema = Miedema(impute_nan=False).df_dataset.reindex(list(symbols))
    return ElementTables(
        variant="current",
        matminer_version=version("matminer"),
        pymatgen_version=version("pymatgen"),
        symbols=symbols,
        properties=_looked_up(PymatgenData(impute_nan=False), elements, ELEMENT_PROPERTIES),
        valence_by_orbital=_looked_up(magpie, elements, tuple(f"N{orbital}Valence" for orbital in ORBITALS)),
        valence_total=_looked_up(magpie, elements, ("NValence",))[:, 0],
        radius_pm=_looked_up(magpie, elements, ("MiracleRadius",))[:, 0],
        melting_kelvin=_looked_up(magpie, elements, ("MeltingT",))[:, 0],
        mixing_kj_mol=_mixing_matrix(MixingEnthalpy(impute_nan=False).mixing_data, symbols),
        miedema=_frozen(miedema[list(MIEDEMA_PARAMETERS)].to_numpy(np.float64)),
        negative_volume_is_nan=False,
    )


def _looked_up(source: Any, elements: list[Any], names: tuple[str, ...]) -> NDArray[np.float64]:
    """Array (element, property) of one of matminer's data sources."""
    import warnings

    with warnings.catch_warnings():
        # pymatgen warns of every gap; here a gap is nan, and is reported when an alloy needs it.
        warnings.simplefilter("ignore", category=UserWarning)
        rows = [[float(source.get_elemental_property(element, name)) for name in names] for element in elements]
    return _frozen(np.array(rows))


def _mixing_matrix(pairs: Mapping[tuple[str, str], float], symbols: tuple[str, ...]) -> NDArray[np.float64]:
    """Symmetric matrix of the enthalpies of mixing, nan where a pair is not in the table."""
    index = {symbol: i for i, symbol in enumerate(symbols)}
    matrix = np.full((len(symbols), len(symbols)), np.nan)
    for (a, b), enthalpy in pairs.items():
        matrix[index[a], index[b]] = matrix[index[b], index[a]] = enthalpy
    return _frozen(matrix)


def _frozen(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """The array, made read-only: the tables are shared by all callers."""
    array.setflags(write=False)
    return array
