"""The benchmark as an asset: one table and page, nothing evaluated twice, nothing lost."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets.automation.jobs import EVIDENCE_JOB
from bmg_assets.execution import search_pool
from bmg_assets.science.evidence.drawn_splits import SYSTEMS_OF
from bmg_assets.science.evidence.splits import Split
from bmg_assets.store.page_addresses import EVIDENCE_PAGE
from bmg_assets.store.tables.evidence import LEFT_OUT_SCORES
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.deployment import Deployment, configured, sentence_of

QUICK = {"contest": "quick", "strategies": ["nearest", "composite"]}


def evaluate(deployment: Deployment, **config: Any) -> dg.ExecuteInProcessResult:
    return deployment.run(EVIDENCE_JOB, run_config=configured(strategy_benchmark=QUICK | config))


def metadata_of(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    (event,) = result.asset_materializations_for_node("strategy_benchmark")
    return {name: entry.value for name, entry in event.metadata.items()}


def test_surrogates_are_evaluated_once_and_shown(learnable: Deployment) -> None:
    result = evaluate(learnable)
    assert result.success, sentence_of(result)
    table = learnable.store.read_table("strategy_benchmark")
    auc = table[table["metric"] == "auc"].set_index("strategy")["mean"]
    assert set(auc.index) == {"nearest", "composite", "random"}
    assert auc["random"] == 0.5
    assert auc["composite"] > 0.8
    page = learnable.store.read_bytes(EVIDENCE_PAGE).decode()
    assert "blind casting (exact)" in page
    assert "Cu-Ti-Zr" in page
    assert metadata_of(result)["entries_evaluated"] > 0

    # One entry is lost, and only this one is evaluated again.
    lost = learnable.store.path_of(f"{LEFT_OUT_SCORES.name}/nearest-quick/Cu-Ti-Zr.parquet")
    Path(lost).unlink()
    again = metadata_of(evaluate(learnable))
    assert again["entries_evaluated"] == 1
    assert learnable.store.read_table("strategy_benchmark").equals(table)


def test_a_look_at_the_release_split_evaluates_nothing_else_again(
    learnable: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    monkeypatch.setitem(SYSTEMS_OF, Split.DEVELOPMENT, SYSTEMS_OF[Split.DEVELOPMENT] - {"Cu-Zr"})
    monkeypatch.setitem(SYSTEMS_OF, Split.RELEASE, frozenset({"Cu-Zr"}))
    choice = {"contest": "standard", "strategies": ["nearest"]}
    evaluate(learnable, **choice)
    looked = metadata_of(evaluate(learnable, **choice, with_release=True))
    assert looked["entries_evaluated"] == 1  # Cu-Zr
    table = learnable.store.read_table("strategy_benchmark")
    assert set(table["split"]) >= {"development", "release"}


def test_a_literature_without_systems_to_leave_out_is_refused(
    copy_of_finished: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SYSTEMS_OF, Split.DEVELOPMENT, frozenset({"Hf-Pd-Sn"}))
    result = evaluate(copy_of_finished)
    assert not result.success
    assert "Found none of the systems that are left out with 4 alloys or more" in sentence_of(result)


@pytest.mark.parametrize(
    ("config", "words"),
    [({"contest": "long"}, "There is no contest 'long'"), ({"strategies": ["magic"]}, "There is no strategy 'magic'")],
)
def test_choices_that_do_not_exist_are_refused(learnable: Deployment, config: dict[str, Any], words: str) -> None:
    result = evaluate(learnable, **config)
    assert not result.success
    assert words in sentence_of(result), json.dumps(config)
