"""One row of a lab file: a model whose fields are the columns, and the step from its cells to a cast.

A column is one field: its type brings the parser (cells.py), its description states what to write. Fields without a
default are required. Every fault of a row is reported at once, with what to do.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bmg_assets.intake import cells as cell
from bmg_assets.intake.alloys import Alloy, read_alloy
from bmg_assets.intake.cells import Notes, check_text
from bmg_assets.intake.faults import LONGEST_SHOWN, CellError
from bmg_assets.intake.plausible import TEMPERATURE_LIMITS_K, Fault, casting_fault, temperature_faults
from bmg_assets.intake.reading import Reading
from bmg_assets.intake.words import MISSING_WORDS, WITHDRAWN
from bmg_assets.science.alloys.systems import FEWEST_ELEMENTS
from bmg_assets.science.casts.cast import Cast, CompositionUnit, Refusal
from bmg_assets.spreadsheets import plain


class CastRow(BaseModel):
    """The columns of a lab file (schema version 1), in the order of the template; one row is one cast."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: cell.Version = Field(description="1")
    lab_id: cell.Text | None = Field(None, description="free text")
    batch_id: cell.Text | None = Field(None, description="free text")
    sample_id: cell.Name = Field(description="your name of the sample; no two casts share one")
    test_date: cell.Day = Field(description="day of the test, year-month-day")
    operator: cell.Text | None = Field(None, description="free text")
    composition_nominal: cell.Written = Field(description="the formula as weighed in")
    composition_unit: cell.UnitWord = Field(description="what the amounts are")
    method: cell.MethodWord = Field(description="how the melt was quenched")
    dimension_kind: cell.KindWord = Field(description="which size dimension_mm is")
    dimension_mm: cell.Millimetres = Field(description="that size in mm")
    verdict: cell.VerdictWord = Field(description="what the cast turned out to be")
    verdict_method: cell.Text | None = Field(None, description="how that was found out")
    xrd_file: cell.PathBelow = Field(None, description="the pattern's path below the folder of this file")
    xrd_sha256: cell.Checksum = Field(None, description="its checksum")
    tg_K: cell.Kelvin = Field(None, description="glass transition temperature in K")  # noqa: N815
    tx_K: cell.Kelvin = Field(None, description="crystallisation temperature in K")  # noqa: N815
    tl_K: cell.Kelvin = Field(None, description="liquidus temperature in K")  # noqa: N815
    heating_rate_K_min: cell.KelvinPerMinute = Field(None, description="heating rate of these in K/min")  # noqa: N815
    supersedes: cell.OtherName = Field(None, description="the sample whose report this row corrects or withdraws")
    note: cell.Text | None = Field(None, description="free text")


COLUMNS = tuple(CastRow.model_fields)
REQUIRED_COLUMNS = tuple(name for name, field in CastRow.model_fields.items() if field.is_required())
_COLUMN_BY_LETTERS = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in COLUMNS}


@lru_cache(maxsize=4096)
def column_name(header: str) -> str:
    """The column that a header cell names, whatever its case and punctuation ("Tg (K)", "Sample ID").

    A header that names none is the name of an extra column.
    """
    folded = unicodedata.normalize("NFKC", header).casefold()
    letters = "".join(character for character in folded if character.isalnum())
    return _COLUMN_BY_LETTERS.get(letters, header.strip())


def columns_named(cells: Iterable[str]) -> int:
    """How many of the cells are names of columns."""
    return sum(column_name(one) in COLUMNS for one in cells)


@dataclass(frozen=True)
class RawRow:
    """A row as text: its line, and each cell behind the cell of the header above it (empty beyond the header).

    decimal_comma: whether a comma in a number can only be its decimal point. faults, remarks: what the file itself
    shows of the row: a cell that a spreadsheet spoilt, a row that it hides.
    """

    line: int
    cells: tuple[tuple[str, str], ...]
    decimal_comma: bool = False
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()

    def by_column(self) -> tuple[dict[str, str], list[Fault]]:
        """The cells that hold something, by column, and what is wrong with their places."""
        cells: dict[str, str] = {}
        faults, nameless = [*self.faults], []
        for header, raw in self.cells:
            text, column = plain(raw.strip()), column_name(header)
            if text == "" or (column in COLUMNS and text.lower() in MISSING_WORDS):
                continue
            if column == "":
                nameless.append(text)
            elif cells.setdefault(column, text) != text:
                reason = f"two columns are named {column}, with different cells"
                faults.append(Fault(column, reason, "keep one of the two"))
        if nameless:
            reason = f"the row has {len(nameless)} cell(s) without a column name, so cells may have moved"
            fix = "write decimal points, and put quotation marks around cells with commas"
            faults.append(Fault("", reason, fix, ", ".join(nameless)))
        return cells, faults


def read_row(
    row: RawRow, last_day: date, source: str = "", reading: Reading | None = None
) -> Cast | tuple[Refusal, ...]:
    """The cast of a row, or its refusals, one for each fault.

    last_day: no test can be later; that of the file's intake. source: name of the file, for messages. reading: how the
    laboratory wants its files read.
    """
    words = (reading or Reading()).words
    cells, faults = row.by_column()
    faults += _faults_of_text(cells)
    if faults:
        return _refusals(row.line, source, cells, faults)
    known = {name: text for name, text in cells.items() if name in COLUMNS}
    notes = Notes(last_day, words, row.decimal_comma)
    model, faults = _validated(known, notes)
    if any(fault.column == "schema_version" for fault in faults):
        # Another version has other columns, so that the other faults of the row mean nothing.
        return _refusals(row.line, source, cells, [fault for fault in faults if fault.column == "schema_version"])
    alloy, faults_of_alloy = _alloy(notes)
    faults += [*faults_of_alloy, *_faults_together(cells, notes, alloy)]
    if faults or model is None or alloy is None:
        return _refusals(row.line, source, cells, faults)
    return Cast(
        **{name: getattr(model, name) for name in COLUMNS if name != "schema_version"},
        composition=alloy.composition,
        elements=alloy.elements,
        at_pct=alloy.at_pct,
        elements_as_written=alloy.elements_as_written,
        line=row.line,
        source=source,
        rules=tuple(dict.fromkeys((*alloy.rules, *notes.rules))),
        remarks=(*row.remarks, *notes.remarks),
        extra=tuple(sorted((name, text) for name, text in cells.items() if name not in COLUMNS)),
    )


def _refusals(line: int, source: str, cells: Mapping[str, str], faults: Iterable[Fault]) -> tuple[Refusal, ...]:
    """Faults of a row as they are reported, each with the cell at fault, in the order of the columns."""
    refusals = []
    for fault in sorted(faults, key=lambda one: COLUMNS.index(one.column) if one.column in COLUMNS else len(COLUMNS)):
        value = cells.get(fault.column, "") if fault.value is None else fault.value
        shown = value if len(value) <= LONGEST_SHOWN else value[:LONGEST_SHOWN] + "…"
        refusals.append(Refusal(line, fault.column, shown, fault.reason, fault.fix, source))
    return tuple(refusals)


def _faults_of_text(cells: Mapping[str, str]) -> Iterator[Fault]:
    for column, text in cells.items():
        try:
            check_text(column)
            check_text(text)
        except CellError as error:
            yield _fault(column, error)


def _validated(cells: Mapping[str, str], notes: Notes) -> tuple[CastRow | None, list[Fault]]:
    try:
        return CastRow.model_validate(cells, context=notes), []
    except ValidationError as error:
        return None, [_fault(str(one["loc"][0]), one.get("ctx", {}).get("error")) for one in error.errors()]


def _fault(column: str, error: CellError | None) -> Fault:
    """The fault of a column; without an error of its parser its cell is missing."""
    if error is None:
        return Fault(column, f"{column} is missing", f"fill in {column}")
    return Fault(column, error.reason, error.fix)


def _alloy(notes: Notes) -> tuple[Alloy | None, list[Fault]]:
    formula = notes.values.get("composition_nominal")
    if formula is None:
        return None, []
    # Without a unit the amounts are read as at%, so that other faults of the formula are found at once.
    unit = notes.values.get("composition_unit", CompositionUnit.AT_PCT)
    try:
        alloy = read_alloy(formula, unit, decimal_comma=notes.decimal_comma)
    except CellError as error:
        return None, [_fault("composition_nominal", error)]
    notes.remarks += alloy.remarks
    return alloy, []


def _faults_together(cells: Mapping[str, str], notes: Notes, alloy: Alloy | None) -> Iterator[Fault]:
    """Values that contradict each other; cells that could not be read are left out."""
    values = notes.values
    if "method" in values and "dimension_kind" in values:
        fault = casting_fault(values["method"], values["dimension_kind"], values.get("dimension_mm"))
        if fault:
            yield fault
    if alloy and len(alloy.elements) < FEWEST_ELEMENTS:
        yield Fault(
            "composition_nominal",
            f"the alloy has {len(alloy.elements)} elements; a target system has {FEWEST_ELEMENTS} or more, so that "
            "nothing would be trained with it",
            "add the element that is missing, or leave the row out; alloys of two elements are learnt from as "
            "literature, in a table that sources.yaml declares",
        )
    kelvin = {column: values[column] for column in TEMPERATURE_LIMITS_K if column in values}
    yield from temperature_faults(kelvin, *((alloy.elements, alloy.at_pct) if alloy else ((), ())))
    if notes.words.find("verdict", cells.get("verdict", "")) == WITHDRAWN and "supersedes" not in values:
        reason = "a withdrawn cast must be named in supersedes"
        yield Fault("supersedes", reason, "write there the sample_id to withdraw")
