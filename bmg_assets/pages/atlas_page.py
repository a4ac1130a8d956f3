"""The page of the atlas: a matrix of elements, a list of systems to search, and a card of each system."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd

from bmg_assets.pages.atlas_data import MOST_OF_MORE_ELEMENTS, packed, rows_of_page
from bmg_assets.pages.rendering import NO_LINKS, Columns, Links, render
from bmg_assets.science.alloys.systems import TERNARY

FIRST_COLUMNS: Columns = {"system": "system", "composition": "best composition", "dmax_mm": "expected D_max (mm)"}
FIRST_ROWS = 20
"""Systems that are listed where the browser runs no script."""
NOTHING_YET = "No part of the atlas is made yet; `bmg atlas` makes it."


def atlas_page(
    listed: pd.DataFrame,
    made_at: datetime,
    pages: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    rows_made: tuple[datetime, datetime] | None = None,
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML.

    Args:
        listed: rows of `system_atlas` as a laboratory sees them, see science/atlas/listing.py; any number of them.
        made_at: now, in UTC.
        pages: for systems that have a page, by their alphabetical name: its place as seen from this one.
        notes: what there is to say beside the rows.
        rows_made: when the oldest and the newest of the rows were made, in UTC; not told where it is not known.
        links: addresses of other pages by their names, see store/page_links.py.
    """
    rows = rows_of_page(listed)
    shown = rows[rows["is_trusted"].astype(bool)].head(FIRST_ROWS) if len(rows) else rows
    return render(
        "atlas",
        links=links,
        data=packed(rows) if len(rows) else None,
        counts=_counts_in_words(listed, rows) if len(rows) else NOTHING_YET,
        origins=_origins_in_words(rows) + (_age_in_words(*rows_made) if rows_made else []),
        has_chances=bool(rows["chance_bulk"].notna().any()),
        first=shown,
        first_columns=FIRST_COLUMNS,
        pages=dict(pages or {}),
        notes=notes,
        made_at=made_at,
    )


def _counts_in_words(listed: pd.DataFrame, rows: pd.DataFrame) -> str:
    """How many systems there are, and how many of them the page has."""
    n_ternaries, n_shown = (int((of["n_elements"] == TERNARY).sum()) for of in (listed, rows))
    n_elements = len({element for elements in rows["elements"] for element in elements})
    which = f"The best {n_shown:,} of " if n_shown < n_ternaries else ""
    words = f"{which}{n_ternaries:,} ternaries of {n_elements} elements"
    n_others = len(listed) - n_ternaries
    if n_others > MOST_OF_MORE_ELEMENTS:
        return f"{words}, and the best {MOST_OF_MORE_ELEMENTS:,} of {n_others:,} systems of more elements."
    return f"{words}, and {n_others:,} systems of more elements." if n_others else f"{words}."


def _age_in_words(oldest: datetime, newest: datetime) -> list[str]:
    """When the rows were made, in a sentence, to the day."""
    if oldest.date() == newest.date():
        return [f"They were made on {newest:%Y-%m-%d} (UTC)."]
    return [f"They were made between {oldest:%Y-%m-%d} and {newest:%Y-%m-%d} (UTC)."]


def _origins_in_words(rows: pd.DataFrame) -> list[str]:
    """With which surrogate and which literature the rows were made; a sentence for each that occurs."""
    made = Counter(zip(rows["strategy"], rows["known_fingerprint"], strict=True))
    return [
        f"{n:,} systems by the surrogate {strategy}, fitted to the known alloys {known}."
        for (strategy, known), n in made.items()
    ]
