"""Group `study`, the evidence: how good each surrogate is for systems that nobody has cast.

Belongs here: choosing inputs, having the entries evaluated, describing the result. Does not belong here: what is
measured (science/evidence), which entries there are (studies/evidence_parts.py), what pruning does to a map.
"""

from datetime import UTC, datetime

import dagster as dg

from bmg_assets.assets.decorators import RETRY_ENDED_WORKER, table_asset
from bmg_assets.assets.evaluations import evaluate_all
from bmg_assets.assets.pages import write_page
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.check import table_result
from bmg_assets.checks.evidence import STRATEGY_BENCHMARK_CHECKS
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.pages.metadata import links_to, metadata_values
from bmg_assets.settings import BenchmarkChoices
from bmg_assets.store.page_addresses import EVIDENCE_PAGE
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store
from bmg_assets.studies.evidence_parts import parts_of_benchmark

HEADLINES = ("auc", "enrichment", "bulk_by_pair_1", "held_bulk_90%")


@overriding("seed")
class StrategyBenchmarkConfig(BenchmarkChoices, dg.Config):
    """What is evaluated."""


@table_asset(
    "study",
    STRATEGY_BENCHMARK_CHECKS,
    kinds={"parquet", "html"},
    code_version="1",
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "The evidence: every ternary with bulk glasses and others is left out in turn, each surrogate is fitted to "
        "what is known without it, and its ranking, map, intervals and casts are compared with the reports. Entries "
        "that are there already for the same literature are not evaluated again."
    ),
)
def strategy_benchmark(
    context: dg.AssetExecutionContext,
    config: StrategyBenchmarkConfig,
    defaults: Defaults,
    store: Store,
    literature_alloys: Frame,
    alloy_descriptors: Frame,
) -> Result:
    """Evaluate what is not there, sum up, write the page."""
    import pandas as pd

    from bmg_assets.pages.evidence_page import draw_evidence, render_evidence
    from bmg_assets.pages.provenance import library_versions
    from bmg_assets.science.evidence.benchmark import random_scores
    from bmg_assets.science.evidence.summary import summarise
    from bmg_assets.studies.benchmark_entries import stored_predictions, stored_scores

    seed = defaults.overridden_by(config).seed
    tables = {"alloys": literature_alloys, "descriptors": alloy_descriptors}
    (part,) = parts_of_benchmark(tables.__getitem__, config, seed)
    evaluated = evaluate_all(context, store, [part])
    benchmark, entries = part.work.benchmark, part.entries
    blind = [
        random_scores(benchmark, part.work.data, entry.left_out, entry.split)
        for entry in entries
        if entry.surrogate == entries[0].surrogate and entry.split.has_bulk
    ]
    scores = pd.concat([stored_scores(store, part), *blind], ignore_index=True)
    summary = summarise(scores, seed)
    frame = summary.assign(contest=benchmark.name)
    pictures = draw_evidence(summary)
    predictions = stored_predictions(store, part)
    now, links = datetime.now(UTC), links_from(store, EVIDENCE_PAGE)
    page = render_evidence(summary, scores, predictions, benchmark, pictures, library_versions(), now, links).encode()
    files = write_page(store, EVIDENCE_PAGE, page, pictures, "figures/strategy_benchmark/")
    return table_result(
        STRATEGY_BENCHMARK_CHECKS,
        frame,
        metadata=links_to(files)
        | metadata_values(
            contest=benchmark.name,
            seed=seed,
            systems=sorted({entry.left_out.target.key for entry in entries if entry.split.has_bulk}),
            page_bytes=len(page),
            **evaluated,
            **_headlines(summary),
        ),
    )


def _headlines(summary: Frame) -> dict[str, float]:
    """The means that curves are drawn of."""
    shown = summary[(summary["split"] == "development") & summary["metric"].isin(HEADLINES) & summary["mean"].notna()]
    return {
        f"{one['strategy']}_{one['track']}_{one['metric']}".replace("%", "_percent"): float(one["mean"])
        for one in shown.to_dict("records")
    }
