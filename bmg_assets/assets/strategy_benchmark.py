"""Group `study`, the evidence: how good each strategy is for systems that nobody has cast.

Belongs here: choosing inputs, having the entries judged, describing the result. Does not belong here: what is measured
(science/evidence), which entries are there (study/contest_entries.py), what the paper's pruning does to a map.
"""

from datetime import UTC, datetime

import dagster as dg

from bmg_assets.assets.types import TABLE, Frame, Result
from bmg_assets.checks.check import check_specs, stored_if_it_passes, table_result
from bmg_assets.checks.evidence import STRATEGY_BENCHMARK_CHECKS
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.pages.metadata import links_to, metadata_values
from bmg_assets.settings import BenchmarkChoices
from bmg_assets.store.page_addresses import REPORTS
from bmg_assets.store.store import Store

EVIDENCE_PAGE = f"{REPORTS}/strategy_benchmark.html"
HEADLINES = ("auc", "enrichment", "bulk_by_pair_1", "held_bulk_90%")


@overriding("seed")
class StrategyBenchmarkConfig(BenchmarkChoices, dg.Config):
    """What is evaluated."""


@dg.asset(
    group_name="study",
    io_manager_key="system_tables",
    dagster_type=TABLE,
    kinds={"parquet", "html"},
    code_version="1",
    check_specs=check_specs("strategy_benchmark", STRATEGY_BENCHMARK_CHECKS),
    # A worker that the system ended is worth one more try, which goes on where the first one was.
    retry_policy=dg.RetryPolicy(max_retries=1, delay=10),
    description=(
        "The evidence: every ternary with bulk glasses and others is left out in turn, each strategy learns from what "
        "is known without it, and its ranking, map, intervals and casts are held against the reports. Entries that "
        "are there already for the same literature are not judged again."
    ),
)
@ends_in_one_sentence
@stored_if_it_passes
def strategy_benchmark(
    context: dg.AssetExecutionContext,
    config: StrategyBenchmarkConfig,
    defaults: Defaults,
    store: Store,
    literature_alloys: Frame,
    alloy_descriptors: Frame,
) -> Result:
    """Judge what is not there, sum up, write the page."""
    import pandas as pd

    from bmg_assets.pages.evidence_page import draw_evidence, render_evidence
    from bmg_assets.pages.provenance import library_versions
    from bmg_assets.science.descriptors.elements import element_tables
    from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
    from bmg_assets.science.evidence.benchmark import contest_named, entries_of, prepare_ground, random_scores
    from bmg_assets.science.evidence.summary import summarise
    from bmg_assets.science.surrogates.catalogue import STRATEGIES, strategy_named
    from bmg_assets.studies.benchmark_entries import ContestWork, judge_entries, stored_promises, stored_scores

    strategies = [strategy_named(name) for name in config.strategies or STRATEGIES]
    seed = defaults.overridden_by(config).seed
    contest = contest_named(config.contest, seed, config.with_release)
    tables = element_tables(alloy_descriptors["element_tables"].iloc[0])
    ground = prepare_ground(literature_alloys, alloy_descriptors, tables, PAPER_DESCRIPTORS)
    work, entries = ContestWork.on(ground, contest), entries_of(contest, ground, strategies)
    judged = judge_entries(store, work, entries, context.log.info)
    blind = [
        random_scores(contest, ground, entry.left_out, entry.split)
        for entry in entries
        if entry.strategy == strategies[0] and entry.split.has_bulk
    ]
    scores = pd.concat([stored_scores(store, work, entries), *blind], ignore_index=True)
    summary = summarise(scores, seed)
    frame = summary.assign(contest=contest.name)
    pictures = draw_evidence(summary)
    promises = stored_promises(store, work, entries)
    page = render_evidence(summary, scores, promises, contest, pictures, library_versions(), datetime.now(UTC)).encode()
    files = {"page": store.write_bytes(EVIDENCE_PAGE, page)}
    for picture in pictures:
        for kind, data in picture.files.items():
            name = f"figures/strategy_benchmark/{picture.name}.{kind}"
            files[f"{picture.name}_{kind}"] = store.write_bytes(name, data)
    return table_result(
        STRATEGY_BENCHMARK_CHECKS,
        frame,
        metadata=links_to(files)
        | metadata_values(
            contest=contest.name,
            seed=seed,
            entries_judged=judged,
            entries_there_before=len(entries) - judged,
            systems=sorted({entry.left_out.target.key for entry in entries if entry.split.has_bulk}),
            page_bytes=len(page),
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
