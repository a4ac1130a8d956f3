"""The evidence on the atlas sums up its tests, and evaluates none twice."""

import pytest

from bmg_assets.automation.jobs import ATLAS_EVIDENCE_JOB
from bmg_assets.execution import search_pool
from bmg_assets.science.evidence import system_rankings
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.deployment import Deployment, configured, sentence_of


def test_what_is_evaluated_is_summed_up(two_sources: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    monkeypatch.setattr(system_rankings, "BACKGROUND", 10)
    quick = configured(atlas_evidence={"only_quick_parts": True})
    first = two_sources.run(ATLAS_EVIDENCE_JOB, run_config=quick)
    assert first.success, sentence_of(first)
    table = two_sources.store.read_table("atlas_evidence")
    assert set(table["ranked_by"]) == {"atlas", "likeness", "relatives", "coin"}
    assert "left_out" in set(table["test"])
    assert table["mean"].between(0, 1).all()
    again = two_sources.run(ATLAS_EVIDENCE_JOB, run_config=quick)
    (event,) = again.asset_materializations_for_node("atlas_evidence")
    assert event.metadata["entries_evaluated"].value == 0
