"""One entry of an evidence to a partition: the evidence finds what such runs stored, and evaluates nothing twice."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets.automation.jobs import EVALUATION_JOB, LITERATURE_EVIDENCE_JOB, REGIME_EVIDENCE_JOB
from bmg_assets.execution import search_pool
from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.partitions import EVALUATION_DIMENSION, registered_systems
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.deployment import Deployment, configured, sentence_of

QUICK_LITERATURE = configured(literature_evidence={"only_quick_parts": True})


def evaluate(deployment: Deployment, key: str, **config: Any) -> dg.ExecuteInProcessResult:
    deployment.instance.add_dynamic_partitions(EVALUATION_DIMENSION, [key])
    return deployment.run(EVALUATION_JOB, partition_key=key, run_config=configured(evaluations=config))


def evaluated(result: dg.ExecuteInProcessResult, asset: str = "evaluations") -> Any:
    assert result.success, sentence_of(result)
    (event,) = result.asset_materializations_for_node(asset)
    return event.metadata["evaluated" if asset == "evaluations" else "entries_evaluated"].value


def registered(deployment: Deployment) -> list[str]:
    return registered_systems(deployment.instance, EVALUATION_DIMENSION)


def test_an_evidence_finds_what_runs_of_single_entries_stored(
    two_sources: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    assert evaluated(evaluate(two_sources, "literature/paper-transfer")) == 1
    assert evaluated(evaluate(two_sources, "literature/paper-transfer")) == 0
    assert evaluated(evaluate(two_sources, "literature/whole-transfer+whole-nearest")) == 2
    alone = two_sources.store.read_bytes("literature_scores/paper-transfer/all.parquet")
    rest = evaluated(two_sources.run(LITERATURE_EVIDENCE_JOB, run_config=QUICK_LITERATURE), "literature_evidence")
    assert rest == 8 - 3
    assert registered(two_sources) == []

    # The pool stores the same bytes, and another seed is another entry.
    Path(two_sources.store.path_of("literature_scores/paper-transfer/all.parquet")).unlink()
    again = two_sources.run(LITERATURE_EVIDENCE_JOB, run_config=QUICK_LITERATURE)
    assert evaluated(again, "literature_evidence") == 1
    assert two_sources.store.read_table("literature_scores", None, "paper-transfer").equals(_rows(alone))
    assert evaluated(evaluate(two_sources, "literature/paper-transfer", seed=7)) == 1


def test_every_part_of_the_regimes_is_an_entry(two_sources: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    assert two_sources.run_literature(["literature_alloys", "alloy_descriptors"]).success
    for key in ("regimes/whole-nearest", "literature/paper-nearest", "benchmark/nearest-quick/Cu-Ti-Zr"):
        assert evaluated(evaluate(two_sources, key)) == 1, key
    quick = configured(regime_evidence={"only_quick_parts": True})
    before = evaluated(two_sources.run(REGIME_EVIDENCE_JOB, run_config=quick), "regime_evidence")
    assert before == 12 - 2  # of the regimes and of the literature; the benchmark is another evidence
    assert registered(two_sources) == ["benchmark/nearest-quick/Cu-Ti-Zr"]


def test_keys_that_a_run_waits_for_are_kept(two_sources: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    two_sources.instance.add_dynamic_partitions(EVALUATION_DIMENSION, ["literature/a", "literature/b", "regimes/c"])
    tags = {PARTITION_TAG: "literature/b"}
    two_sources.instance.create_run_for_job(job_at_work, status=dg.DagsterRunStatus.STARTED, tags=tags)
    evaluated(two_sources.run(LITERATURE_EVIDENCE_JOB, run_config=QUICK_LITERATURE), "literature_evidence")
    assert registered(two_sources) == ["literature/b", "regimes/c"]


@pytest.mark.parametrize("key", ["Zr-Al-Cu", "regimes/", "literature/paper-magic", "campaigns/whole-99", "atlas/1"])
def test_a_key_that_is_no_entry_ends_in_a_sentence(two_sources: Deployment, key: str) -> None:
    if key.startswith("campaigns"):
        assert two_sources.run_literature(["literature_alloys", "alloy_descriptors"]).success
    result = evaluate(two_sources, key)
    assert not result.success
    assert f"'{key}' is no entry of the evidence with this literature: `bmg evidence --spread`" in sentence_of(result)


def _rows(data: bytes) -> Any:
    from bmg_assets.store.parquet import from_parquet
    from bmg_assets.store.tables.arrow import to_frame

    return to_frame(from_parquet(data))


@dg.op
def nothing() -> None:
    """Nothing."""


@dg.job
def job_at_work() -> None:
    """A job."""
    nothing()
