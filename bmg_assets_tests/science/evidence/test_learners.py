"""Learners leave systems out as a fit without them would."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import rankdata

from bmg_assets.science.evidence.learners import (
    LEARNERS,
    NO_TARGET,
    Equiatomic,
    MeanOfRanks,
    NearestOfRest,
    ProcessOnce,
    TreesAnew,
    fitted_learners,
    rankings,
)
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.splits import Track
from bmg_assets.science.surrogates.baselines import Nearest
from bmg_assets.science.surrogates.transfer import uncalibrated
from bmg_assets.science.surrogates.weighted import Weighted
from bmg_assets_tests.science.evidence.reports import learnable_reports, table_of

TABLE = table_of(learnable_reports())
ELEMENTS = tuple(sorted({element for elements in TABLE["elements"] for element in elements}))
LEARNT = LearntAlloys.of(TABLE, ELEMENTS)
HIDDEN = LEARNT.hidden_by(["Al-Cu-Zr"], Track.RELATED_KNOWN)
ASKED = LEARNT.alloys.take(HIDDEN).compositions


def test_the_nearest_and_the_trees_are_those_of_the_rest() -> None:
    rest = LEARNT.alloys.take(~HIDDEN)
    nearest = Nearest().fit(rest, NO_TARGET, 0).predict(ASKED).score
    assert NearestOfRest(LEARNT.alloys).without(HIDDEN)(ASKED) == pytest.approx(nearest)
    trees = Weighted().fit(rest, NO_TARGET, 3).predict(ASKED).score
    assert TreesAnew(LEARNT.alloys, seed=3).without(HIDDEN)(ASKED) == pytest.approx(trees)


def test_trees_are_grown_anew_only_where_other_alloys_are_left_out() -> None:
    trees = TreesAnew(LEARNT.alloys, seed=3)
    assert trees.without(HIDDEN) is trees.without(HIDDEN.copy())
    assert trees.without(HIDDEN) is not trees.without(~HIDDEN)


def test_the_process_does_not_see_what_is_hidden() -> None:
    spoilt = LEARNT.alloys.dmax_mm.copy()
    spoilt[HIDDEN] = spoilt[HIDDEN][::-1]  # the mean of all stays
    learner = ProcessOnce("transfer", uncalibrated(LEARNT.alloys))
    other = ProcessOnce("transfer", uncalibrated(replace(LEARNT.alloys, dmax_mm=spoilt)))
    assert learner.without(HIDDEN)(ASKED) == pytest.approx(other.without(HIDDEN)(ASKED))
    nothing = np.zeros(len(spoilt), dtype=bool)
    assert learner.without(nothing)(ASKED) != pytest.approx(other.without(nothing)(ASKED))


def test_ranks_are_averaged_over_what_is_asked_for_together() -> None:
    nearest, equiatomic = NearestOfRest(LEARNT.alloys), Equiatomic()
    ranks = [rankdata(learner.without(HIDDEN)(ASKED)) for learner in (nearest, equiatomic)]
    mean = MeanOfRanks(nearest, equiatomic).without(HIDDEN)(ASKED)
    assert mean == pytest.approx((ranks[0] + ranks[1]) / 2)


def test_every_learner_ranks_every_system() -> None:
    learners = fitted_learners(LEARNERS, LEARNT.alloys, seed=1)
    assert [learner.name for learner in learners] == list(LEARNERS)
    systems = ["Al-Cu-Zr", "Cr-Fe-Ni", "Cu-Ti-Zr"]
    for together in (False, True):
        found = list(rankings(learners, LEARNT, systems, Track.RELATED_KNOWN, together))
        assert {(system, learner.name) for system, learner, _ in found} == {
            (system, name) for system in systems for name in LEARNERS
        }
        assert all(np.isfinite(rank(ASKED)).all() for _, _, rank in found)


def test_all_are_alike_where_a_system_leaves_no_known_alloy() -> None:
    alone = LearntAlloys.of(TABLE[TABLE["chemical_system"] == "Al-Cu-Zr"], ELEMENTS)
    ((_, _, rank),) = rankings([NearestOfRest(alone.alloys)], alone, ["Al-Cu-Zr"], Track.RELATED_KNOWN, together=False)
    assert (rank(ASKED) == 0).all()
