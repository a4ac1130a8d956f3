"""One alloy in two writings: the same where the digits say so, pointed out where they leave it open."""

import pytest

from bmg_assets.science.casts.twins import with_twins_noted
from bmg_assets_tests.science.casts.examples import cast


def noted(*writings: tuple[str, str]) -> list[bool]:
    """Whether each of the casts has a remark on a twin above it."""
    casts = [
        cast(f"S{number}", composition_nominal=formula, composition_unit=unit)
        for number, (formula, unit) in enumerate(writings)
    ]
    return [any("within rounding" in remark for remark in one.remarks) for one in with_twins_noted(casts, ())]


def test_a_ribbon_in_weight_percent_and_a_rod_in_atomic_percent_are_one_alloy() -> None:
    ribbon = cast("R-1", composition_nominal="Zr60.37Al1.79Cu37.85", composition_unit="wt%")
    rod = cast("R-2", composition_nominal="Zr50Al5Cu45", composition_unit="at%")
    assert ribbon.composition == rod.composition
    assert ribbon.at_pct == pytest.approx(rod.at_pct)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Zr50Al5Cu45", "at%"), ("Zr60.4Al1.8Cu37.8", "wt%")),
        (("Zr33.3Al33.3Cu33.4", "at%"), ("Zr33.33Al33.33Cu33.34", "at%")),
        (("Zr62.25Al12.5Cu25.25", "at%"), ("Zr62.3Al12.5Cu25.2", "at%")),
    ],
)
def test_a_writing_with_fewer_digits_is_pointed_out_whichever_comes_first(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert noted(first, second) == [False, True]
    assert noted(second, first) == [False, True]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Zr50Al5Cu45", "at%"), ("Zr50Al5.5Cu44.5", "at%")),
        (("Zr50.5Al5Cu44.5", "at%"), ("Zr50.4Al5Cu44.6", "at%")),
        (("Zr50Al5Cu45", "at%"), ("Zr50Al5Ni45", "at%")),
        (("Zr50Al5Cu45", "at%"), ("Cu45Zr50Al5.0", "at%")),
    ],
)
def test_another_alloy_and_the_same_one_are_no_twins(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert noted(first, second) == [False, False]


def test_a_twin_among_the_known_casts_is_named() -> None:
    known = cast("OLD", composition_nominal="Zr50Al5Cu45", composition_unit="at%")
    new = cast("NEW", composition_nominal="Zr60.4Al1.8Cu37.8", composition_unit="wt%")
    (one,) = with_twins_noted([new], [known])
    assert "OLD" in one.remarks[-1]
    assert with_twins_noted([known], [known]) == (known,)
