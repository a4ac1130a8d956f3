"""Predictions of hidden alloys are those of a fit without them."""

import numpy as np
import pytest

from bmg_assets.science.evidence.learners import NO_TARGET
from bmg_assets.science.evidence.left_out_predictors import (
    NearestPredictor,
    ProcessPredictor,
    TreesPredictor,
    distances_of,
)
from bmg_assets.science.evidence.regime_cases import Case, cases_of
from bmg_assets.science.surrogates.baselines import Nearest
from bmg_assets.science.surrogates.composite import uncalibrated_composite
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets.science.surrogates.transfer import uncalibrated
from bmg_assets.science.surrogates.weighted import Weighted
from bmg_assets_tests.science.evidence.learnable import LEARNT

ALLOYS = LEARNT.alloys
CASES = [case for system in ("Al-Cu-Zr", "Cu-Ti-Zr") for case in cases_of(LEARNT, system, seed=1)]


def without(case: Case) -> np.ndarray:
    return np.setdiff1d(np.arange(len(ALLOYS)), case.hidden)


@pytest.mark.parametrize(
    ("name", "fitted"), [("transfer", uncalibrated(ALLOYS)), ("composite", uncalibrated_composite(ALLOYS))]
)
def test_a_process_predicts_a_case_as_its_map_without_the_case(name: str, fitted: object) -> None:
    predictor = ProcessPredictor(name, fitted, LEARNT)
    for case in CASES[:4]:
        score, left_open = predictor.predict(case)
        hidden = np.isin(np.arange(len(ALLOYS)), case.hidden)
        expected = fitted.score_without(hidden, ALLOYS.compositions.take(case.asked))
        assert score == pytest.approx(expected, abs=2e-3)  # composite works in single precision
        assert ((left_open > 0) & (left_open <= predictor.prior[case.asked])).all()
        assert predictor.scores([case])[0].tolist() == score.tolist()


def test_more_is_left_open_where_less_is_known() -> None:
    predictor = ProcessPredictor("transfer", uncalibrated(ALLOYS), LEARNT)
    left = {case.regime: predictor.predict(case)[1].mean() for case in CASES[:4]}
    assert left[Regime.NOTHING_KNOWN] > left[Regime.RELATED_KNOWN] > left[Regime.HALF_KNOWN]


def test_the_nearest_is_that_of_the_known() -> None:
    for case, score in zip(CASES, NearestPredictor(LEARNT).scores(CASES), strict=True):
        fitted = Nearest().fit(ALLOYS.take(without(case)), NO_TARGET, 0)
        assert score == pytest.approx(fitted.predict(ALLOYS.compositions.take(case.asked)).score)


def test_distances_are_from_what_is_known_alone() -> None:
    for case, distance in zip(CASES, distances_of(LEARNT, CASES), strict=True):
        assert distance.shape == (len(case.asked), len(ALLOYS))
        assert np.isinf(distance[:, case.hidden]).all()
        assert np.isfinite(distance[:, without(case)]).all()
    alone = next(case for case in CASES if case.regime is Regime.ALL_BUT_ONE_KNOWN)
    assert distances_of(LEARNT, [alone])[0].min() > 0


def test_trees_are_grown_without_what_is_hidden() -> None:
    nothing_known = [case for case in CASES if case.regime is Regime.NOTHING_KNOWN]
    for case, score in zip(nothing_known, TreesPredictor(LEARNT, seed=3).scores(nothing_known), strict=True):
        trees = Weighted().fit(ALLOYS.take(without(case)), NO_TARGET, 3)
        assert score == pytest.approx(trees.predict(ALLOYS.compositions.take(case.asked)).score)


def test_trees_of_related_systems_are_never_hidden_together() -> None:
    cases = [case for case in CASES if case.regime is not Regime.ALL_BUT_ONE_KNOWN]
    for places in TreesPredictor(LEARNT, seed=3)._together(cases):
        assert len({(cases[place].system, cases[place].regime, cases[place].part) for place in places}) == 1
    alone = [case for case in CASES if case.regime is Regime.ALL_BUT_ONE_KNOWN]
    together = TreesPredictor(LEARNT, seed=3)._together(alone)
    assert len(together) == 10
    assert sorted(place for places in together for place in places) == list(range(len(alone)))
