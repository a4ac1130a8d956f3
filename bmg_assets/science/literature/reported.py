"""What a report says, in one line for people: what was made, who wrote it, and when."""

import math
from typing import TYPE_CHECKING

from bmg_assets.science.alloys.report_kinds import ReportKind

if TYPE_CHECKING:
    import pandas as pd

WORDS: dict[str, str] = {
    ReportKind.CRYSTALLINE_AS_SPUN: "crystalline as spun",
    ReportKind.CRYSTALLINE_AS_CAST: "crystalline as cast",
    ReportKind.GLASS_OF_UNKNOWN_FORM: "glass of unknown form",
    ReportKind.RIBBON: "glassy ribbon",
    ReportKind.THIN_ROD: "glassy thin rod",
    ReportKind.PLATE_OR_WEDGE: "glassy plate or wedge",
    ReportKind.BULK: "bulk glass",
    ReportKind.BULK_WITHOUT_DIAMETER: "bulk glass without a diameter",
    ReportKind.FLUXED: "fluxed melt",
}
"""What was made and seen, by kind; kinds that are set apart are no reports of an alloy."""
WITHOUT_SIZE = frozenset(
    {
        ReportKind.CRYSTALLINE_AS_SPUN,
        ReportKind.CRYSTALLINE_AS_CAST,
        ReportKind.GLASS_OF_UNKNOWN_FORM,
        ReportKind.RIBBON,
        ReportKind.BULK_WITHOUT_DIAMETER,
    }
)
"""Kinds whose number is a code or none."""


def lines_of(counted: "pd.DataFrame") -> list[str]:
    """A line such as "10 mm, bulk glass: mdf_v5, Mater. Trans. JIM 35 (1994) 227" for each report.

    counted: accepted reports with `size_mm`, the diameter in mm, or null.
    """
    columns = ("kind", "size_mm", "thickness_mm", "source", "reference", "year")
    return [_line(*cells) for cells in zip(*(counted[name].tolist() for name in columns), strict=True)]


def _line(kind: str, size_mm: float, thickness_mm: float, source: str, reference: str, year: object) -> str:
    shown_mm = thickness_mm if kind == ReportKind.PLATE_OR_WEDGE else size_mm
    size = "" if kind in WITHOUT_SIZE or math.isnan(shown_mm) else f"{shown_mm:g} mm, "
    when = f" ({year})" if isinstance(year, int) and str(year) not in reference else ""
    return f"{size}{WORDS[kind]}: {source}, {reference}{when}"
