"""The rounds of a system: each set of own casts that its models were fitted to is one iteration.

A training that knew the same casts as the last one takes its place; one that knew others is the next iteration.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bmg_assets.science.fingerprints import fingerprint_frame

MAP_COLUMNS = (
    "target_system",
    "point",
    "composition",
    "at_pct",
    "dmax_mm",
    "interval_low_mm",
    "interval_high_mm",
    "top_share",
    "region",
)


def labelled(lab: pd.DataFrame) -> pd.DataFrame:
    """The rows of `lab_results` that the training sees, by composition: those with a label."""
    return lab[lab["dmax_mm"].notna()].sort_values("composition")


def lab_fingerprint(lab: pd.DataFrame) -> str:
    """Identity of a system's own casts as the training sees them: a plan, or a cast without label, changes nothing."""
    return fingerprint_frame(labelled(lab)[["composition", "dmax_mm", "glass_class"]])


def iterations_before(previous: pd.DataFrame, lab: pd.DataFrame) -> pd.DataFrame:
    """The rows of `iterations` that stay when a training with these casts is recorded.

    Args:
        previous: the table `iterations` of the system so far.
        lab: the table `lab_results` that the training knew.
    """
    same_casts = len(previous) > 0 and previous["lab_fingerprint"].iloc[-1] == lab_fingerprint(lab)
    return previous.iloc[:-1] if same_casts else previous


def next_number(earlier: pd.DataFrame) -> int:
    """Number of the iteration that follows these."""
    return int(earlier["iteration"].iloc[-1]) + 1 if len(earlier) else 0


def rounds_of_casts(iterations: pd.DataFrame) -> pd.Series:
    """Number of rounds of own casts that each iteration knew, by the number of the iteration.

    The first iteration knew no round, or one if casts came before it. An iteration that follows a mere correction or
    withdrawal knew as many as the one before.

    Args:
        iterations: the table `iterations` of a system.
    """
    is_round = iterations["n_new_casts"].to_numpy(np.int64) > 0
    return pd.Series(is_round.cumsum(), index=iterations["iteration"].to_numpy(np.int64), dtype=np.int64)


def first_known(earlier: pd.DataFrame, lab: pd.DataFrame) -> dict[str, int]:
    """Number of the first iteration that knew a composition, for all that this or an earlier one was trained with.

    Args:
        earlier: the iterations before this one.
        lab: the table `lab_results` that this one knew.
    """
    known = {composition: next_number(earlier) for composition in labelled(lab)["composition"]}
    for number, compositions in zip(earlier["iteration"][::-1], earlier["known_compositions"][::-1], strict=True):
        known |= dict.fromkeys(compositions, int(number))
    return known


def distance_at_pct(one: ArrayLike, other: ArrayLike) -> float:
    """Distance of two compositions: the largest difference in any element, in at.%."""
    return float(np.max(np.abs(np.subtract(one, other, dtype=float))))


def what_was_known(earlier: pd.DataFrame, lab: pd.DataFrame) -> dict[str, Any]:
    """The columns of `iterations` about the casts that an iteration knew, and those that were new to it."""
    rows = labelled(lab)
    compositions, samples = list(rows["composition"]), sorted(sample for ids in rows["sample_ids"] for sample in ids)
    before: Mapping[Any, Any] = {"known_compositions": [], "known_sample_ids": []}
    if len(earlier):
        before = earlier.iloc[-1].to_dict()
    new_samples = [one for one in samples if one not in set(before["known_sample_ids"])]
    best = rows.loc[rows["dmax_mm"].idxmax()] if len(rows) else None
    return {
        "lab_fingerprint": lab_fingerprint(lab),
        "known_compositions": compositions,
        "known_dmax_mm": [float(dmax) for dmax in rows["dmax_mm"]],
        "known_sample_ids": samples,
        "new_compositions": [one for one in compositions if one not in set(before["known_compositions"])],
        "new_sample_ids": new_samples,
        "n_new_casts": len(new_samples),
        "best_cast_mm": None if best is None else float(best["dmax_mm"]),
        "best_cast_composition": None if best is None else best["composition"],
    }


def what_was_found(earlier: pd.DataFrame, grid: pd.DataFrame, candidates: pd.DataFrame) -> dict[str, Any]:
    """The columns of `iterations` about the maximum, how far it had moved, and what was proposed.

    Args:
        grid, candidates: the tables `prediction_grid` and `candidates` of the training.
    """
    best = grid.loc[grid["dmax_mm"].idxmax()].to_dict()
    picks = candidates[candidates["is_recommended"] & (candidates["kind"] == "pick")].sort_values("rank")
    moved = distance_at_pct(best["at_pct"], earlier["best_at_pct"].tolist()[-1]) if len(earlier) else None
    return {
        "n_candidates": int(candidates["composition"].nunique()),
        "picks": list(picks["composition"]),
        "best_predicted_mm": float(best["dmax_mm"]),
        "best_composition": str(best["composition"]),
        "best_at_pct": list(best["at_pct"]),
        "moved_at_pct": moved,
    }


def whether_to_go_on(transfer_grid: pd.DataFrame, candidates: pd.DataFrame) -> dict[str, Any]:
    """The columns of `iterations` about the chance that there is more to find.

    Args:
        transfer_grid, candidates: the tables of the training.
    """
    chance, more_than = candidates[["chance_of_more", "more_than_mm"]].iloc[0]
    return {
        "best_known_mm": float(transfer_grid["best_known_mm"].iloc[0]),
        "chance_of_more": None if pd.isna(chance) else float(chance),
        "more_than_mm": float(more_than),
    }


def mean_error_of(outcomes: pd.DataFrame, compositions: Sequence[str]) -> float | None:
    """Mean absolute error in mm of the predictions for these compositions; None without a prediction.

    outcomes: the table `cast_outcomes`.
    """
    errors = outcomes.loc[outcomes["composition"].isin(compositions), "error_mm"].dropna().abs()
    return float(errors.mean()) if len(errors) else None


def with_iteration(earlier: pd.DataFrame, entry: Mapping[str, Any]) -> pd.DataFrame:
    """The iterations before with one more; `entry` holds all columns but its number."""
    return pd.DataFrame([*earlier.to_dict("records"), {**entry, "iteration": next_number(earlier)}])


def map_of_iteration(grid: pd.DataFrame, number: int) -> pd.DataFrame:
    """The rows of `iteration_maps` from the table `prediction_grid`."""
    return grid[list(MAP_COLUMNS)].assign(iteration=number)


def with_proposals(previous: pd.DataFrame, candidates: pd.DataFrame, number: int) -> pd.DataFrame:
    """The table `proposals` with the candidates of an iteration's training added.

    What an earlier training with the same casts proposed stays, marked as such, because it may be in the furnace.

    Args:
        previous: the table `proposals` so far.
        candidates: the table `candidates` of the training.
        number: the iteration.
    """
    same = previous["iteration"] == number
    again = same & previous["composition"].isin(candidates["composition"])
    kept = previous.assign(by_last_training=previous["by_last_training"] & ~same)[~again]
    rows = candidates.assign(iteration=number, by_last_training=True)
    both = pd.concat([kept, rows], ignore_index=True) if len(kept) else rows
    return both.sort_values("iteration", kind="stable", ignore_index=True)
