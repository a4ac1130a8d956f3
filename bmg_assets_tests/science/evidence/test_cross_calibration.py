"""Calibrations are fitted to other systems than those that are judged, and hold there what they say."""

import numpy as np
import pytest

from bmg_assets.science.evidence import cross_calibration
from bmg_assets.science.evidence.cross_calibration import (
    CALIBRATED_COLUMNS,
    FOLDS,
    folds_of,
    is_held,
    with_isotonic,
    with_layer,
)
from bmg_assets.science.models.interval_calibration import LeftOutAlloys
from bmg_assets.science.surrogates.regimes import Regime

N_SYSTEMS, IN_SYSTEM = 60, 12


def left_out(seed: int = 0) -> LeftOutAlloys:
    """Alloys of ternaries whose log D_max is about their score, in all regimes."""
    rng = np.random.default_rng(seed)
    n = N_SYSTEMS * IN_SYSTEM
    score = rng.normal(-1, 1.5, n)
    log_dmax = score + rng.normal(0, 0.5, n)
    dmax_mm = np.where(log_dmax >= 0, np.round(np.exp(log_dmax) * 2) / 2, np.where(log_dmax > -1.5, 0.2, 0.0))
    one = LeftOutAlloys(
        score=score,
        uncertainty=np.full(n, 0.5),
        flags=np.zeros((n, 3)),
        dmax_mm=dmax_mm,
        systems=np.repeat(np.array([f"Al-Cu-X{number}" for number in range(N_SYSTEMS)], dtype=object), IN_SYSTEM),
        regimes=np.full(n, Regime.NOTHING_KNOWN, dtype=object),
    )
    regimes = [
        LeftOutAlloys(one.score, one.uncertainty, one.flags, one.dmax_mm, one.systems, np.full(n, regime, dtype=object))
        for regime in Regime
    ]
    return LeftOutAlloys.of_all(regimes)


ALLOYS = left_out()


def test_a_system_is_in_one_fold_and_folds_are_alike_large() -> None:
    folds = folds_of(ALLOYS.systems, seed=1)
    of_system = {system: set(folds[ALLOYS.systems == system]) for system in set(ALLOYS.systems)}
    assert all(len(found) == 1 for found in of_system.values())
    assert set(np.bincount(folds)) == {len(folds) // FOLDS}


@pytest.mark.parametrize("calibrated", [with_layer, with_isotonic])
def test_calibrations_hold_in_each_regime(calibrated: object) -> None:
    found = calibrated(ALLOYS, 1)
    assert tuple(found.columns) == CALIBRATED_COLUMNS
    assert found.notna().all(axis=None)
    bulk = ALLOYS.dmax_mm >= 1
    for regime in Regime:
        rows = ALLOYS.regimes == regime
        assert found["is_held"][rows & bulk].mean() > 0.85
        assert found["probability_bulk"][rows].mean() == pytest.approx(bulk[rows].mean(), abs=0.04)
    assert found["log_score"].mean() > np.log(0.2)


@pytest.mark.parametrize("calibrated", [with_layer, with_isotonic])
def test_what_a_system_reports_has_no_part_in_its_own_calibration(calibrated: object) -> None:
    own = ALLOYS.systems == ALLOYS.systems[0]
    spoilt = LeftOutAlloys(
        ALLOYS.score,
        ALLOYS.uncertainty,
        ALLOYS.flags,
        np.where(own, 20.0, ALLOYS.dmax_mm),
        ALLOYS.systems,
        ALLOYS.regimes,
    )
    before, after = calibrated(ALLOYS, 1), calibrated(spoilt, 1)
    assert before["probability_bulk"][own].tolist() == after["probability_bulk"][own].tolist()
    same_fold = folds_of(ALLOYS.systems, 1) == folds_of(ALLOYS.systems, 1)[0]
    assert before["probability_bulk"][~same_fold].tolist() != after["probability_bulk"][~same_fold].tolist()


def test_too_few_bulk_glasses_leave_everything_missing() -> None:
    poor = LeftOutAlloys(
        ALLOYS.score, ALLOYS.uncertainty, ALLOYS.flags, np.zeros(len(ALLOYS.score)), ALLOYS.systems, ALLOYS.regimes
    )
    for calibrated in (with_layer, with_isotonic):
        assert calibrated(poor, 1).isna().all(axis=None)


def test_an_interval_holds_what_it_meets_of_the_report() -> None:
    low, high = np.array([0.5, 0.5, 0.01, 0.3, 1.2]), np.array([3.0, 0.9, 0.5, 0.9, 2.0])
    dmax_mm = np.array([3.5, 0.2, 0.0, 0.0, 0.2])
    assert is_held(low, high, dmax_mm, glass_from_mm=0.1).tolist() == [0, 1, 1, 0, 0]


def test_isotonic_chances_of_a_report_are_those_of_its_class_or_rod(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross_calibration, "SMALLEST", 1e-12)
    found = with_isotonic(ALLOYS, 1)
    glass, bulk = found["probability_glass"].to_numpy(), found["probability_bulk"].to_numpy()
    ribbon, nothing = (ALLOYS.dmax_mm > 0) & (ALLOYS.dmax_mm < 1), ALLOYS.dmax_mm == 0
    assert np.exp(found["log_score"][ribbon]).to_numpy() == pytest.approx((glass - bulk)[ribbon], abs=1e-9)
    assert np.exp(found["log_score"][nothing]).to_numpy() == pytest.approx((1 - glass)[nothing], abs=1e-9)
    rods = ALLOYS.dmax_mm >= 1
    assert (np.exp(found["log_score"][rods]).to_numpy() <= bulk[rods] + 1e-9).all()
