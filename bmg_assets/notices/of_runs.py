"""Notices of runs that ended: the candidates of a system are ready, or its training failed with nobody watching."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.tags import BACKFILL_ID_TAG, SCHEDULE_NAME_TAG, SENSOR_NAME_TAG

from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.execution.run_failures import WILL_RETRY_TAG, first_failure_of
from bmg_assets.notices.notice import Event, Notice
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.store.origins import origin_of
from bmg_assets.store.store import Store

if TYPE_CHECKING:
    import pandas as pd

JOB = "system_job"
OVERLAP = timedelta(minutes=10)
"""How far back is looked again: the run that ended first may be noted last."""
STARTED_BY_NOBODY = frozenset({SCHEDULE_NAME_TAG, SENSOR_NAME_TAG, BACKFILL_ID_TAG})
"""Tags of a run that no person waits for at a terminal."""
PROPOSING = ("candidates", "recommendations")
"""The tables of what to cast next; the second is all that there is of systems without descriptors."""
PICK = "pick"


@dataclass(frozen=True)
class EndedRun:
    """A run of a system that is over for good."""

    run: dg.DagsterRun
    system: str
    changed: str
    """UTC, ISO 8601: the last change of the run."""

    @property
    def ids(self) -> frozenset[str]:
        """The run, and the one that it goes on with: what that had made is not made again."""
        return frozenset(one for one in (self.run.run_id, self.run.parent_run_id, self.run.root_run_id) if one)


def ended_runs(instance: dg.DagsterInstance, after: str, since: str) -> list[EndedRun]:
    """Runs of systems that ended, in the order of their last change.

    Args:
        after: last change of the last run of the look before; some of those come again.
        since: runs that ended before are left out.
    """
    records = instance.get_run_records(
        dg.RunsFilter(job_name=JOB, statuses=FINISHED_STATUSES, updated_after=datetime.fromisoformat(after) - OVERLAP),
        order_by="update_timestamp",
        ascending=True,
    )
    begin = datetime.fromisoformat(since).timestamp()
    return [
        EndedRun(one.dagster_run, one.dagster_run.tags[PARTITION_TAG], _as_utc(one.update_timestamp))
        for one in records
        if PARTITION_TAG in one.dagster_run.tags
        and one.dagster_run.tags.get(WILL_RETRY_TAG) != "true"
        and (one.end_time or 0.0) >= begin
    ]


def failed_training(instance: dg.DagsterInstance, ended: EndedRun) -> Notice | None:
    """That a training failed; None for one that did not, or that a person waits for."""
    run = ended.run
    if run.status != dg.DagsterRunStatus.FAILURE or not STARTED_BY_NOBODY & run.tags.keys():
        return None
    why = first_failure_of(instance, run.run_id)
    return Notice(
        id=f"failed/{run.run_id}",
        event=Event.FAILED_TRAINING,
        subject=f"The training of {ended.system} failed",
        text=f"{why}\nWhat was there before stays as it is.",
        page=("systems", ended.system),
        run_id=run.run_id,
        facts={"system": ended.system, "reason": why, "run": run.run_id},
    )


def new_candidates(store: Store, runs: Sequence[EndedRun]) -> Notice | None:
    """What is proposed to cast next, if one of these runs of a system made it; None for none, or an older proposal."""
    system, ids = runs[0].system, frozenset[str]().union(*(one.ids for one in runs))
    for table in PROPOSING:
        origin = origin_of(store, table, system)
        if origin is not None and origin.id in ids:
            rows = store.read_table(table, system)
            picks = rows[rows["is_recommended"] & (rows["kind"] == PICK)].sort_values("rank")
            return _candidates(system, origin.id, picks) if len(picks) else None
    return None


def _candidates(system: str, made_by: str, picks: "pd.DataFrame") -> Notice:
    facts = [_facts(system, row) for row in picks.to_dict("records")]
    return Notice(
        id=f"candidates/{system}/{made_by}",
        event=Event.CANDIDATES,
        subject=f"{system}: cast next {', '.join(str(one['composition']) for one in facts)}",
        text="\n".join(_lines(facts)),
        page=("systems", system),
        facts={"system": system, "candidates": facts},
    )


def _facts(system: str, row: dict[Any, Any]) -> dict[str, Any]:
    from bmg_assets.science.casts.cast_outcomes import amounts_in_order

    elements = system.split(SEPARATOR)
    formula = formula_in_order(elements, amounts_in_order(row["composition"], elements))
    low, high = (_rounded(row[f"interval_{end}_mm"]) for end in ("low", "high"))
    sizes = {"dmax_mm": _rounded(row["dmax_mm"]), "low_mm": low, "high_mm": high}
    return {"composition": formula, **sizes, "state": row["state"], "reason": row["reason"]}


def _lines(facts: Sequence[dict[str, Any]]) -> Iterator[str]:
    for one in facts:
        interval = "" if one["low_mm"] is None else f", interval {one['low_mm']:g} to {one['high_mm']:g} mm"
        yield f"{one['composition']}: predicted D_max {one['dmax_mm']:g} mm{interval}. {one['reason']}"


def _rounded(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 2)


def _as_utc(moment: datetime) -> str:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
