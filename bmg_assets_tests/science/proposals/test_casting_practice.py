"""What a laboratory casts: limits, elements, prices; words that cannot be meant end in one sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.proposals.casting_practice import CastingPractice, CastingPracticeError, NotCastError

SYSTEM = TargetSystem(("Zr", "Al", "Cu"))
GRID = composition_grid(3, 5).astype(float)


def read(**content: object) -> CastingPractice:
    return CastingPractice.read(content, "casting.yaml")


@pytest.mark.parametrize(
    "limits",
    [
        {"Al": [0, 20], "Cu": [30, 60.5]},
        {"Al": "0-20", "Cu": "30 to 60.5"},
        "Al 0-20, Cu 30-60.5",
        ["Al 0-20", "Cu 30 - 60.5"],
    ],
)
def test_limits_are_read_as_lists_and_as_text(limits: object) -> None:
    assert read(limits=limits).limits_at_pct == {"Al": (0, 20), "Cu": (30, 60.5)}


def test_nothing_said_allows_everything() -> None:
    for practice in (CastingPractice.read(None, "casting.yaml"), read(), read(limits=None, not_cast=None, prices=None)):
        assert practice == CastingPractice()
        assert practice.allows(GRID, SYSTEM).all()
        assert practice.as_settings() == {}
        practice.check_system(SYSTEM)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([1], r"casting.yaml holds \[1\]; expected the keys limits, not_cast, prices, highest_price"),
        ({"limit": {}}, "casting.yaml has the unknown key 'limit'; expected limits, not_cast"),
        (
            {"limits": {"Al": [20, 0]}},
            r"casting.yaml: limits.Al: found \[20, 0\], expected two amounts .* lower first",
        ),
        ({"limits": {"Al": [0, 120]}}, "limits.Al: found .*, expected two amounts from 0 to 100"),
        ({"limits": {"Al": 20}}, "limits.Al: found 20, expected two amounts"),
        ({"limits": {"Al": ["a", "b"]}}, "limits.Al: found .*, expected two amounts"),
        ({"limits": {"Aluminium": [0, 20]}}, "limits: found 'Aluminium', expected symbols of elements"),
        ({"limits": "Al below 20"}, "limits: found 'Al below 20', expected an element with its lowest and highest"),
        ({"limits": 20}, "limits: found 20, expected elements"),
        ({"not_cast": "Be"}, "not_cast: found 'Be', expected a list of elements"),
        ({"not_cast": [False]}, "not_cast.0: found False, expected symbols"),
        ({"prices": {"Zr": -1}}, "prices.Zr: found -1, expected a price per kg above 0"),
        ({"prices": {"Zr": "40 EUR"}}, "prices.Zr: found '40 EUR', expected a price"),
        ({"prices": {"Zr": True}}, "prices.Zr: found True, expected a price"),
        ({"prices": [40]}, r"prices: found \[40\], expected elements with their price"),
        ({"hours": {"rod": 0}}, "casting.yaml: hours.rod: found 0, expected hours above 0"),
        ({"hours": {"rod": None}}, "hours.rod: found None, expected hours above 0"),
        ({"hours": {"ribbon": "2 h"}}, "hours.ribbon: found '2 h', expected hours above 0"),
        ({"hours": {"film": 1}}, "hours has the unknown key 'film'; expected ribbon, wedge, rod"),
        ({"hours": 3}, "hours holds 3; expected the keys ribbon, wedge, rod"),
        ({"largest_rod": 0.5}, "largest_rod: found 0.5, expected a diameter from 1 to 100 mm"),
        ({"largest_rod": "10 mm"}, "largest_rod: found '10 mm', expected a diameter"),
        ({"highest_price": float("inf")}, "highest_price: found inf, expected a price"),
    ],
)
def test_what_cannot_be_meant_is_told_with_key_finding_and_expectation(content: object, words: str) -> None:
    with pytest.raises(CastingPracticeError, match=words) as told:
        CastingPractice.read(content, "casting.yaml")
    assert "\n" not in str(told.value)


@given(st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted))
def test_what_is_allowed_lies_within_the_limits_and_nothing_else_does(pair: list[int]) -> None:
    low, high = pair
    allowed = read(limits={"Al": [low, high]}).allows(GRID, SYSTEM)
    assert allowed.tolist() == [low <= al <= high for al in GRID[:, 1]]


def test_the_price_of_an_alloy_goes_by_mass() -> None:
    practice = read(prices={"Zr": 40, "Al": 2.5, "Cu": 10})
    masses = np.array([91.224, 26.9815, 63.546]) * [50, 10, 40]
    expected = masses @ [40, 2.5, 10] / masses.sum()
    assert practice.alloy_prices_per_kg(np.array([[50.0, 10.0, 40.0]]), SYSTEM) == pytest.approx(expected, rel=1e-4)
    assert np.isnan(read(prices={"Zr": 40}).alloy_prices_per_kg(GRID, SYSTEM)).all()
    cheap = read(prices={"Zr": 40, "Al": 2.5, "Cu": 10}, highest_price=20).allows(GRID, SYSTEM)
    assert (practice.alloy_prices_per_kg(GRID, SYSTEM)[cheap] <= 20).all()
    assert (practice.alloy_prices_per_kg(GRID, SYSTEM)[~cheap] > 20).all()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"not_cast": ["Be", "Cu"]}, "Zr-Al-Cu holds Cu, which the laboratory does not cast"),
        ({"limits": {"Al": [0, 20], "Cu": [0, 30], "Zr": [0, 40]}}, "leave no composition of Zr-Al-Cu"),
        ({"limits": {"Al": [60, 100], "Cu": [40, 100]}}, r"\(Al 60 to 100 at.%, Cu 40 to 100 at.%\) leave no"),
        ({"prices": {"Zr": 40, "Cu": 10}, "highest_price": 20}, "but Al has none; say it under `prices`"),
    ],
)
def test_a_system_of_which_nothing_can_be_cast_is_refused(content: dict[str, object], words: str) -> None:
    with pytest.raises(NotCastError, match=words):
        read(**content).check_system(SYSTEM)


def test_prices_are_needed_only_where_they_count() -> None:
    some = read(prices={"Zr": 40})
    some.check_system(SYSTEM)
    with pytest.raises(NotCastError, match="Al has none"):
        some.check_system(SYSTEM, needs_prices=True)


def test_the_words_of_a_run_stand_above_those_of_the_file() -> None:
    file = read(limits={"Al": [0, 20], "Cu": [0, 50]}, not_cast=["Be"], prices={"Zr": 40, "Al": 3}, highest_price=50)
    both = file.overridden_by(read(limits={"Al": [0, 30]}, not_cast=["As"], prices={"Zr": 45}))
    assert both == read(
        limits={"Al": [0, 30], "Cu": [0, 50]},
        not_cast=["Be", "As"],
        prices={"Zr": 45, "Al": 3},
        highest_price=50,
    )
    assert both.overridden_by(CastingPractice()) == both


def test_hours_and_moulds_are_those_of_the_laboratory() -> None:
    file = read(hours={"ribbon": 1.5, "wedge": None}, largest_rod=6)
    assert (file.hours.ribbon, file.hours.wedge, file.hours.rod) == (1.5, None, CastingPractice().hours.rod)
    assert file.as_settings() == {
        "casting.hours": {"ribbon": 1.5, "wedge": None, "rod": 3.0},
        "casting.largest_rod": 6,
    }
    # A run says nothing of hours: those of the file stay.
    both = file.overridden_by(read(limits={"Al": [0, 30]}))
    assert (both.hours, both.largest_rod_mm) == (file.hours, 6)
    assert CastingPractice().overridden_by(file) == file
