"""Checks of the group `lab`: faults that put a wrong cast into every later training, and rows that need a look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bmg_assets.checks.check import Check, Finding, schema_check
from bmg_assets.science.casts.cast import Refusal
from bmg_assets.science.casts.ladder import LadderState
from bmg_assets.store.tables.lab import LAB_RESULTS

if TYPE_CHECKING:
    import pandas as pd

WITH_LABEL = (LadderState.OPEN.value, LadderState.CLOSED.value)


def _labels_fit_states(frame: pd.DataFrame) -> Finding:
    labelled = frame["dmax_mm"].notna() & frame["glass_class"].notna()
    wrong = frame.loc[labelled != frame["state"].isin(WITH_LABEL), "composition"]
    return Finding(wrong.empty, {"compositions": wrong.tolist()})


def _no_contradictions(frame: pd.DataFrame) -> Finding:
    rows = frame[frame["state"] == LadderState.QUARANTINE.value]
    reasons = dict(zip(rows["composition"], rows["reasons"], strict=True))
    return Finding(rows.empty, {"quarantined": {name: "; ".join(found) for name, found in reasons.items()}})


def _all_rows_count(lost: Sequence[Refusal]) -> Finding:
    shown = [f"{one.source}, line {one.line}: {one.reason}" for one in lost[:20]]
    return Finding(not lost, {"rows": len(lost), "first": shown})


LAB_RESULTS_CHECKS = (
    schema_check(LAB_RESULTS),
    Check(
        "labels_fit_states",
        "A composition has a label if, and only if, its ladder is open or closed.",
        _labels_fit_states,
    ),
    Check(
        "no_contradictions",
        "No larger rod is glass above a smaller one that is not; such casts give no label until one is withdrawn.",
        _no_contradictions,
        blocking=False,
    ),
)
ACCEPTED_ROWS_CHECKS = (
    Check(
        "accepted_rows_count",
        "Every row that was accepted at its intake still counts; rules that changed can be why one does not.",
        _all_rows_count,
        blocking=False,
    ),
)
