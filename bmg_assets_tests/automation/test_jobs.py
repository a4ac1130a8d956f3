"""The job that registers the best systems of the atlas."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets.automation.jobs import add_from_atlas_job
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.partitions import registered_systems
from bmg_assets.science.atlas.shards import shards_of
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets_tests.deployment import sentence_of
from bmg_assets_tests.science.atlas.rows import atlas_rows

ROWS = atlas_rows(2_000, seed=3)
ROWS = ROWS[ROWS["shard"] == shards_of(3)[0].name]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("BMG_DATA", str(tmp_path))
    return Store(url=str(tmp_path / "store"))


def add(instance: dg.DagsterInstance, store: Store, tmp_path: Path, **config: Any) -> dg.ExecuteInProcessResult:
    return add_from_atlas_job.execute_in_process(
        instance=instance,
        run_config={"ops": {"add_from_atlas": {"config": config}}},
        resources={
            "store": store,
            "lab_inbox": LabInbox(root=str(tmp_path / "lab_results"), record=Record(url=str(tmp_path / "record"))),
        },
        raise_on_error=False,
    )


def test_the_best_that_are_not_registered_are_added(instance: dg.DagsterInstance, store: Store, tmp_path: Path) -> None:
    store.write_table("system_atlas", None, ROWS, shards_of(3)[0].name)
    chosen = ROWS[["As" not in one for one in ROWS["elements"]]].sort_values("chance_bulk", ascending=False)
    best = [frozenset(one) for one in chosen["elements"]]
    assert add(instance, store, tmp_path, most=2, refused=["As"]).success
    assert [frozenset(key.split("-")) for key in registered_systems(instance)] == best[:2]
    assert add(instance, store, tmp_path, most=1, refused=["As"]).success
    assert [frozenset(key.split("-")) for key in registered_systems(instance)] == best[:3]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"wanted": ["Zx"]}, "'Zx' is not an element symbol"),
        ({"wanted": ["Zr"], "refused": ["Zr"]}, "Zr is both wanted and refused"),
        ({"n_elements": 4}, "The atlas has no quaternaries yet; `bmg atlas --renew --elements 4` makes them"),
    ],
)
def test_a_wrong_choice_adds_nothing_and_says_why(
    instance: dg.DagsterInstance, store: Store, tmp_path: Path, config: dict[str, Any], words: str
) -> None:
    store.write_table("system_atlas", None, ROWS, shards_of(3)[0].name)
    result = add(instance, store, tmp_path, **config)
    assert not result.success
    assert words in sentence_of(result)
    assert registered_systems(instance) == []
