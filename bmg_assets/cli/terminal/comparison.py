"""What `bmg compare` prints: the alloys side by side, the descriptors, and what argues for which."""

from bmg_assets.actions.comparing import Comparison
from bmg_assets.cli.terminal.terminal_table import terminal_table
from bmg_assets.pages.comparison_table import descriptor_columns, side_by_side, side_by_side_columns


def comparison_for_people(found: Comparison, width: int) -> str:
    """The comparison in lines of at most `width` characters where words allow it."""
    parts = [terminal_table(side_by_side(found.alloys, found.models), side_by_side_columns(found.alloys), width)]
    if len(found.descriptors):
        parts.append("Descriptors that differ most:")
        parts.append(terminal_table(found.descriptors, descriptor_columns(found.alloys), width))
    parts.append("What argues for which:")
    parts += [f"- {one.sentence}" for one in found.arguments]
    parts += ["", *found.summary]
    notes = dict.fromkeys([*found.notes, *(f"{one.formula}: {note}" for one in found.alloys for note in one.notes)])
    return "\n".join([*parts, *([""] if notes else []), *notes])
