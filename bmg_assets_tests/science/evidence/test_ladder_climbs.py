"""Ways up the ladder on alloys whose D_max is known: hours that can be counted by hand."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.drawn_splits import SYSTEMS_OF
from bmg_assets.science.evidence.ladder_climbs import (
    BY_INFORMATION,
    PER_SYSTEM,
    climb,
    climb_ladders,
    fixed_ways,
    left_out_of,
    summarise_climbs,
)
from bmg_assets.science.evidence.splits import Split
from bmg_assets.science.models.calibration import CalibrationError
from bmg_assets.science.models.interval_calibration import LeftOutAlloys
from bmg_assets.science.proposals.casting_practice import CastingPractice, RungHours
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets_tests.science.surrogates.literature import learnable_alloys

PRACTICE = CastingPractice(hours=RungHours(ribbon=2.0, rod=3.0), largest_rod=4.0)
SYSTEMS = 60


@pytest.mark.parametrize(
    ("way", "dmax_mm", "hours", "to_class"),
    [
        ("ribbon, then 1 mm and up", 0.0, 2, 2),
        ("ribbon, then 1 mm and up", 0.2, 2 + 3, 5),
        ("ribbon, then 1 mm and up", 2.0, 2 + 4 * 3, 5),  # 1, 1.5, 2, and 2.5 mm that fails
        ("1 mm, then up", 0.0, 3 + 2, 5),
        ("1 mm, then up", 2.2, 4 * 3, 3),
        ("1 mm, then up", 9.0, 7 * 3, 3),  # 1 to 4 mm, the largest mould
        ("2 mm, then up", 0.2, 3 + 3 + 2, 8),
        ("2 mm, then up", 1.0, 3 + 3 + 3, 6),  # 2 fails, 1 is glass, 1.5 closes the gap
        ("2 mm, then up", 2.5, 3 * 3, 3),
        ("1 mm, then doubled", 3.0, 3 + 3 + 3 + 3 + 3 + 3, 3),  # 1, 2, 4 fails, 2.5, 3, 3.5 fails
        ("1 mm, then doubled", 4.0, 3 * 3, 3),
    ],
)
def test_hours_of_a_fixed_way(way: str, dmax_mm: float, hours: float, to_class: float) -> None:
    assert climb(fixed_ways(PRACTICE)[way], dmax_mm) == (hours, to_class)


def left_out(is_informative: bool, n_bulk: int = SYSTEMS // 3) -> LeftOutAlloys:
    """Systems of five alloys: no glass, ribbons, or bulk glasses of 3 mm; the score says which, or nothing."""
    rng = np.random.default_rng(4)
    n = 5 * SYSTEMS
    system = np.repeat(np.arange(SYSTEMS), 5)
    dmax_mm = np.where(system < n_bulk, 3.0, np.where(system < n_bulk + (SYSTEMS - n_bulk) // 2, 0.2, 0.0))
    score = np.log1p(dmax_mm) if is_informative else np.full(n, 0.5)
    return LeftOutAlloys(
        score=score + 0.05 * rng.standard_normal(n),
        uncertainty=np.full(n, 0.5) + 0.01 * rng.random(n),
        flags=np.zeros((n, 3)),
        dmax_mm=dmax_mm,
        systems=system.astype(str).astype(object),
        regimes=np.full(n, Regime.RELATED_KNOWN, dtype=object),
    )


def mean_hours(of: LeftOutAlloys, practice: CastingPractice = PRACTICE) -> pd.Series:
    table = summarise_climbs(climb_ladders(of, practice, seed=1), seed=1)
    assert (table["low"] <= table["hours"]).all()
    assert (table["hours"] <= table["high"]).all()
    return table[table["alloys"] == "all alloys"].set_index("way")["hours"]


def test_a_prediction_spares_hours_and_none_that_says_nothing() -> None:
    told, blind = mean_hours(left_out(is_informative=True)), mean_hours(left_out(is_informative=False))
    # Known within a step, a bulk glass of 3 mm takes 3 and 3.5 mm, a ribbon itself and 1 mm, no glass a ribbon.
    assert told[BY_INFORMATION] == pytest.approx((6 + 5 + 2) / 3, abs=0.4)
    assert told[BY_INFORMATION] < told.drop(BY_INFORMATION).min() - 1
    assert blind[BY_INFORMATION] > told[BY_INFORMATION] + 1


def test_systems_count_alike_and_few_alloys_of_each_are_climbed() -> None:
    climbs = climb_ladders(left_out(is_informative=True), PRACTICE, seed=1)
    assert set(climbs.groupby(["system", "way"]).size()) == {PER_SYSTEM}
    table = summarise_climbs(climbs, seed=1)
    assert set(table["systems"]) == {SYSTEMS, SYSTEMS // 3}
    ours = table["way"] == BY_INFORMATION
    assert (table.loc[ours, "more_hours"] == 0).all()
    assert (table.loc[~ours, "p_value"] < 0.01).any()


def test_a_wedge_takes_no_part() -> None:
    wedges = PRACTICE.model_copy(update={"hours": RungHours(wedge=0.1)})
    assert mean_hours(left_out(True), wedges).equals(mean_hours(left_out(True)))


def test_too_few_bulk_glasses_are_told() -> None:
    with pytest.raises(CalibrationError, match="Found bulk glasses in"):
        climb_ladders(left_out(is_informative=True, n_bulk=2), PRACTICE, seed=1)


def test_every_regime_of_the_surrogate_is_climbed() -> None:
    alloys = left_out_of(learnable_alloys(), seed=0)
    assert set(alloys.regimes) == set(Regime)


def test_no_system_of_the_release_split_is_climbed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Al-Cu-Zr" in left_out_of(learnable_alloys(), seed=0).systems
    monkeypatch.setitem(SYSTEMS_OF, Split.RELEASE, frozenset({"Al-Cu-Zr"}))
    assert "Al-Cu-Zr" not in left_out_of(learnable_alloys(), seed=0).systems
