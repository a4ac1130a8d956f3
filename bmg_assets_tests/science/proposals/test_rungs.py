"""What a rung tells: known answers in bits, and the rung with the most of them an hour."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.casts.ladder import label_of
from bmg_assets.science.proposals.casting_practice import CastingPractice, RungHours
from bmg_assets.science.proposals.rungs import (
    Bracket,
    Rung,
    RungKind,
    brackets_of,
    chance_of_glass,
    diameters_of,
    information_bits,
    next_rung,
    possible_rungs,
    steps_of,
)
from bmg_assets.science.surrogates.base import LogNormal
from bmg_assets_tests.science.casts.examples import ribbon
from bmg_assets_tests.science.casts.examples import rod as rod_cast

PRACTICE = CastingPractice()
NOTHING, RIBBON_IS_GLASS = Bracket(), Bracket(0.2)
RIBBON, WEDGE = Rung(RungKind.RIBBON, 2.0), Rung(RungKind.WEDGE, 5.0)


def rod(size_mm: float) -> Rung:
    return Rung(RungKind.ROD, 3.0, size_mm)


def cast(median_mm: float, spread: float = 0.7, **others: float) -> LogNormal:
    """Half of the probability lies above the median."""
    shift = others.get("shift_mm", 0.0)
    given = {"shift_mm": 0.0, "ribbon_mm": 0.2} | others
    return LogNormal(np.log([median_mm + shift]), np.array([spread]), **given)


def hours(**given: float | None) -> CastingPractice:
    return CastingPractice(hours=RungHours(**given))


def test_a_rod_of_the_median_tells_one_bit_and_a_sure_one_nothing() -> None:
    assert information_bits(cast(3.0), rod(3.0), PRACTICE, NOTHING) == pytest.approx(1.0, abs=1e-3)
    assert chance_of_glass(cast(3.0), rod(3.0), NOTHING) == pytest.approx(0.5)
    assert information_bits(cast(3.0, 0.01), rod(1.0), PRACTICE, NOTHING) == pytest.approx(0.0, abs=1e-9)


@given(st.floats(0.05, 20), st.floats(0.1, 2), st.integers(2, 20))
def test_no_verdict_tells_more_than_its_own_entropy(median_mm: float, spread: float, halves: int) -> None:
    belief, of = cast(median_mm, spread), rod(halves / 2)
    chance = chance_of_glass(belief, of, NOTHING)
    entropy = -sum(p * np.log2(p) for p in (chance, 1 - chance) if p > 0)
    # The verdict of a rod follows from the step, so that it tells all of its entropy.
    assert information_bits(belief, of, PRACTICE, NOTHING) == pytest.approx(entropy, abs=1e-9)


def test_a_wedge_tells_the_more_the_less_is_known_and_less_than_it_could_without_error() -> None:
    narrow, wide = (information_bits(cast(3.0, spread), WEDGE, PRACTICE, NOTHING) for spread in (0.2, 0.9))
    assert 0 < narrow < wide
    diameters = diameters_of(cast(3.0, 0.9), NOTHING)
    shares = np.unique(np.searchsorted(steps_of(PRACTICE, 0.2), diameters, "right"), return_counts=True)[1] / 500
    assert wide < -(shares * np.log2(shares)).sum() - 0.5
    # Two readings a factor of three apart are told apart: about one bit in two.
    assert wide > information_bits(cast(3.0, 0.9), rod(3.0), PRACTICE, NOTHING)


def test_the_distribution_is_cut_to_what_is_known() -> None:
    wide = cast(1.0, 1.0)
    assert diameters_of(wide, Bracket(2.0, 4.0)).min() >= 2
    assert diameters_of(wide, Bracket(2.0, 4.0)).max() < 4
    assert diameters_of(wide, Bracket(0.0, 0.03)).max() < 0.2  # a ribbon failed
    assert diameters_of(wide, RIBBON_IS_GLASS).min() >= 0.2
    # Far above what was predicted the distribution is a narrow one just above the cast.
    beyond = diameters_of(cast(0.05, 0.4), Bracket(8.0))
    assert np.isfinite(beyond).all()
    assert 8 <= beyond.min() < beyond.max() < 16


def test_what_is_not_believed_is_not_cast() -> None:
    assert diameters_of(cast(3.0, 2.0, largest_mm=5.0), NOTHING).max() == 5
    assert chance_of_glass(cast(3.0, 2.0, largest_mm=5.0), rod(5.5), NOTHING) == 0
    assert next_rung(cast(3.0, largest_mm=2.0), PRACTICE, Bracket(6.0)) == rod(6.5)


@pytest.mark.parametrize(
    ("median_mm", "expected"),
    [(0.05, RIBBON), (0.2, RIBBON), (2.0, rod(2.0)), (4.0, rod(4.0)), (40.0, rod(10.0))],
)
def test_the_first_rung_follows_from_the_prediction(median_mm: float, expected: Rung) -> None:
    assert next_rung(cast(median_mm), PRACTICE, NOTHING) == expected


def test_hours_decide() -> None:
    likely = cast(0.7, 0.8)
    assert next_rung(likely, hours(ribbon=0.5), NOTHING).kind is RungKind.RIBBON  # type: ignore[union-attr]
    assert next_rung(likely, hours(ribbon=30), NOTHING).kind is RungKind.ROD  # type: ignore[union-attr]
    assert next_rung(cast(3.0, 1.0), hours(wedge=2), NOTHING) == Rung(RungKind.WEDGE, 2.0)
    assert next_rung(cast(3.0, 1.0), hours(wedge=None), NOTHING) == rod(3.0)
    assert next_rung(cast(0.01, 0.1), hours(ribbon=None), NOTHING) == rod(1.0)


def test_a_wedge_comes_first_or_not_at_all() -> None:
    practice = hours(wedge=0.1)
    assert all(rung.kind is not RungKind.WEDGE for rung in possible_rungs(practice, Bracket(1.0)))
    assert next_rung(cast(3.0), practice, Bracket(1.0)).kind is RungKind.ROD  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("known", "sizes"),
    [
        (Bracket(0.0, 2.0), ["ribbon", 1.0, 1.5]),
        (Bracket(0.0, 1.0), ["ribbon"]),
        (Bracket(0.0, 0.04), []),
        (RIBBON_IS_GLASS, [1.0, 1.5, 2.0, 2.5, 3.0]),
        (Bracket(0.2, 1.0), []),
        (Bracket(0.2, 2.0), [1.0]),
        (Bracket(1.5, 3.0), [2.0]),
        (Bracket(1.5, 2.0), []),
        (Bracket(2.0), [2.5, 3.0]),
        (Bracket(3.0), []),
    ],
)
def test_the_rungs_that_are_left(known: Bracket, sizes: list[object]) -> None:
    practice = CastingPractice(largest_rod=3.0)
    assert [rung.size_mm or rung.kind.value for rung in possible_rungs(practice, known)] == sizes


@pytest.mark.parametrize("shift_mm", [0.0, 1.0])
@given(
    median_mm=st.floats(0.01, 30),
    spread=st.floats(0.02, 3),
    dmax_mm=st.one_of(st.just(0.0), st.floats(0.3, 0.9), st.floats(1, 40)),
)
def test_every_ladder_is_closed_by_its_own_rules(
    shift_mm: float, median_mm: float, spread: float, dmax_mm: float
) -> None:
    """Whatever was predicted, and whatever turns out, the rungs end where the ladder does, each after the other."""
    belief, known = cast(median_mm, spread, shift_mm=shift_mm), NOTHING
    for _ in range(25):
        rung = next_rung(belief, PRACTICE, known)
        if rung is None:
            break
        if rung.kind is RungKind.WEDGE:
            practice = hours(wedge=None)
            rung = next_rung(belief, practice, known)
            assert rung is not None
        least_mm = 0.2 if rung.kind is RungKind.RIBBON else rung.size_mm
        assert known.low_mm < least_mm < known.high_mm
        known = known.after(rung, dmax_mm >= least_mm)
    else:
        pytest.fail("the ladder does not end")
    if dmax_mm >= 10:
        assert known.low_mm == 10
    elif dmax_mm >= 1:
        assert known.low_mm <= dmax_mm < known.high_mm <= known.low_mm + 0.5
    else:
        assert known == (Bracket(0.2, 1.0) if dmax_mm else Bracket(0.0, 0.2))


def test_what_casts_have_shown_is_read_from_their_labels() -> None:
    labels = [label_of([ribbon("R")]), label_of([rod_cast("A", 2), rod_cast("B", 3, "crystalline")])]
    labels += [
        label_of([rod_cast("C", 2, "crystalline")]),
        label_of([rod_cast("D", 2), rod_cast("E", 1, "crystalline")]),
    ]
    results = pd.DataFrame(
        {
            "composition": ["open", "gap", "no ribbon", "contradiction"],
            "dmax_low_mm": [label.low_mm for label in labels],
            "dmax_high_mm": [label.high_mm for label in labels],
        }
    )
    expected = {"open": Bracket(0.2), "gap": Bracket(2.0, 3.0), "no ribbon": Bracket(0.0, 2.0)}
    assert brackets_of(results) == expected
