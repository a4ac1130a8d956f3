"""What becomes of the rows of one file, given everything that was accepted before it.

Belongs here: the steps of `science.casts` in their order, on the bytes of a file. Nothing is moved or written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bmg_assets.intake.cast_file import read_cast_file
from bmg_assets.intake.cast_rows import CastFileError
from bmg_assets.intake.intake_record import SystemLines
from bmg_assets.science.alloys.systems import FEWEST_ELEMENTS
from bmg_assets.science.casts.cast import Cast, Refusal, Skipped, system_elements
from bmg_assets.science.casts.merging import Merge, merge_casts
from bmg_assets.science.casts.reading import read_casts


@dataclass(frozen=True)
class Reading:
    """The rows of one file by themselves."""

    casts: tuple[Cast, ...]
    refusals: tuple[Refusal, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class Judgement:
    """The rows of one file beside what was known."""

    accepted: tuple[Cast, ...]
    refusals: tuple[Refusal, ...]
    skipped: tuple[Skipped, ...]
    history: Merge
    """Everything known after the file."""


def read_file(name: str, ending: str, data: bytes, day: date) -> Reading:
    """Read the rows of a file; a file that cannot be read is one refusal.

    Args:
        name: the file's name after its intake, for messages.
        ending: that of the name under which it was received.
        day: that of its intake.
    """
    try:
        found = read_cast_file(ending, data)
    except CastFileError as error:
        return Reading((), (replace(error.refusal, source=name),), ())
    reading = read_casts(found.rows, found.first_line, day, name)
    casts, too_few = _by_number_of_elements(reading.casts)
    return Reading(
        tuple(casts),
        (*(replace(refusal, source=name) for refusal in found.refusals), *reading.refusals, *too_few),
        # The lines on which no row begins are there for the count only.
        tuple(one for one in reading.skipped if one.line in found.lines),
    )


def judge_file(reading: Reading, known: Sequence[Cast]) -> Judgement:
    """Which casts of a file are accepted. known: all that were accepted before, in the order of intake."""
    history = merge_casts(known, reading.casts)
    return Judgement(
        accepted=history.accepted[len(known) :],
        refusals=(*reading.refusals, *history.refusals),
        skipped=(*reading.skipped, *history.skipped),
        history=history,
    )


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
            written.setdefault(key, system_elements(alloy))
            lines.setdefault(key, []).append(cast.line)
    return tuple(SystemLines(elements, tuple(sorted({*lines[key]}))) for key, elements in written.items())


def _by_number_of_elements(casts: Iterable[Cast]) -> tuple[list[Cast], list[Refusal]]:
    kept, refusals = [], []
    for cast in casts:
        if len(cast.elements) >= FEWEST_ELEMENTS:
            kept.append(cast)
        else:
            refusals.append(_too_few(cast))
    return kept, refusals


def _too_few(cast: Cast) -> Refusal:
    return Refusal(
        cast.line,
        "composition_nominal",
        cast.composition_nominal,
        f"the alloy has {len(cast.elements)} elements; a target system has {FEWEST_ELEMENTS} or more",
        "add the element that is missing, or leave the row out",
        cast.source,
    )
