"""Group `atlas`: which system to start in.

Belongs here: what the surrogate is fitted to, having the calibration and the shards made, describing them. Does not
belong here: how a system is scanned (science/atlas), and which rows are shown (science/atlas/listing.py).
"""

from typing import Any

import dagster as dg

from bmg_assets.assets.atlas_inputs import atlas_work, known_to_atlas
from bmg_assets.assets.decorators import RETRY_ENDED_WORKER, table_asset
from bmg_assets.assets.listed_atlas import renew_atlas_page
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.atlas import ATLAS_CALIBRATION_CHECKS
from bmg_assets.checks.check import table_result
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.pages.metadata import links_to, metadata_values
from bmg_assets.partitions import atlas_shard
from bmg_assets.science.alloys.systems import TERNARY
from bmg_assets.science.atlas.shards import shard_named
from bmg_assets.store.store import Store
from bmg_assets.studies.atlas_shards import KnownAlloys, calibrated_on, ternaries_at_hand
from bmg_assets.studies.evaluations import Part, evaluate_missing


@overriding("seed")
class AtlasCalibrationConfig(dg.Config):
    """With what the surrogate is fitted."""


@overriding("seed", "top_share")
class SystemAtlasConfig(dg.Config):
    """With what the surrogate is fitted, and what counts as the top of a map."""


@table_asset(
    "atlas",
    ATLAS_CALIBRATION_CHECKS,
    kinds={"parquet"},
    code_version="1",
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "Every ternary and quaternary system of the literature as if none of its alloys had been reported: the best "
        "composition of its map, and whether a bulk glass is reported. The chance that a system holds a bulk glass is "
        "calibrated on it, because the best of thousands of compositions is partly a lucky one."
    ),
)
def atlas_calibration(
    config: AtlasCalibrationConfig, defaults: Defaults, store: Store, literature_alloys: Frame
) -> Result:
    """Leave each system out, and ask the surrogate for its best composition."""
    seed = defaults.overridden_by(config).seed
    known = KnownAlloys.of(known_to_atlas(store, literature_alloys), seed)
    frame = calibrated_on(known)
    told = frame["chance_bulk"].notna()
    return table_result(
        ATLAS_CALIBRATION_CHECKS,
        frame,
        metadata=metadata_values(
            systems=len(frame), with_bulk_glass=int(frame["has_bulk"].sum()), chances_told=int(told.sum()), seed=seed
        ),
    )


@dg.asset(
    group_name="atlas",
    partitions_def=atlas_shard,
    kinds={"parquet"},
    code_version="1",
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "Every ternary system of the elements that the literature supports at 1 at.%, and every quaternary at 5 at.%: "
        "the best composition with its expected D_max, and the chance that the system holds a bulk glass. A shard that "
        "was made from the same alloys is not made again, so that an interrupted run goes on where it was."
    ),
)
@ends_in_one_sentence
def system_atlas(
    context: dg.AssetExecutionContext,
    config: SystemAtlasConfig,
    defaults: Defaults,
    store: Store,
    lab_inbox: LabInbox,
    literature_alloys: Frame,
    atlas_calibration: Frame,
) -> dg.MaterializeResult[Any]:
    """Scan the systems of the shards of this run that are not there as they are wanted, and renew the page."""
    work = atlas_work(store, literature_alloys, atlas_calibration, defaults.overridden_by(config))
    shards = [shard_named(key) for key in context.partition_keys]
    parts = [Part(work, [one for one in shards if one.n_elements == TERNARY])]
    evaluated = evaluate_missing(store, parts, context.log.info)
    beyond = [one for one in shards if one.n_elements > TERNARY]
    if beyond:
        # Their ternary faces have to be there before them.
        evaluated += evaluate_missing(store, [Part(work.beside(ternaries_at_hand(store)), beyond)], context.log.info)
    return dg.MaterializeResult(
        metadata=links_to({"page": renew_atlas_page(context.instance, store, lab_inbox)})
        | metadata_values(
            shards=len(shards), shards_made=evaluated, known=len(work.known.table), made_from=work.known.fingerprint
        )
    )
