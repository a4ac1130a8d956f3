"""The record of a system's rounds: casts come in, are corrected and withdrawn, and what had been predicted stays."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import numpy as np
import pandas as pd
import pytest

from bmg_assets.assets.ledger import ledger_now
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.science.surrogates.catalogue import PAPER, RECOMMENDED
from bmg_assets.settings import laboratory_day
from bmg_assets.store.queries import open_views
from bmg_assets.store.rounds import MAP, PROPOSED, SURROGATE_MAP, Rounds
from bmg_assets.store.store import FORMAT_FILE, STORE_FORMAT, Store
from bmg_assets_tests.deployment import Deployment, sentence_of
from bmg_assets_tests.finished import TRAINED
from bmg_assets_tests.intake.cast_files import HEADER, drop, inbox_at, line, table

KEY = TRAINED[0]
WITHOUT_MODELS = ["lab_results", "training_set", "candidates", "iterations"]
OFF_GRID = "Zr50.4Al5.2Cu44.4"
NEAREST = "Al5Cu45Zr50"


class Loop:
    """A system between the laboratory and the model; the models stay as they are, their map is given."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.store = deployment.store
        self._inbox: LabInbox = inbox_at(deployment.folder)
        self._files = 0

    def report(self, *lines: str) -> None:
        """The laboratory hands in lines with a column `supersedes`."""
        self._files += 1
        data = table(*lines, header=f"{HEADER},supersedes")
        intake = self._inbox.take_in(drop(self._inbox, f"{self._files}.csv", data))
        assert (intake.accepted, intake.refused) == (len(lines), 0)

    def predict(self, change: Callable[[pd.Series], pd.Series]) -> None:
        """The next training predicts otherwise."""
        grid = self.store.read_table("prediction_grid", KEY)
        columns = ["dmax_mm", "interval_low_mm", "interval_high_mm"]
        self.store.write_table("prediction_grid", KEY, grid.assign(**{name: change(grid[name]) for name in columns}))

    def train(self) -> pd.Series:
        """The row of the last iteration after a training."""
        result = self.deployment.run_system(KEY, WITHOUT_MODELS)
        assert result.success, sentence_of(result)
        return self.read("iterations").iloc[-1]

    def read(self, name: str) -> pd.DataFrame:
        return self.store.read_table(name, KEY)

    def map_of(self, iteration: int) -> pd.DataFrame:
        return self.store.read_table("iteration_maps", KEY, part=str(iteration))

    def outcome(self, composition: str) -> pd.Series:
        return self.read("cast_outcomes").set_index("composition").loc[composition]

    def ledger(self) -> tuple[pd.DataFrame, list[str]]:
        """The ledger of predictions, and the notes beside it."""
        return ledger_now(self.deployment.record, self._inbox)

    def standing(self, name: str, composition: str) -> list[str]:
        rows = self.read(name)
        return rows.loc[rows["composition"] == composition, "state"].tolist()


@pytest.fixture
def loop(copy_of_finished: Deployment) -> Loop:
    return Loop(copy_of_finished)


def rod(sample: str, alloy: str, dimension_mm: float, verdict: str, supersedes: str = "", **cells: str) -> str:
    cells = {**cells, "composition_nominal": alloy, "dimension_mm": f"{dimension_mm:g}", "verdict": verdict}
    return f"{line(sample, **cells)},{supersedes}"


def test_the_first_training_is_iteration_0_with_its_map_and_proposals(finished: Deployment) -> None:
    (row,) = finished.store.read_table("iterations", KEY).to_dict("records")
    grid, candidates = (finished.store.read_table(name, KEY) for name in ("prediction_grid", "candidates"))
    kept = finished.store.read_table("iteration_maps", KEY)
    columns = ["point", "composition", "dmax_mm", "interval_low_mm", "interval_high_mm", "top_share", "region"]
    pd.testing.assert_frame_equal(kept[columns], grid[columns])
    assert set(kept["iteration"]) == {0}
    recommended = candidates[candidates["is_recommended"]]
    assert row["picks"] == recommended.loc[recommended["kind"] == "pick", "composition"].tolist()
    assert row["best_at_pct"] == grid.loc[grid["dmax_mm"].idxmax(), "at_pct"]
    assert (row["n_lab"], row["n_new_casts"], row["known_compositions"]) == (0, 0, [])
    assert np.isnan([row["moved_at_pct"], row["mean_error_of_new_casts_mm"], row["best_cast_mm"]]).all()
    proposals = finished.store.read_table("proposals", KEY)
    assert proposals["composition"].tolist() == candidates["composition"].tolist()
    assert set(proposals["state"]) == set(candidates["state"]) == {"proposed"}
    assert finished.store.read_table("cast_outcomes", KEY).empty


def test_a_map_costs_one_small_file(finished: Deployment) -> None:
    (name,) = [name for name in finished.store.folder.files("iteration_maps") if f"/{KEY}." in name]
    assert name == f"iteration_maps/0/{KEY}.parquet"
    assert finished.store.size_of(name) < 250_000


def test_casts_are_set_beside_what_had_been_predicted_whatever_happens_later(loop: Loop) -> None:
    first, second = loop.read("iterations")["picks"].iloc[0]
    before = loop.map_of(0).set_index("composition")

    loop.report(rod("S1", first, 2, "planned"))
    assert loop.train()["iteration"] == 0
    assert loop.standing("candidates", first) == loop.standing("proposals", first) == ["requested"]

    loop.predict(lambda mm: mm[::-1].to_numpy() / 2)
    loop.report(
        rod("S1", first, 2, "amorphous"), rod("S2", first, 2.5, "crystalline"), rod("S3", OFF_GRID, 1, "amorphous")
    )
    row = loop.train()
    off_grid = "Al5.2Cu44.4Zr50.4"
    assert (row["iteration"], row["n_lab"], row["n_new_casts"]) == (1, 2, 3)
    assert row["known_compositions"] == row["new_compositions"] == sorted([first, off_grid])
    assert row["new_sample_ids"] == ["S1", "S2", "S3"]
    assert (row["best_cast_mm"], row["best_cast_composition"]) == (2, first)
    assert row["moved_at_pct"] > 0
    outcome = loop.outcome(first)
    assert (outcome["predicted_in"], outcome["predicted_mm"]) == (0, before["dmax_mm"][first])
    assert (outcome["dmax_mm"], outcome["dmax_high_mm"], outcome["glass_class"]) == (2, 2.5, "bulk")
    assert outcome["error_mm"] == pytest.approx(before["dmax_mm"][first] - 2)
    assert outcome["within_interval"] == bool(
        before["interval_low_mm"][first] <= 2 <= before["interval_high_mm"][first]
    )
    assert (outcome["proposed_in"], outcome["proposed_as"], outcome["proposed_rank"]) == (0, "pick", 1)
    aside = loop.outcome(off_grid)
    assert (aside["grid_composition"], aside["grid_distance_at_pct"]) == (NEAREST, pytest.approx(0.6))
    assert aside["predicted_mm"] == before["dmax_mm"][NEAREST]
    assert pd.isna(aside["proposed_in"])
    errors = loop.read("cast_outcomes")["error_mm"].abs()
    assert row["mean_error_of_new_casts_mm"] == pytest.approx(errors.mean())
    assert loop.standing("candidates", first) == []
    assert loop.standing("proposals", first) == ["cast"]

    loop.report(rod("S2", first, 2.5, "amorphous", "S2"), rod("S4", second, 1, "failed_cast"))
    row = loop.train()
    assert (row["iteration"], row["new_compositions"], row["new_sample_ids"]) == (2, [], [])
    assert np.isnan(row["mean_error_of_new_casts_mm"])
    corrected = loop.outcome(first)
    assert (corrected["dmax_mm"], corrected["state"]) == (2.5, "open")
    assert (corrected["predicted_in"], corrected["predicted_mm"]) == (0, outcome["predicted_mm"])
    assert loop.standing("proposals", second)[0] == "refused"

    loop.report(rod("S1", first, 2, "withdrawn", "S1"), rod("S2", first, 2.5, "withdrawn", "S2"))
    assert loop.train()["iteration"] == 3
    withdrawn = loop.outcome(first)
    assert withdrawn["state"] == "withdrawn"
    assert pd.isna([withdrawn["dmax_mm"], withdrawn["error_mm"], withdrawn["within_interval"]]).all()
    assert withdrawn["predicted_mm"] == outcome["predicted_mm"]
    assert loop.standing("proposals", first) == ["refused"]
    assert loop.standing("candidates", first) == []

    known = loop.read("iterations")
    assert loop.train()["iteration"] == 3
    assert loop.read("iterations")["lab_fingerprint"].tolist() == known["lab_fingerprint"].tolist()
    assert sorted(set(loop.read("iteration_maps")["iteration"])) == [0, 1, 2, 3]
    pd.testing.assert_series_equal(loop.map_of(0).set_index("composition")["dmax_mm"], before["dmax_mm"])


def test_trained_anew_with_the_same_casts_the_map_is_replaced_and_old_proposals_are_kept(loop: Loop) -> None:
    old = loop.read("candidates")
    loop.predict(lambda mm: mm[::-1].to_numpy())
    grid = loop.read("prediction_grid")
    region = pd.Series(grid["dmax_mm"].rank(ascending=False) <= 243)
    loop.store.write_table("prediction_grid", KEY, grid.assign(top_share=region, region=region.map({True: 1})))
    assert loop.train()["iteration"] == 0
    pd.testing.assert_series_equal(loop.map_of(0)["dmax_mm"], loop.read("prediction_grid")["dmax_mm"])
    proposals = loop.read("proposals")
    assert set(proposals["iteration"]) == {0}
    assert set(proposals["composition"]) == {*old["composition"], *loop.read("candidates")["composition"]}
    current = proposals[proposals["by_last_training"]]
    assert sorted(current["composition"]) == sorted(loop.read("candidates")["composition"])


def test_casts_that_the_first_training_knew_have_no_prediction(loop: Loop) -> None:
    shutil.rmtree(loop.deployment.record.url)
    for name in loop.deployment.files(of=KEY):
        if name.startswith(("iterations", "iteration_maps", "proposals", "cast_outcomes")):
            Path(loop.store.path_of(name)).unlink()
    loop.report(rod("S1", "Zr50Al5Cu45", 2, "amorphous"))
    row = loop.train()
    assert (row["iteration"], row["new_sample_ids"]) == (0, ["S1"])
    assert np.isnan(row["mean_error_of_new_casts_mm"])
    outcome = loop.outcome(NEAREST)
    assert outcome["first_known_in"] == 0
    nothing = ["predicted_in", "predicted_mm", "interval_low_mm", "grid_composition", "error_mm", "within_interval"]
    assert outcome[[*nothing, "proposed_in", "proposed_as"]].isna().all()


def test_the_ui_gets_numbers_to_draw_and_sql_answers(loop: Loop) -> None:
    loop.report(rod("S1", "Zr50Al5Cu45", 2, "amorphous"))
    loop.train()
    event = loop.deployment.instance.get_latest_materialization_event(dg.AssetKey("iterations"))
    assert event is not None
    assert event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    curves = ("best_predicted_mm", "best_cast_mm", "moved_at_pct", "mean_error_of_new_casts_mm", "fusion_r2")
    assert {type(metadata[name].value) for name in curves} == {float}
    assert {name: metadata[name].value for name in ("iteration", "n_lab")} == {"iteration": 1, "n_lab": 1}
    assert f"| {NEAREST} | 2 |" in str(metadata["outcomes"].value)
    with open_views(loop.store) as connection:
        rows = connection.sql(
            "SELECT o.composition, o.predicted_mm, m.dmax_mm FROM cast_outcomes o JOIN iteration_maps m"
            " ON m.target_system = o.target_system AND m.iteration = o.predicted_in"
            " AND m.composition = o.grid_composition"
        ).fetchall()
    assert [composition for composition, *_ in rows] == [NEAREST]
    assert rows[0][1] == rows[0][2]


ROUNDS = ("iterations", "iteration_maps", "proposals", "cast_outcomes")


def test_every_training_is_in_the_record_before_its_casts_are_known(loop: Loop) -> None:
    first = loop.read("iterations")["picks"].iloc[0][0]
    loop.report(rod("S1", first, 2, "amorphous"))
    loop.train()
    loop.train()
    rounds = Rounds.of(loop.deployment.record, KEY)
    assert [training.iteration for training in rounds.trainings] == [0, 1, 1]
    assert all(training.is_prospective for training in rounds.trainings)
    training = rounds.trainings[1]
    assert training.entry.about["training"] != rounds.trainings[2].entry.about["training"]
    same = ("training_set", "known_alloys", "settings", "code")
    assert all(training.entry.about[name] == rounds.trainings[2].entry.about[name] for name in same)
    grid, transfer = loop.read("prediction_grid"), loop.read("transfer_grid")
    kept, surrogate, proposed = (training.frame(kind) for kind in (MAP, SURROGATE_MAP, PROPOSED))
    assert kept is not None
    assert kept["dmax_mm"].tolist() == grid["dmax_mm"].tolist()
    assert surrogate is not None
    assert surrogate["probability_bulk"].tolist() == transfer["probability_bulk"].tolist()
    assert proposed is not None
    assert {"strategy", "rule", "dmax_mm", "interval_low_mm", "probability_bulk"} <= set(proposed)
    assert rounds.trainings[1].entry.files == rounds.trainings[2].entry.files, "equal files are kept once"


def test_a_lost_store_gets_its_rounds_from_the_record(loop: Loop) -> None:
    loop.report(rod("S1", "Zr50Al5Cu45", 2, "amorphous"))
    loop.train()
    before = {name: loop.read(name) for name in ROUNDS}
    for name in loop.deployment.files(of=KEY):
        if name.startswith(ROUNDS):
            Path(loop.store.path_of(name)).unlink()
    loop.train()
    for name in ROUNDS:
        now = loop.read(name)
        pd.testing.assert_frame_equal(
            now.drop(columns="trained_at", errors="ignore"), before[name].drop(columns="trained_at", errors="ignore")
        )


def test_a_system_that_was_removed_and_comes_back_has_its_rounds(loop: Loop) -> None:
    first = loop.map_of(0)
    loop.report(rod("S1", "Zr50Al5Cu45", 2, "amorphous"))
    inputs = {name: loop.read(name) for name in ("prediction_grid", "transfer_grid", "fusion_weights")}
    loop.store.delete_system(KEY)
    for name, frame in inputs.items():
        loop.store.write_table(name, KEY, frame)
    assert loop.train()["iteration"] == 1
    pd.testing.assert_frame_equal(loop.map_of(0), first)


@pytest.mark.parametrize("found_format", [2, 3, 4])
def test_a_store_of_an_older_format_leaves_its_rounds_in_the_record(loop: Loop, found_format: int) -> None:
    loop.predict(lambda mm: mm[::-1].to_numpy())
    loop.train()
    loop.report(rod("S1", "Zr50Al5Cu45", 2, "amorphous"))
    loop.train()
    before = {name: loop.read(name) for name in ROUNDS}
    shutil.rmtree(loop.deployment.record.url)
    Path(loop.store.path_of(FORMAT_FILE)).write_text(json.dumps({"store_format": found_format}))
    loop.store.check_format()
    aside = Store(url=f"{loop.store.url}-format-{found_format}")
    assert (Path(aside.url) / "iterations").is_dir()
    assert not loop.store.has_table("iterations", KEY)
    rounds = Rounds.of(loop.deployment.record, KEY)
    assert not any(training.is_prospective for training in rounds.trainings)
    pd.testing.assert_frame_equal(rounds.iterations(), before["iterations"])
    states = ["state", "state_because"]
    pd.testing.assert_frame_equal(rounds.proposals().drop(columns=states), before["proposals"].drop(columns=states))
    for number in (0, 1):
        drawn = rounds.map_of(number)
        assert drawn is not None
        maps = before["iteration_maps"]
        pd.testing.assert_frame_equal(drawn, maps[maps["iteration"] == number].reset_index(drop=True))
    assert not before["proposals"]["by_last_training"].all()


def test_a_store_of_a_newer_format_is_refused_in_a_sentence(copy_of_finished: Deployment) -> None:
    Path(copy_of_finished.store.path_of(FORMAT_FILE)).write_text('{"store_format": 99}')
    result = copy_of_finished.run_system(KEY, WITHOUT_MODELS)
    assert not result.success
    errors = [str(event.event_specific_data) for event in result.all_events if "FAILURE" in event.event_type_value]
    words = f"has format 99, but this version of the platform reads and writes format {STORE_FORMAT}"
    assert any(words in one for one in errors)


def test_the_ledger_follows_picks_from_their_proposal_to_their_casts(loop: Loop) -> None:
    first, second = loop.read("iterations")["picks"].iloc[0]
    before, surrogate = (loop.read(name).set_index("composition") for name in ("prediction_grid", "transfer_grid"))
    today = laboratory_day().isoformat()
    loop.report(
        rod("S1", first, 2, "amorphous", test_date=today),
        rod("S2", first, 2.5, "crystalline", test_date=today),
        rod("S3", OFF_GRID, 1, "amorphous", test_date=today),
    )
    loop.predict(lambda mm: mm[::-1].to_numpy())
    loop.train()
    shutil.rmtree(loop.store.url)
    ledger, notes = loop.ledger()
    assert notes == []
    pruned, recommended = (
        ledger[ledger["strategy"] == name].set_index("composition") for name in (PAPER.name, RECOMMENDED.name)
    )
    pick, off_grid = recommended.loc[first], "Al5.2Cu44.4Zr50.4"
    assert (pick["evidence"], pick["iteration"], pick["proposed_as"], pick["rule"]) == (
        "prospective",
        0,
        "pick",
        "expected_gain",
    )
    assert (pick["predicted_mm"], pick["dmax_mm"], pick["hit"]) == (surrogate["dmax_mm"][first], 2, True)
    assert (pick["coverage"], pick["probability_bulk"]) == (0.9, surrogate["probability_bulk"][first])
    assert pruned.loc[first, "predicted_mm"] == before["dmax_mm"][first]
    assert pruned.loc[off_grid, ["grid_composition", "predicted_mm"]].tolist() == [NEAREST, before["dmax_mm"][NEAREST]]
    assert pd.isna(pruned.loc[off_grid, "proposed_as"])
    (entry, _) = Rounds.of(loop.deployment.record, KEY).trainings
    prints = ("training", "training_set", "known_alloys", "settings", "code")
    assert {name: pick[name] for name in prints} == {name: entry.entry.about[name] for name in prints}
    assert pick["recorded_at"] == pd.Timestamp(entry.entry.written_at)
    assert recommended.loc[second, "state"] in ("pending", "dropped")
    assert set(ledger.loc[ledger["target_system"] == TRAINED[1], "state"]) == {"pending"}
