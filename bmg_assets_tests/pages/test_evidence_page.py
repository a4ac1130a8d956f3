"""The page of the evidence: numbers with their intervals, and sentences that a system's page can carry."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from bmg_assets.pages.evidence_page import draw_evidence, render_evidence, wide_table
from bmg_assets.science.evidence.benchmark import benchmark_named
from bmg_assets.science.evidence.summary import as_scores, summarise
from bmg_assets.science.surrogates.catalogue import SURROGATES


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    """Two strategies and blind casting on three systems, with nothing known."""
    found = {"pruned": [0.5, 0.6, 0.7], "composite": [0.8, 0.9, 1.0], "random": [0.5, 0.5, 0.5]}
    return pd.concat(
        [
            as_scores(
                {"auc": value, "enrichment": 2 * value, "bulk_by_pair_1": 1.0},
                {},
                strategy=strategy,
                track="nothing_known",
                split="development",
                left_out_system=system,
                seed=0,
            )
            for strategy, values in found.items()
            for system, value in zip(("Al-Cu-Zr", "Ca-Mg-Zn", "Cu-Mg-Y"), values, strict=True)
        ],
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def summary(scores: pd.DataFrame) -> pd.DataFrame:
    return summarise(scores, seed=0)


def test_cells_tell_mean_interval_p_and_verdict(summary: pd.DataFrame) -> None:
    table = wide_table(summary).set_index("strategy")
    assert table.loc["blind casting (exact)", "auc"] == "0.50, p 0.500"
    assert table.loc[SURROGATES["composite"].title, "auc"].endswith("p 0.250; met")
    assert "spearman" not in table


def test_the_page_has_its_figure_and_every_system(scores: pd.DataFrame, summary: pd.DataFrame) -> None:
    pictures = draw_evidence(summary)
    promises = pd.DataFrame(
        {
            "strategy": "composite",
            "track": "nothing_known",
            "split": "development",
            "left_out_system": ["Ca-Mg-Zn", "Ca-Mg-Zn", "Al-Cu-Zr"],
            "dmax_mm": [3.0, 0.2, 0.0],
            "probability_bulk": [0.5, 0.5, 0.01],
        }
    )
    made_at = datetime(2026, 1, 2, tzinfo=UTC)
    page = render_evidence(summary, scores, promises, benchmark_named("quick", 7), pictures, {"numpy": "2"}, made_at)
    assert "40% to 100%" in page
    assert "benchmark quick, seed 7" in page
    assert "Ca-Mg-Zn" in page
    assert "data:image/webp" in page
    assert "composite, nothing_known, AUC for D_max ≥ 1 mm: 0.90" in pictures[0].alt
    assert ">Release split</h2>" not in page
    assert "bmg evidence --with-release" in page


def test_false_alarms_are_told_of_systems_without_bulk_glass_alone(scores: pd.DataFrame) -> None:
    labels = {"strategy": "composite", "track": "nothing_known", "seed": 0}
    promised = pd.concat(
        [
            as_scores({"promises_bulk": 1.0}, {}, split="development", left_out_system="Al-Cu-Zr", **labels),
            as_scores({"promises_bulk": 0.0}, {}, split="without_bulk", left_out_system="Cu-Ni-P", **labels),
            as_scores({"promises_bulk": 0.5}, {}, split="without_bulk", left_out_system="Ni-Si-Ti", **labels),
            as_scores({"auc": 0.9, "promises_bulk": 1.0}, {}, split="release", left_out_system="Nb-Ni", **labels),
        ]
    )
    both = pd.concat([scores, promised], ignore_index=True)
    summary, contest, made_at = (
        summarise(both, seed=0),
        benchmark_named("standard", 7),
        datetime(2026, 1, 2, tzinfo=UTC),
    )
    promises = pd.DataFrame({"probability_bulk": [None], "split": "development"})
    page = render_evidence(summary, both, promises, contest, [], {"numpy": "2"}, made_at)
    alarms = page[page.index("<td>false alarms</td>") :]
    assert "0.25 (0.00 to 0.50)" in alarms[: alarms.index("</tr>")]
    assert ">Release split</h2>" in page
    assert "bmg evidence --with-release" not in page
    assert page.count("<td>false alarms</td>") == 1
    assert "No surrogate that was evaluated predicts chances." in page
