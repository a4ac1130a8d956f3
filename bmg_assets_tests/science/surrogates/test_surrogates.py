"""Every surrogate is fitted to what other systems tell, and conditioned on own casts."""

from functools import cache

import numpy as np
import pytest

from bmg_assets.science.evidence.metrics import auc, is_bulk
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.base import FittedSurrogate, Surrogate
from bmg_assets.science.surrogates.catalogue import SURROGATES
from bmg_assets.science.surrogates.weighted import weights_of
from bmg_assets_tests.science.surrogates.literature import learnable_alloys

TARGET = frozenset({"Cu", "Zr", "Ti"})

every_surrogate = pytest.mark.parametrize("surrogate", SURROGATES.values(), ids=SURROGATES)


@cache
def fitted_without_target(surrogate: Surrogate) -> tuple[FittedSurrogate, Alloys, Alloys]:
    """The fitted surrogate, the alloys that it was fitted to, and those of the target."""
    alloys = learnable_alloys()
    left_out = alloys.systems == "Cu-Ti-Zr"
    known = alloys.take(~left_out)
    return surrogate.fit(known, TARGET, seed=0), known, alloys.take(left_out)


@every_surrogate
def test_a_left_out_system_is_ranked(surrogate: Surrogate) -> None:
    fitted, _, of_target = fitted_without_target(surrogate)
    posterior = fitted.predict(of_target.compositions)
    assert auc(posterior.score, is_bulk(of_target.dmax_mm)) > 0.8
    assert (posterior.dmax_mm >= 0).all()


@every_surrogate
def test_a_failed_cast_lowers_the_prediction(surrogate: Surrogate) -> None:
    fitted, known, pool = fitted_without_target(surrogate)
    best = np.array([int(np.argmax(fitted.predict(pool.compositions).score))])
    failed = Alloys(pool.compositions.take(best), np.zeros(1), pool.systems[best], np.ones(1, dtype=bool))
    after = fitted.condition_on(known.followed_by(failed)).predict(failed.compositions)
    assert after.dmax_mm < fitted.predict(failed.compositions).dmax_mm


@every_surrogate
def test_flags_say_what_a_posterior_can_tell(surrogate: Surrogate) -> None:
    fitted, _, of_target = fitted_without_target(surrogate)
    posterior = fitted.predict(of_target.compositions)
    assert surrogate.has_calibrated_spread == (posterior.next_cast() is not None)
    assert surrogate.has_explained == (posterior.explained() is not None)


def test_no_system_dominates_by_its_size() -> None:
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
