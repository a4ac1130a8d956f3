"""The inbox sensor: casts come in, and the systems that they concern are trained again.

It compares the wanted casts, which follow from the accepted files alone, with those that `lab_results` is stored with.
So nothing is lost when a tick, a daemon or a run dies: the next tick finds the same difference.
Belongs here: asking for runs. Does not belong here: how files are taken in (`bmg_assets.intake`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from bmg_assets.automation.jobs import FROM_LAST_BEST, assets_of_run, system_job
from bmg_assets.automation.schedules import REASON_TAG
from bmg_assets.automation.untrainable import untrainable
from bmg_assets.environment import variable
from bmg_assets.execution.claims import systems_with_a_run
from bmg_assets.execution.dead_runs import end_dead_runs
from bmg_assets.execution.lost_retries import look_again
from bmg_assets.intake.inbox import InboxBusyError, InboxLook, LabInbox, LaboratoryNotThereError
from bmg_assets.intake.publishing import publish_settings
from bmg_assets.intake.record import NO_CASTS, ElementSet, WantedCasts, fingerprint_of
from bmg_assets.partitions import target_system, unusable_keys, usable_systems
from bmg_assets.science.alloys.systems import SEPARATOR, SystemKeyError, check_new_key
from bmg_assets.science.proposals.casting_practice import CastingPracticeError
from bmg_assets.settings import DATABASE
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import known_casts, why_no_literature
from bmg_assets.store.origins import read_ahead
from bmg_assets.store.store import Store

LAB_RESULTS = dg.AssetKey("lab_results")
MATERIALIZATION = dg.DagsterEventType.ASSET_MATERIALIZATION
SECONDS_BETWEEN_LOOKS = 30
FILES_NAMED = 5
LONGEST_READING_S = 3.0
"""Of what the nightly schedule will look at; a tick may take a minute."""


@dataclass(frozen=True)
class _Difference:
    """A system whose accepted casts are not those of its last lab_results."""

    system: str
    fingerprint: str
    last_storage_id: int | None

    @property
    def run_key(self) -> str:
        # No run key is used twice: with the fingerprint alone, casts that return to an earlier state would be ignored.
        return f"{self.fingerprint}/{self.last_storage_id or 0}/{self.system}"


@dg.sensor(
    job=system_job,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Takes complete files of casts in from the inbox, registers systems that are new, and trains each system whose "
        "accepted casts are others than those of its last lab_results."
    ),
)
def lab_inbox_sensor(
    context: dg.SensorEvaluationContext, lab_inbox: LabInbox, store: Store, system_chain: SystemChain
) -> dg.SensorResult:
    """One request per system, as soon as no run is at work on it and there is literature."""
    instance = context.instance
    for run_id in end_dead_runs(instance):
        context.log.warning(f"Run {run_id} had no process any more and was ended.")
    for run_id in look_again(instance):
        context.log.warning(
            f"Run {run_id} failed and was not tried again as it should; the daemon looks at it once more."
        )
    try:
        look = _look(context, lab_inbox)
    except LaboratoryNotThereError as error:
        return dg.SensorResult(skip_reason=str(error))
    _publish_settings(context, lab_inbox, store)
    registered = usable_systems(instance)
    wanted = lab_inbox.wanted()
    new = list(_new_keys(context, wanted, registered))
    without_run = _without_run(registered, new)
    differences = _differences(instance, store, wanted, [one for one in (*registered, *new) if one not in without_run])
    held_up = _held_up(instance, store, system_chain, [one.system for one in differences])
    requested = [one for one in differences if one.system not in held_up]
    if not requested:
        # A quiet moment: what the night has to read of thousands of systems is more than its tick has time for.
        read_ahead(store, system_chain.parents, LONGEST_READING_S)
        return dg.SensorResult(
            skip_reason=_why_nothing(look, list(held_up.values()), unusable_keys(instance) + list(without_run.values()))
        )
    added = [one.system for one in requested if one.system in new]
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_key=one.run_key,
                partition_key=one.system,
                run_config=None if assets_of_run(one.system) else FROM_LAST_BEST,
                tags={REASON_TAG: "the accepted casts changed" if one.system not in added else "its first cast"},
                asset_selection=assets_of_run(one.system),
            )
            for one in requested
        ],
        dynamic_partitions_requests=[target_system.build_add_request(added)] if added else [],
    )


def _without_run(registered: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """Map each system for which no run is asked to the reason.

    One that the descriptors do not know gets its recommendations if a person has registered it.
    """
    cannot_be_trained = untrainable([*registered, *new])
    recommended = {system for system in registered if system in cannot_be_trained and assets_of_run(system)}
    return {system: why for system, why in cannot_be_trained.items() if system not in recommended}


def _look(context: dg.SensorEvaluationContext, lab_inbox: LabInbox) -> InboxLook:
    try:
        look = lab_inbox.take_in_complete()
    except InboxBusyError as error:
        context.log.info(str(error))
        return InboxLook((), ())
    for one in look.taken:
        context.log.info(
            f"{one.received_as}: {one.accepted} casts accepted, {one.refused} rows refused, {one.skipped} skipped; "
            f"see {one.report}"
        )
    for wait in look.waiting:
        context.log.info(f"{wait.name} stays in the inbox: {wait.reason}")
    return look


def _publish_settings(context: dg.SensorEvaluationContext, lab_inbox: LabInbox, store: Store) -> None:
    """Let the workers of a deployment of several machines read the laboratory's settings as they are now."""
    if variable(DATABASE) is None:
        return
    try:
        if publish_settings(Path(lab_inbox.root), store):
            context.log.info("The laboratory's settings changed, and were published for the workers.")
    except CastingPracticeError as error:
        context.log.warning(f"The laboratory's settings were not published, the workers have the last ones: {error}")


def _new_keys(
    context: dg.SensorEvaluationContext, wanted: Mapping[ElementSet, WantedCasts], registered: Sequence[str]
) -> Iterator[str]:
    """Keys for systems that were cast and are not registered, corners in the order of the first cast."""
    known = {frozenset(key.split(SEPARATOR)) for key in registered}
    for elements, casts in wanted.items():
        if elements in known:
            continue
        try:
            yield check_new_key(SEPARATOR.join(casts.elements), registered).key
        except SystemKeyError as error:
            context.log.warning(f"Accepted casts belong to no system: {error}")


def _differences(
    instance: dg.DagsterInstance, store: Store, wanted: Mapping[ElementSet, WantedCasts], systems: Sequence[str]
) -> list[_Difference]:
    """Systems to train, by one listing of the store and one query, however many systems there are.

    A system without casts is not among them if its last lab_results had none either, or was never made.
    """
    known = known_casts(store)
    fingerprints = {system: fingerprint_of(wanted, frozenset(system.split(SEPARATOR))) for system in systems}
    changed = [system for system in systems if fingerprints[system] != known.get(system, NO_CASTS)]
    last = instance.get_latest_storage_id_by_partition(LAB_RESULTS, MATERIALIZATION) if changed else {}
    return [_Difference(system, fingerprints[system], last.get(system)) for system in changed]


def _held_up(instance: dg.DagsterInstance, store: Store, chain: SystemChain, systems: Sequence[str]) -> dict[str, str]:
    """Map each system that has to wait to the reason."""
    no_literature = why_no_literature(store, chain)
    if no_literature is not None:
        return {system: f"{system} waits for literature. {no_literature}" for system in systems}
    busy = systems_with_a_run(instance)
    return {system: f"{system} waits for the end of run {busy[system]}" for system in systems if system in busy}


def _why_nothing(look: InboxLook, held_up: Sequence[str], unusable: Sequence[str]) -> str:
    reasons = list(held_up)
    if look.taken and not held_up:
        reasons.append(f"taken in: {len(look.taken)} files, none of which changes a system")
    reasons += [f"{one.name} stays in the inbox ({one.reason})" for one in look.waiting[:FILES_NAMED]]
    if len(look.waiting) > FILES_NAMED:
        reasons.append(f"{len(look.waiting) - FILES_NAMED} more files stay, too")
    words = "; ".join(reasons) if reasons else "Nothing new in the inbox, and every system knows its casts."
    return " ".join([words, *unusable])
