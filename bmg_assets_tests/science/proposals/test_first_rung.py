"""The plan for a person: what to do first, what after either outcome, and where the ladder ends."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.proposals.casting_practice import CastingPractice, RungHours
from bmg_assets.science.proposals.first_rung import first_rung, next_rungs
from bmg_assets.science.proposals.rungs import Bracket
from bmg_assets.science.surrogates.base import LogNormal


def cast(median_mm: float, spread: float = 0.7) -> LogNormal:
    return LogNormal(np.log([median_mm]), np.array([spread]), shift_mm=0.0, ribbon_mm=0.2)


@pytest.mark.parametrize(
    ("median_mm", "known", "words"),
    [
        (
            0.1,
            Bracket(),
            "spin a ribbon first (glass with a chance of 16 %); if glassy, cast 1 mm; if not, the ladder is closed: no "
            "glass even as a ribbon",
        ),
        (
            3.0,
            Bracket(),
            "cast 3 mm at once (glass with a chance of 50 %); if glassy, cast 5 mm; if not, cast 2 mm",
        ),
        (
            2.0,
            Bracket(2.0),
            "cast 3 mm next (glass with a chance of 56 %); if glassy, cast 4.5 mm; if not, cast 2.5 mm",
        ),
        (
            2.0,
            Bracket(2.0, 3.0),
            "cast 2.5 mm next (glass with a chance of 43 %); if glassy, the ladder is closed at 2.5 mm; if not, the "
            "ladder is closed at 2 mm",
        ),
        (2.0, Bracket(2.0, 2.5), "the ladder is closed at 2 mm"),
        (2.0, Bracket(0.2, 1.0), "the ladder is closed: glass as a ribbon only"),
        (2.0, Bracket(0.0, 0.03), "the ladder is closed: no glass even as a ribbon"),
        (2.0, Bracket(10.0), "the ladder ends at the largest mould, 10 mm"),
    ],
)
def test_the_plan_in_words(median_mm: float, known: Bracket, words: str) -> None:
    assert first_rung(cast(median_mm), CastingPractice(), known) == words


def test_the_practice_of_the_laboratory_counts() -> None:
    wedges = CastingPractice(hours=RungHours(wedge=1.0))
    assert first_rung(cast(3.0), wedges).startswith("cast a wedge first: it reads D_max within a factor of 1.5")
    no_spinner = CastingPractice(hours=RungHours(ribbon=None))
    assert first_rung(cast(0.1), no_spinner).startswith("cast 1 mm at once (glass with a chance of less than 0.1 %)")
    assert first_rung(cast(0.1), no_spinner).endswith("if not, nothing thinner than 1 mm is made here")


def test_without_a_calibrated_prediction_no_number_is_said() -> None:
    words = first_rung(None, CastingPractice())
    assert words.startswith("spin a ribbon first, then rods from 1 mm upwards")
    assert "%" not in words


def test_every_open_ladder_has_its_next_rung() -> None:
    results = pd.DataFrame(
        [
            ("open", 2.0, None),
            ("gap", 2.0, 4.0),
            ("closed", 2.0, 2.5),
            ("no ribbon", 0.0, 2.0),
            ("between the points", 2.0, None),
            ("far from all that is known", 2.0, None),
            ("contradiction", None, None),
        ],
        columns=["composition", "dmax_low_mm", "dmax_high_mm"],
    )
    grid = pd.DataFrame({"composition": ["open", "gap", "closed", "no ribbon", "far from all that is known"]}).assign(
        log_mean=np.log(3.0), log_spread=0.5, log_shift_mm=0.0, largest_mm=30.0, ribbon_mm=0.2
    )
    grid = grid.assign(is_trusted=~grid["composition"].str.startswith("far"))
    words = next_rungs(results, grid, CastingPractice())
    assert {composition: sentence.split(" next")[0] for composition, sentence in words.items()} == {
        "open": "cast 3.5 mm",
        "gap": "cast 2.5 mm",
        "no ribbon": "cast 1.5 mm",
        "between the points": "cast 2.5 mm",
        "far from all that is known": "cast 2.5 mm",
    }
    assert words["between the points"].endswith("next: the ladder's own step")
    assert next_rungs(results, grid.assign(log_mean=np.nan), CastingPractice())["no ribbon"].startswith("spin a ribbon")
