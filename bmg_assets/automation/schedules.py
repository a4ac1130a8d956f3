"""The nightly schedule: one run for each system that should be trained again, nothing for the others.

Belongs here: requests for runs, with their reasons. Does not belong here: what makes a system stale (`staleness`).
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg

from bmg_assets.assets.prediction import CandidatesConfig, candidate_choice
from bmg_assets.automation.jobs import FROM_LAST_BEST, system_job
from bmg_assets.automation.untrainable import untrainable
from bmg_assets.defaults import Defaults
from bmg_assets.execution.claims import PARTITION_TAG, systems_with_a_run
from bmg_assets.execution.dead_runs import end_dead_runs
from bmg_assets.intake.inbox import LabInbox, LaboratoryNotThereError
from bmg_assets.partitions import unusable_keys, usable_systems
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.errors import BmgError
from bmg_assets.science.proposals.casting_practice import NotCastError
from bmg_assets.settings import Locations, time_zone
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import stale_systems, why_no_literature
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.store import Store
from bmg_assets.store.tables.literature import REPORTS

REASON_TAG = "bmg/reason"
AT_NIGHT = "0 2 * * *"


@dg.schedule(
    job=system_job,
    cron_schedule=AT_NIGHT,
    execution_timezone=time_zone(),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=(
        "Trains each registered system whose casts, literature, settings or code changed since its last training, or "
        "whose last training did not finish. The reason is a tag of the run; the log of the tick names it for the rest."
    ),
)
def nightly_training(
    context: dg.ScheduleEvaluationContext,
    defaults: Defaults,
    store: Store,
    system_chain: SystemChain,
    lab_inbox: LabInbox,
) -> list[dg.RunRequest] | dg.SkipReason:
    """One request per stale system that no run is at work on."""
    instance = context.instance
    for run_id in end_dead_runs(instance):
        context.log.warning(f"Run {run_id} had no process any more and was ended.")
    try:
        lab_inbox.check_there()
    except LaboratoryNotThereError as error:
        return dg.SkipReason(str(error))
    no_literature = why_no_literature(store, system_chain)
    if no_literature is not None:
        return dg.SkipReason(no_literature)
    _warn_of_changed_sources(context, store)
    for sentence in unusable_keys(instance):
        context.log.warning(sentence)
    systems = usable_systems(instance)
    busy = systems_with_a_run(instance)
    left_alone = (
        _not_cast(systems, defaults)
        | untrainable(systems)
        | {system: f"run {run_id} is at work on it or waiting" for system, run_id in busy.items()}
    )
    reasons = stale_systems(instance, store, system_chain, defaults, systems)
    for system in systems:
        context.log.info(f"{system}: {_verdict(reasons[system], left_alone.get(system))}")
    stale = {system: reasons[system] for system in systems if reasons[system] and system not in left_alone}
    if not stale:
        n_busy = sum(system in busy for system in systems)
        n_not_cast = sum(system in left_alone and system not in busy for system in systems)
        return dg.SkipReason(
            f"No system is to be trained: {len(systems) - n_busy - n_not_cast} up to date, {n_busy} with a run at work "
            f"or waiting, {n_not_cast} in which nothing can be cast or trained, {len(systems)} registered."
        )
    night = context.scheduled_execution_time.astimezone(ZoneInfo(time_zone()))
    return [_request(system, night, why) for system, why in stale.items()]


def _not_cast(systems: Sequence[str], defaults: Defaults) -> dict[str, str]:
    """Map each system that the casting limits exclude to the reason; the night skips them."""
    choice = candidate_choice(CandidatesConfig(), defaults)
    found = {}
    for system in systems:
        try:
            choice.check_system(parse_system(system))
        except NotCastError as error:
            found[system] = str(error)
    return found


def _verdict(reasons: Sequence[str], left_alone: str | None) -> str:
    if left_alone is not None:
        return f"skipped, {left_alone}"
    return f"trained again: {'; '.join(reasons)}" if reasons else "skipped, up to date"


def _request(system: str, night: datetime, reasons: Sequence[str]) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"{night:%Y-%m-%d}/{system}",
        partition_key=system,
        run_config=FROM_LAST_BEST,
        # Without the partition's tag Dagster looks each key up in its storage: 8 ms a system, and a tick has a minute.
        # The keys come from that storage, so the lookup is not needed.
        tags={REASON_TAG: "; ".join(reasons), PARTITION_TAG: system},
    )


def _warn_of_changed_sources(context: dg.ScheduleEvaluationContext, store: Store) -> None:
    """Warn that sources changed. The night does not read them: literature is read when somebody asks for it."""
    try:
        changed = _changed_sources(store)
    except BmgError as error:
        context.log.warning(f"The literature's sources cannot be looked through: {error}")
        return
    if changed:
        context.log.warning(
            f"The literature's sources at hand are not those last read ({', '.join(changed)}): run literature_job to "
            "take them in."
        )


def _changed_sources(store: Store) -> list[str]:
    """Names of the sources at hand that are new, gone or changed since the literature was last read."""
    from bmg_assets.sources.declaration import read_declarations
    from bmg_assets.sources.download import available_sources, choose_sources, file_sha256

    then = LiteratureDatabase(store=store).source_files(REPORTS.name)
    places = Locations.from_environment()
    declarations = read_declarations(places.literature / "sources.yaml")
    paths = available_sources(declarations, places.downloads, places.literature)
    now = {name: file_sha256(paths[name]) for name in choose_sources(declarations, paths)}
    return sorted(name for name in {*then, *now} if then.get(name) != now.get(name)) if then else []
