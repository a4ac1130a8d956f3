"""The evidence on the literature as an asset: one table and page, nothing evaluated twice."""

from pathlib import Path
from typing import Any

import pytest

from bmg_assets.automation.jobs import LITERATURE_EVIDENCE_JOB
from bmg_assets.execution import search_pool
from bmg_assets.store.page_addresses import LITERATURE_EVIDENCE_PAGE
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.deployment import Deployment, configured, sentence_of


def evaluate(deployment: Deployment, **config: Any) -> dict[str, Any]:
    result = deployment.run(LITERATURE_EVIDENCE_JOB, run_config=configured(literature_evidence=config))
    assert result.success, sentence_of(result)
    (event,) = result.asset_materializations_for_node("literature_evidence")
    return {name: entry.value for name, entry in event.metadata.items()}


def test_variants_are_evaluated_once_and_shown(two_sources: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    first = evaluate(two_sources, only_quick_parts=True)
    assert first["entries_evaluated"] == 8  # whole, paper and one year twice, without each
    assert first["newcomers"] == 2
    table = two_sources.store.read_table("literature_evidence")
    assert set(table["variant"]) == {"whole", "paper", "without_ml_bmg_gfa", "without_later"}
    assert set(table["test"]) == {"left_out", "newcomers", "time_split"}
    assert "<td>without_later</td>" in two_sources.store.read_bytes(LITERATURE_EVIDENCE_PAGE).decode()

    # One entry is lost, and only this one is evaluated again.
    Path(two_sources.store.path_of("literature_scores/paper-transfer/all.parquet")).unlink()
    assert evaluate(two_sources, only_quick_parts=True)["entries_evaluated"] == 1
    assert two_sources.store.read_table("literature_evidence").equals(table)


def test_a_literature_of_one_source_is_refused_in_a_sentence(learnable: Deployment) -> None:
    result = learnable.run(LITERATURE_EVIDENCE_JOB)
    assert not result.success
    assert "The literature at hand is learnable, but the evidence compares the paper's set" in sentence_of(result)
