"""The kinds of published reports: what was done to an alloy and what was seen, and what that says of D_max.

A kind has an interval [low, high) of the critical casting diameter D_max in mm; high None is an open end, where nobody
tried. Films and powders have none: they are quenched or formed in ways that say nothing of a casting.

| kind | interval in mm |
|---|---|
| crystalline_as_spun | [0, 0.03): not even a melt-spun ribbon was glass |
| crystalline_as_cast | [0, 1): a button or rod was not glass; a ribbon was not tried |
| glass_of_unknown_form | [0.03, open): a glass, in a form that the source does not name |
| ribbon | [0.03, open): a melt-spun ribbon was glass; nobody cast it thicker |
| plate_or_wedge | [thickness, open): a plate, wedge, foil or wire of that thickness was glass |
| bulk | [D, open): a rod of diameter D was glass |
| bulk_without_diameter | [1, open): a bulk glass, 1 mm or more by the meaning of the word |
| thin_rod | [D, open), D below 1: a casting too thin to be called bulk was glass |
| fluxed | [D, open), for a melt purified in flux: no diameter of an ordinary casting |
| film, powder | none |
"""

from enum import StrEnum

RIBBON_THICKNESS_MM = 0.03
"""Thickness of a melt-spun ribbon: the lower end of D_max of what was glass as ribbon."""
BULK_FROM_MM = 1.0
"""The thinnest casting that is called a bulk glass."""


class GlassClass(StrEnum):
    """The three classes, from the poorest to the best glass former."""

    CRYSTALLINE = "crystalline"
    RIBBON = "ribbon"
    BULK = "bulk"


RANK = {glass_class: rank for rank, glass_class in enumerate(GlassClass)}

Interval = tuple[float | None, float | None]


class ReportKind(StrEnum):
    """What a report says was done and seen."""

    CRYSTALLINE_AS_SPUN = "crystalline_as_spun"
    CRYSTALLINE_AS_CAST = "crystalline_as_cast"
    GLASS_OF_UNKNOWN_FORM = "glass_of_unknown_form"
    RIBBON = "ribbon"
    THIN_ROD = "thin_rod"
    PLATE_OR_WEDGE = "plate_or_wedge"
    BULK = "bulk"
    BULK_WITHOUT_DIAMETER = "bulk_without_diameter"
    FLUXED = "fluxed"
    FILM = "film"
    POWDER = "powder"


APART = frozenset({ReportKind.FILM, ReportKind.POWDER})
"""Kinds that are evidence of their own and never count for castings."""

_FIXED: dict[ReportKind, Interval] = {
    ReportKind.CRYSTALLINE_AS_SPUN: (0.0, RIBBON_THICKNESS_MM),
    ReportKind.CRYSTALLINE_AS_CAST: (0.0, BULK_FROM_MM),
    ReportKind.GLASS_OF_UNKNOWN_FORM: (RIBBON_THICKNESS_MM, None),
    ReportKind.RIBBON: (RIBBON_THICKNESS_MM, None),
    ReportKind.BULK_WITHOUT_DIAMETER: (BULK_FROM_MM, None),
    ReportKind.FILM: (None, None),
    ReportKind.POWDER: (None, None),
}


def interval_of(kind: ReportKind, size_mm: float | None = None) -> Interval:
    """The interval [low, high) of D_max in mm that a report of this kind leaves; both None where it says nothing.

    Args:
        kind: what was done and seen.
        size_mm: diameter or thickness in mm of the piece that was glass, where the kind has one.

    Raises:
        ValueError: the kind follows from a size, and none is given.
    """
    if kind in _FIXED:
        return _FIXED[kind]
    if size_mm is None:
        raise ValueError(f"a report of kind {kind.value} has a size")
    return size_mm, None
