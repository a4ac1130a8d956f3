"""The evidence by regimes as an asset: one table and page, nothing evaluated twice, and figures for the code."""

from pathlib import Path
from typing import Any

import pytest

from bmg_assets.assets.regime_evidence import FIGURES_FILE, regime_figures_at_hand
from bmg_assets.automation.jobs import REGIME_EVIDENCE_JOB
from bmg_assets.execution import search_pool
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets.sources.regime_figures import read_regime_figures
from bmg_assets.store.page_addresses import REGIME_EVIDENCE_PAGE
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.deployment import Deployment, configured, sentence_of


def evaluate(deployment: Deployment) -> dict[str, Any]:
    result = deployment.run(REGIME_EVIDENCE_JOB, run_config=configured(regime_evidence={"only_quick_parts": True}))
    assert result.success, sentence_of(result)
    (event,) = result.asset_materializations_for_node("regime_evidence")
    return {name: entry.value for name, entry in event.metadata.items()}


def test_surrogates_are_judged_once_in_every_regime(
    two_sources: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    assert two_sources.run_literature(["literature_alloys", "alloy_descriptors"]).success
    assert set(regime_figures_at_hand(two_sources.store)["regime"]) == set(Regime)  # what came with the code
    assert evaluate(two_sources)["entries_evaluated"] == 6 + 6  # of the regimes, and of the literature
    table = two_sources.store.read_table("regime_evidence")
    assert {*Regime, "newcomers"} < set(table["regime"])
    assert regime_figures_at_hand(two_sources.store).equals(table)
    assert "whole" in set(two_sources.store.read_table("regime_alloys", None, "whole-nearest")["literature"])
    assert "Which surrogate is right" in two_sources.store.read_bytes(REGIME_EVIDENCE_PAGE).decode()
    (tmp_path / "regimes.csv").write_bytes(two_sources.store.read_bytes(FIGURES_FILE))
    assert set(read_regime_figures(tmp_path)["regime"]) == set(Regime)

    # One entry is lost, and only this one is evaluated again.
    Path(two_sources.store.path_of("regime_scores/whole-nearest/all.parquet")).unlink()
    assert evaluate(two_sources)["entries_evaluated"] == 1
    assert two_sources.store.read_table("regime_evidence").equals(table)


def test_a_literature_of_one_source_is_refused_in_a_sentence(learnable: Deployment) -> None:
    result = learnable.run(REGIME_EVIDENCE_JOB)
    assert not result.success
    assert "The literature at hand is learnable, but the evidence compares the paper's set" in sentence_of(result)
