"""Shards of the atlas are made once from the same alloys, and quaternaries wait for their faces."""

from typing import Any

import dagster as dg
import pytest

from bmg_assets.automation.jobs import ATLAS_CALIBRATION_JOB, ATLAS_JOB
from bmg_assets.execution import search_pool
from bmg_assets.store.page_addresses import ATLAS_PAGE
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.deployment import Deployment, sentence_of


def shard(deployment: Deployment, name: str) -> Any:
    return deployment.run(ATLAS_JOB, partition_key=name)


def shards_made(result: dg.ExecuteInProcessResult) -> Any:
    assert result.success, sentence_of(result)
    (event,) = result.asset_materializations_for_node("system_atlas")
    return event.metadata["shards_made"].value


def test_a_shard_is_made_once_from_the_same_alloys(learnable: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    assert learnable.run(ATLAS_CALIBRATION_JOB).success
    calibration = learnable.store.read_table("atlas_calibration")
    assert calibration["has_bulk"].all()
    assert calibration["chance_bulk"].isna().all(), "where all hold a bulk glass nothing tells them apart"
    assert shards_made(shard(learnable, "ternaries-03")) == 1
    assert shards_made(shard(learnable, "ternaries-03")) == 0
    rows = learnable.store.read_table("system_atlas", None, "ternaries-03")
    assert len(rows) == len(set(rows["system"])) in (4, 5)
    assert set(rows["shard"]) == {"ternaries-03"}
    assert "scores and no chances" in learnable.store.read_bytes(ATLAS_PAGE).decode()

    # A seed more, and the rows are made from something else.
    seed = {"ops": {"system_atlas": {"config": {"seed": 7}}}}
    assert shards_made(learnable.run(ATLAS_JOB, partition_key="ternaries-03", run_config=seed)) == 1


def test_quaternaries_wait_for_their_faces(learnable: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    assert learnable.run(ATLAS_CALIBRATION_JOB).success
    assert shards_made(shard(learnable, "ternaries-00")) == 1
    result = shard(learnable, "quaternaries-000")
    assert not result.success
    assert "47 shards of the ternaries are not there (ternaries-01 first)" in sentence_of(result)
