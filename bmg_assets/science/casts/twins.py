"""Casts whose compositions differ by no more than the rounding in which one of them was written.

They are two alloys for the platform, because it cannot know which of the two writings is the exact one. So it is said
beside the cast, and the laboratory decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bmg_assets.science.alloys.compositions import FormulaError, parse_formula
from bmg_assets.science.alloys.formulas.rounding import rounding_at_pct
from bmg_assets.science.casts.cast import Cast

FARTHEST_AT_PCT = 0.5
"""Largest difference in an element at which two compositions are compared at all."""


def with_twins_noted(casts: Iterable[Cast], known: Iterable[Cast]) -> tuple[Cast, ...]:
    """The casts, with a remark on each whose composition a known one or one above it has but for rounding."""
    near = _Neighbours()
    for cast in known:
        near.add(cast)
    noted = []
    for cast in casts:
        twin = _twin_of(cast, near.of(cast))
        remarks = cast.remarks if twin is None else (*cast.remarks, _remark(cast, twin))
        noted.append(replace(cast, remarks=tuple(dict.fromkeys(remarks))))
        near.add(cast)
    return tuple(noted)


class _Neighbours:
    """Casts of one system by the rounded amount of their first element, so that few are compared."""

    def __init__(self) -> None:
        self._casts: dict[tuple[tuple[str, ...], int], dict[str, Cast]] = {}

    def add(self, cast: Cast) -> None:
        self._casts.setdefault((cast.elements, round(cast.at_pct[0])), {}).setdefault(cast.composition, cast)

    def of(self, cast: Cast) -> list[Cast]:
        """One cast of each composition near that of the cast; none where its own is among them."""
        places = [(cast.elements, round(cast.at_pct[0]) + step) for step in (-1, 0, 1)]
        found = {key: one for place in places for key, one in self._casts.get(place, {}).items()}
        return [] if cast.composition in found else list(found.values())


def _twin_of(cast: Cast, others: Iterable[Cast]) -> Cast | None:
    near = [one for one in others if max(_differences(cast, one)) <= FARTHEST_AT_PCT]
    return next((one for one in near if _is_rounded(cast, one) or _is_rounded(one, cast)), None)


def _is_rounded(rounded: Cast, exact: Cast) -> bool:
    """Whether the first composition may be the second, written with fewer digits."""
    try:
        formula = parse_formula(rounded.composition_nominal, rounded.composition_unit.value).formula
    except FormulaError:  # its decimal commas were read in its file
        return False
    rounding = rounding_at_pct(formula, rounded.composition_unit.value)
    return all(
        difference <= rounding.get(element, 0.0) + 1e-9
        for element, difference in zip(rounded.elements, _differences(rounded, exact), strict=True)
    )


def _differences(one: Cast, other: Cast) -> Sequence[float]:
    return [abs(a - b) for a, b in zip(one.at_pct, other.at_pct, strict=True)]


def _remark(cast: Cast, twin: Cast) -> str:
    return (
        f"composition_nominal: {cast.composition} is within rounding of {twin.composition}, which {twin.sample_id} "
        "has, and counts as another alloy: write both in one way if they are one"
    )
