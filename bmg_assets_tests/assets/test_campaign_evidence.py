"""Simulated campaigns as an asset: one table, nothing run twice, and a literature without systems is refused."""

from pathlib import Path
from typing import Any

import pytest

from bmg_assets.automation.jobs import CAMPAIGN_EVIDENCE_JOB
from bmg_assets.execution import search_pool
from bmg_assets.science.evidence import campaign_entries
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.deployment import Deployment, configured, sentence_of


def simulate(deployment: Deployment, **config: Any) -> dict[str, Any]:
    result = deployment.run(CAMPAIGN_EVIDENCE_JOB, run_config=configured(campaign_evidence=config))
    assert result.success, sentence_of(result)
    (event,) = result.asset_materializations_for_node("campaign_evidence")
    return {name: entry.value for name, entry in event.metadata.items()}


def test_campaigns_are_run_once_and_summed_up(learnable: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    monkeypatch.setattr(campaign_entries, "STEP_AT_PCT", 10)
    monkeypatch.setattr(campaign_entries, "QUICK_SYSTEMS", 2)
    first = simulate(learnable, only_quick_parts=True)
    assert (first["entries_evaluated"], first["entries_there_before"]) == (1, 0)
    assert len(first["systems"]) == 2
    table = learnable.store.read_table("campaign_evidence")
    assert {"expected_gain", "paper", "score_apart", "random", "stopping"} == set(table["rule"])
    assert simulate(learnable, only_quick_parts=True)["entries_evaluated"] == 0
    assert learnable.store.read_table("campaign_evidence").equals(table)
    Path(learnable.store.path_of("campaign_forecasts/quick/all.parquet")).unlink()
    assert simulate(learnable, only_quick_parts=True)["entries_evaluated"] == 1
