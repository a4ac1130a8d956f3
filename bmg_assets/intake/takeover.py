"""Intakes of versions before the record, which kept a `.intake.json` beside each accepted file: they are taken over.

Done once, under the lock of the intake. Where such a file cannot be read, or somebody removed it, its lab file is read
anew at the place that is missing in the order of intake, so that a correction which follows it still corrects it.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from bmg_assets.intake.file import INTAKE_ENDING, is_file_of_casts, is_looked_at, name_without_hash
from bmg_assets.intake.outcome import (
    FileOutcome,
    compare_with_accepted,
    correcting_lines,
    read_file,
    systems_concerned,
)
from bmg_assets.intake.reading import read_reading
from bmg_assets.intake.record import IntakeRecord, all_intakes, that_count
from bmg_assets.science.casts.cast import Cast
from bmg_assets.science.casts.merging import Merge
from bmg_assets.settings import laboratory_day
from bmg_assets.store.record import Stream


def has_older_intakes(accepted: Path) -> bool:
    """Whether there are intakes to take over."""
    return accepted.is_dir() and any(accepted.glob(f"*{INTAKE_ENDING}"))


def take_over_intakes(accepted: Path, stream: Stream) -> None:
    """Record the intakes of an older version in their order; their files stay where they are, for people to see."""
    if not has_older_intakes(accepted):
        return
    reading = read_reading(accepted.parent)
    known: tuple[Cast, ...] = ()
    recorded = {one.sha256 for one in that_count(all_intakes(stream))}
    for path, found in _in_order(accepted):
        data = path.read_bytes()[: found.size if found else None]
        digest = sha256(data).hexdigest()
        if found is not None and digest != found.sha256:
            logging.getLogger(__name__).warning("%s was changed after its intake; it is read anew", path.name)
            data, found = path.read_bytes(), None
            digest = sha256(data).hexdigest()
        # Nothing that was accepted then can lie in the future today.
        day = found.day if found else laboratory_day()
        outcome, history = compare_with_accepted(read_file(path.name, path.suffix, data, day, reading), known)
        casts = tuple(one for one in outcome.casts if found is None or one.line in found.accepted_lines)
        known = (*known, *casts)
        intake = found or _as_read_anew(path, data, digest, day, outcome, history)
        if intake.is_accepted and digest not in recorded:
            correcting = correcting_lines(casts, history)
            intake = replace(intake, correcting_lines=correcting, reading=reading.content, taken_over=True)
            stream.append({path.name: data}, intake.as_json())
    for path in accepted.glob(f"*{INTAKE_ENDING}"):
        path.unlink()


def _in_order(accepted: Path) -> Iterator[tuple[Path, IntakeRecord | None]]:
    """The accepted files in the order of intake; those without a readable intake at the places that are missing."""
    by_order: dict[int, IntakeRecord] = {}
    for path in accepted.glob(f"*{INTAKE_ENDING}"):
        try:
            found = json.loads(path.read_bytes())
            order = int(found.pop("order"))
            del found["format"]
            by_order[order] = IntakeRecord.from_json(found)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            logging.getLogger(__name__).warning("%s cannot be read (%s); its file is read anew", path.name, error)
    named = {one.file for one in by_order.values()}
    others = [path for path in accepted.iterdir() if is_looked_at(path) and is_file_of_casts(path)]
    unnamed = sorted((path for path in others if path.name not in named), key=lambda path: path.stat().st_mtime_ns)
    for order in range(1, max(by_order, default=0) + len(unnamed) + 1):
        intake = by_order.get(order)
        if intake is None and unnamed:
            yield unnamed.pop(0), None
        elif intake is not None and (accepted / intake.file).is_file():
            yield accepted / intake.file, intake


def _as_read_anew(
    path: Path, data: bytes, digest: str, day: date, outcome: FileOutcome, history: Merge
) -> IntakeRecord:
    return IntakeRecord(
        file=path.name,
        received_as=name_without_hash(path.name),
        sha256=digest,
        size=len(data),
        modified_ns=path.stat().st_mtime_ns,
        taken_in_at=datetime.now(UTC).isoformat(timespec="seconds"),
        day=day,
        accepted_lines=tuple(one.line for one in outcome.casts),
        refused=len({one.line for one in outcome.refusals}),
        skipped=len({one.line for one in outcome.skipped}),
        systems=systems_concerned(outcome.casts, history),
    )
