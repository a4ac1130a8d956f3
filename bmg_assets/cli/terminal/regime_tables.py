"""The evidence by regimes as tables that fit into a terminal."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SHOWN = {
    "both_kinds": ("auc", "enrichment", "spearman", "region_enrichment", "bulk_by_pair_1", "ranks_systems"),
    "all": ("log_score", "brier", "held_bulk_90%", "held_rest_90%", "width_bulk_90%_mm"),
    "newcomers": ("in_top_5%", "in_top_20%"),
    "new_after_2005": ("ranks_systems", "ranks_systems_without_easy", "in_top_5%"),
    "known_before_2005": ("in_top_5%",),
}
"""Metrics that are shown, by the set of systems."""
TITLES = {
    "both_kinds": "Systems with bulk glasses and others: mean, and p against transfer",
    "all": "All systems of four alloys or more: mean, and p against transfer",
    "newcomers": "Newcomers: best reported alloy in the top of the map",
    "new_after_2005": "Found after 2005 in new systems: learnt from what was reported until then",
    "known_before_2005": "Found after 2005 in systems that were known",
}


def regime_tables(table: "pd.DataFrame") -> "dict[str, pd.DataFrame]":
    """By title, a row per literature, regime and surrogate, and a column per metric.

    Args:
        table: `regime_evidence`.
    """
    found = {}
    for systems_of, metrics in SHOWN.items():
        rows = table[(table["systems_of"] == systems_of) & table["metric"].isin(metrics) & table["mean"].notna()]
        if rows.empty:
            continue
        cells = rows.assign(cell=[_cell(row) for row in rows.to_dict("records")])
        keys = ["literature", "regime", "strategy"]
        wide = cells.pivot_table(index=keys, columns="metric", values="cell", aggfunc="first", sort=False)
        shown = [metric for metric in metrics if metric in wide]
        found[TITLES[systems_of]] = wide[shown].fillna("").reset_index().rename_axis(columns=None)
    return found


def target_table(table: "pd.DataFrame") -> "pd.DataFrame":
    """What was aimed at, and whether it was reached, by surrogate."""
    rows = table[table["verdict"].notna()]
    names = ["literature", "regime", "systems_of", "metric", "strategy"]
    return rows[[*names, "mean", "low", "high", "systems", "target", "verdict"]].round(3)


def distance_table(distances: "pd.DataFrame") -> "pd.DataFrame":
    """Errors and error bars by the distance to what is known, rounded."""
    return distances.round(3)


def _cell(row: "dict[Any, Any]") -> str:
    words = f"{row['mean']:.2f}"
    p_value = row["p_value_to_transfer"]
    # NaN is not equal to itself.
    return words if p_value is None or p_value != p_value else f"{words} p{p_value:.3f}"
