"""What the terminal and the browser list of systems and of own alloys: the columns that one reads, in their words."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bmg_assets.pages.drawing import CLASS_TITLES
from bmg_assets.pages.rendering import Columns
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.literature.known_alloys import amounts_of

SYSTEM_COLUMNS: Columns = {
    "system": "system",
    "state": "state",
    "best_predicted_mm": "best prediction of the paper (mm)",
    "best_composition": "at",
    "best_cast_mm": "best own cast (mm)",
    "chance_of_more_pct": ("chance of a better alloy (%)", 0),
    "n_lab": "own alloys",
    "age_days": ("age (days)", 1),
    "stale_because": "train it because",
}
ALLOY_COLUMNS: Columns = {
    "formula": "own alloy",
    "class_title": "class",
    "dmax_mm": "D_max (mm)",
    "dmax_high_mm": "below (mm)",
    "predicted_mm": "had been predicted (mm)",
    "cast_next_mm": ("next step (mm)", 1),
    "n_casts": "casts",
    "because": "no D_max because",
}
CAST_COLUMNS: Columns = {
    "sample_id": "sample",
    "formula": "composition",
    "method": "method",
    "dimension_mm": "size (mm)",
    "verdict": "verdict",
}


def listed_alloys(system: TargetSystem, results: pd.DataFrame) -> pd.DataFrame:
    """Own alloys with what is listed of them.

    Args:
        results: the table `lab_results`, see `own_alloys`.
    """
    return listed_casts(system, results).assign(
        class_title=results["glass_class"].map(CLASS_TITLES),
        because=results["reasons"].map("; ".join).where(results["dmax_mm"].isna(), ""),
    )


def listed_casts(system: TargetSystem, casts: "pd.DataFrame | Sequence[Mapping[str, Any]]") -> pd.DataFrame:
    """Casts with a column `formula`: the composition with its elements in the order of the system's key.

    Args:
        casts: rows of the table `lab_casts` or `lab_results`.
    """
    rows = pd.DataFrame(casts)
    points = amounts_of(system, rows).tolist()
    return rows.assign(formula=[formula_in_order(system.elements, point) for point in points])


def next_rungs_in_words(listed: pd.DataFrame) -> list[str]:
    """What to cast next of each own alloy whose ladder is open, a sentence each.

    Args:
        listed: see `listed_alloys`.
    """
    return [f"{row.formula}: {row.next_rung}." for row in listed.dropna(subset="next_rung").itertuples()]
