"""What is left out with a system, what calibrates, what casts count, and the predictive distribution of the next."""

from collections.abc import Sequence

import numpy as np
import pytest

from bmg_assets.science.models.calibration import LeftOutScores
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.kernels import EmbeddingSpace, kernel
from bmg_assets.science.surrogates.regimes import hidden_with
from bmg_assets.science.surrogates.transfer import PredictiveLine, Transfer, uncalibrated

RNG = np.random.default_rng(5)
SCORES = RNG.normal(size=4000)
VARIANCE = RNG.uniform(0.2, 2.0, size=4000)
SYSTEMS = np.repeat(np.arange(400), 10).astype(object)


def fitted(log_dmax: np.ndarray) -> PredictiveLine:
    return PredictiveLine.fit(LeftOutScores(SCORES, np.expm1(log_dmax), SYSTEMS), VARIANCE)


def test_a_line_without_errors_is_found_and_leaves_no_uncertainty() -> None:
    line = fitted(0.5 + 0.25 * SCORES)
    assert (line.intercept, line.slope) == pytest.approx((0.5, 0.25))
    assert line.amplitude == pytest.approx(0, abs=1e-12)


def test_errors_in_proportion_to_what_the_process_leaves_open_give_the_amplitude() -> None:
    noise = RNG.normal(size=4000) * np.sqrt(0.09 * VARIANCE)
    line = fitted(2.0 + 0.25 * SCORES + noise)
    assert line.amplitude == pytest.approx(0.09, rel=0.1)
    cast = line.predict(np.array([0.0, 2.0]), np.array([1.0, 0.25]))
    assert cast.mean == pytest.approx([2.0, 2.5], abs=0.05)
    assert cast.spread == pytest.approx([0.3, 0.15], rel=0.05)


def symbols_of(systems: list[str]) -> np.ndarray:
    """Elements that each system holds, columns A to E."""
    return np.array([[symbol in system.split("-") for symbol in "ABCDE"] for system in systems])


def test_with_a_system_its_relatives_of_two_shared_elements_and_others_are_hidden() -> None:
    systems = ["A-B-C", "A-B-D", "A-B", "A-D-E", "A-B-C-D", "B-C-D-E", "D-E", "A-B-C"]
    own, related = (hidden_with(symbols_of(systems), symbols_of(["A-B-C"])[0], too) for too in (False, True))
    assert own.tolist() == [True, False, False, False, False, False, False, True]
    # Binaries of its own elements stay, as in the paper's sub-dataset (3); so do alloys that share one element.
    assert related.tolist() == [True, True, False, False, True, True, False, True]


METALS = ("Al-Ni-Zr", "Al-Co-La", "Cu-Mg-Y", "Cu-Hf-Ti")
METALLOIDS = ("B-Fe-Si", "Ni-P-Pd", "Cu-Pd-Si", "B-Co-Nb")


def of_systems(systems: Sequence[str], dmax_mm: Sequence[float], seed: int = 0) -> Alloys:
    """As many alloys of each system as there are diameters, at compositions drawn once."""
    elements = tuple(sorted({symbol for system in systems for symbol in system.split("-")} | {"Ca", "Zn"}))
    rng = np.random.default_rng(seed)
    fractions = []
    for system in systems:
        for share in rng.dirichlet(np.full(len(system.split("-")), 5.0), len(dmax_mm)):
            amounts = dict(zip(system.split("-"), share, strict=True))
            fractions.append([amounts.get(symbol, 0.0) for symbol in elements])
    count = len(fractions)
    return Alloys(
        Compositions(elements, np.array(fractions), np.empty((count, 0))),
        np.tile(np.array(dmax_mm), len(systems)),
        np.repeat(np.array(systems, dtype=object), len(dmax_mm)),
        np.zeros(count, dtype=bool),
    )


MIXED = (0.0, 0.2, 1.0, 1.5, 2.5, 4.0)


@pytest.mark.parametrize(("target", "alike"), [("Ca-Mg-Zn", METALS), ("B-Ca-Zn", METALLOIDS)])
def test_levels_are_chosen_by_the_family_of_the_target(target: str, alike: tuple[str, ...]) -> None:
    fitted = Transfer().fit(of_systems(METALS + METALLOIDS, MIXED), frozenset(target.split("-")), seed=0)
    assert set(fitted.calibration.alike.systems) == set(alike)


def test_systems_of_as_many_elements_calibrate_if_they_hold_ten_bulk_glasses() -> None:
    others = ["Cu-Zr", "Nb-Ni", "Al-Cu-Ni-Zr"]
    both = of_systems([*METALS, *others], MIXED)
    target = frozenset({"Ca", "Mg", "Zn"})
    assert set(Transfer().fit(both, target, seed=0).calibration.alike.systems) == set(METALS)
    fewer = both.take(~np.isin(both.systems, METALS[1:]))  # one ternary is left, with four bulk glasses
    assert set(Transfer().fit(fewer, target, seed=0).calibration.alike.systems) == {METALS[0], *others}
    assert Transfer().fit(fewer.take(fewer.systems == METALS[0]), target, seed=0).calibration is None


def test_a_rod_of_one_millimetre_is_a_bulk_glass_that_calibrates() -> None:
    both = of_systems([*METALS, "Cu-Zr", "Nb-Ni"], (0.0, 0.2, 0.2, 1.0, 1.0, 1.0))
    fitted = Transfer().fit(both, frozenset({"Ca", "Mg", "Zn"}), seed=0)
    assert set(fitted.calibration.alike.systems) == set(METALS)


def test_systems_of_two_alloys_calibrate_nothing() -> None:
    known = of_systems(METALS, MIXED)
    kept = ~((known.systems == METALS[0]) & (np.arange(len(known)) >= 2))
    fitted = Transfer().fit(known.take(kept), frozenset({"Ca", "Mg", "Zn"}), seed=0)
    assert set(fitted.calibration.alike.systems) == set(METALS[1:])
    kept[2] = True
    fitted = Transfer().fit(known.take(kept), frozenset({"Ca", "Mg", "Zn"}), seed=0)
    assert set(fitted.calibration.alike.systems) == set(METALS)


def test_the_target_itself_never_calibrates() -> None:
    fitted = Transfer().fit(of_systems(METALS, MIXED), frozenset(METALS[1].split("-")), seed=0)
    assert METALS[1] not in fitted.calibration.alike.systems


def test_each_system_is_predicted_as_if_nobody_had_cast_it() -> None:
    known, target = of_systems(METALS, MIXED), frozenset({"Ca", "Mg", "Zn"})
    left_out = Transfer().fit(known, target, seed=0).calibration.alike
    without = known.systems != METALS[2]
    # The standardisation of the melt sees all alloys: it is kept, so that only the casts are unknown.
    space, embedding = EmbeddingSpace.fit(known.compositions)
    covariance, noise = kernel(embedding, embedding), np.full(without.sum(), 0.2)
    targets = np.column_stack([np.log1p(known.dmax_mm), known.dmax_mm > 0])
    mean = targets.mean(axis=0)
    solved = np.linalg.solve(covariance[np.ix_(without, without)] + np.diag(noise), targets[without] - mean)
    expected = covariance[np.ix_(~without, without)] @ solved + mean
    found = left_out.score[left_out.systems == METALS[2]]
    assert found == pytest.approx(expected[:, 0] + 0.3 * expected[:, 1])
    assert space.embed(known.compositions).coordinates == pytest.approx(embedding.coordinates)


def test_the_score_without_a_system_is_that_of_the_alloys_that_stay() -> None:
    known = of_systems(METALS, MIXED)
    hidden = known.systems == METALS[2]
    fitted = uncalibrated(known)
    embedding, mean = fitted.embedding, fitted.process.mean
    covariance = kernel(embedding, embedding)
    block = covariance[np.ix_(~hidden, ~hidden)] + 0.2 * np.eye((~hidden).sum())
    targets = np.column_stack([np.log1p(known.dmax_mm), known.dmax_mm > 0])[~hidden] - mean
    expected = covariance[:, ~hidden] @ np.linalg.solve(block, targets) + mean
    assert fitted.score_without(hidden, known.compositions) == pytest.approx(expected @ [1, 0.3])
    nothing = np.zeros(len(known), dtype=bool)
    assert fitted.score_without(nothing, known.compositions) == pytest.approx(fitted.predict(known.compositions).score)


def test_relatives_are_left_out_where_the_target_has_none() -> None:
    """Al-Ni-Zr and Al-Ni-Y share two elements: known beside each other only if the target has relatives too."""
    systems = (*METALS, "Al-Ni-Y")
    known = of_systems(systems, MIXED)

    def scores(target: str) -> np.ndarray:
        left_out = Transfer().fit(known, frozenset(target.split("-")), seed=0).calibration.alike
        return left_out.score[left_out.systems == "Al-Ni-Y"]

    alone, beside = scores("Ca-Mg-Zn"), scores("Al-Cu-Ni")
    assert not np.allclose(alone, beside)
    # With the relative taken away there is nothing to leave out, and both are the same.
    known = known.take(known.systems != "Al-Ni-Zr")
    assert scores("Ca-Mg-Zn") == pytest.approx(scores("Al-Cu-Ni"))


def test_a_thick_glass_scores_by_its_diameter_and_by_being_a_glass() -> None:
    """An alloy that was cast a thousand times is predicted as it was: log(1 + D) and 0.3 for a glass."""
    known = of_systems(METALS, MIXED)
    fitted = Transfer().fit(known, frozenset({"Ca", "Mg", "Zn"}), seed=0)
    cast = known.take(np.array([0]))
    many = cast.take(np.zeros(200, dtype=int)).as_own()
    for dmax_mm, is_glass in ((0.0, 0), (4.0, 1)):
        casts = Alloys(many.compositions, np.full(200, dmax_mm), many.systems, many.is_own)
        posterior = fitted.condition_on(known.followed_by(casts)).predict(cast.compositions)
        assert posterior.score == pytest.approx([np.log1p(dmax_mm) + 0.3 * is_glass], abs=0.02)


def test_an_own_cast_counts_more_than_a_report() -> None:
    known = of_systems(METALS, MIXED)
    fitted = Transfer().fit(known, frozenset({"Ca", "Mg", "Zn"}), seed=0)
    new = of_systems(("Ca-Mg-Zn",), (10.0,)).compositions.with_elements(known.compositions.elements)
    report = Alloys(new, np.array([10.0]), np.array(["Ca-Mg-Zn"], object), np.zeros(1, bool))
    before = fitted.predict(new)
    reported, cast = (fitted.condition_on(known.followed_by(one)).predict(new) for one in (report, report.as_own()))
    assert before.score < reported.score < cast.score
    assert before.explained() < reported.explained() < cast.explained()
    # By the formula of one observation: it explains v / (v + noise) of the variance v that was left open.
    prior = 1.2
    left = prior * (1 - before.explained())
    for after, noise in ((reported, 0.2), (cast, 0.02)):
        assert prior * (1 - after.explained()) == pytest.approx(left * noise / (left + noise))


def test_own_casts_of_the_first_fit_count_as_such() -> None:
    known = of_systems(METALS, MIXED)
    target = frozenset({"Ca", "Mg", "Zn"})
    row = np.array([4])
    reported = Transfer().fit(known, target, seed=0).predict(known.compositions.take(row)).explained()
    is_own = np.arange(len(known)) == 4
    own = Alloys(known.compositions, known.dmax_mm, known.systems, is_own)
    assert Transfer().fit(own, target, seed=0).predict(known.compositions.take(row)).explained() > reported


def test_what_is_uncertain_of_the_next_cast_is_what_is_left_open_and_its_noise() -> None:
    known = of_systems(METALS, MIXED)
    fitted = Transfer().fit(known, frozenset({"Ca", "Mg", "Zn"}), seed=0)
    posterior = fitted.predict(known.compositions.take(np.array([0, 7, 20])))
    left = 1.2 * (1 - posterior.explained()) + 0.02
    cast = posterior.next_cast()
    assert cast.spread**2 / left == pytest.approx(np.full(3, fitted.line.amplitude))
    assert cast.mean == pytest.approx(fitted.line.intercept + fitted.line.slope * posterior.score)


def test_without_bulk_glasses_the_process_alone_gives_a_diameter_and_nothing_else() -> None:
    known = of_systems(METALS, (0.0, 0.2, 0.2))
    posterior = Transfer().fit(known, frozenset({"Ca", "Mg", "Zn"}), seed=0).predict(known.compositions)
    assert posterior.probability_at_least(1.0) is None
    assert posterior.interval(0.9) is None
    assert posterior.next_cast() is None
    assert posterior.dmax_mm.mean() == pytest.approx(0.13, abs=0.04)
    assert ((posterior.explained() > 0) & (posterior.explained() < 1)).all()


def test_a_diameter_is_never_negative() -> None:
    known = of_systems(METALS[:1], (0.9, 0.9, 0.9, 0.0, 0.0, 0.0))
    anywhere = of_systems(METALS, (0.0,) * 40, seed=1).compositions
    columns = [anywhere.elements.index(symbol) for symbol in known.compositions.elements]
    inside = np.isclose(anywhere.fractions[:, columns].sum(axis=1), 1)
    asked = Compositions(known.compositions.elements, anywhere.fractions[inside][:, columns], np.empty((40, 0)))
    dmax_mm = Transfer().fit(known, frozenset({"Ca", "Mg", "Zn"}), seed=0).predict(asked).dmax_mm
    assert dmax_mm.min() == 0
    assert dmax_mm.max() > 0.3


def test_a_calibrated_posterior_is_that_of_its_scores() -> None:
    known = of_systems(METALS, MIXED)
    fitted = Transfer().fit(known, frozenset({"Ca", "Mg", "Zn"}), seed=0)
    posterior = fitted.predict(known.compositions)
    distribution = fitted.calibration.distribution
    assert posterior.dmax_mm == pytest.approx(distribution.mean(posterior.score))
    assert posterior.probability_at_least(1.0) == pytest.approx(distribution.probability_of(posterior.score, 1.0))
    low, high = posterior.interval(0.5)
    assert ((low <= high) & (low >= 0)).all()
    assert (high < posterior.interval(0.95)[1]).any()
