"""Each alloy is asked for once in each regime, and what is asked for is hidden."""

import numpy as np
import pytest

from bmg_assets.science.evidence import regime_cases
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.regime_cases import cases_of, judged_systems
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets_tests.science.evidence.learnable import LEARNT

CASES = cases_of(LEARNT, "Al-Cu-Zr", seed=1)
OWN = np.flatnonzero(LEARNT.alloys.systems == "Al-Cu-Zr")


def test_systems_with_enough_alloys_are_judged_but_for_the_release_split(monkeypatch: pytest.MonkeyPatch) -> None:
    found = judged_systems(LEARNT)
    assert found == ["Ag-Cu-Zr", "Al-Co-Zr", "Al-Cu-Zr", "Al-Ni-Ti-Zr", "Cu-Ti-Zr"]  # the others have three alloys
    monkeypatch.setattr(regime_cases, "RELEASE_SYSTEMS", frozenset({"Al-Cu-Zr"}))
    assert judged_systems(LEARNT) == [name for name in found if name != "Al-Cu-Zr"]


@pytest.mark.parametrize("regime", Regime)
def test_each_alloy_is_asked_for_once_in_each_regime(regime: Regime) -> None:
    cases = [case for case in CASES if case.regime is regime]
    assert np.sort(np.concatenate([case.asked for case in cases])).tolist() == OWN.tolist()
    for case in cases:
        assert np.isin(case.asked, case.hidden).all()
        assert (np.diff(case.hidden) > 0).all()


def test_what_is_known_grows_from_regime_to_regime() -> None:
    hidden = {regime: max(len(case.hidden) for case in CASES if case.regime is regime) for regime in Regime}
    assert hidden[Regime.ALL_BUT_ONE_KNOWN] == 1
    assert hidden[Regime.HALF_KNOWN] == len(OWN) // 2
    assert hidden[Regime.RELATED_KNOWN] == len(OWN)
    related = next(case.hidden for case in CASES if case.regime is Regime.NOTHING_KNOWN)
    assert set(LEARNT.alloys.systems[related]) == {"Ag-Cu-Zr", "Al-Co-Zr", "Al-Cu-Zr", "Al-Ni-Ti-Zr", "Cu-Ti-Zr"}


def test_halves_depend_on_the_seed_and_on_no_other_system() -> None:
    halves = [case.asked.tolist() for case in CASES if case.regime is Regime.HALF_KNOWN]
    again = [case.asked.tolist() for case in cases_of(LEARNT, "Al-Cu-Zr", seed=1) if case.regime is Regime.HALF_KNOWN]
    other = [case.asked.tolist() for case in cases_of(LEARNT, "Al-Cu-Zr", seed=2) if case.regime is Regime.HALF_KNOWN]
    assert halves == again
    assert halves != other


def test_a_case_that_leaves_nothing_known_is_none() -> None:
    only = LearntAlloys(LEARNT.alloys.take(OWN), LEARNT.present[OWN], LEARNT.names[OWN])
    assert {case.regime for case in cases_of(only, "Al-Cu-Zr", seed=1)} == {
        Regime.HALF_KNOWN,
        Regime.ALL_BUT_ONE_KNOWN,
    }
