"""Group `atlas`, its evidence: are the systems that turned out to hold glass ranked first?

Belongs here: choosing inputs, having the tests evaluated, describing the result. Does not belong here: what is asked
and measured (science/evidence).
"""

import dagster as dg

from bmg_assets.assets.decorators import RETRY_ENDED_WORKER, table_asset
from bmg_assets.assets.evaluations import evaluate_all
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.atlas import ATLAS_EVIDENCE_CHECKS
from bmg_assets.checks.check import table_result
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.pages.metadata import metadata_values
from bmg_assets.settings import EvidencePartsChoices
from bmg_assets.store.store import Store
from bmg_assets.store.tables.atlas import ATLAS_RANKINGS
from bmg_assets.studies.evidence_parts import parts_of_atlas


@overriding("seed")
class AtlasEvidenceConfig(EvidencePartsChoices, dg.Config):
    """How much is evaluated."""


@table_asset(
    "atlas",
    ATLAS_EVIDENCE_CHECKS,
    kinds={"parquet"},
    code_version="1",
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "How well the atlas ranks systems: those of the literature left out, those in which bulk glasses were found "
        "after a year, and those that the paper's table lacks; beside likeness to a known system, the number of its "
        "relatives, and a coin."
    ),
)
def atlas_evidence(
    context: dg.AssetExecutionContext,
    config: AtlasEvidenceConfig,
    defaults: Defaults,
    store: Store,
    literature_reports: Frame,
) -> Result:
    """Evaluate the tests that are not there, and sum up."""
    from bmg_assets.science.evidence.system_ranking_metrics import summarise_rankings

    seed = defaults.overridden_by(config).seed
    parts = parts_of_atlas({"reports": literature_reports}.__getitem__, config, seed)
    evaluated = evaluate_all(context, store, parts)
    frame = summarise_rankings(parts[0].read(store, ATLAS_RANKINGS.name), seed)
    return table_result(ATLAS_EVIDENCE_CHECKS, frame, metadata=metadata_values(seed=seed, **evaluated))
