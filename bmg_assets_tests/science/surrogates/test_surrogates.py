"""Every strategy learns what can be learnt from other systems, and from own casts."""

from functools import cache

import numpy as np
import pytest

from bmg_assets.science.evidence.metrics import auc, is_bulk
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.base import Learnt, Strategy
from bmg_assets.science.surrogates.baselines import Fractions, Nearest
from bmg_assets.science.surrogates.pruned import Pruned
from bmg_assets.science.surrogates.transfer import Transfer
from bmg_assets.science.surrogates.weighted import Weighted, weights_of
from bmg_assets_tests.science.surrogates.literature import learnable_alloys

TARGET = frozenset({"Cu", "Zr", "Ti"})

every_strategy = pytest.mark.parametrize(
    "strategy", [Nearest(), Fractions(), Pruned(), Weighted(), Transfer()], ids=lambda strategy: strategy.name
)


@cache
def learnt_without_target(strategy: Strategy) -> tuple[Learnt, Alloys, Alloys]:
    """What it has learnt, the alloys it has learnt from, and those of the target."""
    alloys = learnable_alloys()
    left_out = alloys.systems == "Cu-Ti-Zr"
    known = alloys.take(~left_out)
    return strategy.learn(known, TARGET, seed=0), known, alloys.take(left_out)


@every_strategy
def test_a_left_out_system_is_ranked(strategy: Strategy) -> None:
    learnt, _, of_target = learnt_without_target(strategy)
    promise = learnt.promise(of_target.compositions)
    assert auc(promise.score, is_bulk(of_target.dmax_mm)) > 0.8
    assert (promise.dmax_mm >= 0).all()


@every_strategy
def test_own_casts_are_learnt_from(strategy: Strategy) -> None:
    learnt, known, pool = learnt_without_target(strategy)
    best = np.array([int(np.argmax(learnt.promise(pool.compositions).score))])
    failed = Alloys(pool.compositions.take(best), np.zeros(1), pool.systems[best], np.ones(1, dtype=bool))
    after = learnt.relearn(known.and_these(failed)).promise(failed.compositions)
    assert after.dmax_mm < learnt.promise(failed.compositions).dmax_mm


def test_no_system_is_learnt_by_its_size() -> None:
    alloys = learnable_alloys()
    weights = weights_of(alloys, frozenset())
    sizes = {system: (alloys.systems == system).sum() for system in set(alloys.systems)}
    for system, size in sizes.items():
        assert weights[alloys.systems == system].sum() == pytest.approx(np.sqrt(size))
    assert (weights_of(alloys.as_own(), frozenset()) > weights.max()).all()


def test_alloys_of_the_targets_elements_count_more() -> None:
    alloys = learnable_alloys()
    more = weights_of(alloys, frozenset({"Cu", "Zr"})) / weights_of(alloys, frozenset())
    elements = alloys.compositions.elements
    share = alloys.compositions.fractions[:, [elements.index("Cu"), elements.index("Zr")]].sum(axis=1)
    assert more == pytest.approx(1 + 2 * share)
    # An own cast counts more than any of the literature, however near that is.
    assert (weights_of(alloys.as_own(), frozenset()) > weights_of(alloys, frozenset(elements)).max()).all()
