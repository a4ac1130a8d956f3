"""What `bmg data` and `bmg literature` print for people."""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from bmg_assets.cli.terminal.terminal_table import terminal_table
from bmg_assets.pages.literature_page import BY_SOURCE, SOURCES_MEAN, tallies_in_words
from bmg_assets.pages.rendering import Columns
from bmg_assets.sources.recommended_set import Planned

DOWNLOAD_COLUMNS: Columns = {
    "name": "source",
    "title": "what it is",
    "size": ("size (kB)", 0),
    "licence": "licence",
    "is_here": "here already",
}
KILO = 1000


def list_of_downloads(planned: Sequence[Planned], folder: Path, width: int) -> str:
    """What would be downloaded: a row per source, then how much it is together and where it goes.

    Args:
        planned: one at least.
        folder: the cache of downloads.
        width: characters in a line.
    """
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "size": "unknown" if one.size_bytes is None else round(one.size_bytes / KILO),
            "licence": one.licence,
            "is_here": "yes" if one.is_here else "",
        }
        for one in planned
    ]
    table = terminal_table(pd.DataFrame(rows, dtype=object), DOWNLOAD_COLUMNS, width)
    return f"{table}\n\n{_sum_in_words(planned, folder)}"


def _sum_in_words(planned: Sequence[Planned], folder: Path) -> str:
    missing = [one for one in planned if not one.is_here]
    if not missing:
        return f"All of it is in {folder} already and is verified again."
    sizes = [one.size_bytes for one in missing if one.size_bytes is not None]
    unknown = len(missing) - len(sizes)
    parts = [f"{sum(sizes) / KILO**2:.1f} MB"] if sizes else []
    parts += [f"{unknown} of unknown size"] if unknown else []
    return f"To be downloaded into {folder}: {len(missing)} file(s), {', '.join(parts)}."


def literature_for_people(tallies: Mapping[str, pd.DataFrame], n_alloys: int, width: int) -> str:
    """What each source brought, then the same by kind, decade and conflict, and what was lost.

    Args:
        tallies: as `tallies_of` gives them.
        n_alloys: rows of the table `alloys`.
        width: characters in a line.
    """
    parts = {
        title: f"{title}\n\n{terminal_table(frame, columns, width)}"
        for title, (frame, columns) in tallies_in_words(tallies, n_alloys).items()
    }
    parts[BY_SOURCE] += "\n" + "\n".join(textwrap.wrap(SOURCES_MEAN, width))
    return "\n\n".join(parts.values())
