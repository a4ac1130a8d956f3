"""Rounds come from the tables of the store; their table says where the maximum lay and what came of the casts."""

from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.pages.drawing import new_figure, saved
from bmg_assets.replay.paper import PAPER_ROUNDS, beside_the_paper
from bmg_assets.replay.report import distances_in_words, report_replay
from bmg_assets.replay.rounds import Round, read_rounds, table_of_rounds
from bmg_assets.science.casts.cast import Verdict
from bmg_assets.store.store import Store
from bmg_assets_tests.replay.stores import SYSTEM, table_of, two_rounds


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return two_rounds(tmp_path / "store")


@pytest.fixture
def rounds(store: Store) -> list[Round]:
    return read_rounds(store, SYSTEM)


def test_a_round_is_named_after_the_batches_of_its_new_casts(rounds: list[Round]) -> None:
    assert [one.title for one in rounds] == ["no own casts", "pair 1"]
    assert [len(one.casts) for one in rounds] == [0, 1]
    cast = rounds[1].casts.iloc[0]
    assert (cast["composition"], cast["glass_class"]) == ("Al20Cu60Zr20", "crystalline")
    assert dict(zip(cast["elements"], cast["at_pct"], strict=True)) == {"Al": 20, "Cu": 60, "Zr": 20}


def test_a_round_shows_what_its_last_training_proposed(rounds: list[Round]) -> None:
    assert [one.candidates["composition"].tolist() for one in rounds] == [
        ["Al20Cu60Zr20", "Al12Cu30Zr58"],
        ["Al12Cu30Zr58"],
    ]


def test_both_recommendations_stand_in_each_round_with_their_distance_from_the_reference(
    store: Store, rounds: list[Round]
) -> None:
    table = table_of_rounds(SYSTEM, rounds, table_of(store, "cast_outcomes"), "Zr58Al12Cu30")
    assert table["surrogates_picks"].tolist() == ["Zr58Al12Cu30 (6.00 mm)", ""]
    assert table["papers_pair"].tolist() == ["Zr20Al20Cu60 (2.00 mm)", "Zr58Al12Cu30 (3.00 mm)"]
    assert table["papers_pair_from_reference_at_pct"].tolist() == [38, 0]
    assert table["surrogates_picks_from_reference_at_pct"][0] == 0
    assert pd.isna(table["surrogates_picks_from_reference_at_pct"][1])


def test_the_maximum_its_move_and_the_distances_from_the_reference(store: Store, rounds: list[Round]) -> None:
    table = table_of_rounds(SYSTEM, rounds, table_of(store, "cast_outcomes"), "Zr58Al12Cu30")
    assert table["maximum_at"].tolist() == ["Zr20Al20Cu60", "Zr58Al12Cu30"]
    assert table["maximum_from_reference_at_pct"].tolist() == [38, 0]
    # In the first map the top region has Zr60Al30Cu10, which is nearer than its maximum.
    assert table["top_region_from_reference_at_pct"].tolist() == [20, 0]
    assert pd.isna(table["moved_at_pct"][0])
    assert table["moved_at_pct"][1] == 38
    assert table["own_alloys"].tolist() == [0, 1]


def test_casts_stand_beside_what_was_predicted_for_them(store: Store, rounds: list[Round]) -> None:
    table = table_of_rounds(SYSTEM, rounds, table_of(store, "cast_outcomes"), None)
    assert table["cast_next"].tolist() == ["Zr20Al20Cu60: 0 mm (predicted 2.00)", ""]
    assert "maximum_from_reference_at_pct" not in table


def test_the_papers_casts_stand_beside_the_picks(rounds: list[Round]) -> None:
    table = beside_the_paper(SYSTEM, rounds)
    assert table["cast_by_the_paper"].tolist() == ["Zr20Al20Cu60, Zr20Al25Cu55", "Zr40Al20Cu40, Zr45Al20Cu35"]
    assert table["picked_by_the_papers_models"].tolist() == ["Zr20Al20Cu60 (2.00 mm)", "Zr58Al12Cu30 (3.00 mm)"]
    assert table["picked_by_the_surrogate"].tolist() == ["Zr58Al12Cu30 (6.00 mm)", ""]
    assert table["papers_nearest_pick_off_by_at_pct"].tolist() == [0, 13]
    assert table["surrogates_nearest_pick_off_by_at_pct"][0] == 38
    assert table["predicted_here_mm"].tolist() == ["2.00, 2.00", "3.00, 3.00"]
    assert table["rank_here"].tolist() == ["1, 1 of 3", "1, 1 of 3"]


def test_the_papers_casts_are_those_of_the_file_that_is_replayed() -> None:
    from bmg_assets.cli.training import PAPER_CASTS
    from bmg_assets.settings import PROJECT

    rows = pd.read_csv(PROJECT / "data" / "lab_results" / "examples" / PAPER_CASTS)
    cast = rows.groupby("batch_id", sort=False)["composition_nominal"].unique()
    assert [tuple(alloys) for alloys in cast] == [one.cast for one in PAPER_ROUNDS]
    largest = rows[rows["verdict"] == Verdict.AMORPHOUS.value].groupby("batch_id")["dimension_mm"].max()
    assert (largest["pair 3"], largest["verification"]) == (2.5, 1.0)


def test_how_far_the_maximum_and_the_top_region_miss_the_reference_is_said(rounds: list[Round]) -> None:
    (sentence,) = distances_in_words(SYSTEM, rounds, "Zr45Al12Cu43", is_papers=True)
    assert sentence == (
        "At the end (iteration 1, 1 own alloys) the maximum, Zr58Al12Cu30 with 3.00 mm, misses Zr45Al12Cu43 by "
        "13 at.%, which is not within 10 at.%; the nearest point of the top region, Zr58Al12Cu30, misses it by 13 at.%."
    )
    four = [*rounds, *rounds]
    third, end = distances_in_words(SYSTEM, four, "Zr58Al12Cu30", is_papers=True)
    assert third.startswith("After the third pair")
    assert "misses Zr58Al12Cu30 by 0 at.%, which is within 10 at.%" in third
    assert end.startswith("At the end")
    assert len(distances_in_words(SYSTEM, four, "Zr58Al12Cu30", is_papers=False)) == 1


def test_the_page_and_the_files_are_written_from_the_store_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = saved(new_figure(1, 1)) | {"svg": b"<svg/>"}
    monkeypatch.setattr("bmg_assets.replay.report.draw_rounds", lambda *_: drawn)
    page, table = report_replay(SYSTEM, store, tmp_path, "Zr45Al12Cu43", is_papers=True)
    text = page.read_text(encoding="utf-8")
    assert "misses Zr45Al12Cu43 by 13 at.%" in text
    assert '<th scope="col">maximum from reference (at.%)</th>' in text
    assert "2.5 mm" not in text  # no round after the second pair
    assert "Zr20Al25Cu55" in text
    assert pd.read_csv(tmp_path / "replay.csv")["maximum_mm"].tolist() == table["maximum_mm"].tolist()
    assert (tmp_path / "maps.svg").read_bytes() == b"<svg/>"
    other, _ = report_replay(SYSTEM, store, tmp_path, None, is_papers=False)
    assert "Beside the paper" not in other.read_text(encoding="utf-8")
