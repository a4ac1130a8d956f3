"""The table of all systems at a glance."""

from collections.abc import Mapping, Sequence

import pandas as pd

LAST_KNOWN = [
    "n_literature", "n_lab", "best_predicted_mm", "best_composition", "chance_of_more", "more_than_mm", "fusion_r2",
    "trained_at",
]  # fmt: skip
"""What the overview takes from a system's last iteration."""


def overview_of_systems(
    registered: Sequence[str], iterations: pd.DataFrame, lab: pd.DataFrame, stale: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """The table `system_overview`: a row per registered system, in the order given.

    Args:
        registered: keys of the systems.
        iterations: the table `iterations` of all systems.
        lab: the table `lab_results` of all systems.
        stale: for each registered system the reasons why it should be trained again; none if it is up to date.
    """
    last = iterations.sort_values("iteration").groupby("target_system").tail(1).set_index("target_system")[LAST_KNOWN]
    best_cast = lab.groupby("target_system")["dmax_mm"].max()
    overview = pd.DataFrame({"target_system": list(registered)}, dtype=object)
    overview = overview.join(last, on="target_system").join(best_cast.rename("best_cast_mm"), on="target_system")
    trained = overview["trained_at"].notna()
    return pd.DataFrame(
        {
            "target_system": overview["target_system"],
            "state": trained.map({True: "trained", False: "registered, not trained yet"}),
            "n_training": (overview["n_literature"] + overview["n_lab"]).astype("Int64"),
            "n_lab": overview["n_lab"].astype("Int64"),
            "best_predicted_mm": overview["best_predicted_mm"].astype("float64"),
            "best_composition": overview["best_composition"],
            "best_cast_mm": overview["best_cast_mm"].astype("float64"),
            "chance_of_more": overview["chance_of_more"].astype("float64"),
            "more_than_mm": overview["more_than_mm"].astype("float64"),
            "fusion_r2": overview["fusion_r2"].astype("float64"),
            "trained_at": overview["trained_at"],
            "is_stale": [bool(stale[system]) for system in registered],
            "stale_because": pd.Series(["; ".join(stale[system]) or None for system in registered], dtype=object),
        }
    )
