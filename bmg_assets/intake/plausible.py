"""Whether the characteristic temperatures of a cast can be what they are called: their order, and °C given for K.

A temperature in °C is often a credible number of K (407 °C is the glass transition of a zirconium alloy, 407 K that of
a gold alloy). What tells them apart is the alloy: the glass transition and the crystallisation of metallic glasses lie
at 0.3 to 0.5 of the mole-weighted mean of the elements' melting points, and values in °C mostly below 0.25. Alloys of
gold lie lower (Au55Cu25Si20, Tg 348 K: 0.25) and are not judged so; in °C they fall below 290 anyway. What slips
through are refractory alloys whose Tg in °C is still high (Ni60Nb40 0.29).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from bmg_assets.science.casts.columns import TEMPERATURE_LIMITS_K

SMALLEST_SHARE_OF_MELTING_POINTS = 0.27
"""Of Tg and Tx. Ce70Al10Cu20 (Tg 341 K) gives 0.31, Zr55Al5Cu40 0.39 and in °C 0.24."""

LARGEST_SUPERCOOLED_REGION_K = 250.0
"""Tx - Tg; the widest known are about 140 K, and 273 more where only Tg is in °C."""

Fault = tuple[str, str, str]
"""Column, reason, mend."""


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
            faults.append((column, reason, _mend(value) if value < smallest else "check the value and its unit"))
    return faults


def _out_of_order(kelvin: Mapping[str, float]) -> list[Fault]:
    given = [(column, kelvin[column]) for column in TEMPERATURE_LIMITS_K if column in kelvin]
    faults = []
    for (lower, low), (upper, high) in pairwise(given):
        if low >= high:
            reason = f"{upper} ({high:g}) is not above {lower} ({low:g}); Tg < Tx < Tl must hold"
            faults.append((upper, reason, "check the values, their order and that all are in K"))
    return faults


def _in_celsius(kelvin: Mapping[str, float], elements: Sequence[str], at_pct: Sequence[float]) -> list[Fault]:
    if "tg_K" in kelvin and "tx_K" in kelvin and kelvin["tx_K"] - kelvin["tg_K"] > LARGEST_SUPERCOOLED_REGION_K:
        reason = f"tx_K ({kelvin['tx_K']:g}) lies more than {LARGEST_SUPERCOOLED_REGION_K:g} K above tg_K"
        return [("tg_K", f"{reason} ({kelvin['tg_K']:g}), as if tg_K was in °C", _mend(kelvin["tg_K"]))]
    suspects = {column: kelvin[column] for column in ("tg_K", "tx_K") if column in kelvin}
    melting = _mean_melting_point(elements, at_pct) if suspects else None
    if melting is None:
        return []
    return [
        (column, f"{column} of {value:g} is too low for this alloy, as if it was in °C", _mend(value))
        for column, value in suspects.items()
        if value < SMALLEST_SHARE_OF_MELTING_POINTS * melting
    ]


def _mend(value: float) -> str:
    return f"write {value + 273.15:.6g} if the value is in °C, else check it"


def _mean_melting_point(elements: Sequence[str], at_pct: Sequence[float]) -> float | None:
    """Mole-weighted mean of the elements' melting points in K; None where it tells nothing."""
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
        # pymatgen warns of each element whose melting point it does not know.
        warnings.simplefilter("ignore")
        point = Element(element).melting_point
    return None if point is None else float(point)
