"""What `bmg objectives` prints: the compositions that none beats, and what the numbers rest on."""

from bmg_assets.actions.objectives import WeighedSystem
from bmg_assets.cli.terminal.terminal_table import terminal_table
from bmg_assets.pages.objective_table import about_in_words, counts_in_words, front_columns, front_in_words

MOST_PRINTED = 40


def objectives_for_people(found: WeighedSystem, width: int) -> str:
    """The front in lines of at most `width` characters where words allow it."""
    lines = [f"{found.system.key}: {'; '.join(map(found.goal, found.wanted))}."]
    if found.wishes:
        lines.append(f"Wanted: {'; '.join(found.wishes)}.")
    if len(found.front):
        shown = front_in_words(found.front.head(MOST_PRINTED), found.shown)
        lines.append(terminal_table(shown, front_columns(found.shown), width))
        if len(found.front) > MOST_PRINTED:
            lines.append(f"{len(found.front) - MOST_PRINTED:,} more: --csv prints all.")
    n_counted = int(found.counts.sum())
    lines.append(counts_in_words(len(found.front), n_counted, found.n_untrusted, found.n_outside, found.n_incomplete))
    return "\n".join([*lines, *about_in_words(found.shown), *found.notes])
