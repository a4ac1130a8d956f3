"""What one round of a replay showed, and the table of all rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.compositions import formula_in_order
from bmg_assets.science.systems import TargetSystem


@dataclass(frozen=True)
class Round:
    """The state of the system after one training."""

    title: str
    """What was handed in before it: a batch, or nothing yet."""
    grid: pd.DataFrame
    """The table `prediction_grid`."""
    candidates: pd.DataFrame
    """The table `candidates`."""
    lab: pd.DataFrame
    """The table `lab_results`: own casts known to this training."""
    fusion_r2: float


def table_of_rounds(
    system: TargetSystem, rounds: Sequence[Round], reference_at_pct: Sequence[float] | None
) -> pd.DataFrame:
    """One row per round: what was known, where the maximum lay, what was proposed, and what the next casts turned out.

    Distances are the largest difference in any element, in at.%.

    Args:
        reference_at_pct: a composition to measure the maximum's distance from, in the order of the system's elements.
    """
    return pd.DataFrame([_row(system, rounds, number, reference_at_pct) for number in range(len(rounds))])


def distance_at_pct(one: Sequence[float], other: Sequence[float]) -> float:
    """Largest difference in any element."""
    return float(np.max(np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float))))


def _row(
    system: TargetSystem, rounds: Sequence[Round], number: int, reference_at_pct: Sequence[float] | None
) -> dict[str, object]:
    this = rounds[number]
    best = _best_of(this.grid)
    picks = this.candidates[this.candidates["kind"] == "pick"]
    row: dict[str, object] = {
        "iteration": number,
        "after": this.title,
        "own_alloys": len(this.lab),
        "maximum_at": formula_in_order(system.elements, best["at_pct"]),
        "maximum_mm": float(best["dmax_mm"]),
        "picks": " ".join(formula_in_order(system.elements, point) for point in picks["at_pct"]),
        "cast_next": _next_casts(system, rounds, number),
        "fusion_r2": this.fusion_r2,
    }
    if number > 0:
        before = _best_of(rounds[number - 1].grid)
        row["moved_at_pct"] = distance_at_pct(best["at_pct"], before["at_pct"])
    if reference_at_pct is not None:
        row["from_reference_at_pct"] = distance_at_pct(best["at_pct"], reference_at_pct)
    return row


def _best_of(grid: pd.DataFrame) -> dict[str, Any]:
    """The row of the highest prediction."""
    return {str(name): value for name, value in grid.loc[grid["dmax_mm"].idxmax()].items()}


def _next_casts(system: TargetSystem, rounds: Sequence[Round], number: int) -> str:
    """What was really cast after this round: composition, label, and what this round had predicted."""
    if number + 1 == len(rounds):
        return ""
    known = set(rounds[number].lab["composition"])
    new = rounds[number + 1].lab
    predicted = rounds[number].grid.set_index("composition")["dmax_mm"]
    parts = []
    for cast in new[~new["composition"].isin(known)].to_dict("records"):
        amounts = dict(zip(cast["elements"], cast["at_pct"], strict=True))
        formula = formula_in_order(system.elements, [amounts.get(element, 0.0) for element in system.elements])
        label = "no label" if pd.isna(cast["dmax_mm"]) else f"{cast['dmax_mm']:g} mm"
        guess = predicted.get(cast["composition"])
        parts.append(f"{formula}: {label}" + ("" if guess is None else f" (predicted {guess:.2f})"))
    return "; ".join(parts)
