"""The ledger: what was predicted for alloys before their casts were known, beside what the casts turned out to be.

A prediction counts if its training did not know the alloy. Of these the last one counts that was recorded before the
alloy's first result came in; where none was, the first one after (a training may have been under way). Every map of
that training gives a row, with how the alloy was proposed from it, if it was.

A *hit* is a pick that is shown to be a bulk glass. A ladder shows it if its interval [low, high) of D_max begins at
1 mm or above; it shows the contrary if the interval ends at 1 mm or below. Anything else (a ribbon without a rod, a rod
that failed at 2 mm and no other) decides nothing, and neither do casts that contradict each other or were withdrawn.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.cast_outcomes import amounts_in_order, comparison, nearest_point
from bmg_assets.science.casts.first_results import FirstResult
from bmg_assets.science.casts.lab_tables import CastState

PICK = "pick"
PENDING = "pending"
"""State of a pick that stands and has no result yet."""
DROPPED = "dropped"
"""State of a pick without a result that the last training does not propose any more."""
OF_LABEL = ("dmax_mm", "dmax_low_mm", "dmax_high_mm", "glass_class", "state", "sample_ids")
_NO_LABEL: Mapping[Any, Any] = dict.fromkeys(OF_LABEL) | {"state": CastState.WITHDRAWN.value, "sample_ids": []}
OF_PROPOSAL = (
    *("composition", "kind", "rank", "strategy", "rule", "is_recommended"),
    *("dmax_mm", "interval_low_mm", "interval_high_mm", "probability_bulk"),
)
"""Columns of what a training proposed that the ledger reads; older versions have the first four and the diameters."""
_OF_PREDICTION = {
    "predicted_mm": "dmax_mm",
    "interval_low_mm": "interval_low_mm",
    "interval_high_mm": "interval_high_mm",
    "probability_bulk": "probability_bulk",
}

COLUMNS = {
    "target_system": "object",
    "composition": "object",
    "state": "object",
    "evidence": "object",
    "strategy": "object",
    "iteration": "Int64",
    "recorded_at": "datetime64[us, UTC]",
    "predicted_mm": "float64",
    "interval_low_mm": "float64",
    "interval_high_mm": "float64",
    "coverage": "float64",
    "probability_bulk": "float64",
    "grid_composition": "object",
    "grid_distance_at_pct": "float64",
    "proposed_as": "object",
    "proposed_rank": "Int64",
    "rule": "object",
    "proposed_in": "Int64",
    "proposed_at": "datetime64[us, UTC]",
    "is_first_pick": "bool",
    "tested_on": "object",
    "taken_in_at": "datetime64[us, UTC]",
    "dmax_mm": "float64",
    "dmax_low_mm": "float64",
    "dmax_high_mm": "float64",
    "glass_class": "object",
    "is_bulk": "boolean",
    "hit": "boolean",
    "error_mm": "float64",
    "within_interval": "boolean",
    "sample_ids": "object",
    "entry": "Int64",
    "training": "object",
    "training_set": "object",
    "known_alloys": "object",
    "settings": "object",
    "code": "object",
}
"""Columns of the ledger, with their types; `docs/ledger.md` says what each is."""


class Evidence(StrEnum):
    """How sure it is that a prediction was made before the cast, the surest first."""

    PROSPECTIVE = "prospective"
    """The record held it before the alloy was tested and its result handed in."""
    BLIND = "blind"
    """The models did not know the result, but the alloy was tested, or the result handed in, before it was recorded."""
    TAKEN_OVER = "taken_over"
    """An older version kept it without a record: nothing shows that it was never changed."""


@dataclass(frozen=True)
class Training:
    """One recorded training of a system."""

    entry: int
    """Place in the record's journal, from 1."""
    iteration: int
    recorded_at: datetime
    """UTC; of a training that was taken over, the time that the older version gave."""
    recorded_on: date
    """The same as a day where the laboratory is."""
    is_taken_over: bool
    known: frozenset[str]
    """The system's own alloys with which its models were fitted."""
    proposals: Sequence[Mapping[str, Any]]
    """What it proposed, with OF_PROPOSAL."""
    coverage: float | None
    """Nominal coverage of the intervals of its maps; None where it was not recorded."""
    fingerprints: Mapping[str, str]
    """`training` (its run), and fingerprints of `training_set`, `known_alloys`, `settings` and `code`."""


MapsOf = Callable[[Training], Mapping[str, pd.DataFrame]]
"""The maps of a training by strategy: composition, at_pct, D_max and interval in mm, and perhaps probability_bulk."""
_Proposal = tuple[Training, Mapping[Any, Any]]


def ledger_frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of one or more systems as a table with COLUMNS."""
    listed = list(rows)
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in listed], dtype=kind) for name, kind in COLUMNS.items()}
    )


def ledger_rows(
    system: TargetSystem,
    trainings: Sequence[Training],
    results: Mapping[str, FirstResult],
    labels: pd.DataFrame,
    maps_of: MapsOf,
) -> list[dict[str, Any]]:
    """Rows of the ledger for one system: alloys with a result in the order of intake, then picks without one.

    An alloy that the first training knew already, or whose result came in before it without a label, has no row.

    Args:
        trainings: all that are recorded, in their order.
        results: the first result of each alloy.
        labels: the table `lab_results` as it follows from the accepted casts.
    """
    proposals = _proposals_by_composition(trainings)
    label_of = {row["composition"]: row for row in labels.to_dict("records")}
    rows: list[dict[str, Any]] = []
    for composition, first in sorted(results.items(), key=lambda item: (item[1].taken_in_at, item[0])):
        training = predicting_training(trainings, composition, first)
        if training is not None:
            made = [one for one in proposals.get(composition, ()) if one[0].entry <= training.entry]
            label = label_of.get(composition, _NO_LABEL)
            rows += _rows_of_result(system, composition, training, made, first, label, maps_of(training))
    waiting = (_recommended(made) for composition, made in proposals.items() if composition not in results)
    return rows + [row for made in waiting if (row := _row_of_pick(system, made, trainings[-1])) is not None]


def predicting_training(trainings: Sequence[Training], composition: str, first: FirstResult) -> Training | None:
    """The training whose prediction for an alloy counts; None if there is none."""
    unaware: list[Training] = []
    for training in trainings:
        if composition in training.known:
            break
        unaware.append(training)
    in_time = [training for training in unaware if training.recorded_at < first.taken_in_at]
    if in_time:
        return in_time[-1]
    # A cast without a label is never known to a training, so none after it can be called blind.
    was_under_way = len(unaware) < len(trainings) and bool(unaware)
    return unaware[0] if was_under_way else None


def shows_bulk(low_mm: float | None, high_mm: float | None) -> bool | None:
    """Whether the interval [low, high) of D_max is that of a bulk glass; None where it decides nothing.

    Args:
        high_mm: missing where the ladder is open.
    """
    if low_mm is None or pd.isna(low_mm):
        return None
    if low_mm >= BULK_FROM_MM:
        return True
    return False if high_mm is not None and high_mm <= BULK_FROM_MM else None


def evidence_of(training: Training, first: FirstResult, proposing: Training | None = None) -> Evidence:
    """How sure it is that a prediction was made before the result; the less sure of prediction and proposal counts."""
    if training.is_taken_over or (proposing is not None and proposing.is_taken_over):
        return Evidence.TAKEN_OVER
    in_time = training.recorded_at < first.taken_in_at and training.recorded_on <= first.tested_on
    return Evidence.PROSPECTIVE if in_time else Evidence.BLIND


def _proposals_by_composition(trainings: Sequence[Training]) -> dict[str, list[_Proposal]]:
    found: dict[str, list[_Proposal]] = {}
    for training in trainings:
        for row in training.proposals:
            found.setdefault(row["composition"], []).append((training, row))
    return found


def _of_strategies(made: Sequence[_Proposal]) -> dict[str, list[_Proposal]]:
    """Proposals of one alloy by the strategy that made them; two surrogates may propose the same."""
    found: dict[str, list[_Proposal]] = {}
    for one in made:
        found.setdefault(one[1]["strategy"], []).append(one)
    return found


def _recommended(made: Sequence[_Proposal]) -> list[_Proposal]:
    """Those of the proposals that the laboratory was told to cast; older versions proposed nothing else."""
    return [one for one in made if one[1].get("is_recommended", True)]


def _counting(made: Sequence[_Proposal]) -> _Proposal | None:
    """The proposal of a strategy that counts: the last as a pick, else the last to verify a boundary."""
    picks = [one for one in made if one[1]["kind"] == PICK]
    return next(reversed(picks or made), None)


def _rows_of_result(
    system: TargetSystem,
    composition: str,
    training: Training,
    made: Sequence[_Proposal],
    first: FirstResult,
    label: Mapping[Any, Any],
    maps: Mapping[str, pd.DataFrame],
) -> list[dict[str, Any]]:
    at_pct = amounts_in_order(composition, system.elements)
    predictions = {strategy: _at_nearest(grid, at_pct) for strategy, grid in maps.items()}
    of_strategies = _of_strategies(made)
    for strategy, of_one in of_strategies.items():
        proposal = _counting(of_one)
        if proposal is not None and (proposal[0] is training or strategy not in predictions):
            predictions[strategy] = _as_proposed(proposal[1])
    probability = next(filter(_is_number, (one["probability_bulk"] for one in predictions.values())), None)
    is_bulk = shows_bulk(label["dmax_low_mm"], label["dmax_high_mm"])
    rows = []
    for strategy, predicted in predictions.items():
        proposed = _counting(of_strategies.get(strategy, ()))
        by = proposed[0] if proposed is not None and strategy not in maps else training
        rows.append(
            {
                "target_system": system.key,
                "composition": composition,
                **_of_training(by, strategy),
                "evidence": evidence_of(training, first, proposed[0] if proposed else None).value,
                "tested_on": first.tested_on,
                "taken_in_at": first.taken_in_at,
                **predicted,
                "probability_bulk": probability,
                **_of_proposal(proposed, of_strategies.get(strategy, ())),
                **{name: label[name] for name in OF_LABEL},
                "is_bulk": is_bulk,
                "hit": is_bulk if proposed is not None and proposed[1]["kind"] == PICK else None,
                **_comparison(label, predicted),
            }
        )
    return rows


def _row_of_pick(system: TargetSystem, made: Sequence[_Proposal], last: Training) -> dict[str, Any] | None:
    """The row of a pick without a result; None for what was proposed to verify a boundary alone."""
    proposal = _counting(made)
    if proposal is None or proposal[1]["kind"] != PICK:
        return None
    training, row = proposal
    return {
        "target_system": system.key,
        "composition": row["composition"],
        "state": PENDING if training is last else DROPPED,
        "evidence": (Evidence.TAKEN_OVER if training.is_taken_over else Evidence.PROSPECTIVE).value,
        **_of_training(training, row["strategy"]),
        **_as_proposed(row),
        **_of_proposal(proposal, made),
        "sample_ids": [],
    }


def _of_training(training: Training, strategy: str) -> dict[str, Any]:
    return {
        "strategy": strategy,
        "iteration": training.iteration,
        "recorded_at": training.recorded_at,
        "coverage": training.coverage,
        "entry": training.entry,
        **training.fingerprints,
    }


def _of_proposal(proposal: _Proposal | None, made: Sequence[_Proposal]) -> dict[str, Any]:
    """What a row says of the proposal; a first pick is one of a training that knew no own alloy of the system."""
    if proposal is None:
        return {"is_first_pick": False}
    training, row = proposal
    return {
        "proposed_as": row["kind"],
        "proposed_rank": int(row["rank"]),
        "rule": row.get("rule"),
        "proposed_in": training.iteration,
        "proposed_at": training.recorded_at,
        "is_first_pick": any(one["kind"] == PICK and not by.known for by, one in made),
    }


def _at_nearest(grid: pd.DataFrame, at_pct: Sequence[float]) -> dict[str, Any]:
    row, distance = nearest_point(np.array(grid["at_pct"].tolist(), dtype=float), at_pct)
    point = grid.iloc[row].to_dict()
    return _numbers(point) | {"grid_composition": point["composition"], "grid_distance_at_pct": distance}


def _as_proposed(row: Mapping[Any, Any]) -> dict[str, Any]:
    return _numbers(row) | {"grid_composition": row["composition"], "grid_distance_at_pct": 0.0}


def _numbers(point: Mapping[Any, Any]) -> dict[str, Any]:
    found = {name: point.get(column) for name, column in _OF_PREDICTION.items()}
    return {name: float("nan") if value is None else float(value) for name, value in found.items()}


def _comparison(label: Mapping[Any, Any], predicted: Mapping[str, Any]) -> dict[str, Any]:
    """Error of a closed ladder, whose label is D_max, and whether the label is in the interval, if there is one."""
    found = comparison(label, predicted)
    is_closed, has_interval = _is_number(label["dmax_high_mm"]), _is_number(predicted["interval_low_mm"])
    return {
        "error_mm": found.get("error_mm") if is_closed else None,
        "within_interval": found.get("within_interval") if has_interval else None,
    }


def _is_number(value: Any) -> bool:
    return value is not None and not pd.isna(value)
