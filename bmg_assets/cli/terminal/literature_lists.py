"""What `bmg data` and `bmg literature` print for people."""

import textwrap
from collections.abc import Mapping, Sequence
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
SOURCE_COLUMNS: Columns = {
    "source": "source",
    "rows": "rows",
    "accepted": "accepted",
    "copied": "copies of others",
    "set_apart": "set apart",
    "refused": "refused",
    "alloys": "alloys",
    "alone": "it alone reports",
    "class_against": "class against all others",
    "compared": "D_max compared",
    "dmax_against": "of these off by > 25 %",
}
SOURCES_MEAN = (
    "Set apart are films and powders, which say nothing of castings. A source is compared with what all the others say "
    "of an alloy, whether a report counts or is a copy."
)
DECADE_COLUMNS: Columns = {
    "decade": "decade",
    "reports": "reports that count",
    "alloys": "alloys first reported",
    "bulk": "of these bulk glasses",
}
CONFLICT_COLUMNS: Columns = {"words": "conflict", "alloys": "alloys", "several": "with several reports"}
CONFLICT_WORDS = {
    "none": "none",
    "value": "different diameters",
    "between_codes": "a published mean of a diameter and a code",
    "class": "different classes",
}
LOSS_COLUMNS: Columns = {"source": "source", "rule_words": "refused because", "rows": "rows", "example": "the first"}
TOGETHER = "together"
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


def literature_for_people(tallies: Mapping[str, pd.DataFrame], alloys: pd.DataFrame, width: int) -> str:
    """What each source brought, then the same by kind, decade and conflict, and what was lost.

    Args:
        tallies: as `tallies_of` gives them.
        alloys: the table `alloys`.
        width: characters in a line.
    """
    kinds = tallies["kinds"]
    conflicts = tallies["conflicts"].assign(words=tallies["conflicts"]["conflict"].map(CONFLICT_WORDS))
    lost = tallies["losses"].assign(rule_words=tallies["losses"]["rule"].map(in_words))
    tables: dict[str, tuple[pd.DataFrame, Columns]] = {
        "By source": (_with_sums(tallies["sources"], alloys=len(alloys)), SOURCE_COLUMNS),
        "Rows by kind": (_with_sums(kinds), {str(name): in_words(str(name)) for name in kinds}),
        "By decade of the first report": (tallies["decades"], DECADE_COLUMNS),
        "By conflict": (conflicts, CONFLICT_COLUMNS),
        "Lost": (lost, LOSS_COLUMNS),
    }
    parts = {
        title: f"{title}\n\n{terminal_table(frame, columns, width)}"
        for title, (frame, columns) in tables.items()
        if len(frame)
    }
    parts["By source"] += "\n" + "\n".join(textwrap.wrap(SOURCES_MEAN, width))
    return "\n\n".join(parts.values())


def in_words(name: str) -> str:
    """A name of a kind or a rule as words."""
    return name.replace("_", " ")


def _with_sums(frame: pd.DataFrame, **instead: int) -> pd.DataFrame:
    """The counts with their sums below them.

    Args:
        instead: what stands there where a sum would count alloys twice.
    """
    if len(frame) < 2:
        return frame
    sums = frame.drop(columns="source").sum().to_dict() | instead
    return pd.concat([frame, pd.DataFrame([{"source": TOGETHER} | sums])], ignore_index=True)
