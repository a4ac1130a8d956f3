"""The two tables of a system's own casts: the casts as they were accepted, and the labels that follow from them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.cast import Cast
from bmg_assets.science.casts.ladder import CastLabel, LadderState, label_of
from bmg_assets.science.casts.merging import Merge

if TYPE_CHECKING:
    import pandas as pd


class CastState(StrEnum):
    """Whether an accepted report counts."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


def lab_casts_rows(system: TargetSystem, history: Merge) -> list[dict[str, Any]]:
    """Rows of the table `lab_casts`: every accepted report of the system, in the order of intake."""
    replaced_by = {id(one.cast): one.by for one in history.superseded}
    return [
        _cast_row(system, cast, replaced_by.get(id(cast)))
        for cast in history.accepted
        if frozenset(cast.elements) == system.element_set
    ]


def lab_results_rows(system: TargetSystem, history: Merge) -> list[dict[str, Any]]:
    """Rows of the table `lab_results`: every composition of the system that has a cast, by its key.

    A composition has no row if all its reports were withdrawn.
    """
    by_composition: dict[str, list[Cast]] = {}
    for cast in history.current:
        if frozenset(cast.elements) == system.element_set and not cast.is_withdrawal:
            by_composition.setdefault(cast.composition, []).append(cast)
    return [_label_row(system, casts[0], label_of(casts)) for _, casts in sorted(by_composition.items())]


def what_to_cast(results: pd.DataFrame) -> list[str]:
    """The rods that lead on, or close the gap, in the open ladders of the table `lab_results`, in words."""
    return [
        f"{row.composition}: a rod of {row.cast_next_mm:g} mm{' or more' if row.state == LadderState.OPEN else ''}"
        for row in results[results["cast_next_mm"].notna()].itertuples()
    ]


def as_frame(rows: Iterable[dict[str, Any]], empty: pd.DataFrame) -> pd.DataFrame:
    """Rows as a frame with the columns of `empty`, which has the right types where there are no rows."""
    import pandas as pd

    listed = list(rows)
    return pd.DataFrame(listed, columns=list(empty.columns)) if listed else empty


def _cast_row(system: TargetSystem, cast: Cast, by: Cast | None) -> dict[str, Any]:
    state = CastState.CURRENT
    if by is not None:
        state = CastState.WITHDRAWN if by.is_withdrawal else CastState.SUPERSEDED
    columns = {
        **vars(cast),
        "target_system": system.key,
        "state": state.value,
        "replaced_by": by.sample_id if by is not None else None,
        "elements": list(cast.elements),
        "at_pct": list(cast.at_pct),
        "method": cast.method.value,
        "dimension_kind": cast.dimension_kind.value,
        "verdict": cast.verdict.value,
        "composition_unit": cast.composition_unit.value,
        "extra": json.dumps(dict(cast.extra), ensure_ascii=False) if cast.extra else None,
        "rules": [str(rule) for rule in cast.rules],
        "source_file": cast.source,
    }
    return {name: value for name, value in columns.items() if name not in {"elements_as_written", "source"}}


def _label_row(system: TargetSystem, cast: Cast, label: CastLabel) -> dict[str, Any]:
    return {
        "target_system": system.key,
        "composition": label.composition,
        "elements": list(cast.elements),
        "at_pct": list(cast.at_pct),
        "glass_class": label.glass_class.value if label.glass_class is not None else None,
        "dmax_mm": label.dmax_mm,
        "dmax_low_mm": label.low_mm,
        "dmax_high_mm": label.high_mm,
        "state": label.state.value,
        "reasons": list(label.reasons),
        "rules": [rule.value for rule in label.rules],
        "rule_set_version": label.rule_set_version,
        "cast_next_mm": label.cast_next_mm,
        "n_casts": label.n_casts,
        "sample_ids": list(label.sample_ids),
        "last_test_date": label.last_test_date,
    }
