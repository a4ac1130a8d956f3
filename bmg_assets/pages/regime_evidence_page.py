"""The page of the evidence by regimes: a table per regime and set of systems, targets, and trust by distance."""

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from bmg_assets.pages.rendering import NO_LINKS, Links, render
from bmg_assets.science.evidence.by_distance import least_explained

SETS = {
    "both_kinds": "systems with bulk glasses and others",
    "first_39": "the 39 systems of 0.1.0",
    "without_bulk": "ternaries of twenty alloys or more and no bulk glass",
    "up_to_three": "every system of four alloys or more and two or three elements",
    "all": "every system of four alloys or more",
}
COMPARED = ("transfer", "pruned", "nearest", "weighted")


def render_regime_evidence(
    summary: pd.DataFrame,
    distances: pd.DataFrame,
    libraries: Mapping[str, str],
    made_at: datetime,
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML.

    Args:
        summary: the table `regime_evidence`.
        distances: the table `regime_distances`.
        made_at: now, in UTC.
        links: addresses of other pages by their names, see store/page_links.py.
    """
    targets = summary[summary["verdict"].notna()]
    columns = ["literature", "regime", "systems_of", "metric", "strategy", "mean", "target", "verdict"]
    return render(
        "regime_evidence",
        links=links,
        regimes=regime_tables(summary),
        targets=targets[columns].round(3),
        distances=distances.round(3),
        least_explained=least_explained(distances),
        made_at=made_at,
        libraries=libraries,
    )


def regime_tables(summary: pd.DataFrame) -> dict[str, dict[str, pd.DataFrame]]:
    """By literature and regime, and by the set of systems: a row per metric, a column per surrogate."""
    tables: dict[str, dict[str, pd.DataFrame]] = {}
    for (literature, regime), rows in summary.groupby(["literature", "regime"], sort=False):
        tables[f"{regime}, learnt from {literature}".replace("_", " ")] = {
            SETS.get(str(systems_of), str(systems_of).replace("_", " ")): _wide(of_set)
            for systems_of, of_set in rows.groupby("systems_of", sort=False)
        }
    return tables


def _wide(rows: pd.DataFrame) -> pd.DataFrame:
    cells = rows.assign(cell=[_cell(row) for row in rows.to_dict("records")])
    wide = cells.pivot_table(index="metric", columns="strategy", values="cell", aggfunc="first", sort=False)
    return wide.fillna("").reset_index().rename_axis(columns=None)


def _cell(row: Mapping[Hashable, Any]) -> str:
    """The mean with its interval, and the differences that chance alone makes in fewer than one of twenty."""
    if pd.isna(row["mean"]):
        return ""
    words = f"{row['mean']:.3f} ({row['low']:.2f} to {row['high']:.2f})"
    for name in COMPARED:
        difference, p_value = row[f"difference_to_{name}"], row[f"p_value_to_{name}"]
        if pd.notna(p_value) and p_value < 0.05:
            words += f"; {difference:+.3f} to {name}, p {'< 0.001' if p_value < 0.001 else f'{p_value:.3f}'}"
    # A cell that begins with a hyphen would be shown as text that no spreadsheet may run as a formula.
    return words.replace("-", "−")
