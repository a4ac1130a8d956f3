"""Two systems from the starter table to what to cast next, and what of it a user would miss."""

import base64
import io
import json
import re
import zipfile
from pathlib import Path

import dagster as dg
import duckdb
import numpy as np
import pandas as pd
import PIL.Image
import pytest

from bmg_assets.science.alloys.compositions import composition_key, parse_formula
from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS, PAPER_DESCRIPTORS
from bmg_assets.science.models.budgets import BUDGETS
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.proposals.candidates import LEAST_GAIN_MM
from bmg_assets.science.surrogates.catalogue import PAPER, RECOMMENDED
from bmg_assets.store.model_files import unpack
from bmg_assets.store.page_addresses import LITERATURE_PAGE
from bmg_assets.store.queries import open_views
from bmg_assets.store.tables.atlas import ATLAS_CALIBRATION, ATLAS_EVIDENCE, ATLAS_RANKINGS, SYSTEM_ATLAS
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets.store.tables.evidence import (
    CAMPAIGN_EVIDENCE,
    CAMPAIGN_FORECASTS,
    CAMPAIGN_SCORES,
    LEFT_OUT_ALLOYS,
    LEFT_OUT_SCORES,
    LITERATURE_EVIDENCE,
    LITERATURE_SCORES,
    REGIME_ALLOYS,
    REGIME_DISTANCES,
    REGIME_EVIDENCE,
    REGIME_SCORES,
    STRATEGY_BENCHMARK,
)
from bmg_assets.store.tables.property import PROPERTY_ALLOYS, PROPERTY_MAPS, PROPERTY_SCORES
from bmg_assets.store.tables.study import PRUNING_STUDY, STUDIED_ALLOYS, STUDIED_MAPS, STUDIED_SCORES
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.finished import TRAINED

ZR, MG = TRAINED
OF_OTHER_JOBS = (
    STUDIED_MAPS, STUDIED_ALLOYS, STUDIED_SCORES, PRUNING_STUDY, LEFT_OUT_SCORES, LEFT_OUT_ALLOYS, STRATEGY_BENCHMARK,
    PROPERTY_MAPS, PROPERTY_ALLOYS, PROPERTY_SCORES, LITERATURE_SCORES, LITERATURE_EVIDENCE,
    REGIME_SCORES, REGIME_ALLOYS, REGIME_EVIDENCE, REGIME_DISTANCES, CAMPAIGN_SCORES, CAMPAIGN_FORECASTS,
    CAMPAIGN_EVIDENCE, ATLAS_CALIBRATION, SYSTEM_ATLAS, ATLAS_RANKINGS, ATLAS_EVIDENCE,
)  # fmt: skip
"""Tables of studies, contests, properties and the atlas, which no run of a system fills."""
LEARNING = ["svr_model", "random_forest_model", "xgboost_model", "lightgbm_model", "fusion_weights"]
MODEL_PARTS = {"record.json", "trials.json", "out_of_fold.npy", "scaler.npy", "estimator"}
SKOPS_PARTS = r"schema\.json|[0-9]+\.npy"

FIGURES = ("map", "surrogate_map", "uncertainty", "sub_models", "probability", "parity", "importance", "search")
"""Those of a first iteration; later ones have the change since the last one too."""

REPEATS_DIFFER_AT_PCT = 0.75
"""At most, where each of three amounts differs by half a percent."""

each_system = pytest.mark.parametrize("key", TRAINED)


def literature(deployment: Deployment, table: str) -> pd.DataFrame:
    with open_views(deployment.store) as connection:
        return connection.sql(f"FROM literature.{table}").df()


def test_the_literature_is_there(finished: Deployment) -> None:
    reports, alloys, descriptors = (literature(finished, table) for table in ("reports", "alloys", "descriptors"))
    assert set(reports["source"]) == {"starter", "handbook_alloys", "handbook_compounds"}
    assert reports["reference"].str.len().min() > 10
    assert len(alloys) == reports.loc[reports["status"] == "accepted", "composition"].nunique() >= 200
    assert alloys["chemical_system"].nunique() >= 50
    assert set(alloys["glass_class"]) == {"crystalline", "ribbon", "bulk"}
    assert set(ALL_DESCRIPTORS) <= set(descriptors.columns)
    assert descriptors["composition"].tolist() == alloys["composition"].tolist()
    described = descriptors[descriptors["failure"].isna()]
    assert len(described) > 0.95 * len(alloys)
    assert np.isfinite(described[list(PAPER_DESCRIPTORS)].to_numpy(float)).all()


def test_the_profile_is_drawn(finished: Deployment) -> None:
    assert b"Where it is blind" in finished.store.read_bytes(LITERATURE_PAGE)
    for name in ("fig_1", "fig_pairs", "fig_s2"):
        png, svg = (finished.store.read_bytes(f"profile/{name}.{kind}") for kind in ("png", "svg"))
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert svg.rstrip().endswith(b"</svg>")
        assert min(len(png), len(svg)) > 20_000


@each_system
def test_a_training_set_holds_what_sub_dataset_3_allows(finished: Deployment, key: str) -> None:
    rows, target = finished.store.read_table("training_set", key), set(key.split("-"))
    assert set(rows["target_system"]) == {key}
    assert set(rows["sub_dataset"]) == {3}
    shared = [target & set(elements) for elements in rows["elements"]]
    others = [set(elements) - target for elements in rows["elements"]]
    # Worked out here from the paper's words: no alloy holds two of the target's elements and another one, or all.
    assert not [
        e for s, o, e in zip(shared, others, rows["elements"], strict=True) if len(s) > 1 and (o or s == target)
    ]
    assert set(rows["category"]) <= {"unrelated", "I", "II"}
    assert rows["category"].tolist() == [["unrelated", "I", "II"][min(len(s), 2)] for s in shared]
    alloys = literature(finished, "alloys").set_index("composition")
    expected = alloys.loc[rows["composition"], "dmax_mm"].to_numpy()
    np.testing.assert_array_equal(rows["dmax_mm"].to_numpy(), expected)
    usable = alloys[alloys["dmax_mm"].notna()]
    pruned = [len(target & set(e)) > 1 and (bool(set(e) - target) or target <= set(e)) for e in usable["elements"]]
    described = literature(finished, "descriptors").set_index("composition")["failure"].isna()
    assert len(rows) == int((~np.array(pruned) & described.loc[usable.index].to_numpy()).sum())


@each_system
@pytest.mark.parametrize("name", SUB_MODELS)
def test_a_model_is_a_readable_file_without_pickles(finished: Deployment, key: str, name: str) -> None:
    data = finished.store.read_bytes(f"models/{name}_model/{key}.zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert set(archive.namelist()) == MODEL_PARTS
        estimator = archive.read("estimator")
    if name in {"svr", "random_forest"}:
        with zipfile.ZipFile(io.BytesIO(estimator)) as archive:
            assert [part for part in archive.namelist() if not re.fullmatch(SKOPS_PARTS, part)] == []
    model, rows = unpack(data), finished.store.read_table("training_set", key)
    assert model.name == name
    assert np.isfinite(model.out_of_fold).all()
    assert model.out_of_fold.shape == (len(rows),)


@each_system
def test_every_trial_is_kept(finished: Deployment, key: str) -> None:
    trials = finished.store.read_table("tuning_trials", key)
    assert set(trials["sub_model"]) == set(SUB_MODELS)
    for name, kept in trials.groupby("sub_model"):
        model = unpack(finished.store.read_bytes(f"models/{name}_model/{key}.zip"))
        assert kept["trial"].tolist() == list(range(len(model.trials)))
        assert 2 <= len(kept) <= BUDGETS["quick"].max_evaluations
        complete = kept[kept["status"] == "ok"]
        best = complete.loc[complete["loss_rmse_mm"].idxmin()]
        assert best["loss_rmse_mm"] == pytest.approx(model.loss)
        assert json.loads(best["params"]) == model.params
        assert best["loss_rmse_mm"] == pytest.approx(np.mean(best["fold_rmse_mm"]))
        assert complete["fold_rmse_mm"].map(len).eq(5).all()


@each_system
@pytest.mark.parametrize("grid", ["prediction", "transfer"])
def test_the_grid_has_a_picture_of_its_own_in_the_ui(finished: Deployment, key: str, grid: str) -> None:
    """The map of the page comes at the end of the run, and would be the last run's until then."""
    asset = dg.AssetKey(f"{grid}_grid")
    wanted = dg.AssetRecordsFilter(asset_key=asset, asset_partitions=[key])
    (record,) = finished.instance.fetch_materializations(wanted, limit=1).records
    shown = record.asset_materialization.metadata["map"].value
    assert shown.endswith(f"/figures/{key}/{grid}_preview.png)")
    assert PIL.Image.open(io.BytesIO(finished.store.read_bytes(f"figures/{key}/{grid}_preview.png"))).width > 100


@each_system
def test_the_fusion_is_the_weighted_sum_of_its_parts(finished: Deployment, key: str) -> None:
    fusion = finished.store.read_table("fusion_weights", key).set_index("model")
    weights = fusion["weight"].drop("fusion")
    assert weights.index.tolist() == list(SUB_MODELS)
    assert weights.sum() == pytest.approx(1)
    assert fusion["r2_mean"]["fusion"] >= fusion["r2_mean"].drop("fusion").max() - 1e-9
    grid = finished.store.read_table("prediction_grid", key)
    parts = sum(grid[f"{name}_mm"] * weight for name, weight in weights.items())
    np.testing.assert_allclose(grid["dmax_mm"], parts, atol=1e-9)


@each_system
def test_the_map_is_whole(finished: Deployment, key: str) -> None:
    grid = finished.store.read_table("prediction_grid", key)
    points = np.array(grid["at_pct"].tolist())
    assert len(grid) == 4851 == len({tuple(point) for point in points})
    np.testing.assert_allclose(points.sum(axis=1), 100)
    assert points.min() == 1
    columns = [f"{name}_mm" for name in SUB_MODELS] + ["dmax_mm", "interval_low_mm", "interval_high_mm"]
    assert np.isfinite(grid[columns].to_numpy()).all()
    assert (grid["dmax_scaled"].min(), grid["dmax_scaled"].max()) == (0, 1)
    assert grid["top_share"].sum() == 243  # 5 % of 4851, rounded up
    assert grid["dmax_mm"][grid["top_share"]].min() >= grid["dmax_mm"][~grid["top_share"]].max()
    sizes = grid["region"].dropna().value_counts()
    assert sizes.sum() == 243
    assert sizes.idxmax() == 1


@each_system
def test_alike_alloys_make_a_map_of_their_own(finished: Deployment, key: str) -> None:
    grid = finished.store.read_table("transfer_grid", key)
    assert grid["composition"].tolist() == finished.store.read_table("prediction_grid", key)["composition"].tolist()
    assert grid["score"].nunique() > 0.99 * len(grid)
    assert grid.loc[grid["top_share"], "score"].min() >= grid.loc[~grid["top_share"], "score"].max()
    known = literature(finished, "alloys")
    assert (grid["n_known"] == known["dmax_mm"].notna().sum()).all()  # nothing is pruned
    on_grid = grid["composition"].isin(known["composition"])
    assert on_grid.any() == (key == MG)  # the starter table leaves Zr-Al-Cu out
    assert grid.loc[on_grid, "nearest_at_pct"].eq(0).all()
    assert grid.loc[~on_grid, "nearest_at_pct"].gt(0).all()


@each_system
def test_two_alloys_are_proposed_by_the_papers_rule(finished: Deployment, key: str) -> None:
    grid, candidates = (finished.store.read_table(table, key) for table in ("prediction_grid", "candidates"))
    candidates = candidates[candidates["strategy"] == PAPER.name]
    picks = candidates[candidates["kind"] == "pick"].sort_values("rank")
    assert picks["rank"].tolist() == [1, 2]
    largest = grid[grid["region"] == 1]
    first = largest.loc[largest["dmax_mm"].idxmax()]
    assert picks["composition"].iloc[0] == first["composition"]
    change = np.sort(np.subtract(*[np.array(point) for point in picks["at_pct"]]))
    np.testing.assert_allclose(change, [-5, 0, 5])
    around = np.abs(np.array(grid["at_pct"].tolist()) - first["at_pct"])
    ring = grid[(np.sort(around, axis=1) == [0, 5, 5]).all(axis=1)]
    assert picks["dmax_mm"].iloc[1] == ring["dmax_mm"].max()
    boundary = candidates[candidates["kind"] == "verification"]
    assert set(boundary["composition"]) == set(ring["composition"]) - set(picks["composition"])
    assert candidates["reason"].str.len().min() > 20


@each_system
def test_the_picks_of_the_surrogate_stand_beside_the_papers_pair_with_both_predictions(
    finished: Deployment, key: str
) -> None:
    recommendations, candidates, paper, surrogate = (
        finished.store.read_table(table, key)
        for table in ("recommendations", "candidates", "prediction_grid", "transfer_grid")
    )
    of_surrogate = candidates[candidates["strategy"] == RECOMMENDED.name]
    assert of_surrogate["composition"].tolist() == recommendations["composition"].tolist()
    assert candidates["surrogate_mm"].tolist() == (
        surrogate.set_index("composition").loc[candidates["composition"], "dmax_mm"].tolist()
    )
    assert candidates["paper_mm"].tolist() == (
        paper.set_index("composition").loc[candidates["composition"], "dmax_mm"].tolist()
    )
    assert candidates["agreement"].str.contains("the paper's models").all()
    picks = candidates[candidates["kind"] == "pick"]
    reported = set(literature(finished, "alloys")["composition"])
    assert not reported & set(picks["composition"])
    repeats = candidates[candidates["repeats_known"]]
    assert set(repeats["kind"]) <= {"verification"}
    assert (repeats["nearest_at_pct"] < 1).all()
    # Where nothing better than the best known is to be expected, the score decides.
    value = "expected_gain_mm" if surrogate["expected_gain_mm"].max() >= LEAST_GAIN_MM else "score"
    first = surrogate.set_index("composition").loc[of_surrogate["composition"].iloc[0], value]
    assert first >= surrogate.loc[surrogate["nearest_at_pct"] > REPEATS_DIFFER_AT_PCT, value].max()


@each_system
def test_the_page_needs_no_other_file(finished: Deployment, key: str) -> None:
    page = finished.store.read_bytes(f"reports/{key}.html").decode()
    candidates = finished.store.read_table("candidates", key)
    elements = key.split("-")
    for point in candidates.loc[candidates["is_recommended"], "at_pct"]:
        assert "".join(f"{element}{amount:g}" for element, amount in zip(elements, point, strict=True)) in page
    pictures = [base64.b64decode(data) for data in re.findall(r"data:image/webp;base64,([A-Za-z0-9+/=]+)", page)]
    assert len(pictures) == len(FIGURES)
    pixels = np.asarray(PIL.Image.open(io.BytesIO(pictures[0])))
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > 100
    assert re.findall(r"https?://|<link|@import", page) == []
    places = re.findall(r"(?:src|href)=['\"]([^'\"]{1,40})", page)
    elsewhere = {place for place in places if not place.startswith(("data:", "#"))}
    assert "overview.html" in elsewhere
    # It leads to other stored pages alone.
    assert all(re.fullmatch(r"(properties/\w+/)?[\w-]+\.html", place) for place in elsewhere)
    assert len(page) < 6_000_000


@each_system
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_a_file_too(finished: Deployment, key: str, name: str) -> None:
    png, svg = (finished.store.read_bytes(f"figures/{key}/{name}.{kind}") for kind in ("png", "svg"))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert svg.rstrip().endswith(b"</svg>")


@each_system
def test_the_page_tells_which_alloys_drive_a_candidate(finished: Deployment, key: str) -> None:
    page = finished.store.read_bytes(f"reports/{key}.html").decode()
    # By their share where the forest has weight, else by nearness alone.
    heading = re.search(
        "<h2[^>]*>(Why the paper.{1,6}s models predict this: [a-z ]+|Known alloys near the candidates)</h2>",
        page,
    )
    assert heading is not None
    part = page[heading.end() : page.index(">How sure the paper", heading.end())]
    rows = set(finished.store.read_table("training_set", key)["composition"])
    named = re.findall(r"<tr><td>([A-Za-z0-9.]+)</td>", part)
    assert len(named) >= 2 * 5
    assert {composition_key(parse_formula(one).amounts) for one in named} <= rows


def test_the_overview_has_a_row_per_system(finished: Deployment) -> None:
    overview = finished.store.read_table("system_overview").set_index("target_system")
    assert overview.index.tolist() == list(TRAINED)
    assert set(overview["state"]) == {"trained"}
    for key in TRAINED:
        grid = finished.store.read_table("prediction_grid", key)
        assert overview["best_predicted_mm"][key] == grid["dmax_mm"].max()
        assert overview["n_training"][key] == len(finished.store.read_table("training_set", key))
        assert overview["n_lab"][key] == 0
        assert f'<a href="{key}.html">{key}</a>' in finished.store.read_bytes("reports/overview.html").decode()


def test_the_page_of_the_ledger_lists_the_first_picks_and_is_linked(finished: Deployment) -> None:
    page = finished.store.read_bytes("reports/ledger.html").decode()
    assert "Nothing was cast yet for which a prediction had been recorded before." in page
    assert page.count("<td>pick 1</td>") == len(TRAINED)
    assert '<a href="ledger.html">' in finished.store.read_bytes("reports/overview.html").decode()
    event = finished.instance.get_latest_materialization_event(dg.AssetKey("system_overview"))
    assert event is not None
    assert event.asset_materialization is not None
    assert str(event.asset_materialization.metadata["ledger"].value).endswith("/reports/ledger.html")


def test_all_tables_answer_sql(finished: Deployment) -> None:
    path = finished.store.path_of("bmg.duckdb")
    with open_views(finished.store) as ours, duckdb.connect(path, read_only=True) as on_disk:
        for connection in (ours, on_disk):
            counts = {name: connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in SYSTEM_TABLES}
            assert counts.pop("lab_results") == counts.pop("lab_casts") == counts.pop("cast_outcomes") == 0
            assert counts.pop("prediction_grid") == counts.pop("iteration_maps") == counts["transfer_grid"] == 2 * 4851
            assert counts.pop("fusion_weights") == 2 * 5
            assert counts.pop("system_overview") == counts.pop("iterations") == 2
            assert {counts.pop(table.name) for table in OF_OTHER_JOBS} == {0}
            assert min(counts.values()) > 0
        # From a candidate back to the rows it was learnt from, and to the source of each.
        rows = ours.sql(
            "SELECT DISTINCT r.reference FROM candidates c JOIN training_set t USING (target_system)"
            " JOIN literature.reports r ON r.composition = t.composition WHERE c.kind = 'pick' AND c.rank = 1"
        ).fetchall()
        assert len(rows) > 20


@each_system
def test_every_check_passed(finished: Deployment, key: str) -> None:
    """Those that block at least: a short search on a small table need not beat the mean."""
    run = next(run for run in finished.instance.get_runs() if run.tags.get("dagster/partition") == key)
    events = [event for event in finished.instance.all_logs(run.run_id) if event.is_dagster_event]
    checks = [
        event.dagster_event.asset_check_evaluation_data
        for event in events
        if event.dagster_event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    assert {check.asset_key.to_user_string() for check in checks} >= {"lab_results", "training_set", *LEARNING}
    assert [check.check_name for check in checks if not check.passed and check.blocking] == []
    assert {"no_leakage", "finite_predictions", "picks"} <= {check.check_name for check in checks if check.passed}


def test_a_search_writes_its_progress_into_the_runs_log(finished: Deployment) -> None:
    lines = [
        entry.user_message for run in finished.instance.get_runs() for entry in finished.instance.all_logs(run.run_id)
    ]
    progress = [
        line for line in lines if re.search(r"trial 1 of at most 5, best CV RMSE \d+\.\d+ mm, \d+ s elapsed", line)
    ]
    assert len(progress) == len(TRAINED) * len(SUB_MODELS)


def test_a_seed_gives_the_same_twice_and_other_systems_stay_as_they_are(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    others = deployment.files(of=MG)
    tables = ("prediction_grid", "candidates", "fusion_weights")
    before = {table: deployment.store.read_table(table, ZR) for table in tables}
    for name in deployment.files(of=ZR):
        if name.startswith(("prediction_grid", "candidates", "fusion_weights", "models", "tuning_trials")):
            Path(deployment.store.path_of(name)).unlink()
    assert deployment.run_system(
        ZR, ["lab_results", "training_set", *LEARNING, "prediction_grid", "candidates", "iterations"]
    ).success
    for table in tables:
        pd.testing.assert_frame_equal(deployment.store.read_table(table, ZR), before[table])
    assert deployment.files(of=MG) == others
    assert len(others) > 10
    # The same casts are the same iteration.
    assert deployment.store.read_table("iterations", ZR)["iteration"].tolist() == [0]


def test_four_elements_go_through(copy_of_finished: Deployment) -> None:
    deployment, key = copy_of_finished, "Zr-Al-Cu-Ni"
    deployment.instance.add_dynamic_partitions("target_system", [key])
    assert deployment.run_system(key).success
    grid = deployment.store.read_table("prediction_grid", key)
    points = np.array(grid["at_pct"].tolist())
    assert len(grid) == 18424  # 49 choose 3: every interior composition at 2 at.%
    np.testing.assert_allclose(points.sum(axis=1), 100)
    assert np.isfinite(grid["dmax_mm"]).all()
    rows = deployment.store.read_table("training_set", key)
    assert not [e for e in rows["elements"] if set(key.split("-")) <= set(e)]
    picks = deployment.store.read_table("candidates", key).query("kind == 'pick' and strategy == 'pruned'")
    assert picks["at_pct"].map(len).tolist() == [4, 4]
    page = deployment.store.read_bytes(f"reports/{key}.html").decode().replace("\N{NO-BREAK SPACE}", " ")
    assert all(reason[0].upper() + reason[1:] in page for reason in picks["reason"])
    change = np.sort(np.subtract(*[np.array(point) for point in picks["at_pct"]]))
    np.testing.assert_allclose(change[[1, 2]], 0)
    assert change[3] in (4, 6)  # the multiples of the grid's step next to 5 at.%
