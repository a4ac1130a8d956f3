"""Outcomes of the casts beside the predictions made before they were known.

The prediction for an own alloy is that of the last iteration which did not know it. It follows from the maps that are
kept, so it never changes: not with a later training, nor when the cast is corrected or withdrawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import parse_formula
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.iterations import labelled
from bmg_assets.science.casts.lab_tables import CastState

_OF_LABEL = ("sample_ids", "glass_class", "dmax_mm", "dmax_low_mm", "dmax_high_mm", "state")
_OF_PREDICTION = {
    "dmax_mm": "predicted_mm",
    "interval_low_mm": "interval_low_mm",
    "interval_high_mm": "interval_high_mm",
}
_NO_REPORT_COUNTS = dict.fromkeys(_OF_LABEL, None) | {"sample_ids": [], "state": CastState.WITHDRAWN.value}


def maps_needed(known: Mapping[str, int]) -> list[int]:
    """Numbers of the iterations whose maps predicted the alloys that were first known in the iterations given."""
    return sorted({number - 1 for number in known.values() if number > 0})


def cast_outcomes_rows(
    system: TargetSystem,
    lab: pd.DataFrame,
    known: Mapping[str, int],
    maps: Mapping[int, pd.DataFrame],
    proposals: pd.DataFrame,
) -> list[dict[str, Any]]:
    """Rows of the table `cast_outcomes`, in the order in which the alloys became known.

    Args:
        lab: the table `lab_results` of today.
        known: for each alloy with a label, or that once had one, the first iteration that knew it.
        maps: the maps of `maps_needed`, by iteration; without its map an alloy has no prediction.
        proposals: the table `proposals`.

    Raises ValueError for an alloy with a label that `known` lacks.
    """
    labels = {row["composition"]: row for row in lab.to_dict("records")}
    missing = set(labelled(lab)["composition"]) - set(known)
    if missing:
        raise ValueError(f"`known` does not say which iteration first knew {', '.join(sorted(missing))}")
    points = {number: np.array(grid["at_pct"].tolist(), dtype=float) for number, grid in maps.items()}
    rows = []
    for composition, first in sorted(known.items(), key=lambda item: (item[1], item[0])):
        label: Mapping[Any, Any] = labels.get(composition, _NO_REPORT_COUNTS)
        at_pct = amounts_in_order(composition, system.elements)
        predicted = _prediction(at_pct, maps.get(first - 1), points.get(first - 1))
        rows.append(
            {
                "target_system": system.key,
                "composition": composition,
                "at_pct": at_pct,
                **{name: label[name] for name in _OF_LABEL},
                "first_known_in": first,
                "predicted_in": first - 1 if predicted else None,
                **predicted,
                **comparison(label, predicted),
                **_proposal(proposals, composition, first),
            }
        )
    return rows


def nearest_point(points: np.ndarray, at_pct: Sequence[float]) -> tuple[int, float]:
    """Row of the grid point nearest to a composition, and its distance: the largest difference in any element, in at.%.

    Among points at the same distance the smallest sum of squared differences decides.

    Args:
        points: shape (n, k), in at.%.
        at_pct: the composition, k amounts in at.%.
    """
    differences = np.abs(points - np.asarray(at_pct, dtype=float))
    # Amounts are known to four decimals, so that sums which differ by rounding alone are equal.
    farthest = differences.max(axis=1).round(4)
    row = int(np.lexsort(((differences**2).sum(axis=1), farthest))[0])
    return row, float(farthest[row])


def amounts_in_order(composition: str, elements: Iterable[str]) -> list[float]:
    """Amounts of a composition in at.%, in the order of the elements."""
    amounts = parse_formula(composition).amounts
    return [float(amounts[element]) for element in elements]


def comparison(label: Mapping[Any, Any], predicted: Mapping[str, Any]) -> dict[str, Any]:
    """Error in mm, and whether the label lies within the interval; empty without a prediction or a label.

    Of an open ladder, whose label is the least that D_max can be, the interval need only reach as far as the label.

    Args:
        label: `dmax_mm` and `dmax_high_mm`, as in `lab_results`.
        predicted: `predicted_mm`, `interval_low_mm` and `interval_high_mm`.
    """
    if not predicted or pd.isna(label["dmax_mm"]):
        return {}
    is_open = pd.isna(label["dmax_high_mm"])
    above = predicted["interval_low_mm"] <= label["dmax_mm"]
    return {
        "error_mm": predicted["predicted_mm"] - label["dmax_mm"],
        "within_interval": bool(label["dmax_mm"] <= predicted["interval_high_mm"] and (is_open or above)),
    }


def _prediction(at_pct: Sequence[float], grid: pd.DataFrame | None, points: np.ndarray | None) -> dict[str, Any]:
    """The map's prediction at the nearest point; empty without a map."""
    if grid is None or points is None:
        return {}
    row, distance = nearest_point(points, at_pct)
    point = grid.iloc[row]
    return {
        **{name: float(point[column]) for column, name in _OF_PREDICTION.items()},
        "grid_composition": str(point["composition"]),
        "grid_distance_at_pct": distance,
    }


def _proposal(proposals: pd.DataFrame, composition: str, first: int) -> dict[str, Any]:
    """The last proposal of a composition before an iteration."""
    made = proposals[(proposals["composition"] == composition) & (proposals["iteration"] < first)]
    if made.empty:
        return {}
    last = made.loc[made["iteration"].idxmax()]
    return {"proposed_in": int(last["iteration"]), "proposed_as": last["kind"], "proposed_rank": int(last["rank"])}
