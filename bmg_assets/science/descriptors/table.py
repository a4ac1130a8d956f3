"""The descriptors of alloys as one table: 86 columns, named as in the authors' published table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.elements import ELEMENT_PROPERTIES, ElementTables
from bmg_assets.science.descriptors.miedema import (
    DIFFERENCE_NAMES,
    ENTHALPY_NAMES,
    enthalpy_differences,
    miedema_enthalpies,
)
from bmg_assets.science.descriptors.orbitals import ORBITAL_NAMES, valence_orbitals
from bmg_assets.science.descriptors.packing import (
    DISTANCE_NAMES,
    SIMULTANEOUS_NAMES,
    cluster_distances,
    simultaneous_packing,
)
from bmg_assets.science.descriptors.statistics import STATISTICS_NAMES, property_statistics
from bmg_assets.science.descriptors.yang import YANG_NAMES, yang_solid_solution
from bmg_assets.science.errors import BmgError

DESCRIPTORS_VERSION = "1"
"""To be raised when the code gives another value for the same alloy and element data: older rows are not used then."""

ALL_DESCRIPTORS: tuple[str, ...] = (
    *SIMULTANEOUS_NAMES,
    *DISTANCE_NAMES,
    *STATISTICS_NAMES,
    *ENTHALPY_NAMES,
    *ORBITAL_NAMES,
    *YANG_NAMES,
    *DIFFERENCE_NAMES,
)
"""All columns, in the order in which the authors' 29 appear in their table."""

PAPER_DESCRIPTORS: tuple[str, ...] = (
    "mean simul. packing efficiency",
    "mean abs simul. packing efficiency",
    "dist from 1 clusters |APE| < 0.010",
    "PymatgenData mean X",
    "PymatgenData std_dev X",
    "PymatgenData mean group",
    "PymatgenData std_dev group",
    "PymatgenData mean block",
    "PymatgenData std_dev block",
    "PymatgenData mean atomic_mass",
    "PymatgenData std_dev atomic_mass",
    "PymatgenData mean atomic_radius",
    "PymatgenData std_dev atomic_radius",
    "PymatgenData mean mendeleev_no",
    "PymatgenData std_dev mendeleev_no",
    "PymatgenData mean electrical_resistivity",
    "PymatgenData mean thermal_conductivity",
    "PymatgenData std_dev thermal_conductivity",
    "PymatgenData mean melting_point",
    "PymatgenData std_dev melting_point",
    "Miedema_deltaH_amor",
    "frac s valence electrons",
    "frac p valence electrons",
    "frac d valence electrons",
    "frac f valence electrons",
    "Yang omega",
    "Yang delta",
    "Miedema_deltaH_ami",
    "Miedema_deltaH_am_min",
)
"""The 29 the paper works with, in the order of its published table."""

SMALLEST_FRACTION = 1e-8
"""Smaller mole fractions count as absent, as in pymatgen's Composition."""

SUM_TOLERANCE = 1e-6

ALLOYS_AT_A_TIME = 4096


class DescriptorInputError(BmgError):
    """The matrix of fractions does not fit its element symbols."""


@dataclass(frozen=True)
class DescriptorBlock:
    """Descriptors of n alloys.

    Attributes:
        values: (n, 86), nan where a descriptor cannot be computed.
        names: the 86 columns' names.
        failures: for every row in which one of the paper's 29 cannot be computed, the reason as a sentence. The other
            descriptors of such a row are there.
    """

    values: NDArray[np.float64]
    names: tuple[str, ...]
    failures: dict[int, str]


def compute_descriptors(
    fractions: NDArray[np.float64], elements: Sequence[str], tables: ElementTables
) -> DescriptorBlock:
    """All 86 descriptors of n alloys, equal to those of matminer's featurizers with `impute_nan=False`.

    Args:
        fractions: (n, E) mole fractions, every row with the sum 1; zeros are absent elements.
        elements: the E element symbols of the columns, in any order.
        tables: element data of a variant.

    Returns:
        The values, and the reason for every row that lacks one of the paper's descriptors: an element or a pair without
        data, a symbol that is no element, a row that is no composition.

    Raises:
        DescriptorInputError: the shape does not fit the symbols, or a symbol comes twice.
    """
    fractions = np.asarray(fractions, dtype=np.float64)
    _check_columns(fractions, elements)
    values = np.full((len(fractions), len(ALL_DESCRIPTORS)), np.nan)
    failures = _not_compositions(fractions) | _unknown_elements(fractions, elements, tables)
    usable = np.setdiff1d(np.arange(len(fractions)), list(failures))
    amounts, positions = _columns_in_one_order(fractions, elements, tables)
    for rows, index, weights in _groups_by_count(amounts, positions, usable):
        # Alloys of one set of elements share their clusters, so these are not counted in chunks.
        distances = cluster_distances(index, weights, tables)
        for begin in range(0, len(rows), ALLOYS_AT_A_TIME):
            part = slice(begin, begin + ALLOYS_AT_A_TIME)
            values[rows[part]] = _descriptors(index[part], weights[part], distances[part], tables)
    paper = [ALL_DESCRIPTORS.index(name) for name in PAPER_DESCRIPTORS]
    incomplete = np.flatnonzero(np.isnan(values[:, paper]).any(axis=1))
    for row in np.intersect1d(usable, incomplete):
        present = positions[amounts[row] > SMALLEST_FRACTION]
        failures[int(row)] = _missing_data(present, tables)
    return DescriptorBlock(values, ALL_DESCRIPTORS, dict(sorted(failures.items())))


def _check_columns(fractions: NDArray[np.float64], elements: Sequence[str]) -> None:
    if fractions.ndim != 2 or fractions.shape[1] != len(elements):
        raise DescriptorInputError(
            f"Found fractions of shape {fractions.shape} for {len(elements)} element symbols, expected one column per "
            "symbol: pass the matrix and the symbols of one table."
        )
    repeated = sorted({symbol for symbol in elements if list(elements).count(symbol) > 1})
    if repeated:
        raise DescriptorInputError(
            f"Found the columns of {', '.join(repeated)} more than once, expected one column per element: add them up."
        )


def _not_compositions(fractions: NDArray[np.float64]) -> dict[int, str]:
    """Rows with a negative or missing amount, or with a sum other than 1."""
    negative: NDArray[np.bool_] = ~np.all(fractions >= 0, axis=1)
    sums = fractions.sum(axis=1)
    failures = {}
    for row in np.flatnonzero(negative | (np.abs(sums - 1) > SUM_TOLERANCE)):
        found = "a negative or missing amount" if negative[row] else f"mole fractions with the sum {sums[row]:.6g}"
        failures[int(row)] = f"Found {found}, expected amounts of zero or more with the sum 1: fix the composition."
    return failures


def _unknown_elements(fractions: NDArray[np.float64], elements: Sequence[str], tables: ElementTables) -> dict[int, str]:
    """Rows with a positive amount of a symbol that no table knows."""
    unknown = [column for column, symbol in enumerate(elements) if symbol not in tables.symbols]
    failures = {}
    for row in np.flatnonzero((fractions[:, unknown] > SMALLEST_FRACTION).any(axis=1)):
        symbols = ", ".join(elements[column] for column in unknown if fractions[row, column] > SMALLEST_FRACTION)
        failures[int(row)] = f"Found {symbols}, expected symbols of chemical elements: fix the formula."
    return failures


def _columns_in_one_order(
    fractions: NDArray[np.float64], elements: Sequence[str], tables: ElementTables
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The columns of known elements by Mendeleev number, and the elements' positions in the tables.

    The caller's order must not matter, but an order is needed: where an alloy of more than six elements has equal
    amounts at the limit, matminer lets the order of its formula decide which make clusters. With the Mendeleev number
    the published values of all such alloys come out.
    """
    order = np.argsort(tables.properties[:, ELEMENT_PROPERTIES.index("mendeleev_no")], kind="stable")
    place = {symbol: column for column, symbol in enumerate(elements)}
    positions = [position for position in order if tables.symbols[position] in place]
    columns = [place[tables.symbols[position]] for position in positions]
    return fractions[:, columns], np.array(positions, dtype=np.intp)


def _groups_by_count(
    amounts: NDArray[np.float64], positions: NDArray[np.intp], rows: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
    """Alloys with the same number of elements, without their zeros: rows (k,), positions (k, m), fractions (k, m)."""
    present = amounts > SMALLEST_FRACTION
    counts = present.sum(axis=1)
    for count in np.unique(counts[rows]):
        group = rows[counts[rows] == count]
        columns = np.nonzero(present[group])[1].reshape(len(group), count)
        yield group, positions[columns], np.take_along_axis(amounts[group], columns, axis=1)


def _descriptors(
    index: NDArray[np.intp], fractions: NDArray[np.float64], distances: NDArray[np.float64], tables: ElementTables
) -> NDArray[np.float64]:
    """The 86 descriptors of alloys with the same number of elements, whose distances to clusters are known."""
    alloys = index, fractions, tables
    enthalpies = miedema_enthalpies(*alloys)
    return np.hstack(
        [
            simultaneous_packing(*alloys),
            distances,
            property_statistics(*alloys),
            enthalpies,
            valence_orbitals(*alloys),
            yang_solid_solution(*alloys),
            enthalpy_differences(enthalpies),
        ]
    )


def _missing_data(present: NDArray[np.intp], tables: ElementTables) -> str:
    """The data that elements of an alloy lack, as a sentence."""
    needed = {name.split()[-1] for name in PAPER_DESCRIPTORS if name.startswith("PymatgenData")}
    columns = {name: tables.properties[:, ELEMENT_PROPERTIES.index(name)] for name in sorted(needed)}
    sources = columns | {
        "Miedema parameters": tables.miedema.sum(axis=1),
        "valence electrons": tables.valence_total,
        "atomic radius of Miracle": tables.radius_pm,
        "melting temperature of Magpie": tables.melting_kelvin,
    }
    gaps = [
        f"{source} of {symbols}" for source, values in sources.items() if (symbols := _gaps(present, values, tables))
    ]
    mixing = tables.mixing_kj_mol[np.ix_(present, present)]
    first, second = np.nonzero(np.triu(np.isnan(mixing), k=1))
    pairs = [f"{tables.symbols[present[a]]}-{tables.symbols[present[b]]}" for a, b in zip(first, second, strict=True)]
    gaps += [f"enthalpy of mixing of {', '.join(pairs)}"] if pairs else []
    return (
        f"Found no {'; no '.join(gaps)} in the {tables.variant} element tables, expected data for every element: "
        "leave the alloy out, or use only descriptors that do not need them."
    )


def _gaps(present: NDArray[np.intp], values: NDArray[np.float64], tables: ElementTables) -> str:
    """Symbols of the present elements without a value."""
    return ", ".join(tables.symbols[position] for position in present if np.isnan(values[position]))
