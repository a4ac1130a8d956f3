"""The jobs: the literature, one system, the studies, properties, and those that register and remove systems.

The work of one system is one job with one partition key. So one run leads from the literature to the candidates, and
two runs of a system can be kept apart.
"""

from collections.abc import Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from pydantic import Field

from bmg_assets.assets.listed_atlas import atlas_at_hand, laboratory_now, register_best
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.partitions import (
    atlas_shard,
    evaluation,
    mapped_property,
    register_system,
    studied_system,
    target_system,
    unregister_system,
)
from bmg_assets.science.alloys.systems import SEPARATOR, TargetSystem
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS
from bmg_assets.science.surrogates.possible import possible_for
from bmg_assets.store.store import Store

LITERATURE_JOB = "literature_job"
SYSTEM_JOB = "system_job"
STUDY_JOB = "study_job"
EVIDENCE_JOB = "evidence_job"
LITERATURE_EVIDENCE_JOB = "literature_evidence_job"
REGIME_EVIDENCE_JOB = "regime_evidence_job"
CAMPAIGN_EVIDENCE_JOB = "campaign_evidence_job"
EVALUATION_JOB = "evaluation_job"
PROPERTY_VALUES_JOB = "property_values_job"
PROPERTY_JOB = "property_job"
ATLAS_CALIBRATION_JOB = "atlas_calibration_job"
ATLAS_JOB = "atlas_job"
ATLAS_EVIDENCE_JOB = "atlas_evidence_job"
RECOMMENDING = ("lab_results", "transfer_grid", "recommendations")
"""Assets of a system that need no descriptors: all that a run makes of one whose elements have none."""
LONGEST_SYSTEM_RUN_S = 8 * 3600
LONGEST_ATLAS_RUN_S = 24 * 3600
MAIN_MACHINE = "bmg-main"
READS_LOCAL_FILES = {"dagster-celery/queue": MAIN_MACHINE}
"""Tag of jobs that read downloads or the laboratory's own tables: of several machines only the main one has them."""
FROM_LAST_BEST = {
    "ops": {asset: {"config": {"start_from_last_best": True}} for asset in SUB_MODEL_ASSETS.values()},
}
"""Run config of a run that no person starts. A system without an earlier training is searched from the start."""

literature_job = dg.define_asset_job(
    LITERATURE_JOB,
    selection=dg.AssetSelection.groups("literature"),
    description="Read all sources that are at hand, curate them and describe every alloy.",
    tags={"dagster/max_runtime": str(3600), **READS_LOCAL_FILES},
)

system_job = dg.define_asset_job(
    SYSTEM_JOB,
    selection=dg.AssetSelection.groups("lab", "training", "prediction"),
    partitions_def=target_system,
    description="Train one target system and propose the next two alloys to cast.",
    tags={"dagster/max_runtime": str(LONGEST_SYSTEM_RUN_S)},
)


study_job = dg.define_asset_job(
    STUDY_JOB,
    selection=dg.AssetSelection.assets("studied_maps", "pruning_study"),
    partitions_def=studied_system,
    description="Study what the paper's pruning does to one system: add its key to studied_system, or use `bmg study`.",
    tags={"dagster/max_runtime": str(LONGEST_SYSTEM_RUN_S)},
)


def _evidence_job(name: str, asset: str, description: str) -> UnresolvedAssetJobDefinition:
    return dg.define_asset_job(
        name,
        selection=dg.AssetSelection.assets(asset),
        description=description,
        tags={"dagster/max_runtime": str(LONGEST_SYSTEM_RUN_S)},
    )


evidence_job = _evidence_job(
    EVIDENCE_JOB,
    "strategy_benchmark",
    "Evaluate every surrogate on systems left out; what is evaluated already is not evaluated again.",
)

literature_evidence_job = _evidence_job(
    LITERATURE_EVIDENCE_JOB,
    "literature_evidence",
    "Learn from the literature with and without each source, and judge; what was evaluated stays.",
)

regime_evidence_job = _evidence_job(
    REGIME_EVIDENCE_JOB,
    "regime_evidence",
    "Judge every surrogate by how much is known of a system; what was evaluated stays.",
)

campaign_evidence_job = _evidence_job(
    CAMPAIGN_EVIDENCE_JOB,
    "campaign_evidence",
    "Simulate campaigns on maps of systems left out, by every rule; what was run already stays.",
)

atlas_evidence_job = _evidence_job(
    ATLAS_EVIDENCE_JOB,
    "atlas_evidence",
    "Judge the ranking of systems by what was left out and what was found later; tests that are there stay.",
)

evaluation_job = dg.define_asset_job(
    EVALUATION_JOB,
    selection=dg.AssetSelection.assets("evaluations"),
    partitions_def=evaluation,
    description="Evaluate one entry of an evidence: `bmg evidence --spread` registers the keys and starts the runs.",
    tags={"dagster/max_runtime": str(LONGEST_SYSTEM_RUN_S)},
)

property_values_job = dg.define_asset_job(
    PROPERTY_VALUES_JOB,
    selection=dg.AssetSelection.assets("property_reports", "property_values"),
    description="Take in what the sources at hand report of properties other than D_max.",
    tags={"dagster/max_runtime": str(3600), **READS_LOCAL_FILES},
)

property_job = dg.define_asset_job(
    PROPERTY_JOB,
    selection=dg.AssetSelection.assets("property_maps"),
    partitions_def=mapped_property,
    description="Map a property other than D_max in one system; `bmg property` registers the key and starts it.",
    tags={"dagster/max_runtime": str(LONGEST_SYSTEM_RUN_S)},
)

atlas_calibration_job = dg.define_asset_job(
    ATLAS_CALIBRATION_JOB,
    selection=dg.AssetSelection.assets("atlas_calibration"),
    description="Leave out each system of the literature, so that the atlas can tell chances; some minutes.",
    tags={"dagster/max_runtime": str(LONGEST_SYSTEM_RUN_S)},
)

atlas_job = dg.define_asset_job(
    ATLAS_JOB,
    selection=dg.AssetSelection.assets("system_atlas"),
    partitions_def=atlas_shard,
    description="Make shards of the atlas; those made from the same alloys stay as they are.",
    tags={"dagster/max_runtime": str(LONGEST_ATLAS_RUN_S)},
)


def assets_of_run(system: str) -> list[dg.AssetKey] | None:
    """What a run makes of a system; None for everything.

    Where the descriptors do not know an element no sub-model can be trained, and the recommendations come all the same.
    """
    possible = possible_for(system.split(SEPARATOR))
    if possible.trains_sub_models or not possible.has_recommendations:
        return None
    return [dg.AssetKey(asset) for asset in RECOMMENDING]


def chosen_assets(system: str, assets: Sequence[str] | None) -> list[dg.AssetKey] | None:
    """Those of these assets that a run makes of a system; None for everything."""
    possible = assets_of_run(system)
    if assets is None:
        return possible
    wanted = [dg.AssetKey(asset) for asset in assets]
    return wanted if possible is None else [asset for asset in wanted if asset in possible]


class SystemKey(dg.Config):
    """Which system."""

    target_system: str = Field(
        description="Element symbols joined by '-', in the order in which you want the corners, for example Zr-Al-Cu."
    )


@dg.op
@ends_in_one_sentence
def add_system(context: dg.OpExecutionContext, config: SystemKey) -> None:
    """Register a target system as a partition."""
    system = register_system(context.instance, config.target_system)
    context.log.info(registered_in_words(system))


def registered_in_words(system: TargetSystem) -> str:
    """That a system is registered, and what to do next."""
    return f"{system.key} is registered; materialize {SYSTEM_JOB} for it to get its candidates."


class BestOfAtlas(dg.Config):
    """Which systems of the atlas, and how many."""

    most: int = Field(default=5, ge=1, le=100, description="How many systems, those with the highest chance first.")
    wanted: list[str] = Field(default=[], description="Elements that each of them holds, such as Zr.")
    refused: list[str] = Field(default=[], description="Elements that none of them holds, such as Be.")
    n_elements: int | None = Field(default=None, description="Elements of each system, 3 or 4; both by default.")
    new_only: bool = Field(
        default=False, description="Only systems of which no alloy is reported and none was cast here."
    )


@dg.op
@ends_in_one_sentence
def add_from_atlas(context: dg.OpExecutionContext, config: BestOfAtlas, store: Store, lab_inbox: LabInbox) -> None:
    """Register the best systems of the atlas that are not registered."""
    from bmg_assets.science.atlas.choice import AtlasChoice
    from bmg_assets.science.atlas.listing import listed

    choice = AtlasChoice(
        wanted=tuple(config.wanted),
        refused=tuple(config.refused),
        n_elements=config.n_elements,
        new_only=config.new_only,
    )
    rows, laboratory = atlas_at_hand(store, config.n_elements), laboratory_now(context.instance, lab_inbox)
    added = register_best(context.instance, listed(rows, laboratory, choice), config.most, laboratory.practice)
    for system, doubts in added:
        context.log.info(" ".join([registered_in_words(system), *doubts]))
    if not added:
        context.log.info("No system was added: none of the atlas is as you ask and not registered yet.")


@dg.op
@ends_in_one_sentence
def remove_system(context: dg.OpExecutionContext, config: SystemKey, store: Store) -> None:
    """Remove a system's partition and what is stored of it."""
    unregister_system(context.instance, config.target_system)
    removed = store.delete_system(config.target_system)
    context.log.info(f"{config.target_system} is removed, with {len(removed)} files of the store.")


@dg.job(description="Register a target system, like adding a partition, with its key checked.")
def add_system_job() -> None:
    """Job of the op `add_system`."""
    add_system()


@dg.job(description="Register the best systems of the atlas that are not registered yet, as `bmg atlas --add` does.")
def add_from_atlas_job() -> None:
    """Job of the op `add_from_atlas`."""
    add_from_atlas()


@dg.job(description="Remove a target system and everything that is stored of it.")
def remove_system_job() -> None:
    """Job of the op `remove_system`."""
    remove_system()
