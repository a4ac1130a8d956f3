"""What becomes of the rows of a file: by themselves, then beside everything that was accepted before.

Nothing is moved or written here, and bad input is an outcome, never an exception.
"""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bmg_assets.intake.faults import CastFileError
from bmg_assets.intake.read import read_bytes
from bmg_assets.intake.reading import Reading
from bmg_assets.intake.record import SystemLines
from bmg_assets.intake.rows import RawRow, column_name, columns_named, read_row
from bmg_assets.intake.table import FEWEST_NAMES_OF_HEADER
from bmg_assets.science.casts.cast import Cast, Refusal, Skipped
from bmg_assets.science.casts.merging import Merge, check_repeat, merge_casts
from bmg_assets.science.casts.twins import with_twins_noted


@dataclass(frozen=True)
class FileOutcome:
    """The outcome of one file; each of its rows is in exactly one of the three, by its line.

    casts: in the order of the file. refusals: one for each fault, so that a row may have several.
    """

    casts: tuple[Cast, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def read_file(
    name: str, ending: str, data: bytes, day: date, reading: Reading | None = None, seconds: float = math.inf
) -> FileOutcome:
    """Read the rows of a file by themselves; a file that cannot be read is one refusal.

    Args:
        name: the file's name after its intake, for messages.
        ending: that of the name under which it was received.
        day: that of its intake.
        reading: how the laboratory wants its files read.
        seconds: time that the rows may take; the rest is refused.
    """
    reading = reading or Reading()
    try:
        table = read_bytes(ending, data, reading)
    except CastFileError as error:
        return FileOutcome(refusals=(replace(error.refusal, source=name),))
    outcome = read_rows(table.rows, day, name, reading, seconds)
    refusals = (replace(refusal, source=name) for refusal in table.refusals)
    skipped = (replace(one, source=name) for one in table.skipped)
    return replace(outcome, refusals=(*refusals, *outcome.refusals), skipped=(*skipped, *outcome.skipped))


def read_rows(
    rows: Iterable[RawRow],
    day: date,
    source: str = "",
    reading: Reading | None = None,
    seconds: float = math.inf,
) -> FileOutcome:
    """Read rows by themselves and beside those above them.

    day: the last on which a test can have been made. reading, seconds: as `read_file`.
    """
    reading, started = reading or Reading(), time.monotonic()
    casts: list[Cast] = []
    refusals: list[Refusal] = []
    skipped: list[Skipped] = []
    by_sample: dict[str, list[Cast]] = {}
    other_header: int | None = None
    for row in rows:
        if time.monotonic() - started > seconds:
            reason = f"reading {source} took longer than {seconds:g} s, and from this line on it was not read"
            refusals.append(Refusal(row.line, "", "", reason, "send the rest in files of their own", source))
            break
        cells, faults = row.by_column()
        if not cells and not faults:
            skipped.append(Skipped(row.line, None, "the row is empty", source))
        elif columns_named(cells.values()) >= FEWEST_NAMES_OF_HEADER:
            if all(column_name(cell) == column for column, cell in cells.items()):
                other_header = None
                skipped.append(Skipped(row.line, None, "the header is repeated", source))
            else:
                other_header = row.line
                reason = "the row is a header with its columns in another order than the first"
                fix = "put this header and the rows below it into a file of their own"
                refusals.append(Refusal(row.line, "", "", reason, fix, source))
        elif other_header is not None:
            reason = f"the row stands below the header of line {other_header}, which orders the columns otherwise"
            fix = "put the rows below that header into a file of their own"
            refusals.append(Refusal(row.line, "", "", reason, fix, source))
        else:
            match read_row(row, day, source, reading):
                case Cast() as cast:
                    reports = by_sample.setdefault(cast.sample_id, [])
                    match check_repeat(cast, reports):
                        case None:
                            reports.append(cast)
                            casts.append(cast)
                        case Skipped() as equal:
                            skipped.append(equal)
                        case differing:
                            refusals.append(differing)
                case faulty:
                    refusals.extend(faulty)
    return FileOutcome(with_twins_noted(casts, ()), tuple(refusals), tuple(skipped))


def compare_with_accepted(file: FileOutcome, known: Sequence[Cast]) -> tuple[FileOutcome, Merge]:
    """Compare the rows of a file with those accepted before; returned with it is everything known after the file.

    known: all casts that were accepted before, in the order of intake.
    """
    history = merge_casts(known, with_twins_noted(file.casts, known))
    accepted = history.accepted[len(known) :]
    return FileOutcome(accepted, (*file.refusals, *history.refusals), (*file.skipped, *history.skipped)), history


def systems_concerned(accepted: Iterable[Cast], history: Merge) -> tuple[SystemLines, ...]:
    """The systems on which accepted casts bear, with their lines: their own, and that of the report they replace."""
    replaced: dict[int, list[Cast]] = {}
    for one in history.superseded:
        replaced.setdefault(id(one.by), []).append(one.cast)
    written: dict[frozenset[str], tuple[str, ...]] = {}
    lines: dict[frozenset[str], list[int]] = {}
    for cast in accepted:
        for alloy in (cast, *replaced.get(id(cast), [])):
            key = frozenset(alloy.elements)
            written.setdefault(key, alloy.elements_as_written)
            lines.setdefault(key, []).append(cast.line)
    return tuple(SystemLines(elements, tuple(sorted({*lines[key]}))) for key, elements in written.items())


def correcting_lines(accepted: Iterable[Cast], history: Merge) -> tuple[int, ...]:
    """Lines of those accepted casts that took the place of an earlier report."""
    replacing = {id(one.by) for one in history.superseded}
    return tuple(cast.line for cast in accepted if id(cast) in replacing)
