"""Rows that were refused and that nobody has corrected yet: sent by somebody, and lost unless a person looks at them.

A row is done with when its sample is accepted from a later file, or from another line of its own, or when a person set
it aside; a file that was refused as a whole, when one of its name or of its content is accepted.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from bmg_assets.actions.audit import audit_lines, note_write
from bmg_assets.actions.file_reports import REFUSED, report_on, rows_of
from bmg_assets.actions.known_casts import KnownCasts, known_casts
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import IntakeRecord, that_count
from bmg_assets.science.errors import BmgError

MOST_LOOKED_AT = 100
"""Files with refused rows, the newest first, that are looked through."""
SET_ASIDE = "set a refused row aside"


class NoSuchRowError(BmgError):
    """There is no such row that was refused."""


@dataclass(frozen=True)
class RefusedRow:
    """A row that was refused.

    line: 0 is the file as a whole. cells: as it was written, by column. reasons: one for each fault, with what to do.
    """

    intake: IntakeRecord
    line: int
    cells: Mapping[str, str]
    reasons: tuple[str, ...]


class OpenRefusals:
    """What was refused beside what was accepted since and what a person set aside."""

    def __init__(self, inbox: LabInbox) -> None:
        """Look at the record; raises as `known_casts`."""
        self._inbox, self._known = inbox, known_casts(inbox)
        noted = (one.about for one in audit_lines(inbox.record) if one.what == SET_ASIDE)
        self._aside = {(one["file"], one["line"]) for one in noted}
        self._accepted = _places_by_sample(self._known)

    def all(self) -> tuple[RefusedRow, ...]:
        """Those of the newest files that have any, the newest file first."""
        refusing = (one for one in reversed(self._known.intakes) if one.refused)
        return tuple(row for one in itertools.islice(refusing, MOST_LOOKED_AT) for row in self.of(one))

    def of(self, intake: IntakeRecord) -> tuple[RefusedRow, ...]:
        """Those of one file, by their lines."""
        faults: dict[int, list[str]] = {}
        for row in report_on(self._inbox, intake):
            if row.outcome == REFUSED and (intake.file, row.line) not in self._aside:
                place = f"{row.column}: " if row.column else ""
                faults.setdefault(row.line, []).append(f"{place}{row.reason}; {row.mend}")
        cells = rows_of(self._inbox, intake) if any(faults) else {}
        found = (RefusedRow(intake, line, cells.get(line, {}), tuple(faults[line])) for line in sorted(faults))
        return tuple(row for row in found if not self._is_done(row))

    def _is_done(self, row: RefusedRow) -> bool:
        if row.line == 0:
            later = self._known.intakes[row.intake.order :]
            counting = {one.sha256 for one in that_count(self._known.intakes)}
            return row.intake.sha256 in counting or any(
                one.is_accepted and one.received_as == row.intake.received_as for one in later
            )
        places = self._accepted.get(row.cells.get("sample_id", ""), ())
        return any(
            order > row.intake.order or (order == row.intake.order and line != row.line) for order, line in places
        )


def set_aside(inbox: LabInbox, file: str, line: int, who: str) -> None:
    """Note that a refused row needs nobody any more.

    Raises:
        NoSuchRowError: no row of this line was refused, or it is done with already.
        FolderError: it could not be noted.
    """
    intake = next((one for one in reversed(known_casts(inbox).intakes) if one.file == file), None)
    if intake is None or all(row.line != line for row in OpenRefusals(inbox).of(intake)):
        raise NoSuchRowError(f"Line {line} of {file} is no refused row that anybody has to look at.")
    note_write(inbox.record, who, SET_ASIDE, {"file": file, "line": line})


def _places_by_sample(known: KnownCasts) -> dict[str, list[tuple[int, int]]]:
    """Number of the intake and line of each accepted report, by sample."""
    orders = {one.file: one.order for one in known.intakes}
    places: dict[str, list[tuple[int, int]]] = {}
    for cast in known.accepted:
        places.setdefault(cast.sample_id, []).append((orders[cast.source], cast.line))
    return places
