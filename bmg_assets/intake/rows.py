"""From the rows of one file to casts: every row becomes a cast, a refusal, or is skipped with a reason.

Belongs here: a row as a whole, and the rows of one file beside each other. What stands before the rows (encoding, size,
an empty file) is the file reader's matter, and what was known before the file is that of merging.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from bmg_assets.science.casts.alloy import Alloy, read_alloy
from bmg_assets.science.casts.cast import Cast, CastRule, Refusal, Skipped
from bmg_assets.science.casts.cells import (
    CellError,
    CellValue,
    check_text,
    is_missing,
    read_day,
    read_path,
    read_positive,
    read_sample,
    read_schema_version,
    read_sha256,
    read_text,
    read_word,
)
from bmg_assets.science.casts.columns import (
    COLUMNS,
    KIND_SYNONYMS,
    METHOD_SYNONYMS,
    TEMPERATURE_LIMITS_K,
    UNIT_SYNONYMS,
    VERDICT_SYNONYMS,
    WITHDRAWN_WORDS,
    CompositionUnit,
    DimensionKind,
    Method,
    Verdict,
    column_name,
    squeezed,
)
from bmg_assets.science.casts.merging import judge_repeat
from bmg_assets.science.casts.sizes import check_shape, check_size
from bmg_assets.science.casts.temperatures import temperature_faults

T = TypeVar("T")

FEWEST_NAMES_OF_HEADER = 5
"""Cells that name a column before a row is taken for a header; no cast has so many."""

LONGEST_SHOWN = 200


@dataclass(frozen=True)
class CastReading:
    """The outcome of one file; every row is in exactly one of the three, told by its line.

    casts: in the order of the file. refusals: one for each fault, so that a row may have several with one line.
    """

    casts: tuple[Cast, ...]
    refusals: tuple[Refusal, ...]
    skipped: tuple[Skipped, ...]

    @property
    def refused_lines(self) -> tuple[int, ...]:
        """Lines of the refused rows, each once."""
        return tuple(sorted({refusal.line for refusal in self.refusals}))


def read_casts(rows: Sequence[Mapping[str, str | None]], first_line: int, today: date, source: str = "") -> CastReading:
    """Read the rows of one file.

    Args:
        rows: cells by column header, in the order of the file; None for a cell that the row does not have. Cells
            without a header may stand under the key None, as csv.DictReader puts them.
        first_line: line of the first row, 2 below a header of one line.
        today: last day on which a test can have been made: that of the file's intake.
        source: name of the file, for messages.

    Nothing is raised: bad input is an outcome.
    """
    file = _File(source, today)
    for line, row in enumerate(rows, start=first_line):
        file.take(line, row)
    return CastReading(tuple(file.casts), tuple(file.refusals), tuple(file.skipped))


class _File:
    """The rows of one file as they are sorted into the three outcomes."""

    def __init__(self, source: str, today: date) -> None:
        self.casts: list[Cast] = []
        self.refusals: list[Refusal] = []
        self.skipped: list[Skipped] = []
        self._source = source
        self._today = today
        self._reports: dict[str, list[Cast]] = {}
        self._other_header: int | None = None

    def take(self, line: int, row: Mapping[str, str | None]) -> None:
        reader = _Row(line, self._source, row)
        if not reader.cells and not reader.refusals:
            self.skipped.append(Skipped(line, None, "the row is empty", self._source))
        elif reader.names_columns:
            self._take_header(reader)
        elif self._other_header is not None:
            reader.refuse(
                "",
                f"the row stands below the header of line {self._other_header}, which orders the columns otherwise",
                "put the rows below that header into a file of their own",
            )
            self.refusals.extend(reader.refusals)
        else:
            self._take_cast(reader)

    def _take_header(self, reader: "_Row") -> None:
        if reader.repeats_header:
            self._other_header = None
            self.skipped.append(Skipped(reader.line, None, "the header is repeated", self._source))
            return
        self._other_header = reader.line
        reader.refuse(
            "",
            "the row is a header with its columns in another order than the first",
            "put this header and the rows below it into a file of their own",
        )
        self.refusals.extend(reader.refusals)

    def _take_cast(self, reader: "_Row") -> None:
        cast = reader.cast(self._today)
        if cast is None:
            self.refusals.extend(reader.refusals)
            return
        earlier = self._reports.setdefault(cast.sample_id, [])
        repeat = judge_repeat(cast, earlier)
        if isinstance(repeat, Refusal):
            self.refusals.append(repeat)
        elif isinstance(repeat, Skipped):
            self.skipped.append(repeat)
        else:
            earlier.append(cast)
            self.casts.append(cast)


class _Row:
    """One row while it is read: its cells by column, and the faults and mends found so far."""

    def __init__(self, line: int, source: str, row: Mapping[str, str | None]) -> None:
        self.line = line
        self.cells: dict[str, str] = {}
        self.refusals: list[Refusal] = []
        self._source = source
        self._rules: list[str] = []
        for header, cell in row.items():
            self._add_cell(header, cell)

    @property
    def names_columns(self) -> bool:
        """Whether the row is a header."""
        return sum(column_name(cell) in COLUMNS for cell in self.cells.values()) >= FEWEST_NAMES_OF_HEADER

    @property
    def repeats_header(self) -> bool:
        """Whether every cell is the name of its own column."""
        return all(column_name(cell) == column for column, cell in self.cells.items())

    def refuse(self, column: str, reason: str, mend: str, value: str | None = None) -> None:
        """Note a fault; the value is the cell of the column unless another is given."""
        value = self.cells.get(column, "") if value is None else value
        shown = value if len(value) <= LONGEST_SHOWN else value[:LONGEST_SHOWN] + "…"
        self.refusals.append(Refusal(self.line, column, shown, reason, mend, self._source))

    def cast(self, today: date) -> Cast | None:
        """The cast of this row; None where it is refused."""
        self._check_cells()
        if not self.refusals:
            self._required("schema_version", read_schema_version)
        return None if self.refusals else self._read(today)

    def _add_cell(self, header: str | None, cell: str | list[str] | None) -> None:
        # csv.DictReader puts the cells beyond the header, as a list, under the key None.
        if header is None or not header.strip():
            beyond = [cell] if isinstance(cell, str) else cell or []
            if any(text.strip() for text in beyond):
                self._refuse_beyond(beyond)
            return
        text = "" if cell is None else str(cell).strip()
        column = column_name(header)
        if text == "" or (column in COLUMNS and is_missing(text)):
            return
        if self.cells.setdefault(column, text) != text:
            self.refuse(column, f"two columns are named {column}, with different cells", "keep one of the two")

    def _refuse_beyond(self, beyond: list[str]) -> None:
        self.refuse(
            "",
            f"the row has {len(beyond)} cell(s) without a column name, so cells may have moved",
            "write decimal points, and put quotation marks around cells with commas",
            ", ".join(beyond),
        )

    def _check_cells(self) -> None:
        for column, text in self.cells.items():
            try:
                check_text(column)
                check_text(text)
            except CellError as fault:
                self.refuse(column, fault.reason, fault.mend)

    def _optional(self, column: str, read: Callable[[str], CellValue[T]]) -> T | None:
        """The value of a cell; None where it is empty or refused."""
        if column not in self.cells:
            return None
        try:
            found = read(self.cells[column])
        except CellError as fault:
            self.refuse(column, fault.reason, fault.mend)
            return None
        self._rules.extend(found.rules)
        return found.value

    def _required(self, column: str, read: Callable[[str], CellValue[T]]) -> T | None:
        if column not in self.cells:
            self.refuse(column, f"{column} is missing", f"fill in {column}")
        return self._optional(column, read)

    def _read(self, today: date) -> Cast | None:
        sample_id = self._required("sample_id", read_sample)
        test_date = self._required("test_date", lambda text: read_day(text, today))
        unit = self._required("composition_unit", _read_unit)
        alloy = self._alloy(unit)
        method = self._required("method", _read_method)
        kind = self._required("dimension_kind", _read_kind)
        dimension_mm = self._required("dimension_mm", lambda text: read_positive(text, "mm"))
        verdict = self._required("verdict", _read_verdict)
        self._check_casting(method, kind, dimension_mm)
        optional = self._optional_texts()
        temperatures = self._temperatures(alloy)
        self._check_withdrawal()
        rate = self._optional("heating_rate_K_min", lambda text: read_positive(text, "K/min"))
        if self.refusals:
            return None
        # Without a refusal every required cell has a value: `_required` refuses where it gives None.
        assert sample_id and test_date and unit and alloy and method and kind and dimension_mm and verdict  # noqa: PT018
        return Cast(
            sample_id=sample_id,
            test_date=test_date,
            composition=alloy.composition,
            elements=alloy.elements,
            at_pct=alloy.at_pct,
            elements_as_written=alloy.elements_as_written,
            method=method,
            dimension_kind=kind,
            dimension_mm=dimension_mm,
            verdict=verdict,
            composition_nominal=self.cells["composition_nominal"],
            composition_unit=unit,
            line=self.line,
            source=self._source,
            rules=tuple(dict.fromkeys((*alloy.rules, *self._rules))),
            tg_K=temperatures.get("tg_K"),
            tx_K=temperatures.get("tx_K"),
            tl_K=temperatures.get("tl_K"),
            heating_rate_K_min=rate,
            extra=tuple(sorted((name, cell) for name, cell in self.cells.items() if name not in COLUMNS)),
            **optional,
        )

    def _alloy(self, unit: CompositionUnit | None) -> Alloy | None:
        # Without a unit the amounts are read as at%, so that other faults of the formula are found at once.
        return self._required(
            "composition_nominal", lambda text: CellValue(read_alloy(text, unit or CompositionUnit.AT_PCT))
        )

    def _check_casting(self, method: Method | None, kind: DimensionKind | None, dimension_mm: float | None) -> None:
        if method is None or kind is None:
            return
        column = "dimension_kind"
        try:
            check_shape(method, kind)
            column = "dimension_mm"
            if dimension_mm is not None:
                check_size(method, kind, dimension_mm)
        except CellError as fault:
            self.refuse(column, fault.reason, fault.mend)

    def _temperatures(self, alloy: Alloy | None) -> dict[str, float]:
        read = {
            column: self._optional(column, lambda text: read_positive(text, "K")) for column in TEMPERATURE_LIMITS_K
        }
        kelvin = {column: value for column, value in read.items() if value is not None}
        elements, at_pct = (alloy.elements, alloy.at_pct) if alloy else ((), ())
        for column, reason, mend in temperature_faults(kelvin, elements, at_pct):
            self.refuse(column, reason, mend)
        return kelvin

    def _check_withdrawal(self) -> None:
        if squeezed(self.cells.get("verdict", "")) in WITHDRAWN_WORDS and "supersedes" not in self.cells:
            self.refuse(
                "supersedes", "a withdrawn cast must be named in supersedes", "write there the sample_id to withdraw"
            )

    def _optional_texts(self) -> dict[str, str | None]:
        return {
            "lab_id": self._optional("lab_id", read_text),
            "batch_id": self._optional("batch_id", read_text),
            "operator": self._optional("operator", read_text),
            "verdict_method": self._optional("verdict_method", read_text),
            "xrd_file": self._optional("xrd_file", read_path),
            "xrd_sha256": self._optional("xrd_sha256", read_sha256),
            "supersedes": self._optional("supersedes", read_sample),
            "note": self._optional("note", read_text),
        }


def _read_unit(text: str) -> CellValue[CompositionUnit]:
    return read_word(text, CompositionUnit, UNIT_SYNONYMS, CastRule.COMPOSITION_UNIT_SYNONYM)


def _read_method(text: str) -> CellValue[Method]:
    return read_word(text, Method, METHOD_SYNONYMS, CastRule.METHOD_SYNONYM)


def _read_kind(text: str) -> CellValue[DimensionKind]:
    return read_word(text, DimensionKind, KIND_SYNONYMS, CastRule.DIMENSION_KIND_SYNONYM)


def _read_verdict(text: str) -> CellValue[Verdict]:
    return read_word(text, Verdict, VERDICT_SYNONYMS, CastRule.VERDICT_SYNONYM)
