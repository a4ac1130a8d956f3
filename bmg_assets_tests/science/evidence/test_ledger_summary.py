"""Sums over the ledger, by hand: shares with their intervals, no mean of too few, no evidence mixed with another."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.ledger import ledger_frame
from bmg_assets.science.evidence.ledger_summary import (
    LedgerCounts,
    accuracy,
    brier_scores,
    calibration,
    counts_of,
    first_picks,
    hit_rates,
)

WILSON_2_OF_3 = (0.2077, 0.9385)


def a_row(composition: str, **values: object) -> dict[str, object]:
    """A pick of the paper's map that was cast, a bulk glass of 2 mm where 1.5 mm had been predicted."""
    return {
        "target_system": "Zr-Al-Cu",
        "composition": composition,
        "state": "closed",
        "evidence": "prospective",
        "strategy": "pruned",
        "rule": "paper",
        "proposed_as": "pick",
        "is_first_pick": True,
        "coverage": 0.9,
        "probability_bulk": 0.3,
        "dmax_mm": 2.0,
        "is_bulk": True,
        "hit": True,
        "error_mm": -0.5,
        "within_interval": True,
        **values,
    }


def of_map(composition: str, **values: object) -> dict[str, object]:
    """The row of the other map for the same alloy."""
    return a_row(composition, strategy="transfer", rule=None, proposed_as=None, is_first_pick=False, hit=None, **values)


MISS = {"is_bulk": False, "hit": False, "dmax_mm": 0.2, "error_mm": 1.3, "within_interval": False}
UNDECIDED = {"is_bulk": None, "hit": None, "state": "no_label", "dmax_mm": None, "error_mm": None} | {
    "within_interval": None
}
ROWS = [
    a_row("a"),
    a_row("b", state="open"),
    a_row("c", **MISS, is_first_pick=False),
    a_row("d", **UNDECIDED),
    of_map("a"),
    a_row("e", target_system="Mg-Zn-Ca", evidence="taken_over", coverage=None, rule=None),
    a_row("f", state="pending", dmax_mm=None, is_bulk=None, hit=None, error_mm=None, within_interval=None),
    a_row("g", state="dropped", dmax_mm=None, is_bulk=None, hit=None, error_mm=None, within_interval=None),
]
LEDGER = ledger_frame(ROWS)


def test_alloys_and_picks_are_counted_once_whatever_the_number_of_maps() -> None:
    counts = LedgerCounts(systems=2, alloys=5, predictions=6, picks_with_result=5, pending=1, dropped=1)
    assert counts_of(LEDGER) == counts


def test_hits_are_counted_among_the_decided_picks_of_one_evidence() -> None:
    prospective, taken_over = hit_rates(LEDGER).to_dict("records")
    assert (prospective["evidence"], prospective["strategy"], prospective["rule"]) == ("prospective", "pruned", "paper")
    assert [prospective[name] for name in ("picks", "decided", "hits")] == [4, 3, 2]
    assert prospective["share"] == pytest.approx(2 / 3)
    assert (prospective["low"], prospective["high"]) == pytest.approx(WILSON_2_OF_3, abs=1e-4)
    assert (taken_over["evidence"], taken_over["picks"], taken_over["hits"]) == ("taken_over", 1, 1)


def test_a_share_of_nothing_is_no_number() -> None:
    (row,) = hit_rates(ledger_frame([a_row("d", **UNDECIDED)])).to_dict("records")
    assert (row["picks"], row["decided"], row["hits"]) == (1, 0, 0)
    assert np.isnan([row["share"], row["low"], row["high"]]).all()


def test_the_first_picks_have_a_row_per_system() -> None:
    rows = first_picks(LEDGER).set_index("target_system")[["picks", "decided", "hits", "best_mm"]]
    assert rows.loc["Zr-Al-Cu"].tolist() == [3, 2, 2, 2.0]
    assert rows.loc["Mg-Zn-Ca"].tolist() == [1, 1, 1, 2.0]


def test_errors_are_those_of_closed_ladders_and_come_from_five_alloys_on() -> None:
    paper, transfer, _ = accuracy(LEDGER).to_dict("records")
    assert (paper["strategy"], paper["alloys"], paper["closed"]) == ("pruned", 3, 2)
    assert np.isnan(paper["mae_mm"]), "two alloys give no mean"
    assert (paper["intervals"], paper["within"], paper["nominal"]) == (3, 2, 0.9)
    assert (paper["low"], paper["high"]) == pytest.approx(WILSON_2_OF_3, abs=1e-4)
    assert transfer["strategy"] == "transfer"
    (five,) = accuracy(ledger_frame([a_row(name) for name in "abcd"] + [a_row("e", **MISS)])).to_dict("records")
    assert five["mae_mm"] == pytest.approx((4 * 0.5 + 1.3) / 5)


def test_the_nominal_coverage_is_missing_if_it_was_not_recorded_or_changed() -> None:
    assert np.isnan(accuracy(ledger_frame([a_row("a", coverage=None)]))["nominal"][0])
    assert np.isnan(accuracy(ledger_frame([a_row("a"), a_row("b", coverage=0.8)]))["nominal"][0])


def test_probabilities_are_compared_once_per_decided_alloy() -> None:
    prospective, taken_over = calibration(LEDGER).to_dict("records")
    assert (prospective["range"], prospective["decided"], prospective["bulk"]) == ("20% to 40%", 3, 2)
    assert prospective["mean_predicted"] == pytest.approx(0.3)
    assert (taken_over["decided"], taken_over["bulk"]) == (1, 1)


def test_briers_score_by_hand() -> None:
    rows = [a_row(name, probability_bulk=1.0) for name in "abc"]
    rows += [a_row("d", **MISS, probability_bulk=0.5), a_row("e", **MISS, probability_bulk=0.5)]
    (score,) = brier_scores(ledger_frame(rows)).to_dict("records")
    assert (score["decided"], score["brier"]) == (5, pytest.approx(0.1))
    assert np.isnan(brier_scores(ledger_frame(rows[:4]))["brier"][0]), "four alloys give no mean"


def test_of_an_empty_ledger_nothing_is_said() -> None:
    empty = ledger_frame([])
    assert counts_of(empty) == LedgerCounts(0, 0, 0, 0, 0, 0)
    for table in (hit_rates, first_picks, accuracy, calibration, brier_scores):
        found = table(empty)
        assert isinstance(found, pd.DataFrame)
        assert found.empty
        assert "evidence" in found
