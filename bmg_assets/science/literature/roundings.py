"""Compositions that are one alloy written with more and with fewer digits, as compilations round them.

Two compositions are the same within rounding where each amount differs by less than half a unit of the rougher of its
two writings: Ag2.3Al14Co5Cu11.7La62Ni5 is Ag2.3333Al14Co5Cu11.6667La62Ni5. In the public sets no wider rule holds:
from half a unit on, nearly all pairs are two alloys of one series. A source that has both means two alloys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import FloatArray

LEAST_TOLERANCE_AT_PCT = 0.01
"""Amounts scaled to the sum of 100 have digits that nobody wrote; below this they say nothing."""
MOST_DECIMALS = 4
_ROUGHEST = 0.5


@dataclass(frozen=True)
class Composition:
    """A composition with the sources that report it.

    amounts: at.% by element.
    """

    key: str
    amounts: Mapping[str, float]
    sources: frozenset[str]


def better_written(compositions: Sequence[Composition]) -> dict[str, str]:
    """The key of the better written composition for each that is a rounding of another; the others are left out.

    Of several that it may be a rounding of, the nearest counts, and the best written of a chain.
    """
    by_system: dict[tuple[str, ...], list[Composition]] = {}
    for one in compositions:
        by_system.setdefault(tuple(sorted(one.amounts)), []).append(one)
    nearest: dict[str, tuple[float, str]] = {}
    for elements, group in by_system.items():
        if len(group) > 1:
            _of_one_system(elements, group, nearest)
    roundings = {rough: fine for rough, (_, fine) in nearest.items()}
    return {rough: _end_of(rough, roundings) for rough in roundings}


def _of_one_system(
    elements: tuple[str, ...], group: Sequence[Composition], nearest: dict[str, tuple[float, str]]
) -> None:
    from scipy.spatial import KDTree

    amounts = np.array([[one.amounts[element] for element in elements] for one in group])
    for first, second in sorted(KDTree(amounts).query_pairs(_ROUGHEST, p=np.inf)):
        if group[first].sources & group[second].sources:
            continue
        decimals = [[_decimals(amount) for amount in amounts[place]] for place in (first, second)]
        difference = np.abs(amounts[first] - amounts[second])
        if not _within_rounding(difference, np.min(decimals, axis=0)):
            continue
        rough, fine = (first, second) if sum(decimals[0]) <= sum(decimals[1]) else (second, first)
        found = (float(difference.max()), group[fine].key)
        nearest[group[rough].key] = min(nearest.get(group[rough].key, found), found)


def _within_rounding(difference: FloatArray, decimals: FloatArray) -> bool:
    half_units = 0.5 * 10.0**-decimals
    return bool(np.all((difference < half_units - 1e-9) | (difference <= LEAST_TOLERANCE_AT_PCT + 1e-9)))


def _decimals(amount: float) -> int:
    """Digits behind the point that the amount is written with."""
    return next((n for n in range(MOST_DECIMALS) if abs(round(amount, n) - amount) < 1e-6), MOST_DECIMALS)


def _end_of(key: str, roundings: Mapping[str, str]) -> str:
    passed = {key}
    while (following := roundings.get(key)) is not None and following not in passed:
        key = following
        passed.add(key)
    return key
