"""A composition that is a rounding of another, and compositions that are neighbours in a series."""

import pytest

from bmg_assets.science.alloys.compositions import parse_formula
from bmg_assets.science.literature.roundings import Composition, better_written


def written(formula: str, *sources: str) -> Composition:
    parsed = parse_formula(formula, "at%")
    return Composition(parsed.composition, parsed.amounts, frozenset(sources))


@pytest.mark.parametrize(
    ("rough", "fine"),
    [
        ("Al10Ce65Cu25", "Al10Ce64.8Cu25.2"),
        ("Ag2.3Al14Co5Cu11.7La62Ni5", "La62Al14(Cu5Ag1)14Ni5Co5"),
        ("B22.56Co27.07Dy6Fe40.61Mo3.76", "B22.56Co27.072Dy6Fe40.608Mo3.76"),
        ("Cu49.5Sn1Ti7.42Zr42.08", "Cu49.5Sn1Ti7.425Zr42.075"),
    ],
)
def test_a_rounding_is_found_in_either_order(rough, fine):
    pair = [written(rough, "one"), written(fine, "two")]
    assert better_written(pair) == {pair[0].key: pair[1].key}
    assert better_written(pair[::-1]) == {pair[0].key: pair[1].key}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Neighbours in a series of half a percent, and an amount that no rounding gives.
        ("Zr50Cu50", "Zr50.5Cu49.5"),
        ("Be27Cu8Ti45Zr20", "Be27.5Cu7.5Ti45Zr20"),
        ("Zr41.2Ti13.8Cu12.5Ni10Be22.5", "Zr40.8Ti13.8Cu12.5Ni10.4Be22.5"),
        ("Zr50Cu50", "Zr50Ni50"),
        ("Zr50Cu50", "Zr50Cu49.9Al0.1"),
    ],
)
def test_what_is_no_rounding_stays_two_alloys(one, other):
    assert better_written([written(one, "one"), written(other, "two")]) == {}


def test_a_source_that_has_both_means_two_alloys():
    pair = [written("Al10Ce65Cu25", "one", "two"), written("Al10Ce64.8Cu25.2", "two")]
    assert better_written(pair) == {}


def test_the_nearest_counts_and_the_best_written_of_a_chain():
    rough, middle, fine = (
        written("Ag3Al14Co2Cu17La62Ni2", "one"),
        written("Ag3.3Al14Co2Cu16.7La62Ni2", "two"),
        written("Ag3.333Al14Co2Cu16.667La62Ni2", "three"),
    )
    other = written("Ag2.6Al14Co2Cu17.4La62Ni2", "four")
    assert better_written([rough, middle, fine, other]) == {rough.key: fine.key, middle.key: fine.key}
