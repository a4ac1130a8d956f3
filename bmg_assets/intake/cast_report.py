"""The report that lies beside a file once it was taken in: what became of each row, and what to mend."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from bmg_assets.science.casts.cast import Cast, Refusal, Skipped

COLUMNS = ("line", "outcome", "column", "value", "reason", "mend")
_FORMULA = re.compile(r"[=@].|[+-](?!\s*[\d.,]+$).", re.DOTALL)


@dataclass(frozen=True)
class ReportLine:
    """What became of a row; a refused row has a line for each of its faults. Line 0 is the file as a whole."""

    line: int
    outcome: str
    """accepted, refused or skipped."""
    column: str = ""
    value: str = ""
    reason: str = ""
    mend: str = ""


def report_lines(
    accepted: Iterable[Cast], refusals: Iterable[Refusal], skipped: Iterable[Skipped]
) -> tuple[ReportLine, ...]:
    """The report of a file, by line."""
    lines = [
        *(ReportLine(cast.line, "accepted", reason=_remark(cast)) for cast in accepted),
        *(ReportLine(one.line, "refused", one.column, one.value, one.reason, one.mend) for one in refusals),
        *(ReportLine(one.line, "skipped", value=one.sample_id or "", reason=one.reason) for one in skipped),
    ]
    return tuple(sorted(lines, key=lambda line: line.line))


def report_csv(lines: Sequence[ReportLine]) -> bytes:
    """The report as CSV in UTF-8, with a byte order mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in astuple(line)] for line in lines)
    return text.getvalue().encode("utf-8-sig", errors="backslashreplace")


def _remark(cast: Cast) -> str:
    remarks = [f"mended: {', '.join(cast.rules)}"] if cast.rules else []
    if cast.supersedes is not None:
        remarks.append(f"{'withdraws' if cast.is_withdrawal else 'supersedes'} {cast.supersedes}")
    return "; ".join(remarks)


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet runs as a formula, and without NUL, which ends the file for some programs."""
    if not isinstance(cell, str):
        return cell
    shown = cell.replace("\0", "␀")
    return f"'{shown}" if _FORMULA.match(shown) else shown
