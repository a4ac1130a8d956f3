"""Group `study`, the evidence by regimes: which surrogate is right where nothing is known, and where much is.

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
from bmg_assets.checks.evidence import REGIME_EVIDENCE_CHECKS
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.pages.metadata import links_to, metadata_values
from bmg_assets.settings import COMMITTED, EvidencePartsChoices
from bmg_assets.spreadsheets import csv_of_frame
from bmg_assets.store.page_addresses import REGIME_EVIDENCE_PAGE, REPORTS
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store, StoredRowsError
from bmg_assets.store.tables.evidence import REGIME_ALLOYS, REGIME_DISTANCES, REGIME_EVIDENCE, REGIME_SCORES
from bmg_assets.studies.evidence_parts import parts_of_regimes

FIGURES_FILE = f"{REPORTS}/regimes.csv"
"""The figures in the form in which they come with the code."""


@overriding("seed")
class RegimeEvidenceConfig(EvidencePartsChoices, dg.Config):
    """How much is evaluated."""


@table_asset(
    "study",
    REGIME_EVIDENCE_CHECKS,
    kinds={"parquet", "html"},
    code_version="1",
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "Every surrogate in every regime: systems left out with nothing related known and with related alloys known, "
        "half of a system, single alloys, newcomers, what was found later, systems without a bulk glass; ranking, "
        "probabilities, intervals, maps and pairs of casts, and all by the distance to what is known. Entries that are "
        "there already for the same reports are not evaluated again."
    ),
)
def regime_evidence(
    context: dg.AssetExecutionContext,
    config: RegimeEvidenceConfig,
    defaults: Defaults,
    store: Store,
    literature_reports: Frame,
    literature_alloys: Frame,
    alloy_descriptors: Frame,
) -> Result:
    """Evaluate what is not there, sum up, write the page."""
    from bmg_assets.pages.provenance import library_versions
    from bmg_assets.pages.regime_evidence_page import render_regime_evidence
    from bmg_assets.science.evidence.by_distance import by_distance_of_all, least_explained
    from bmg_assets.science.evidence.regime_summary import summarise_regimes
    from bmg_assets.science.evidence.trust import figures_to_ship
    from bmg_assets.studies.regime_entries import scores_of_later, scores_of_paper

    seed = defaults.overridden_by(config).seed
    tables = {"reports": literature_reports, "alloys": literature_alloys, "descriptors": alloy_descriptors}
    parts = parts_of_regimes(tables.__getitem__, config, seed)
    evaluated = evaluate_all(context, store, parts)
    in_regimes, later, *of_paper = parts
    scores = [in_regimes.read(store, REGIME_SCORES.name), scores_of_later(store, later)]
    scores += [scores_of_paper(store, part, literature_alloys) for part in of_paper]
    frame = summarise_regimes(scores, seed)
    distances = by_distance_of_all(in_regimes.read(store, REGIME_ALLOYS.name), seed)
    store.write_table(REGIME_DISTANCES.name, None, distances)
    store.write_bytes(FIGURES_FILE, csv_of_frame(figures_to_ship(frame)).encode())
    now, links = datetime.now(UTC), links_from(store, REGIME_EVIDENCE_PAGE)
    page = render_regime_evidence(frame, distances, library_versions(), now, links).encode()
    files = write_page(store, REGIME_EVIDENCE_PAGE, page, [], "figures/regime_evidence/")
    return table_result(
        REGIME_EVIDENCE_CHECKS,
        frame,
        metadata=links_to(files)
        | metadata_values(
            seed=seed,
            targets_met=int((frame["verdict"] == "met").sum()),
            least_explained=least_explained(distances),
            page_bytes=len(page),
            **evaluated,
        ),
    )


def regime_figures_at_hand(store: Store) -> Frame:
    """The evidence by regimes of this deployment, or what came with the code where it has none that can be read."""
    from bmg_assets.sources.regime_figures import read_regime_figures

    if store.has_table(REGIME_EVIDENCE.name):
        try:
            return store.read_table(REGIME_EVIDENCE.name)
        except StoredRowsError:
            pass
    return read_regime_figures(COMMITTED / "evidence")
