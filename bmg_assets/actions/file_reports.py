"""The report on a file that was taken in, and its rows as they were written."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from bmg_assets.intake.faults import CastFileError
from bmg_assets.intake.file import REPORT_COLUMNS, report_of
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.read import read_bytes
from bmg_assets.intake.reading import reading_of
from bmg_assets.intake.record import IntakeRecord
from bmg_assets.spreadsheets import plain
from bmg_assets.store.record import CASTS, Record, RecordDamagedError, RecordedFile

REFUSED = "refused"


@dataclass(frozen=True)
class ReportRow:
    """A line of the report on a file: an accepted or skipped row, or one fault of a refused one.

    line: 0 is the file as a whole. column, value: the cell at fault. mend: what to do. note: how the row was read.
    """

    line: int
    outcome: str
    column: str = ""
    value: str = ""
    reason: str = ""
    mend: str = ""
    note: str = ""


def report_on(inbox: LabInbox, intake: IntakeRecord) -> tuple[ReportRow, ...]:
    """The report that lies beside a file; none where the laboratory's folder is not at hand."""
    folder = inbox.accepted_folder if intake.is_accepted else inbox.rejected_folder
    try:
        text = report_of(folder / intake.file).read_text("utf-8-sig")
    except OSError:
        return ()
    lines = csv.DictReader(io.StringIO(text, newline=""))
    cells = ({name: plain(line.get(name) or "") for name in REPORT_COLUMNS} for line in lines)
    return tuple(ReportRow(int(one.pop("line")), **one) for one in cells)


def rows_of(inbox: LabInbox, intake: IntakeRecord) -> Mapping[int, Mapping[str, str]]:
    """The rows of a file by their lines, each by column, as they were written; none where no row can be read."""
    reading = json.dumps(intake.reading, sort_keys=True)
    return _rows(inbox.record.url, intake.file, intake.size, intake.sha256, reading)


@lru_cache(maxsize=500)
def _rows(record_url: str, file: str, size: int, digest: str, reading: str) -> Mapping[int, Mapping[str, str]]:
    casts = Record(url=record_url).stream(CASTS)
    try:
        data = casts.read(RecordedFile(file, size, digest))
        table = read_bytes(PurePath(file).suffix, data, reading_of(json.loads(reading), "reading.yaml"))
    except (RecordDamagedError, CastFileError):  # too large to be kept, or no table
        return {}
    return {row.line: row.by_column()[0] for row in table.rows}
