"""The ledger, with known answers: which prediction counts, what a hit is, and how sure it is that it came first."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from bmg_assets.science.evidence.ledger import COLUMNS, Training, shows_bulk
from bmg_assets_tests.science.evidence.ledgers import (
    FIRST,
    PICK_1,
    PICK_2,
    PRINTS,
    SECOND,
    THIRD,
    label,
    ledger,
    on_day,
    paper_map,
    result,
    training,
)


def row_of(frame: pd.DataFrame, composition: str, strategy: str = "pruned") -> pd.Series:
    (row,) = [row for _, row in frame.iterrows() if (row["composition"], row["strategy"]) == (composition, strategy)]
    return row


def test_a_pick_that_was_cast_stands_beside_what_was_recorded_before() -> None:
    frame = ledger([training(1, 1, PICK_1, PICK_2)], {FIRST: result(5)}, label(FIRST, 2.0, 2.5))
    row = row_of(frame, FIRST)
    assert list(frame.columns) == list(COLUMNS)
    assert row["target_system"] == "Zr-Al-Cu"
    assert (row["evidence"], row["iteration"], row["entry"], row["recorded_at"]) == ("prospective", 0, 1, on_day(1))
    assert (row["predicted_mm"], row["interval_low_mm"], row["interval_high_mm"]) == (1.5, 0.5, 2.5)
    assert (row["coverage"], row["probability_bulk"]) == (0.9, 0.4)
    assert (row["proposed_as"], row["proposed_rank"], row["rule"], row["proposed_in"]) == ("pick", 1, "paper", 0)
    assert (row["dmax_mm"], row["dmax_high_mm"], row["state"], row["glass_class"]) == (2.0, 2.5, "closed", "bulk")
    assert (row["is_bulk"], row["hit"], row["within_interval"], row["is_first_pick"]) == (True, True, True, True)
    assert row["error_mm"] == -0.5
    assert {name: row[name] for name in PRINTS} == PRINTS
    other = row_of(frame, FIRST, "transfer")
    assert (other["predicted_mm"], other["error_mm"], other["probability_bulk"]) == (2.5, 0.5, 0.4)
    assert pd.isna([other["proposed_as"], other["hit"]]).all(), "the other map did not propose it"


def test_an_alloy_that_nobody_proposed_is_read_off_both_maps_at_the_nearest_point() -> None:
    off_grid = "Al5.2Cu44.4Zr50.4"
    frame = ledger([training(1, 1, PICK_2)], {off_grid: result(5)}, label(off_grid, 0.0, 0.04, label=0.0))
    for strategy, predicted in (("pruned", 1.5), ("transfer", 2.5)):
        row = row_of(frame, off_grid, strategy)
        assert (row["predicted_mm"], row["grid_composition"], row["grid_distance_at_pct"]) == (predicted, FIRST, 0.6)
        assert (row["is_bulk"], row["is_first_pick"]) == (False, False)
        assert pd.isna([row["proposed_as"], row["rule"], row["hit"]]).all()


@pytest.mark.parametrize(
    ("low", "high", "is_bulk"),
    [
        (1.0, 1.5, True),
        (2.0, None, True),
        (0.2, 1.0, False),
        (0.0, 0.04, False),
        (0.0, 1.0, False),  # no glass as a rod of 1 mm, ribbon or not
        (0.2, None, None),  # glass as ribbon, no rod tried
        (0.2, 2.0, None),  # glass as ribbon, the rod of 2 mm is not: nobody tried 1 mm
        (0.5, None, None),
        (None, None, None),  # casts that contradict each other
    ],
)
def test_a_bulk_glass_is_shown_by_the_interval_of_the_ladder(
    low: float | None, high: float | None, is_bulk: bool | None
) -> None:
    assert shows_bulk(low, high) is is_bulk
    assert shows_bulk(float("nan") if low is None else low, float("nan") if high is None else high) is is_bulk


@pytest.mark.parametrize(
    ("told", "hit", "within"),
    [
        (label(FIRST, 2.0), True, True),  # open: 2 mm or more, and the interval reaches 2.5 mm
        (label(FIRST, 3.0), True, False),
        (label(FIRST, 0.2), None, True),  # open, a ribbon without a rod: nothing speaks against 0.5 mm and more
        (label(FIRST, 0.2, 1.0), False, False),
        (label(FIRST, 0.0, 1.0, "no_label"), False, None),
        (label(FIRST, 0.0, 2.0, "no_label"), None, None),
        (label(FIRST, None, None, "quarantine"), None, None),
    ],
)
def test_hits_and_intervals_of_every_kind_of_ladder(told: dict, hit: bool | None, within: bool | None) -> None:
    row = row_of(ledger([training(1, 1, PICK_1)], {FIRST: result(5)}, told), FIRST)
    for name, expected in (("hit", hit), ("within_interval", within)):
        assert pd.isna(row[name]) if expected is None else row[name] == expected
    assert pd.isna(row["error_mm"]) == (told["state"] != "closed"), "an open ladder gives the least that D_max can be"


def test_a_correction_changes_the_label_and_never_the_prediction() -> None:
    trainings = [training(1, 1, PICK_1), training(2, 6, known=[FIRST])]
    before = row_of(ledger(trainings, {FIRST: result(5)}, label(FIRST, 2.0, 2.5)), FIRST)
    trainings.append(training(3, 8, known=[FIRST]))
    after = row_of(ledger(trainings, {FIRST: result(5)}, label(FIRST, 0.2, 1.0)), FIRST)
    assert (before["hit"], after["hit"]) == (True, False)
    fixed = ["predicted_mm", "interval_low_mm", "recorded_at", "iteration", "proposed_as", "evidence"]
    assert before[fixed].tolist() == after[fixed].tolist()


def test_a_withdrawn_cast_keeps_its_prediction_and_decides_nothing() -> None:
    trainings = [training(1, 1, PICK_1), training(2, 6, known=[FIRST]), training(3, 9, PICK_2)]
    row = row_of(ledger(trainings, {FIRST: result(5)}), FIRST)
    assert (row["state"], row["predicted_mm"], row["proposed_as"], row["sample_ids"]) == ("withdrawn", 1.5, "pick", [])
    assert pd.isna(row[["dmax_mm", "hit", "is_bulk", "error_mm", "within_interval"]]).all()


def test_a_cast_before_the_first_training_has_no_prediction() -> None:
    known = training(1, 4, known=[FIRST])
    assert ledger([known], {FIRST: result(2)}, label(FIRST, 2.0, 2.5)).empty
    never_known = training(1, 4)
    assert ledger([never_known], {FIRST: result(2)}, label(FIRST, 0.0, 1.0, "no_label")).empty


def test_the_last_training_before_the_result_counts() -> None:
    trainings = [training(1, 1, PICK_1), training(2, 3), training(3, 6, known=[FIRST]), training(4, 7, known=[FIRST])]
    row = row_of(ledger(trainings, {FIRST: result(5)}, label(FIRST, 2.0, 2.5)), FIRST)
    assert (row["entry"], row["predicted_mm"], row["recorded_at"]) == (2, 2.5, on_day(3))
    assert (row["proposed_in"], row["proposed_at"]) == (0, on_day(1)), "it was proposed by the one before"


def test_a_cast_that_no_training_knows_yet_is_compared_with_the_last_one() -> None:
    row = row_of(ledger([training(1, 1, PICK_1)], {FIRST: result(2)}, label(FIRST, 2.0)), FIRST)
    assert (row["entry"], row["hit"]) == (1, True)


def test_a_cast_without_a_label_keeps_the_prediction_before_it_though_no_training_ever_knows_it() -> None:
    trainings = [training(1, 1, PICK_1), training(2, 6), training(3, 9)]
    row = row_of(ledger(trainings, {FIRST: result(5)}, label(FIRST, 0.0, 1.0, "no_label")), FIRST)
    assert (row["entry"], row["evidence"], row["hit"]) == (1, "prospective", False)


def test_a_training_under_way_when_the_result_came_in_is_blind_and_not_prospective() -> None:
    trainings = [training(1, 5, PICK_1), training(2, 6, known=[FIRST])]
    first = replace(result(5), taken_in_at=on_day(5) - timedelta(minutes=1))
    row = row_of(ledger(trainings, {FIRST: first}, label(FIRST, 2.0, 2.5)), FIRST)
    assert (row["entry"], row["evidence"]) == (1, "blind")


@pytest.mark.parametrize(("tested", "evidence"), [(4, "prospective"), (3, "prospective"), (2, "blind")])
def test_an_alloy_tested_before_the_day_of_the_training_is_not_prospective(tested: int, evidence: str) -> None:
    row = row_of(ledger([training(1, 3, PICK_1)], {FIRST: result(5, tested)}, label(FIRST, 2.0, 2.5)), FIRST)
    assert row["evidence"] == evidence


def test_what_was_taken_over_from_an_older_store_is_told_apart() -> None:
    trainings = [training(1, 1, PICK_1, taken_over=True), training(2, 6, known=[FIRST])]
    row = row_of(ledger(trainings, {FIRST: result(5)}, label(FIRST, 2.0, 2.5), maps=paper_map), FIRST)
    assert (row["evidence"], row["hit"]) == ("taken_over", True)
    assert pd.isna(row[["coverage", "training_set"]]).all()


def test_a_proposal_that_was_taken_over_makes_the_row_no_surer_than_itself() -> None:
    trainings = [training(1, 1, PICK_1, taken_over=True), training(2, 3), training(3, 6, known=[FIRST])]
    frame = ledger(trainings, {FIRST: result(5)}, label(FIRST, 2.0, 2.5))
    assert row_of(frame, FIRST)["evidence"] == "taken_over"
    assert row_of(frame, FIRST, "transfer")["evidence"] == "prospective"


def test_a_proposal_of_a_map_that_was_not_kept_is_the_prediction() -> None:
    trainings = [training(1, 1, PICK_1, strategy="transfer", dmax_mm=3.5, taken_over=True)]
    row = row_of(ledger(trainings, {FIRST: result(5)}, label(FIRST, 3.0, 3.5), maps=paper_map), FIRST, "transfer")
    assert (row["predicted_mm"], row["error_mm"], row["hit"]) == (3.5, 0.5, True)


def test_picked_once_it_is_a_pick_although_it_was_to_verify_a_boundary_later() -> None:
    trainings = [training(1, 1, PICK_1), training(2, 3, (FIRST, "verification", 3), known=[SECOND])]
    row = row_of(ledger(trainings, {FIRST: result(5)}, label(FIRST, 2.0, 2.5)), FIRST)
    assert (row["proposed_as"], row["proposed_in"], row["hit"]) == ("pick", 0, True)


def test_an_alloy_to_verify_a_boundary_is_no_hit_and_no_miss() -> None:
    row = row_of(ledger([training(1, 1, (FIRST, "verification", 1))], {FIRST: result(5)}, label(FIRST, 2.0)), FIRST)
    assert (row["proposed_as"], row["is_bulk"]) == ("verification", True)
    assert pd.isna(row["hit"])


def test_first_picks_are_those_made_while_no_own_alloy_was_known() -> None:
    trainings = [training(1, 1, PICK_1), training(2, 6, PICK_2, known=[FIRST])]
    results = {FIRST: result(5), SECOND: result(8)}
    frame = ledger(trainings, results, label(FIRST, 2.0, 2.5), label(SECOND, 2.0, 2.5))
    assert [bool(row_of(frame, one)["is_first_pick"]) for one in (FIRST, SECOND)] == [True, False]


def test_picks_without_a_result_are_pending_or_dropped_and_plain_proposals_are_not_listed() -> None:
    verification = (THIRD, "verification", 1)
    trainings = [training(1, 1, PICK_1, verification), training(2, 3, PICK_2, verification, iteration=0)]
    frame = ledger(trainings, {}).set_index("composition")
    assert frame["state"].to_dict() == {FIRST: "dropped", SECOND: "pending"}
    assert frame["evidence"].tolist() == ["prospective"] * 2
    assert frame.loc[SECOND, ["predicted_mm", "probability_bulk"]].tolist() == [1.5, 0.4]
    assert frame[["dmax_mm", "hit", "error_mm"]].isna().all(axis=None)


def beside(one: Training, *proposed: tuple[str, str, int]) -> Training:
    """The training, which proposes these too, by the paper's map and without recommending them."""
    more = [row | {"is_recommended": False} for row in training(one.entry, 1, *proposed).proposals]
    recommended = [row | {"is_recommended": True} for row in one.proposals]
    return replace(one, proposals=[*recommended, *more])


def test_each_of_two_surrogates_that_propose_side_by_side_has_its_own_hits() -> None:
    one = beside(training(1, 1, PICK_1, strategy="transfer"), (FIRST, "verification", 3), (SECOND, "pick", 1))
    found = ledger([one], {FIRST: result(2), SECOND: result(2)}, label(FIRST, 2, 3), label(SECOND, 0.2, 1))
    rows = found.set_index(["composition", "strategy"])
    assert rows["proposed_as"].to_dict() == {
        (FIRST, "transfer"): "pick",
        (FIRST, "pruned"): "verification",
        (SECOND, "pruned"): "pick",
        (SECOND, "transfer"): None,
    }
    assert rows.loc[(FIRST, "transfer"), "hit"]
    assert rows.loc[(SECOND, "pruned"), "hit"] == False  # noqa: E712
    assert rows.loc[[(FIRST, "pruned"), (SECOND, "transfer")], "hit"].isna().all()


def test_only_what_was_recommended_waits_for_a_result() -> None:
    one = beside(training(1, 1, PICK_1, strategy="transfer"), PICK_1, (SECOND, "pick", 2))
    found = ledger([one], {})
    assert found[["composition", "strategy", "state"]].to_numpy().tolist() == [[FIRST, "transfer", "pending"]]


def test_a_map_without_intervals_has_an_error_and_no_coverage() -> None:
    def without(one: object) -> dict[str, pd.DataFrame]:
        return {"pruned": paper_map(training(1, 1))["pruned"].assign(interval_low_mm=None, interval_high_mm=None)}

    row = row_of(ledger([training(1, 1)], {FIRST: result(5)}, label(FIRST, 2.0, 2.5), maps=without), FIRST)
    assert row["error_mm"] == -0.5
    assert pd.isna(row["within_interval"])


def test_nothing_recorded_is_an_empty_ledger_with_its_columns() -> None:
    frame = ledger([], {FIRST: result(5)}, label(FIRST, 2.0))
    assert frame.empty
    assert list(frame.columns) == list(COLUMNS)
