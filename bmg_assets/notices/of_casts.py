"""Notices of casts that were taken in: rows that were refused, and casts of one alloy that contradict each other."""

import csv
import io
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bmg_assets.intake.file import report_of
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import IntakeRecord, all_intakes
from bmg_assets.notices.notice import Event, Notice
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.casts.ladder import CastLabel, LadderState, label_of

if TYPE_CHECKING:
    from bmg_assets.science.casts.cast import Cast

ROWS_SHOWN = 5


def notices_of_intakes(inbox: LabInbox, after: int, systems: Sequence[str]) -> list[Notice]:
    """What the files taken in after a number of the record's casts are worth.

    Args:
        systems: keys of the registered systems, for links.

    Raises:
        RecordDamagedError, RecordFormatError, InboxBusyError: as `LabInbox.accepted`.
    """
    new = [one for one in all_intakes(inbox.casts) if one.order > after]
    refused = [_refused_rows(inbox, one) for one in new if one.refused]
    files = {one.file for one in new if one.is_accepted}
    keys = {frozenset(one.elements): SEPARATOR.join(one.elements) for intake in new for one in intake.systems}
    keys |= {frozenset(key.split(SEPARATOR)): key for key in systems}
    return [*refused, *(_quarantine(keys, casts[0], label) for casts, label in _in_quarantine(inbox, files))]


def _refused_rows(inbox: LabInbox, intake: IntakeRecord) -> Notice:
    folder = inbox.accepted_folder if intake.is_accepted else inbox.rejected_folder
    faults = _faults(report_of(folder / intake.file))
    n_rows = f"{intake.refused} row{'s' if intake.refused > 1 else ''}"
    lines = [_fault_in_words(one) for one in faults[:ROWS_SHOWN]]
    if len(faults) > ROWS_SHOWN:
        lines.append(f"{len(faults) - ROWS_SHOWN} more faults are in its report.")
    lines += [
        f"{len(intake.accepted_lines)} rows of it were accepted. Correct the others, and send them in a new file."
    ]
    return Notice(
        id=f"refused/{intake.order}",
        event=Event.REFUSED_ROWS,
        subject=f"{intake.received_as}: {n_rows} refused",
        text="\n".join(lines),
        page=("inbox", intake.file),
        facts={"file": intake.received_as, "refused": intake.refused, "faults": faults},
    )


def _faults(report: Path) -> list[dict[str, str]]:
    """The refused rows of a report; none where it was moved away."""
    try:
        text = report.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return []
    rows = [one for one in csv.DictReader(io.StringIO(text)) if one["outcome"] == "refused"]
    return [{"line": one["line"], "reason": one["reason"], "what_to_do": one["mend"]} for one in rows]


def _fault_in_words(fault: dict[str, str]) -> str:
    place = "The file" if fault["line"] == "0" else f"Line {fault['line']}"
    return (
        f"{place}: {fault['reason']}; {fault['what_to_do']}." if fault["what_to_do"] else f"{place}: {fault['reason']}."
    )


def _in_quarantine(inbox: LabInbox, files: set[str]) -> "Iterator[tuple[list[Cast], CastLabel]]":
    """The alloys in these files whose casts contradict each other, with all casts of each that count."""
    if not files:
        return
    history = inbox.accepted().history
    concerned = {cast.composition for cast in history.accepted if cast.source in files}
    by_composition: dict[str, list[Cast]] = {}
    for cast in history.current:
        if cast.composition in concerned and not cast.is_withdrawal:
            by_composition.setdefault(cast.composition, []).append(cast)
    for casts in by_composition.values():
        label = label_of(casts)
        if label.state is LadderState.QUARANTINE:
            yield casts, label


def _quarantine(keys: dict[frozenset[str], str], cast: "Cast", label: CastLabel) -> Notice:
    from bmg_assets.science.casts.cast_outcomes import amounts_in_order

    key = keys[frozenset(cast.elements)]
    elements = key.split(SEPARATOR)
    alloy = formula_in_order(elements, amounts_in_order(label.composition, elements))
    return Notice(
        id=f"quarantine/{label.composition}/{sha256(' '.join(label.reasons).encode()).hexdigest()[:16]}",
        event=Event.QUARANTINE,
        subject=f"{alloy}: casts contradict each other",
        text="\n".join(
            [
                *label.reasons,
                "The alloy has no label until one of these casts is corrected or withdrawn: report it again with its "
                "sample in supersedes.",
            ]
        ),
        page=("systems", key),
        facts={"system": key, "composition": alloy, "samples": list(label.sample_ids), "reasons": list(label.reasons)},
    )
