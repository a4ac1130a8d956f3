"""Rows and casts to vary in tests: one that is right, and changes to it."""

from collections.abc import Iterable, Mapping
from datetime import date

from bmg_assets.intake.outcome import FileOutcome, read_rows
from bmg_assets.intake.rows import RawRow
from bmg_assets.science.casts.cast import Cast

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


def raw_rows(rows: Iterable[Mapping[str, str | None]], first_line: int = 2) -> list[RawRow]:
    """Rows as a file gives them; None is a cell that is not there."""
    texts = (tuple((header, cell or "") for header, cell in one.items()) for one in rows)
    return [RawRow(line, cells) for line, cells in enumerate(texts, start=first_line)]


def read(*rows: Mapping[str, str | None], source: str = "") -> FileOutcome:
    """The outcome of a file's rows by themselves."""
    return read_rows(raw_rows(rows), TODAY, source)


def refused_lines(outcome: FileOutcome) -> list[int]:
    """Lines of the refused rows, each once."""
    return sorted({refusal.line for refusal in outcome.refusals})


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
