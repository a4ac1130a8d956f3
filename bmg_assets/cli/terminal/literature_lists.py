"""What `bmg data` prints for people."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from bmg_assets.cli.terminal.terminal_table import terminal_table
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
