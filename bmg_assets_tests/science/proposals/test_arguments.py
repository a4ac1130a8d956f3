"""What argues for which alloy: only a difference beyond its threshold, and only numbers that have a ground."""

import pytest

from bmg_assets.science.proposals.arguments import Argument, arguments_for, leaders, summed_up
from bmg_assets.science.proposals.comparison import ComparedAlloy, KnownAlloy, PropertyEstimate
from bmg_assets_tests.science.proposals.compared import PAPER, SURROGATE, compared, predicted

CHANCE, DMAX = f"chance of a bulk glass by {SURROGATE}", f"D_max by {SURROGATE}"


def found(*alloys: ComparedAlloy) -> dict[str, Argument]:
    return {one.topic: one for one in arguments_for(alloys, SURROGATE, PAPER)}


def glass_at(distance: float) -> KnownAlloy:
    return KnownAlloy("Zr48Cu52", "bulk glass", 2.0, "literature", distance)


def mapped(value: float, error: float | None = 20.0) -> dict[str, PropertyEstimate]:
    return {"tg": PropertyEstimate("T_g", "K", value, value - 30, value + 30, error)}


@pytest.mark.parametrize(("chance", "speaks_for"), [(0.5, ("A",)), (0.81, ()), (0.95, ("B",))])
def test_a_chance_argues_only_where_it_differs_by_ten_points(chance: float, speaks_for: tuple[str, ...]) -> None:
    arguments = found(compared("A", predicted(0.8)), compared("B", predicted(chance)))
    assert arguments[CHANCE].speaks_for == speaks_for
    assert "A 80 %" in arguments[CHANCE].sentence


def test_diameters_argue_only_where_intervals_lie_apart() -> None:
    arguments = found(compared("A", predicted(0.8, 3, 9)), compared("B", predicted(0.8, 0.1, 2.5)))
    assert arguments[DMAX].speaks_for == ("A",)
    assert arguments[DMAX].sentence.endswith("The interval of B lies below.")
    overlapping = found(compared("A", predicted(0.8, 3, 9)), compared("B", predicted(0.8, 0.1, 3)))
    assert (overlapping[DMAX].speaks_for, "intervals overlap" in overlapping[DMAX].sentence) == ((), True)


def test_numbers_without_a_ground_do_not_argue_and_it_is_said_whose_have_one() -> None:
    arguments = found(compared("A", predicted(0.9)), compared("B", predicted(0.1, trusted=False)))
    assert CHANCE not in arguments
    assert DMAX not in arguments
    assert arguments["ground"].speaks_for == ("A",)
    assert "A 90%; B 20%" in arguments["ground"].sentence
    neither = found(*(compared(name, predicted(0.9, trusted=False)) for name in "AB"))
    assert (neither["ground"].speaks_for, "None is near enough" in neither["ground"].sentence) == ((), True)


def test_what_is_known_of_one_alloy_alone_is_no_argument() -> None:
    only = compared("A", predicted(0.8), predicted(0.8, by=PAPER, trusted=None), price_per_kg=10, density_g_cm3=6)
    arguments = found(only, compared("B", predicted(0.8)))
    assert set(arguments) == {CHANCE, DMAX}


@pytest.mark.parametrize(
    ("topic", "better", "worse", "same"),
    [
        ("lower price", {"price_per_kg": 20.0}, {"price_per_kg": 30.0}, {"price_per_kg": 21.0}),
        ("lower density", {"density_g_cm3": 6.0}, {"density_g_cm3": 7.0}, {"density_g_cm3": 6.1}),
        ("nearer to a deep eutectic", {"above_lowest": 0.1}, {"above_lowest": 0.3}, {"above_lowest": 0.11}),
        (
            "nearest known bulk glass",
            {"nearest_bulk": glass_at(2)},
            {"nearest_bulk": glass_at(9)},
            {"nearest_bulk": glass_at(3)},
        ),
        ("higher T_g", {"properties": mapped(700)}, {"properties": mapped(640)}, {"properties": mapped(690)}),
    ],
)
def test_a_number_argues_beyond_its_threshold_and_not_below(topic: str, better: dict, worse: dict, same: dict) -> None:
    apart = found(compared("A", **better), compared("B", **worse), compared("C", **same))
    assert apart[topic].speaks_for == ("A", "C")
    alike = found(compared("A", **better), compared("C", **same))
    assert alike[topic.removeprefix("higher ")].speaks_for == ()


def test_measured_values_are_shown_and_argue_for_nothing() -> None:
    arguments = found(compared("A", properties=mapped(700, None)), compared("B", properties=mapped(400, None)))
    assert (arguments["T_g"].speaks_for, "measured" in arguments["T_g"].sentence) == ((), True)


def test_a_reported_alloy_is_a_fact_and_no_argument() -> None:
    arguments = found(compared("A", known=glass_at(0)), compared("B"))
    assert arguments["known already"].speaks_for == ()
    assert "A bulk glass of 2 mm (literature)" in arguments["known already"].sentence
    assert "All are reported" in found(*(compared(name, known=glass_at(0)) for name in "AB"))["known already"].sentence


def test_the_arguments_are_summed_up_for_each_alloy_or_nothing_is() -> None:
    alloys = [compared("A"), compared("B")]
    assert summed_up(alloys, [Argument("price", ("A",), ""), Argument("chance", (), "")]) == [
        "For A: price.",
        "For B: nothing that is compared here.",
    ]
    assert summed_up(alloys, [Argument("chance", (), "")]) == [
        "Nothing here tells these alloys apart: take the one that is easier to cast."
    ]


def test_leaders_are_those_near_the_best_unless_all_are() -> None:
    assert leaders({"A": 1.0, "B": 0.95, "C": 0.2}, 0.1) == ("A", "B")
    assert leaders({"A": 1.0, "B": 0.95}, 0.1) == ()
    assert leaders({"A": 1.0, "B": 2.0}, 0.5, lower_is_better=True) == ("A",)
