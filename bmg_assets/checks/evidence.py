"""Checks of the evidence: a table that compares what was not evaluated alike misleads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmg_assets.checks.check import Check, Finding, schema_check
from bmg_assets.science.evidence.campaign_names import ALL_MAPS, BLIND, MEAN_SHARE, REFERENCE
from bmg_assets.science.evidence.literature_variants import PAPER as PAPER_LITERATURE
from bmg_assets.science.evidence.literature_variants import WHOLE
from bmg_assets.science.surrogates.catalogue import PAPER
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets.store.tables.evidence import CAMPAIGN_EVIDENCE, LITERATURE_EVIDENCE, REGIME_EVIDENCE, STRATEGY_BENCHMARK

if TYPE_CHECKING:
    import pandas as pd


def paper_is_there(benchmark: pd.DataFrame) -> Finding:
    """The gain of the others is measured against the paper's surrogate, so that one has to be there."""
    return Finding(PAPER.name in set(benchmark["strategy"]), {"strategies": sorted(benchmark["strategy"].unique())})


def systems_suffice(benchmark: pd.DataFrame) -> Finding:
    """The intervals of a handful of systems are too wide to decide anything."""
    fewest = int(benchmark.loc[benchmark["metric"] == "auc", "systems"].min())
    return Finding(fewest >= 10, {"fewest_systems": fewest})


def references_are_there(evidence: pd.DataFrame) -> Finding:
    """Variants are compared with the paper's literature and with the whole, so both have to be there."""
    return Finding(
        {PAPER_LITERATURE, WHOLE} <= set(evidence["variant"]), {"variants": sorted(set(evidence["variant"]))}
    )


def all_regimes_are_there(evidence: pd.DataFrame) -> Finding:
    """Pages say which surrogate to trust by how much is known, so each regime has to be there."""
    found = set(evidence["regime"])
    return Finding(set(map(str, Regime)) <= found, {"regimes": sorted(found)})


def blind_casting_is_beaten(evidence: pd.DataFrame) -> Finding:
    """A rule that finds no more than blind casting in simulated campaigns recommends nothing."""
    final = evidence[(evidence["truth"] == ALL_MAPS) & (evidence["metric"] == MEAN_SHARE)]
    means = final.groupby("rule")["mean"].mean()
    beaten = bool(means.get(REFERENCE, 0.0) > means.get(BLIND, 0.0))
    return Finding(beaten, {str(rule): round(float(mean), 3) for rule, mean in means.items()})


STRATEGY_BENCHMARK_CHECKS = (
    schema_check(STRATEGY_BENCHMARK),
    Check("beside_the_paper", "The paper's surrogate is among those evaluated.", paper_is_there, blocking=False),
    Check(
        "enough_systems",
        "Ten systems or more have both good and bad alloys, so that they can be ranked.",
        systems_suffice,
        blocking=False,
    ),
)

LITERATURE_EVIDENCE_CHECKS = (
    schema_check(LITERATURE_EVIDENCE),
    Check(
        "beside_both_literatures",
        "The paper's literature and the whole one are among the variants.",
        references_are_there,
        blocking=False,
    ),
)

REGIME_EVIDENCE_CHECKS = (
    schema_check(REGIME_EVIDENCE),
    Check("every_regime", "Every regime has been judged.", all_regimes_are_there, blocking=False),
)

CAMPAIGN_EVIDENCE_CHECKS = (
    schema_check(CAMPAIGN_EVIDENCE),
    Check(
        "beats_blind_casting",
        "The rule by which pairs are recommended finds more than blind casting.",
        blind_casting_is_beaten,
        blocking=False,
    ),
)
