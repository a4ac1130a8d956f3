"""Casts beside what had been predicted: known answers on a map of four points."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.cast_outcomes import cast_outcomes_rows, maps_needed, nearest_point

SYSTEM = parse_system("Zr-Al-Cu")
POINTS = {"Al5Cu45Zr50": [50.0, 5.0, 45.0], "Al5Cu44Zr51": [51.0, 5.0, 44.0], "Al20Cu60Zr20": [20.0, 20.0, 60.0]}
NO_PROPOSALS = pd.DataFrame(columns=["iteration", "composition", "kind", "rank"])


def a_map(*dmax_mm: float) -> pd.DataFrame:
    dmax = pd.Series(dmax_mm, dtype=float)
    return pd.DataFrame(
        {
            "composition": list(POINTS),
            "at_pct": list(POINTS.values()),
            "dmax_mm": dmax,
            "interval_low_mm": dmax - 1,
            "interval_high_mm": dmax + 1,
        }
    )


def a_label(composition: str, dmax_mm: float | None, high_mm: float | None = None, state: str = "closed"):
    return {
        "composition": composition,
        "sample_ids": ["S1"],
        "glass_class": "bulk",
        "dmax_mm": dmax_mm,
        "dmax_low_mm": dmax_mm,
        "dmax_high_mm": high_mm,
        "state": state,
    }


def outcome(label, first, maps, proposals=NO_PROPOSALS):
    lab = pd.DataFrame([label])
    (row,) = cast_outcomes_rows(SYSTEM, lab, {label["composition"]: first}, maps, proposals)
    return row


def test_the_prediction_is_that_of_the_last_iteration_that_did_not_know_the_alloy():
    row = outcome(a_label("Al5Cu45Zr50", 2.0, 2.5), 2, {0: a_map(9, 9, 9), 1: a_map(1.5, 0, 0), 2: a_map(2, 0, 0)})
    assert (row["first_known_in"], row["predicted_in"], row["predicted_mm"]) == (2, 1, 1.5)
    assert (row["error_mm"], row["within_interval"]) == (-0.5, True)
    assert (row["grid_composition"], row["grid_distance_at_pct"]) == ("Al5Cu45Zr50", 0)
    assert row["at_pct"] == [50.0, 5.0, 45.0]


def test_only_the_maps_before_the_alloys_became_known_are_needed():
    assert maps_needed({"a": 0, "b": 3, "c": 3, "d": 1}) == [0, 2]


@pytest.mark.parametrize(
    ("label", "high", "predicted", "within"),
    [
        (2.0, 2.5, 2.9, True),
        (2.0, 2.5, 3.1, False),
        (2.0, 2.5, 0.9, False),
        # Open above: D_max is 2 mm or more, so that nothing speaks against a larger prediction.
        (2.0, None, 3.1, True),
        (2.0, None, 0.9, False),
    ],
)
def test_a_label_lies_within_the_interval_or_an_open_one_is_reached_by_it(label, high, predicted, within):
    row = outcome(a_label("Al5Cu45Zr50", label, high), 1, {0: a_map(predicted, 0, 0)})
    assert row["within_interval"] is within


def test_off_the_grid_the_nearest_point_is_named_with_its_distance():
    row = outcome(a_label("Al5.2Cu44.4Zr50.4", 2.0, 2.5), 1, {0: a_map(1.0, 3.0, 0)})
    assert (row["grid_composition"], row["grid_distance_at_pct"], row["predicted_mm"]) == ("Al5Cu45Zr50", 0.6, 1.0)


@given(st.tuples(*[st.floats(1, 98)] * 3))
def test_no_point_is_nearer_than_the_nearest(amounts):
    points = a_map(1, 2, 3)["at_pct"].tolist()
    row, distance = nearest_point(points, amounts)
    distances = [max(abs(a - b) for a, b in zip(point, amounts, strict=True)) for point in points]
    assert distance == pytest.approx(min(distances), abs=1e-4)
    assert distances[row] == pytest.approx(min(distances), abs=1e-4)


def test_known_to_the_first_training_or_without_its_map_nothing_is_invented():
    for first, maps in ((0, {0: a_map(1, 2, 3)}), (2, {})):
        row = outcome(a_label("Al5Cu45Zr50", 2.0, 2.5), first, maps)
        assert row["predicted_in"] is None
        assert not {"predicted_mm", "error_mm", "within_interval", "grid_composition"} & set(row)


def test_withdrawn_or_in_quarantine_the_prediction_stays_and_the_comparison_goes():
    maps = {0: a_map(1.5, 0, 0)}
    quarantined = outcome(a_label("Al5Cu45Zr50", None, state="quarantine"), 1, maps)
    (withdrawn,) = cast_outcomes_rows(
        SYSTEM, pd.DataFrame(columns=["composition", "dmax_mm"]), {"Al5Cu45Zr50": 1}, maps, NO_PROPOSALS
    )
    for row, state in ((quarantined, "quarantine"), (withdrawn, "withdrawn")):
        assert (row["state"], row["predicted_mm"], row["dmax_mm"]) == (state, 1.5, None)
        assert "error_mm" not in row
    assert withdrawn["sample_ids"] == []


def test_the_last_proposal_before_the_alloy_was_known_is_named():
    rows = [(0, "pick", 1), (1, "verification", 3), (2, "pick", 2)]
    proposals = pd.DataFrame(
        [{"iteration": i, "kind": kind, "rank": rank, "composition": "Al5Cu45Zr50"} for i, kind, rank in rows]
    )
    row = outcome(a_label("Al5Cu45Zr50", 2.0, 2.5), 2, {1: a_map(1, 2, 3)}, proposals)
    assert (row["proposed_in"], row["proposed_as"], row["proposed_rank"]) == (1, "verification", 3)
    assert "proposed_in" not in outcome(a_label("Al5Cu44Zr51", 2.0, 2.5), 2, {1: a_map(1, 2, 3)}, proposals)


def test_a_label_of_which_nobody_says_when_it_became_known_is_a_mistake():
    with pytest.raises(ValueError, match="which iteration first knew Al5Cu45Zr50"):
        cast_outcomes_rows(SYSTEM, pd.DataFrame([a_label("Al5Cu45Zr50", 2.0)]), {}, {}, NO_PROPOSALS)
