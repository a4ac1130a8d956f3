"""Group `study`, the evidence on the literature: what each source, and each number of conflicting ones, is worth.

Belongs here: choosing inputs, having the entries evaluated, describing the result. Does not belong here: what is asked
and measured (science/evidence), and which entries there are (studies/evidence_parts.py).
"""

from datetime import UTC, datetime

import dagster as dg

from bmg_assets.assets.decorators import RETRY_ENDED_WORKER, table_asset
from bmg_assets.assets.evaluations import evaluate_all
from bmg_assets.assets.pages import write_page
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.check import table_result
from bmg_assets.checks.evidence import LITERATURE_EVIDENCE_CHECKS
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.pages.metadata import links_to, metadata_values
from bmg_assets.settings import EvidencePartsChoices
from bmg_assets.store.page_addresses import LITERATURE_EVIDENCE_PAGE
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import LITERATURE_SCORES
from bmg_assets.studies.evidence_parts import parts_of_literature


@overriding("seed")
class LiteratureEvidenceConfig(EvidencePartsChoices, dg.Config):
    """How much is evaluated."""


@table_asset(
    "study",
    LITERATURE_EVIDENCE_CHECKS,
    kinds={"parquet", "html"},
    code_version="1",
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "What the literature is worth: systems left out, systems that the paper's literature lacks, and what was found "
        "after a year, each learnt from the whole literature, the paper's, and with every source in and out. Entries "
        "that are there already for the same reports are not evaluated again."
    ),
)
def literature_evidence(
    context: dg.AssetExecutionContext,
    config: LiteratureEvidenceConfig,
    defaults: Defaults,
    store: Store,
    literature_reports: Frame,
) -> Result:
    """Evaluate what is not there, sum up, write the page."""
    from bmg_assets.pages.literature_evidence_page import render_literature_evidence
    from bmg_assets.pages.provenance import library_versions
    from bmg_assets.science.evidence.literature_summary import summarise_literature

    seed = defaults.overridden_by(config).seed
    (part,) = parts_of_literature({"reports": literature_reports}.__getitem__, config, seed)
    evaluated = evaluate_all(context, store, [part])
    frame, judge = summarise_literature(part.read(store, LITERATURE_SCORES.name), seed), part.work.data.judge
    now, links = datetime.now(UTC), links_from(store, LITERATURE_EVIDENCE_PAGE)
    page = render_literature_evidence(frame, library_versions(), now, links).encode()
    files = write_page(store, LITERATURE_EVIDENCE_PAGE, page, [], "figures/literature_evidence/")
    return table_result(
        LITERATURE_EVIDENCE_CHECKS,
        frame,
        metadata=links_to(files)
        | metadata_values(
            seed=seed,
            systems_left_out=list(judge.left_out),
            newcomers=len(judge.newcomers),
            page_bytes=len(page),
            **evaluated,
        ),
    )
