"""What `bmg atlas` prints for people: where each system is best, how sure that is, and what is known of it."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from bmg_assets.cli.terminal.terminal_table import terminal_table
from bmg_assets.pages.rendering import Columns
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.atlas.choice import RANKED_BY

ALWAYS: Columns = {
    "rank": "rank",
    "system": "system",
    "chance_pct": ("chance of a bulk glass (%)", 0),
    "formula": "best at",
    "dmax_mm": ("expected D_max (mm)", 1),
    "interval": "interval (mm)",
    "n_known": "known alloys",
    "best_known_mm": ("best known (mm)", 1),
    "best_cast_mm": ("best own cast (mm)", 1),
}
FURTHER: Columns = {
    "extent_pct": ("extent (%)", 0),
    "gain_over_faces_mm": ("gain over its ternaries (mm)", 1),
    "price_per_kg": "price per kg",
    "density_g_cm3": ("density (g/cm³)", 1),
    "liquidus_kelvin": ("liquidus (K)", 0),
    "nearest_at_pct": ("nearest known alloy (at.%)", 0),
    "explained_pct": ("known of it (%)", 0),
    "probability_pct": ("probability at the best (%)", 0),
    "score": "score",
    "n_regions": "regions",
}
"""Shown where they rank the systems."""
SHARES = {"chance_bulk": "chance_pct", "extent": "extent_pct", "explained": "explained_pct"} | {
    "probability_bulk": "probability_pct"
}
"""Shares, and their columns in per cent."""
NOTHING_FITS = "No system of the atlas is as you ask; ask for less."


def list_for_people(listed: pd.DataFrame, by: str, width: int) -> str:
    """The listed systems, and what the notes mean.

    Args:
        listed: see `listed` of science/atlas/listing.py.
        by: what ranks them.
        width: characters in a line.
    """
    if listed.empty:
        return NOTHING_FITS
    shown = listed.assign(
        formula=[_formula(*one) for one in zip(listed["elements"], listed["at_pct"], strict=True)],
        interval=[_interval(*one) for one in zip(listed["interval_low_mm"], listed["interval_high_mm"], strict=True)],
        notes=[_notes(row) for row in listed.to_dict("records")],
        **{name: 100 * listed[share].astype(float) for share, name in SHARES.items()},
    )
    ranking = SHARES.get(RANKED_BY[by][0], RANKED_BY[by][0])
    further = {ranking: FURTHER[ranking]} if ranking in FURTHER else {}
    filled = {name: one for name, one in ALWAYS.items() if shown[name].notna().any() and (shown[name] != "").any()}
    return terminal_table(shown, {**filled, **further, "notes": "notes"}, width)


def _formula(elements: list[str], at_pct: list[float]) -> str:
    """The composition, the largest amount first: as the key of the system that `--add` registers."""
    amounts = sorted(zip(elements, at_pct, strict=True), key=lambda one: (-one[1], one[0]))
    return formula_in_order(*zip(*amounts, strict=True))


def _interval(low_mm: float, high_mm: float) -> str:
    return "" if pd.isna(low_mm) or pd.isna(high_mm) else f"{low_mm:.1f} to {high_mm:.1f}"


def _notes(row: Mapping[Hashable, Any]) -> str:
    said = {
        "registered": row["is_registered"],
        "new": row["is_new"],
        "too far from what is known": not row["is_trusted"],
        f"not cast: {row['excluded']}": row["excluded"],
    }
    return "; ".join(words for words, holds in said.items() if holds)
