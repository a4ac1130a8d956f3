"""Group `study`, the evidence of campaigns: by which rule to cast pairs, and whether the chance of more holds.

Belongs here: choosing inputs, having the campaigns run, describing the result. Does not belong here: rules, truths and
what is measured (science/evidence), and which entries there are (studies/evidence_parts.py).
"""

import dagster as dg

from bmg_assets.assets.decorators import RETRY_ENDED_WORKER, table_asset
from bmg_assets.assets.evaluations import evaluate_all
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.check import table_result
from bmg_assets.checks.evidence import CAMPAIGN_EVIDENCE_CHECKS
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.pages.metadata import metadata_values
from bmg_assets.settings import EvidencePartsChoices
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import CAMPAIGN_FORECASTS, CAMPAIGN_SCORES
from bmg_assets.studies.evidence_parts import parts_of_campaigns


@overriding("seed")
class CampaignEvidenceConfig(EvidencePartsChoices, dg.Config):
    """How much is simulated."""


@table_asset(
    "study",
    CAMPAIGN_EVIDENCE_CHECKS,
    kinds={"parquet"},
    code_version="1",
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "Simulated campaigns on the maps of left-out systems: pairs are cast by each rule, from nothing known, related "
        "alloys known or six casts, on several truths and in pools of reported alloys; how much of the best is found "
        "after each round, and whether the chance that there is more to find holds. Campaigns that are there already "
        "for the same literature are not run again."
    ),
)
def campaign_evidence(
    context: dg.AssetExecutionContext,
    config: CampaignEvidenceConfig,
    defaults: Defaults,
    store: Store,
    literature_alloys: Frame,
) -> Result:
    """Run the campaigns that are not there, and sum up."""
    from bmg_assets.science.evidence.campaign_summary import summarise_campaigns
    from bmg_assets.science.evidence.stop_curve import StopCurve, guides, of_maps

    seed = defaults.overridden_by(config).seed
    (part,) = parts_of_campaigns({"alloys": literature_alloys}.__getitem__, config, seed)
    run = evaluate_all(context, store, [part])
    scores, forecasts = part.read(store, CAMPAIGN_SCORES.name), part.read(store, CAMPAIGN_FORECASTS.name)
    of_guides = of_maps(forecasts)[guides(of_maps(forecasts))]
    return table_result(
        CAMPAIGN_EVIDENCE_CHECKS,
        summarise_campaigns(scores, forecasts, seed),
        metadata=metadata_values(
            seed=seed,
            systems=sorted(scores["system"].unique()),
            **run,
            curve_of_stopping=[round(one, 3) for one in StopCurve.fit(of_guides).parameters],
        ),
    )
