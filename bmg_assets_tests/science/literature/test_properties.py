"""Declarations of properties: how they are named, scaled, derived, and when two reports agree."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bmg_assets.science.literature.properties import (
    Agreement,
    Property,
    PropertyColumn,
    PropertyError,
    Scale,
    property_named,
    scale_of,
    youngs_modulus,
)
from bmg_assets_tests.science.literature.property_rows import PROPERTIES, RATE, TG, TL, WIDTH, YOUNG


def test_a_property_has_a_name_and_a_symbol_and_can_be_typed() -> None:
    for wanted in ("ΔT_x", "DeltaT_x", "width"):
        assert property_named(PROPERTIES, wanted) is WIDTH
    assert (WIDTH.typed, TG.typed) == ("DeltaT_x", "T_g")
    with pytest.raises(PropertyError, match=r"no property 'Tq'; choose one of T_g \(glass\), .*DeltaT_x \(width\)"):
        property_named(PROPERTIES, "Tq")


def test_a_symbol_that_nobody_can_type_is_asked_for_by_its_name() -> None:
    assert TG.model_copy(update={"symbol": "Θ", "also": ()}).typed == "glass"


def test_a_unit_that_nobody_knows_ends_in_one_sentence() -> None:
    with pytest.raises(
        PropertyError, match=r"'Tg' gives T_g in °F, which is not converted to K; expected one of K, °C"
    ):
        scale_of(PropertyColumn(column="Tg", unit="°F"), TG)


@given(st.floats(1e-6, 1e9))
def test_a_scale_leads_back_to_the_unit(value: float) -> None:
    for scale in Scale:
        assert scale.to_unit(scale.to_scale(value)) == pytest.approx(value)


def test_a_step_on_the_log_scale_is_a_decade() -> None:
    assert RATE.scale.to_scale(np.array([1.0, 10.0, 1000.0])).tolist() == [0, 1, 3]
    assert (RATE.error_unit, TG.error_unit) == ("decades", "K")


@pytest.mark.parametrize(
    ("given_as", "agree", "differ", "words"),
    [
        (20, (680, 700), (680, 701), "20 K"),
        ("10 %", (90, 100), (89, 100), "10 %"),
        ("factor 3", (2, 6), (2, 6.1), "a factor of 3"),
    ],
)
def test_reports_agree_within_a_number_a_percentage_or_a_factor(
    given_as: Any, agree: tuple[float, float], differ: tuple[float, float], words: str
) -> None:
    agreement = Property(**(dict(TL) | {"name": "x", "agrees_within": given_as})).agrees_within
    assert agreement.holds(*agree)
    assert not agreement.holds(*differ)
    assert agreement.in_words("K") == words


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agrees_within": "much"}, "a percentage like 10 %"),
        ({"agrees_within": "factor 1"}, "a factor above 1"),
        ({"agrees_within": -5}, "a number in the unit"),
        ({"scale": "log", "range": [0, 10]}, "has no logarithm"),
        ({"own_casts": ["tg_K", "tx_K"]}, "names 2 columns of own casts, expected 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Property(**(dict(TL) | {"name": "x"} | changes))


def test_a_derived_property_says_how_it_follows() -> None:
    assert WIDTH.derived is not None
    assert YOUNG.derived is not None
    assert WIDTH.derived.formula(PROPERTIES) == "T_x − T_g"
    assert YOUNG.derived.formula(PROPERTIES) == "9KG/(3K + G)"
    assert WIDTH.derived.value(720, 670) == 50


def test_youngs_modulus_is_that_of_an_isotropic_solid() -> None:
    """E = 2G(1 + ν) and K = E/(3(1 − 2ν)) with ν = 0.35 and G = 30 GPa."""
    e, poisson = 81.0, 0.35
    assert youngs_modulus(e / (3 * (1 - 2 * poisson)), e / (2 * (1 + poisson))) == pytest.approx(e)


def test_agreement_is_ten_percent_unless_declared() -> None:
    assert Property(name="x", title="x", symbol="x", unit="GPa", range=(1, 2)).agrees_within == Agreement(
        by=10, how="%"
    )
