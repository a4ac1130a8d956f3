"""Whether the numbers of a cast are credible beside each other: method and size, and the characteristic temperatures.

A temperature in °C is often a credible number of K: 407 °C is the glass transition of a zirconium alloy, 407 K that of
a gold alloy. The alloy decides: the glass transition and the crystallisation of metallic glasses lie at 0.3 to
0.5 of the mole-weighted mean of the elements' melting points, and values in °C mostly below 0.25. Alloys of gold lie
lower (Au55Cu25Si20, Tg 348 K: 0.25) and are exempt from this check; in °C they fall below the limit of 290 anyway.
Refractory alloys whose Tg in °C is still high (Ni60Nb40: 0.29) are not noticed.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from bmg_assets.science.casts.cast import DimensionKind, Method

DIMENSION_LIMITS_MM: Mapping[DimensionKind, tuple[float, float]] = {
    # Thicker ribbons are not spun, and 0.2 mm is the paper's code for a ribbon; 40 is a thickness in µm.
    DimensionKind.RIBBON_THICKNESS: (0.005, 0.2),
    # The thinnest capillary moulds, and more than any rod ever cast as a glass (80 mm).
    DimensionKind.ROD_DIAMETER: (0.3, 100.0),
    DimensionKind.PLATE_THICKNESS: (0.1, 100.0),
    DimensionKind.WEDGE_THICKNESS: (0.05, 100.0),
}
"""Credible sizes of castings in mm, both ends included."""

FREE_METHODS = frozenset({Method.SPUTTERING, Method.OTHER})
"""Methods whose samples may have any shape and be thinner than any casting."""

LARGEST_DIMENSION_MM = 100.0
"""Limit for the free methods."""

TEMPERATURE_LIMITS_K: Mapping[str, tuple[float, float]] = {
    "tg_K": (290.0, 1500.0),
    "tx_K": (290.0, 1600.0),
    "tl_K": (400.0, 3500.0),
}
"""Credible glass transition, crystallisation and liquidus temperatures of alloys in K, both ends included."""

SMALLEST_SHARE_OF_MELTING_POINTS = 0.27
"""For Tg and Tx. Ce70Al10Cu20 (Tg 341 K) gives 0.31, Zr55Al5Cu40 0.39 and in °C 0.24."""

LARGEST_SUPERCOOLED_REGION_K = 250.0
"""Tx - Tg; the widest known are about 140 K, and 273 more where only Tg is in °C."""


class Fault(NamedTuple):
    """What is wrong with a cell of a row: the column, what was found and expected, and what to do.

    column: empty where the whole row is at fault. value: shown in place of the column's cell.
    """

    column: str
    reason: str
    fix: str
    value: str | None = None


def casting_fault(method: Method, kind: DimensionKind, dimension_mm: float | None) -> Fault | None:
    """What is wrong with method, shape and size of a cast; None where nothing is.

    Melt spinning gives ribbons and nothing else does; a wedge mould gives wedges. dimension_mm: None where it could not
    be read. The fix names the size that is meant if the number was in µm.
    """
    smallest, largest = 0.0, LARGEST_DIMENSION_MM
    if method not in FREE_METHODS:
        spun, ribbon = method is Method.MELT_SPINNING, kind is DimensionKind.RIBBON_THICKNESS
        if spun != ribbon or (method is Method.WEDGE_CASTING and kind is not DimensionKind.WEDGE_THICKNESS):
            fix = "correct method or dimension_kind; other is for the rest"
            return Fault("dimension_kind", f"{method} does not give a {kind}", fix)
        smallest, largest = DIMENSION_LIMITS_MM[kind]
    if dimension_mm is None or smallest <= dimension_mm <= largest:
        return None
    in_mm = dimension_mm / 1000
    fix = "check number, unit and dimension_kind"
    if smallest <= in_mm <= largest:
        fix = f"write {in_mm:g} if the size was measured in µm"
    reason = f"a {kind} of {dimension_mm:g} mm is not credible ({smallest:g} to {largest:g} mm are)"
    return Fault("dimension_mm", reason, fix)


def temperature_faults(kelvin: Mapping[str, float], elements: Sequence[str], at_pct: Sequence[float]) -> list[Fault]:
    """What is wrong with the temperatures of a cast; at most one fault for each column.

    kelvin: values by column (tg_K, tx_K, tl_K), those given. elements, at_pct: the alloy, amounts in at.%; without
    elements the check that needs them is left out.
    """
    faults = _outside_limits(kelvin) or _out_of_order(kelvin)
    return faults or _in_celsius(kelvin, elements, at_pct)


def _outside_limits(kelvin: Mapping[str, float]) -> list[Fault]:
    faults = []
    for column, value in kelvin.items():
        smallest, largest = TEMPERATURE_LIMITS_K[column]
        if not smallest <= value <= largest:
            reason = f"{column} of {value:g} K is not credible ({smallest:g} to {largest:g} K are)"
            fix = _fix_of_celsius(value) if value < smallest else "check the value and its unit"
            faults.append(Fault(column, reason, fix))
    return faults


def _out_of_order(kelvin: Mapping[str, float]) -> list[Fault]:
    given = [(column, kelvin[column]) for column in TEMPERATURE_LIMITS_K if column in kelvin]
    faults = []
    for (lower, low), (upper, high) in pairwise(given):
        if low >= high:
            reason = f"{upper} ({high:g}) is not above {lower} ({low:g}); Tg < Tx < Tl must hold"
            faults.append(Fault(upper, reason, "check the values, their order and that all are in K"))
    return faults


def _in_celsius(kelvin: Mapping[str, float], elements: Sequence[str], at_pct: Sequence[float]) -> list[Fault]:
    if "tg_K" in kelvin and "tx_K" in kelvin and kelvin["tx_K"] - kelvin["tg_K"] > LARGEST_SUPERCOOLED_REGION_K:
        reason = (
            f"tx_K ({kelvin['tx_K']:g}) lies more than {LARGEST_SUPERCOOLED_REGION_K:g} K above tg_K "
            f"({kelvin['tg_K']:g}), as if tg_K was in °C"
        )
        return [Fault("tg_K", reason, _fix_of_celsius(kelvin["tg_K"]))]
    suspects = {column: kelvin[column] for column in ("tg_K", "tx_K") if column in kelvin}
    melting = _mean_melting_point(elements, at_pct) if suspects else None
    if melting is None:
        return []
    return [
        Fault(column, f"{column} of {value:g} is too low for this alloy, as if it was in °C", _fix_of_celsius(value))
        for column, value in suspects.items()
        if value < SMALLEST_SHARE_OF_MELTING_POINTS * melting
    ]


def _fix_of_celsius(value: float) -> str:
    return f"write {value + 273.15:.6g} if the value is in °C, else check it"


def _mean_melting_point(elements: Sequence[str], at_pct: Sequence[float]) -> float | None:
    """Mole-weighted mean of the elements' melting points in K; None for alloys of gold and where a point is unknown."""
    if not elements or max(zip(at_pct, elements, strict=True))[1] == "Au":
        return None
    points = [_melting_point(element) for element in elements]
    known = [point for point in points if point is not None]
    if len(known) < len(points):
        return None
    return sum(point * amount for point, amount in zip(known, at_pct, strict=True)) / sum(at_pct)


@cache
def _melting_point(element: str) -> float | None:
    import warnings

    from pymatgen.core.periodic_table import Element

    with warnings.catch_warnings():
        # pymatgen warns about each element whose melting point it does not know.
        warnings.simplefilter("ignore")
        point = Element(element).melting_point
    return None if point is None else float(point)
