"""Starting the platform's jobs from Python: the same jobs, instance and store as in the Dagster UI."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG
from pydantic import BaseModel

from bmg_assets.assets.atlas_inputs import atlas_work, known_to_atlas
from bmg_assets.assets.literature import WARNINGS
from bmg_assets.automation.jobs import (
    ATLAS_CALIBRATION_JOB,
    ATLAS_EVIDENCE_JOB,
    ATLAS_JOB,
    CAMPAIGN_EVIDENCE_JOB,
    EVALUATION_JOB,
    EVIDENCE_JOB,
    LITERATURE_EVIDENCE_JOB,
    LITERATURE_JOB,
    PROPERTY_JOB,
    PROPERTY_VALUES_JOB,
    REGIME_EVIDENCE_JOB,
    STUDY_JOB,
    SYSTEM_JOB,
    chosen_assets,
)
from bmg_assets.build import build_resources, present_definitions
from bmg_assets.execution.claims import PARTITION_TAG, refuse_overlap
from bmg_assets.execution.dead_runs import end_dead_runs
from bmg_assets.execution.fork_server import start_fork_server
from bmg_assets.execution.processes import tag_of_own_process
from bmg_assets.execution.run_failures import WILL_RETRY_TAG, first_failure, was_stopped
from bmg_assets.execution.stopping import run_of_command
from bmg_assets.launch.choices import Choices, check_system_choices, run_config_of
from bmg_assets.launch.spread import Say, SpreadWork, spread
from bmg_assets.partitions import EVALUATION_DIMENSION, STUDY_DIMENSION, register_property_map, register_system
from bmg_assets.science.alloys.systems import TERNARY, parse_system
from bmg_assets.science.atlas.fitted_atlas import identity_of_known
from bmg_assets.science.atlas.shards import Shard, shards_of
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.properties import Property
from bmg_assets.science.literature.pruning import EXCLUDED
from bmg_assets.settings import BenchmarkChoices, EvidencePartsChoices
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.store import Store
from bmg_assets.store.tables.atlas import ATLAS_CALIBRATION
from bmg_assets.store.tables.literature import ALLOYS, DESCRIPTORS
from bmg_assets.studies.atlas_shards import ternaries_at_hand
from bmg_assets.studies.evidence_parts import (
    parts_of_atlas,
    parts_of_benchmark,
    parts_of_campaigns,
    parts_of_literature,
    parts_of_regimes,
)
from bmg_assets.studies.pruning_rows import StudySettings, unfinished_systems

NOTHING_CHOSEN: Choices = {}


@dataclass(frozen=True)
class Evidence:
    """How an evidence is made."""

    job: str
    parts_of: Callable[..., list[Any]]
    """The entries that it is summed up of, from the literature, choices and a seed."""
    choices: type[BaseModel]
    """What may be chosen of them."""


EVIDENCES = {
    "benchmark": Evidence(EVIDENCE_JOB, parts_of_benchmark, BenchmarkChoices),
    "literature": Evidence(LITERATURE_EVIDENCE_JOB, parts_of_literature, EvidencePartsChoices),
    "regimes": Evidence(REGIME_EVIDENCE_JOB, parts_of_regimes, EvidencePartsChoices),
    "atlas": Evidence(ATLAS_EVIDENCE_JOB, parts_of_atlas, EvidencePartsChoices),
    "campaigns": Evidence(CAMPAIGN_EVIDENCE_JOB, parts_of_campaigns, EvidencePartsChoices),
}


class RunFailedError(BmgError):
    """A run that ended without its result."""


def run_literature(instance: dg.DagsterInstance, choices: Choices = NOTHING_CHOSEN) -> None:
    """Materialize the literature.

    Raises:
        RunFailedError: the run failed; the message is the failure's.
        KeyboardInterrupt: a person stopped it.
    """
    _execute(instance, LITERATURE_JOB, choices)


def warnings_of_literature(instance: dg.DagsterInstance) -> list[str]:
    """What the last reading of the literature found wrong with its sources, a sentence each."""
    event = instance.get_latest_materialization_event(dg.AssetKey("literature_reports"))
    read = event.asset_materialization if event is not None else None
    found = read.metadata.get(WARNINGS) if read is not None else None
    return [str(sentence) for sentence in found.value or []] if isinstance(found, dg.JsonMetadataValue) else []


def ensure_literature(instance: dg.DagsterInstance, store: Store, choices: Choices = NOTHING_CHOSEN) -> None:
    """Materialize the literature if the store has none yet; raises as `run_literature`."""
    if not LiteratureDatabase(store=store).has_table(DESCRIPTORS.name):
        run_literature(instance, choices)


def run_system(
    instance: dg.DagsterInstance, key: str, choices: Choices = NOTHING_CHOSEN, assets: Sequence[str] | None = None
) -> None:
    """Materialize one registered system from its casts to its candidates and page, or some of its assets.

    Of a system that the descriptors do not know only the recommendations are made.

    Args:
        assets: names of those that are made; None: all of them.

    Raises:
        RunFailedError: the run failed; the message is the failure's.
        SystemBusyError: a run is at work on this system.
        BmgError: nothing could be proposed, see `check_system_choices`.
        KeyboardInterrupt: a person stopped it.
    """
    check_system_choices(key, choices)
    refuse_overlap(instance, key)
    _execute(instance, SYSTEM_JOB, choices, key, chosen_assets(key, assets))


def run_study(
    instance: dg.DagsterInstance,
    systems: Sequence[str],
    choices: Choices = NOTHING_CHOSEN,
    say: Say = lambda _: None,
    is_spread: bool = False,
) -> None:
    """Study the systems one after the other, those that are not finished; interrupted, the same call goes on.

    The systems are registered for the study alone. The literature is there.

    Args:
        say: is called with a sentence when each system begins.
        is_spread: a run for each system is queued, for whatever machine; what they found is summed up here.

    Raises:
        SystemKeyError: a key cannot be used, or its elements are studied in another order.
        TrainingSetError: a system that cannot be studied, before anything is trained.
        NobodyStartsRunsError, SpreadWorkError: see `spread`.
        RunFailedError, SystemBusyError, KeyboardInterrupt: as `run_system`.
    """
    resources = build_resources()
    settings = StudySettings.chosen(resources["defaults"].overridden_by(choices), resources["system_chain"])
    targets = [parse_system(key) for key in dict.fromkeys(systems)]
    sub_datasets = choices.get("sub_datasets", tuple(EXCLUDED))
    unfinished = unfinished_systems(resources["store"], targets, sub_datasets, settings)
    for target in targets:
        register_system(instance, target.key, STUDY_DIMENSION)
    if is_spread and unfinished:
        maps, keys = [dg.AssetKey("studied_maps")], [target.key for target in unfinished]
        config = run_config_of(job_named(STUDY_JOB), choices, maps)
        spread(instance, SpreadWork(STUDY_JOB, STUDY_DIMENSION, keys, config, "The paper's study", maps), say)
        _execute(instance, STUDY_JOB, assets=[dg.AssetKey("pruning_study")])
        return
    for number, target in enumerate(unfinished, start=1):
        say(f"{target.key}, {number} of {len(unfinished)} systems to study")
        refuse_overlap(instance, target.key)
        _execute(instance, STUDY_JOB, choices, target.key)
    if not unfinished:
        say("All of it is there already; the table and the page are written anew.")
        _execute(instance, STUDY_JOB, assets=[dg.AssetKey("pruning_study")])


def run_evidence(instance: dg.DagsterInstance, name: str, choices: Choices = NOTHING_CHOSEN) -> None:
    """Evaluate what an evidence lacks, and sum up; interrupted, the same call goes on. The literature is there.

    Args:
        name: one of EVIDENCES.

    Raises:
        RunFailedError, KeyboardInterrupt: as `run_system`.
    """
    _execute(instance, EVIDENCES[name].job, choices)


def spread_evidence(instance: dg.DagsterInstance, name: str, choices: Choices, say: Say) -> None:
    """The same, but a run for each entry evaluates what is missing, on whatever machine.

    Args:
        say: is called with sentences on the progress.

    Raises:
        NobodyStartsRunsError, SpreadWorkError: see `spread`.
        BmgError: this literature has no such evidence.
        RunFailedError, KeyboardInterrupt: as `run_system`.
    """
    evidence, resources = EVIDENCES[name], build_resources()
    seed, store = resources["defaults"].overridden_by(choices).seed, resources["store"]
    chosen = evidence.choices(**{one: choices[one] for one in evidence.choices.model_fields if one in choices})
    parts = evidence.parts_of(cache(LiteratureDatabase(store=store).read), chosen, seed)
    keys = [one.key for part in parts for one in part.missing(store)]
    if keys:
        config = run_config_of(job_named(EVALUATION_JOB), {"seed": seed})
        spread(instance, SpreadWork(EVALUATION_JOB, EVALUATION_DIMENSION, keys, config, f"Evidence: {name}"), say)
    run_evidence(instance, name, choices)


def run_atlas(instance: dg.DagsterInstance, n_elements: int, say: Say, is_spread: bool = False) -> None:
    """Make what the atlas lacks of the systems of so many elements; interrupted, the same call goes on.

    What was made from the alloys that are known today stays as it is. The literature is there.

    Args:
        say: is called with sentences on the progress.
        is_spread: whether a run for each shard makes it, on whatever machine.

    Raises:
        AtlasError: too little is known, or the ternaries, which quaternaries are compared with, are not there.
        NobodyStartsRunsError, SpreadWorkError: see `spread`.
        RunFailedError, KeyboardInterrupt: as `run_system`.
    """
    shards = missing_shards(instance, n_elements, say)
    if not shards:
        say("All of it is there, made from the alloys that are known today.")
    elif is_spread:
        config = run_config_of(job_named(ATLAS_JOB), NOTHING_CHOSEN)
        names = [shard.name for shard in shards]
        spread(instance, SpreadWork(ATLAS_JOB, None, names, config, f"Atlas: {n_elements} elements"), say)
    else:
        say(f"{len(shards)} of {len(shards_of(n_elements))} shards are to be made; each is kept when it is done.")
        _execute(instance, ATLAS_JOB, partitions=(shards[0].name, shards[-1].name))


def missing_shards(instance: dg.DagsterInstance, n_elements: int, say: Say) -> list[Shard]:
    """The shards that are not there as they are wanted; the calibration that they need is made first.

    Raises:
        AtlasError, RunFailedError, KeyboardInterrupt: as `run_atlas`.
    """
    resources = build_resources()
    store, settings = resources["store"], resources["defaults"]
    alloys = LiteratureDatabase(store=store).read(ALLOYS.name)
    if not _is_calibrated_on(store, identity_of_known(known_to_atlas(store, alloys))):
        say("The chances are calibrated first, on systems that are left out; that takes some minutes.")
        _execute(instance, ATLAS_CALIBRATION_JOB)
    if n_elements > TERNARY:
        ternaries_at_hand(store)
    work = atlas_work(store, alloys, store.read_table(ATLAS_CALIBRATION.name), settings)
    return [shard for shard in shards_of(n_elements) if not work.cached(shard).is_in(store)]


def _is_calibrated_on(store: Store, identity: str) -> bool:
    """Whether the chances of the atlas are calibrated on the known alloys of this identity."""
    if not store.has_table(ATLAS_CALIBRATION.name):
        return False
    fitted_to = store.read_table(ATLAS_CALIBRATION.name)["known_fingerprint"]
    return not fitted_to.empty and bool((fitted_to == identity).all())


def run_property_values(instance: dg.DagsterInstance) -> None:
    """Take in the reported properties other than D_max of the sources at hand; raises as `run_literature`."""
    _execute(instance, PROPERTY_VALUES_JOB)


def run_property(instance: dg.DagsterInstance, prop: Property, system: str, choices: Choices = NOTHING_CHOSEN) -> None:
    """Register the map of a property in a system, and materialize it. The values are there.

    Raises:
        SystemKeyError: the key cannot be used, or the property is mapped with its elements in another order.
        RunFailedError, SystemBusyError, KeyboardInterrupt: as `run_system`.
    """
    key = register_property_map(instance, prop, system)
    refuse_overlap(instance, key)
    _execute(instance, PROPERTY_JOB, choices, key)


def job_named(name: str) -> dg.JobDefinition:
    """A job of the platform as its worker processes build it again."""
    return present_definitions().resolve_job_def(name)


def _execute(
    instance: dg.DagsterInstance,
    name: str,
    choices: Choices = NOTHING_CHOSEN,
    partition: str | None = None,
    assets: Sequence[dg.AssetKey] | None = None,
    partitions: tuple[str, str] | None = None,
) -> None:
    """Run a job in this process's name, of one partition, of those from a first to a last one, or of none."""
    job = dg.build_reconstructable_job(__name__, job_named.__name__, (name,))
    definition = job.get_definition()
    if definition.executor_def.name == dg.multiprocess_executor.name:
        start_fork_server()
    end_dead_runs(instance)
    # Entering the result as a context would set up all resources once more, and raise what failed the run.
    with run_of_command():
        result = dg.execute_job(
            job,
            instance,
            run_config={**run_config_of(definition, choices, assets), "loggers": {"console": {}}},
            tags={**tag_of_own_process(), **_tags_of(partition, partitions)},
            asset_selection=assets,
        )
    if was_stopped(result.all_events):
        # Stopped before its first step a run counts as failed, and would be tried again.
        instance.add_run_tags(result.run_id, {WILL_RETRY_TAG: "false"})
        raise KeyboardInterrupt
    if not result.success:
        raise RunFailedError(f"Run {result.run_id} failed. {first_failure(result.all_events)}")


def _tags_of(partition: str | None, partitions: tuple[str, str] | None) -> dict[str, str]:
    if partitions is not None:
        return dict(zip((ASSET_PARTITION_RANGE_START_TAG, ASSET_PARTITION_RANGE_END_TAG), partitions, strict=True))
    return {} if partition is None else {PARTITION_TAG: partition}
