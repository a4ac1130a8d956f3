"""Each examination of a map and of what it proposes passes on good rows, and fails on the fault it is there for."""

import pandas as pd
import pytest

from bmg_assets.checks import prediction as checks


def grid(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "composition": ["Al1Cu1Zr98", "Al1Cu2Zr97"],
            "at_pct": [[98.0, 1.0, 1.0], [97.0, 1.0, 2.0]],
            "interval_low_mm": [0.0, 1.0],
            "dmax_mm": [1.0, 2.0],
            "interval_high_mm": [3.0, 4.0],
        }
        | columns
    )


@pytest.mark.parametrize("column", ["interval_low_mm", "dmax_mm", "interval_high_mm"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_prediction_that_is_no_number_is_found(column: str, value: float) -> None:
    assert checks.predictions_are_finite(grid()).passed
    finding = checks.predictions_are_finite(grid(**{column: [1.0, value]}))
    assert (finding.passed, finding.figures["not_finite"]) == (False, 1)


def test_a_prediction_outside_its_interval_is_found() -> None:
    for columns in ({"interval_low_mm": [1.1, 1.0]}, {"interval_high_mm": [3.0, 1.9]}):
        finding = checks.predictions_are_finite(grid(**columns))
        assert (finding.passed, finding.figures["out_of_order"]) == (False, 1)


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"at_pct": [[98.0, 1.0, 1.0], [97.0, 1.0, 1.0]]}, "wrong_sum"),
        ({"at_pct": [[98.0, 1.0, 1.0], [98.0, 0.0, 2.0]]}, "on_the_edge"),
        ({"composition": ["Al1Cu1Zr98"] * 2}, "twice"),
    ],
)
def test_a_point_that_is_no_composition_of_all_elements_is_found(columns: dict[str, list], fault: str) -> None:
    assert checks.compositions_are_complete(grid()).passed
    finding = checks.compositions_are_complete(grid(**columns))
    assert not finding.passed
    assert {name for name, count in finding.figures.items() if count} == {fault}


def test_a_flat_map_proposes_nothing() -> None:
    assert checks.map_is_not_flat(grid()).passed
    assert not checks.map_is_not_flat(grid(dmax_mm=[2.0, 2.0])).passed


def test_stale_systems_are_found_and_listed_with_their_reasons() -> None:
    systems = [f"Zr-Al-{number}" for number in range(150)]
    overview = pd.DataFrame({"target_system": systems, "is_stale": True, "stale_because": "never trained"})
    finding = checks.models_are_up_to_date(overview)
    assert (finding.passed, finding.figures["stale"]) == (False, 150)
    shown = finding.figures["stale_systems"].records
    assert len(shown) == checks.STALE_SYSTEMS_SHOWN
    assert shown[0].data == {"target_system": "Zr-Al-0", "stale_because": "never trained"}
    for fresh in (overview[:0], overview.assign(is_stale=False)):
        assert checks.models_are_up_to_date(fresh).passed


@pytest.mark.parametrize(
    ("picks", "passed"),
    [(["Al1Cu1Zr98", "Al1Cu2Zr97"], True), (["Al1Cu1Zr98"], False), (["Al1Cu1Zr98", "Al1Cu1Zr98"], False), ([], False)],
)
def test_two_different_picks_are_needed(picks: list[str], passed: bool) -> None:
    rows = pd.DataFrame({"kind": ["pick"] * len(picks) + ["verification"], "composition": [*picks, "Al2Cu1Zr97"]})
    finding = checks.there_are_picks(rows.assign(rule="paper", strategy="pruned"))
    assert (finding.passed, finding.figures["picks"]) == (passed, picks)


@pytest.mark.parametrize(("n_picks", "passed"), [(0, False), (1, True), (3, True)])
def test_other_rules_may_pick_as_many_as_they_were_asked_for(n_picks: int, passed: bool) -> None:
    rows = pd.DataFrame({"kind": "pick", "composition": list("ABC"[:n_picks]), "rule": "expected_gain"})
    rows = rows.assign(strategy="transfer")
    assert checks.there_are_picks(rows).passed is passed


def test_each_surrogate_proposes_different_alloys_and_both_may_propose_the_same() -> None:
    rows = pd.DataFrame(
        {
            "kind": "pick",
            "composition": ["A", "B", "A", "C"],
            "strategy": ["transfer", "transfer", "pruned", "pruned"],
            "rule": ["expected_gain", "expected_gain", "paper", "paper"],
        }
    )
    assert checks.there_are_picks(rows).passed
    assert not checks.there_are_picks(rows.assign(composition=["A", "A", "B", "C"])).passed
    assert not checks.there_are_picks(rows[:3]).passed


@pytest.mark.parametrize(
    ("recommended", "passed"), [([True, True, False], True), ([False] * 3, False), ([True] * 3, False)]
)
def test_the_picks_of_one_surrogate_are_recommended(recommended: list[bool], passed: bool) -> None:
    rows = pd.DataFrame({"kind": "pick", "composition": list("ABC"), "strategy": ["transfer", "transfer", "pruned"]})
    assert checks.something_is_recommended(rows.assign(is_recommended=recommended)).passed is passed


@pytest.mark.parametrize(("numbers", "passed"), [([0, 1, 2], True), ([0], True), ([1, 2], False), ([0, 2], False)])
def test_an_iteration_that_was_lost_is_found(numbers: list[int], passed: bool) -> None:
    assert checks.iterations_have_no_gaps(pd.DataFrame({"iteration": numbers})).passed is passed
