"""The evidence on the atlas for a terminal: a line for each test and way of ranking."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def atlas_evidence_in_short(evidence: "pd.DataFrame") -> "pd.DataFrame":
    """Means with their intervals, a column for each metric."""
    shown = evidence.assign(
        shown=[f"{one.mean:.2f} ({one.low:.2f} to {one.high:.2f})" for one in evidence.itertuples()],
        order=range(len(evidence)),
    )
    lines = shown.pivot(index=["test", "n_elements", "ranked_by"], columns="metric", values="shown")
    lines = lines[[name for name in evidence["metric"].unique()]].fillna("")
    sizes = shown.groupby(["test", "n_elements", "ranked_by"], sort=False).agg(
        systems=("systems", "max"), order=("order", "min")
    )
    return sizes.join(lines).sort_values("order").drop(columns="order").reset_index()
