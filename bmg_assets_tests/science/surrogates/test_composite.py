"""What is known of a system decides what the surrogate promises there."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.composite import Composite, FittedComposite, uncalibrated_composite
from bmg_assets.science.surrogates.composite_kernel import VARIANCE_TO_EXPLAIN, prior_variance_of
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets_tests.science.surrogates.literature import learnable_alloys

TARGET = frozenset({"Cu", "Zr", "Ti"})


@cache
def fitted(with_system: bool) -> tuple[FittedComposite, Alloys, Alloys]:
    """Fitted with or without the target, what it was fitted to, and the alloys of the target."""
    alloys = learnable_alloys()
    of_target = alloys.systems == "Cu-Ti-Zr"
    known = alloys if with_system else alloys.take(~of_target)
    return Composite().fit(known, TARGET, seed=0), known, alloys.take(of_target)


def test_the_regime_is_what_is_known_of_the_system() -> None:
    assert fitted(with_system=True)[0].regime is Regime.HALF_KNOWN
    without, known, pool = fitted(with_system=False)
    assert without.regime in (Regime.RELATED_KNOWN, Regime.NOTHING_KNOWN)
    cast = pool.take(np.array([0])).as_own()
    assert without.condition_on(known.followed_by(cast)).regime is Regime.HALF_KNOWN


def test_what_is_known_is_said_with_less_spread() -> None:
    with_system, without = fitted(with_system=True)[0], fitted(with_system=False)[0]
    pool = fitted(with_system=True)[2].compositions
    known, unknown = with_system.predict(pool).calibrated, without.predict(pool).calibrated
    assert known is not None
    assert unknown is not None
    assert known.log_dmax.spread.mean() < unknown.log_dmax.spread.mean()


def test_conditioning_is_a_fit_with_the_casts() -> None:
    without, known, pool = fitted(with_system=False)
    casts = pool.take(np.arange(3)).as_own()
    conditioned = without.condition_on(known.followed_by(casts)).predict(pool.compositions)
    anew = Composite().fit(known.followed_by(casts), TARGET, seed=0).predict(pool.compositions)
    assert conditioned.score == pytest.approx(anew.score, abs=0.1)


def test_the_calibration_leaves_the_target_out() -> None:
    calibration = fitted(with_system=True)[0].calibration
    assert calibration is not None
    assert "Cu-Ti-Zr" not in set(calibration.left_out.systems)
    assert set(calibration.left_out.regimes) == set(Regime)


def test_a_gain_is_promised_beside_a_known_bulk_glass() -> None:
    surrogate, _, pool = fitted(with_system=True)
    posterior = surrogate.predict(pool.compositions)
    cast = posterior.next_cast()
    assert cast is not None
    assert cast.shift_mm == 0
    calibration = surrogate.calibration
    assert calibration is not None
    assert 0 < cast.ribbon_mm < 1
    assert np.log(cast.ribbon_mm) == pytest.approx(calibration.parameters[-1])
    low, high = posterior.interval(0.9) or (np.empty(0), np.empty(0))
    assert (low < high).all()
    assert (high <= cast.largest_mm).all()


def test_the_score_without_a_system_is_that_of_the_alloys_that_stay() -> None:
    alloys = learnable_alloys()
    hidden = alloys.systems == "Cu-Ti-Zr"
    rest, pool = alloys.take(~hidden), alloys.take(hidden).compositions
    found = uncalibrated_composite(alloys).score_without(hidden, pool)
    anew = uncalibrated_composite(rest).predict(pool).score
    assert found == pytest.approx(anew, abs=0.05)  # the scales of the embedding and the mean are those of all alloys
    nothing = np.zeros(len(alloys), dtype=bool)
    everything = uncalibrated_composite(alloys).predict(pool).score
    assert uncalibrated_composite(alloys).score_without(nothing, pool) == pytest.approx(everything, abs=1e-5)
    assert np.abs(found - everything).max() > 0.1


def test_without_bulk_glasses_nothing_is_promised() -> None:
    alloys = learnable_alloys()
    poor = Alloys(alloys.compositions, np.minimum(alloys.dmax_mm, 0.2), alloys.systems, alloys.is_own)
    posterior = Composite().fit(poor, TARGET, seed=0).predict(poor.compositions)
    assert posterior.interval(0.9) is None
    assert posterior.next_cast() is None
    assert posterior.probability_at_least(1.0) is None
    assert (posterior.dmax_mm < 1).all()


def bounded(low: float, high: float) -> np.ndarray:
    """Score and spread of the next cast, at a cast that bounds D_max so."""
    without, known, pool = fitted(with_system=False)
    row = pool.take(np.array([5])).as_own()
    cast = Alloys(row.compositions, np.array([np.nan]), row.systems, row.is_own, np.array([[low, high]]))
    posterior = without.condition_on(known.followed_by(cast)).predict(row.compositions)
    assert posterior.calibrated is not None
    return np.array([posterior.score[0], posterior.calibrated.log_dmax.spread[0]])


def test_casts_are_learnt_as_what_the_ladder_says() -> None:
    failed, closed, is_open, vague = (
        bounded(0.0, 1.0), bounded(3.0, 4.0), bounded(3.0, np.inf), bounded(0.2, np.inf)
    )  # fmt: skip
    assert failed[0] < vague[0] < closed[0] < is_open[0]
    assert closed[1] < is_open[1]  # a closed ladder leaves less open


def test_a_cast_that_says_what_was_expected_changes_nothing() -> None:
    without, known, pool = fitted(with_system=False)
    row = pool.take(np.array([5]))
    before = without.predict(row.compositions).score[0]
    cast = Alloys(row.compositions, np.array([np.nan]), row.systems, np.ones(1, bool), np.array([[0.0, 1e6]]))
    after = without.condition_on(known.followed_by(cast)).predict(row.compositions).score[0]
    assert after == pytest.approx(before, abs=1e-3)


def test_factors_are_correlations_of_the_next_casts() -> None:
    surrogate, _, pool = fitted(with_system=True)
    posterior = surrogate.predict(pool.compositions)
    factors = posterior.factors()
    together = factors @ factors.T
    assert (np.diag(together) <= 1).all()
    at_pct = pool.compositions.fractions * 100
    away = np.abs(at_pct[:, None] - at_pct).sum(axis=2) / 2
    np.fill_diagonal(away, np.inf)
    near, far = (
        np.unravel_index(np.argmin(away), away.shape),
        np.unravel_index(np.argmax(np.where(np.isinf(away), 0, away)), away.shape),
    )
    assert together[near] > together[far]


def test_casts_of_a_first_laboratory_without_literature() -> None:
    alloys = learnable_alloys().take(np.arange(30)).as_own()
    assert len(Composite().fit(alloys, TARGET, seed=0).own) == 0


def test_alloys_of_four_elements_are_near_to_what_is_like_them_alone() -> None:
    light, metals = ("Be", "Ca", "Li", "Mg"), ("Al", "Au", "Co", "Cu", "Fe", "Ni", "Pd", "Pt", "Ti", "Zr")
    rng, elements = np.random.default_rng(0), (*light, *metals)
    systems = list(combinations(range(len(light), len(elements)), 4))
    fractions = np.zeros((len(systems), len(elements)))
    for row, members in enumerate(systems):
        fractions[row, list(members)] = rng.dirichlet(np.full(4, 20.0))
    known = Alloys(
        Compositions(elements, fractions, np.empty((len(systems), 0))),
        np.where(np.arange(len(systems)) % 2, 3.0, 0.0),
        np.array(["-".join(elements[one] for one in members) for members in systems], dtype=object),
        np.zeros(len(systems), dtype=bool),
    )
    far = np.zeros((1, len(elements)))
    far[0, : len(light)] = 0.25
    asked = Compositions(elements, np.vstack([far, fractions[:1]]), np.empty((2, 0)))
    explained = uncalibrated_composite(known).predict(asked).explained()
    left_open = VARIANCE_TO_EXPLAIN * (1 - explained[0])
    assert left_open < prior_variance_of(4) / 2, "how good alloys of four elements are on average is known"
    assert explained[0] < 0.3, "and yet nothing like this one"
    assert explained[1] > 0.7
