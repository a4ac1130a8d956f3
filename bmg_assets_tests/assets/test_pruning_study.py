"""The paper's study as assets: what is there is not trained again, and what was interrupted goes on where it was."""

from typing import Any

import dagster as dg
import pandas as pd
import pytest

from bmg_assets.automation.jobs import STUDY_JOB
from bmg_assets.partitions import STUDY_DIMENSION, register_system, registered_systems
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.store.folder import FolderError
from bmg_assets.store.store import Store
from bmg_assets.store.tables.study import PRUNING_STUDY, STUDIED_MAPS, STUDIED_SCORES
from bmg_assets_tests.assets.searches import Searches
from bmg_assets_tests.deployment import Deployment, configured, sentence_of

ZR, MG = "Zr-Al-Cu", "Mg-Zn-Ca"


@pytest.fixture
def deployment(copy_of_finished: Deployment) -> Deployment:
    register_system(copy_of_finished.instance, ZR, STUDY_DIMENSION)
    return copy_of_finished


def study(deployment: Deployment, key: str = ZR, is_drawn: bool = False, **config: Any) -> dg.ExecuteInProcessResult:
    settings = {"budget": "quick", "sub_datasets": [3, 5], **config}
    selection = None if is_drawn else [dg.AssetKey("studied_maps")]
    config_of_run = configured(studied_maps=settings)
    return deployment.run(STUDY_JOB, partition_key=key, asset_selection=selection, run_config=config_of_run)


def made(deployment: Deployment) -> pd.DataFrame:
    return deployment.store.read_table(STUDIED_SCORES.name, ZR).set_index("sub_dataset")


def test_a_study_is_trained_once_told_in_a_table_and_drawn(deployment: Deployment, searches: Searches) -> None:
    assert study(deployment, is_drawn=True).success
    assert {(search.budget.name, search.seed) for search in searches.done} == {("quick", 12138)}
    assert searches.since_then() == 2 * len(SUB_MODELS)
    table = deployment.store.read_table(PRUNING_STUDY.name)
    assert table["sub_dataset"].tolist() == [3, 5]
    maps = deployment.store.read_table(STUDIED_MAPS.name, ZR)
    assert maps.groupby("sub_dataset").size().tolist() == [4851, 4851]
    assert table["paper_rmse_svr_mm"].tolist() == [0.6280, 0.4707]
    page = deployment.store.read_bytes("reports/pruning_study.html").decode()
    assert ZR in page
    assert "0.6280" in page
    for kind in ("svg", "png"):
        assert deployment.store.size_of(f"figures/pruning_study/fig_3_{ZR}.{kind}") > 20_000
    # The same again, and a third sub-dataset: only what is not there is trained.
    before = made(deployment)
    assert study(deployment).success
    assert searches.since_then() == 0
    assert study(deployment, sub_datasets=[3, 4, 5]).success
    assert searches.since_then() == len(SUB_MODELS)
    pd.testing.assert_frame_equal(made(deployment).loc[[3, 5]], before)


def test_other_settings_or_literature_are_trained_anew(deployment: Deployment, searches: Searches) -> None:
    assert study(deployment, sub_datasets=[5]).success
    before = made(deployment)
    searches.since_then()
    assert study(deployment, sub_datasets=[5], seed=7).success
    assert searches.since_then() == len(SUB_MODELS)
    assert made(deployment)["seed"].tolist() == [7]
    # As it was: the seed says what it says.
    assert study(deployment, sub_datasets=[5]).success
    unchanged = ["rmse_svr_mm", "rmse_lightgbm_mm", "fusion_r2", "rmse_scaled", "made_from", "training_fingerprint"]
    pd.testing.assert_frame_equal(made(deployment)[unchanged], before[unchanged])


@pytest.mark.parametrize("table", [STUDIED_MAPS, STUDIED_SCORES], ids=lambda table: table.name)
def test_an_interruption_loses_only_the_row_that_was_not_finished(
    deployment: Deployment, searches: Searches, monkeypatch: pytest.MonkeyPatch, table: Any
) -> None:
    """The machine goes down while the second row is written, before each of its tables."""
    write, written = Store.write_table, []

    def write_one_row(store: Store, name: str, *arguments: Any, **named: Any) -> str:
        written.append(name)
        if written.count(table.name) == 2 and name == table.name:
            raise FolderError("the machine went down")
        return write(store, name, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write_table", write_one_row)
        assert not study(deployment).success
    finished = made(deployment)
    assert len(finished) == 1
    searches.since_then()
    assert study(deployment).success
    missing = {3, 5} - set(finished.index)
    assert searches.since_then() == len(missing) * len(SUB_MODELS)
    pd.testing.assert_frame_equal(made(deployment).loc[finished.index], finished)
    assert made(deployment).index.tolist() == [3, 5]


def test_the_table_is_made_of_what_is_there(deployment: Deployment, searches: Searches) -> None:
    register_system(deployment.instance, MG, STUDY_DIMENSION)
    assert study(deployment, MG, is_drawn=True, sub_datasets=[5]).success
    table = deployment.store.read_table(PRUNING_STUDY.name)
    assert table["target_system"].tolist() == [MG]


def test_a_study_is_no_target_system_and_outlives_one(deployment: Deployment, searches: Searches) -> None:
    assert study(deployment, is_drawn=True, sub_datasets=[5]).success
    assert registered_systems(deployment.instance, STUDY_DIMENSION) == [ZR]
    own = registered_systems(deployment.instance)
    register_system(deployment.instance, "Co-Ta-B", STUDY_DIMENSION)
    assert registered_systems(deployment.instance) == own
    deployment.store.delete_system(ZR)
    assert len(made(deployment)) == 1
    assert deployment.store.has_bytes(f"figures/pruning_study/fig_3_{ZR}.png")
    assert not deployment.store.has_table("prediction_grid", ZR)


def test_own_casts_take_no_part(deployment: Deployment, searches: Searches) -> None:
    assert study(deployment, sub_datasets=[3]).success
    rows = deployment.store.read_table("training_set", ZR)
    own = int((rows["category"] == "lab").sum())
    assert made(deployment)["n_training"].tolist() == [len(rows) - own]


def test_a_key_in_another_order_is_refused(deployment: Deployment, searches: Searches) -> None:
    deployment.instance.add_dynamic_partitions(STUDY_DIMENSION, ["Cu-Al-Zr"])
    assert f"use '{ZR}'" in sentence_of(study(deployment, "Cu-Al-Zr"))
    assert searches.done == []
