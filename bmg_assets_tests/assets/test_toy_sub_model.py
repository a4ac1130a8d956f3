"""The reach of a change: a sub-model is one file and its line in the catalogue, and a whole system runs with it.

The file is the example of docs/extending.md. It is added to a copy of the package, which then runs by itself.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bmg_assets.settings import PROJECT
from bmg_assets_tests.deployment import Deployment

KEY = "Zr-Al-Cu"
SUB_MODELS = ["svr", "random_forest", "xgboost", "lightgbm", "ridge"]
SCRIPT = """
import json, sys
from pathlib import Path

import dagster as dg

from bmg_assets.automation.jobs import STUDY_JOB
from bmg_assets.build import build_definitions
from bmg_assets.partitions import STUDY_DIMENSION, register_system
from bmg_assets_tests.deployment import Deployment, configured, sentence_of

if __name__ == "__main__":
    with dg.DagsterInstance.ephemeral() as instance:
        deployment = Deployment(Path(sys.argv[1]), instance, Path(sys.argv[2]))
        instance.add_dynamic_partitions("target_system", ["Zr-Al-Cu"])
        register_system(instance, "Zr-Al-Cu", STUDY_DIMENSION)
        system = deployment.run_system("Zr-Al-Cu")
        assert system.success, sentence_of(system)
        config = configured(studied_maps={"budget": "quick", "sub_datasets": [5]})
        study = deployment.run(STUDY_JOB, partition_key="Zr-Al-Cu", run_config=config)
        assert study.success, sentence_of(study)
        graph = build_definitions().resolve_asset_graph()
        parents = {key.to_user_string(): [one.to_user_string() for one in graph.get(key).parent_keys]
                   for key in graph.get_all_asset_keys()}
        kinds = sorted(graph.get(dg.AssetKey("ridge_model")).kinds)
        print("RESULT", json.dumps({"parents": parents, "kinds": kinds}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with one file more, and one line more in the catalogue."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copytree(PROJECT / "bmg_assets", tree / "bmg_assets", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tree / "bmg_assets" / "science" / "models" / "sub_models"
    section = (PROJECT / "docs" / "extending.md").read_text().split("## A sub-model\n")[1].split("\n## ")[0]
    example = re.search(r"```python\n(.*?)```", section, flags=re.DOTALL)
    assert example is not None
    (folder / "ridge.py").write_text(example[1])
    catalogue = (folder / "catalogue.py").read_text()
    here, last = "from bmg_assets.science.models.sub_models.svr", "        LightGBM(),\n"
    assert here in catalogue
    assert last in catalogue
    imported = catalogue.replace(here, f"{here.removesuffix('svr')}ridge import Ridge\n{here}")
    (folder / "catalogue.py").write_text(imported.replace(last, f"{last}        Ridge(),\n"))
    return tree


@pytest.fixture(scope="module")
def store(tree: Path, finished: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a system that was trained with it, on the starter table."""
    folder = tmp_path_factory.mktemp("deployment")
    (folder / "store").mkdir()
    for name in ("literature.duckdb", "store_format.json"):
        shutil.copy(Path(finished.store.url) / name, folder / "store" / name)
    script = folder / "run.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(folder), str(PROJECT / "data")]
    environment = {**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{PROJECT}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    (folder / "store" / "result.json").write_text(done.stdout.rpartition("RESULT ")[2])
    return folder / "store"


def rows(store: Path, table: str) -> pd.DataFrame:
    """As they lie in the file: the registry of tables of this process does not know the sub-model."""
    return pd.read_parquet(store / table / f"{KEY}.parquet")


def test_it_is_trained_fused_and_mapped(store: Path) -> None:
    trials = rows(store, "tuning_trials/ridge")
    assert set(trials["status"]) >= {"ok"}
    assert set(json.loads(trials["params"].iloc[0])) == {"alpha"}
    assert (store / "models" / "ridge_model" / f"{KEY}.zip").exists()
    fusion = rows(store, "fusion_weights").set_index("model")
    assert fusion.index.tolist() == [*SUB_MODELS, "fusion"]
    weights = fusion["weight"][SUB_MODELS].to_numpy()
    assert weights.sum() == pytest.approx(1)
    assert fusion.loc["fusion", "r2_mean"] >= fusion.loc["ridge", "r2_mean"] > 0
    grid = rows(store, "prediction_grid")
    each = grid[[f"{name}_mm" for name in SUB_MODELS]].to_numpy()
    assert np.ptp(each[:, -1]) > 0.1
    assert grid["dmax_mm"].to_numpy() == pytest.approx(each @ weights)
    picks = rows(store, "candidates").query("strategy == 'pruned'").merge(grid, on="composition")
    assert len(picks) > 0
    assert picks["dmax_mm_x"].tolist() == pytest.approx(picks["dmax_mm_y"].tolist())


def test_the_page_shows_it_and_where_it_comes_from(store: Path) -> None:
    page = (store / "reports" / f"{KEY}.html").read_text()
    weight = rows(store, "fusion_weights").set_index("model").loc["ridge", "weight"]
    assert "Ridge" in page
    assert f"{weight:.2f}" in page
    assert "ridge_model" in page
    assert "#8c564b" in (store / "figures" / KEY / "search.svg").read_text()


def test_a_row_of_the_study_is_made_with_it(store: Path) -> None:
    scores = rows(store, "studied_scores/5").iloc[0]
    assert scores["rmse_ridge_mm"] > 0
    assert sum(scores[f"weight_{name}"] for name in SUB_MODELS) == pytest.approx(1)
    assert "ridge_mm" in rows(store, "studied_maps/5")
    assert "Ridge (mm)" in (store / "reports" / "pruning_study.html").read_text()


def test_the_lineage_goes_through_it(store: Path) -> None:
    result: dict[str, Any] = json.loads((store / "result.json").read_text())
    assert result["kinds"] == ["numpy"]
    assert result["parents"]["ridge_model"] == ["training_set"]
    for asset in ("fusion_weights", "prediction_grid", "system_report"):
        assert "ridge_model" in result["parents"][asset]
