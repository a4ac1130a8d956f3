"""Rows and casts to vary in tests: one that is right, and changes to it."""

from datetime import date

from bmg_assets.science.casts.cast import Cast
from bmg_assets.science.casts.reading import CastReading, read_casts

TODAY = date(2026, 3, 1)
GOOD_ROW = {
    "schema_version": "1",
    "sample_id": "ZAC-1",
    "test_date": "2026-02-27",
    "composition_nominal": "Zr50Al5Cu45",
    "composition_unit": "at%",
    "method": "suction_casting",
    "dimension_kind": "rod_diameter",
    "dimension_mm": "2.5",
    "verdict": "amorphous",
}


def row(**cells: str | None) -> dict[str, str | None]:
    """The good row with other cells; None takes a cell away."""
    return {**GOOD_ROW, **cells}


def read(*rows: dict[str, str | None], source: str = "") -> CastReading:
    return read_casts(rows, first_line=2, today=TODAY, source=source)


def cast(sample_id: str = "ZAC-1", **cells: str | None) -> Cast:
    """The cast of a row that is right."""
    reading = read(row(sample_id=sample_id, **cells))
    assert not reading.refusals, reading.refusals
    return reading.casts[0]


def rod(sample_id: str, dimension_mm: float, verdict: str = "amorphous", **cells: str | None) -> Cast:
    return cast(sample_id, dimension_mm=f"{dimension_mm}", verdict=verdict, **cells)


def ribbon(sample_id: str, verdict: str = "amorphous", dimension_mm: float = 0.04, **cells: str | None) -> Cast:
    shape = {"method": "melt_spinning", "dimension_kind": "ribbon_thickness"}
    return cast(sample_id, dimension_mm=f"{dimension_mm}", verdict=verdict, **shape, **cells)
