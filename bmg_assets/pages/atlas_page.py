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
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML.

    Args:
        listed: rows of `system_atlas` as a laboratory sees them, see science/atlas/listing.py; any number of them.
        made_at: now, in UTC.
        pages: for systems that have a page, by their alphabetical name: its place as seen from this one.
        notes: what there is to say beside the rows.
        links: addresses of other pages by their names, see store/page_links.py.
    """
    rows = rows_of_page(listed)
    shown = rows[rows["is_trusted"].astype(bool)].head(FIRST_ROWS) if len(rows) else rows
    return render(
        "atlas",
        links=links,
        data=packed(rows) if len(rows) else None,
        counts=_counts_in_words(listed, rows) if len(rows) else NOTHING_YET,
        origins=_origins_in_words(rows),
        has_chances=bool(rows["chance_bulk"].notna().any()),
        first=shown,
        first_columns=FIRST_COLUMNS,
        pages=dict(pages or {}),
        notes=notes,
        made_at=made_at,
    )


def _counts_in_words(listed: pd.DataFrame, rows: pd.DataFrame) -> str:
    """How many systems there are, and how many of them the page has."""
    n_ternaries = int((rows["n_elements"] == TERNARY).sum())
    n_elements = len({element for elements in rows["elements"] for element in elements})
    words = f"{n_ternaries:,} ternaries of {n_elements} elements"
    n_others = len(listed) - n_ternaries
    if n_others > MOST_OF_MORE_ELEMENTS:
        return f"{words}, and the best {MOST_OF_MORE_ELEMENTS:,} of {n_others:,} systems of more elements."
    return f"{words}, and {n_others:,} systems of more elements." if n_others else f"{words}."


def _origins_in_words(rows: pd.DataFrame) -> list[str]:
    """With which surrogate and which literature the rows were made; a sentence for each that occurs."""
    made = Counter(zip(rows["strategy"], rows["known_fingerprint"], strict=True))
    return [
        f"{n:,} systems by the surrogate {strategy}, fitted to the known alloys {known}."
        for (strategy, known), n in made.items()
    ]
