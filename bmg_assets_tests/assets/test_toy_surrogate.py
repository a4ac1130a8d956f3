"""The reach of a change: a surrogate in one file gets its map, candidates, page and row of the benchmark."""

import subprocess
import sys

from bmg_assets.science.surrogates.catalogue import PAPER
from bmg_assets.store.page_addresses import EVIDENCE_PAGE, report_file
from bmg_assets_tests.assets.toy_surrogate import Ridge
from bmg_assets_tests.deployment import Deployment

SYSTEM = "Cu-Ti-Zr"


def test_a_surrogate_of_one_file_runs_a_whole_system(learnable: Deployment) -> None:
    command = [sys.executable, "-m", "bmg_assets_tests.assets.toy_surrogate", str(learnable.folder), SYSTEM]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    store = learnable.store

    benchmark = store.read_table("strategy_benchmark").query("metric == 'auc'").set_index("strategy")["mean"]
    assert benchmark[Ridge.name] > 0.5
    grid = store.read_table("transfer_grid", SYSTEM)
    assert set(grid["strategy"]) == {Ridge.name}
    assert grid["dmax_mm"].nunique() > 100
    assert grid[["probability_bulk", "interval_low_mm", "expected_gain_mm", "explained"]].isna().all(axis=None)
    candidates = store.read_table("candidates", SYSTEM)
    assert set(candidates.loc[candidates["is_recommended"], "strategy"]) == {Ridge.name}
    assert set(candidates.loc[~candidates["is_recommended"], "strategy"]) == {"pruned"}
    first = candidates.iloc[0]
    largest = grid[grid["region"] == 1]
    assert first["composition"] == largest.loc[largest["score"].idxmax(), "composition"]
    assert f"expected D_max {first['dmax_mm']:.2f} mm" in first["reason"]

    page = store.read_bytes(report_file(SYSTEM)).decode()
    assert Ridge.title in page
    assert f"on the map of the surrogate {PAPER.name}" in page
    assert f"`{Ridge.name}`" in page or f"<code>{Ridge.name}</code>" in page
    assert Ridge.title in store.read_bytes(EVIDENCE_PAGE).decode()
