"""Where one system stands now: what to cast next, its own alloys, its rounds, and the run that is at work on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bmg_assets.science.alloys.systems import TargetSystem

if TYPE_CHECKING:
    import dagster as dg
    import pandas as pd

    from bmg_assets.actions.own_alloys import OwnAlloys
    from bmg_assets.intake.inbox import LabInbox
    from bmg_assets.store.store import Store


@dataclass(frozen=True)
class RunAtWork:
    """The run that is at work on a system, waits for its turn, or is asked for.

    Attributes:
        run_id: empty while Dagster's daemon has not made it yet.
        words: what it does now, to be read after "A run is".
    """

    run_id: str
    words: str


@dataclass(frozen=True)
class SystemNow:
    """What there is to know of a registered system.

    Attributes:
        candidates: the table `candidates`, that of the recommendations while it is not there, or None before the first
            run.
        rounds: the table `iterations`, None before the first run.
        run: None while nothing is at work.
        stale_because: why it should be trained again, in words; empty where nothing has changed.
        notes: what there is to say beside it: sentences.
        has_page: whether there is a page of it.
    """

    system: TargetSystem
    candidates: "pd.DataFrame | None"
    own: "OwnAlloys | None"
    rounds: "pd.DataFrame | None"
    run: RunAtWork | None
    stale_because: str
    notes: list[str]
    has_page: bool


def system_now(instance: "dg.DagsterInstance", store: "Store", inbox: "LabInbox", key: str) -> SystemNow:
    """Where a registered system stands.

    Raises:
        SystemKeyError: the key is not registered; the registered key of the same elements is named.
        BmgError: a table cannot be read.
    """
    from bmg_assets.actions.own_alloys import own_alloys
    from bmg_assets.build import build_resources
    from bmg_assets.staleness.training_records import page_behind_tables, stale_systems
    from bmg_assets.store.page_addresses import report_file
    from bmg_assets.store.tables.iterations import ITERATIONS
    from bmg_assets.store.tables.lab import LAB_RESULTS

    system, resources = registered_system(instance, key), build_resources()
    chain, defaults = resources["system_chain"], resources["defaults"]
    has_casts = store.has_table(LAB_RESULTS.name, system.key) or frozenset(system.elements) in inbox.wanted()
    candidates = proposed(store, system.key)
    has_page = store.has_bytes(report_file(system.key))
    behind = page_behind_tables(store, chain, system.key) if has_page else []
    return SystemNow(
        system,
        candidates,
        own_alloys(store, inbox, system) if has_casts else None,
        store.read_table(ITERATIONS.name, system.key) if store.has_table(ITERATIONS.name, system.key) else None,
        _run_at_work(instance, system.key),
        "; ".join(stale_systems(instance, store, chain, defaults, [system.key])[system.key]) if has_page else "",
        [
            *_last_failure(instance, system.key),
            *(f"The page with the maps does not show what the tables hold: {words}." for words in behind),
        ],
        has_page,
    )


def registered_system(instance: "dg.DagsterInstance", key: str) -> TargetSystem:
    """The system of a registered key; raises SystemKeyError for any other."""
    from bmg_assets.partitions import usable_systems
    from bmg_assets.science.alloys.systems import SystemKeyError, check_new_key, parse_system

    registered = usable_systems(instance)
    if key not in registered:
        # Names the key under which the same elements are registered.
        check_new_key(key, registered)
        raise SystemKeyError(f"'{key}' is not a registered system; add it first.")
    return parse_system(key)


def proposed(store: "Store", key: str) -> "pd.DataFrame | None":
    """The table `candidates` of a system, or `recommendations` until that is there; None before both."""
    for name in ("candidates", "recommendations"):
        if store.has_table(name, key):
            return store.read_table(name, key)
    return None


def _last_failure(instance: "dg.DagsterInstance", key: str) -> list[str]:
    """Why the last run of a system failed, as a sentence; nothing where it ended well, or one is at work."""
    import dagster as dg

    from bmg_assets.automation.jobs import SYSTEM_JOB
    from bmg_assets.execution.claims import PARTITION_TAG
    from bmg_assets.execution.run_failures import first_failure_of

    runs = instance.get_runs(dg.RunsFilter(job_name=SYSTEM_JOB, tags={PARTITION_TAG: key}), limit=1)
    if not runs or not runs[0].is_failure:
        return []
    reason = first_failure_of(instance, runs[0].run_id)
    return [f"The last training failed ({reason.rstrip('.')}). What stands below is of the one before; train it again."]


def _run_at_work(instance: "dg.DagsterInstance", key: str) -> RunAtWork | None:
    import dagster as dg

    from bmg_assets.automation.queueing import is_started, trainings_asked_for
    from bmg_assets.execution.claims import systems_with_a_run

    run_id = systems_with_a_run(instance).get(key)
    run = instance.get_run_by_id(run_id) if run_id else None
    if run is None and key not in trainings_asked_for(instance):
        return None
    if run is not None and run.status not in (dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED):
        return RunAtWork(run.run_id, "at work")
    words = "waiting for its turn" if run is not None else "asked for, and begins within a minute"
    if not is_started(instance):
        words += ", but nobody starts it: Dagster's daemon is not at work, which `bmg ui` starts"
    return RunAtWork("" if run is None else run.run_id, words)
