"""The nearest alloy by hand, and trees that know again what they were grown on."""

import numpy as np
import pytest

from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Surrogate
from bmg_assets.science.surrogates.baselines import Fractions, Nearest
from bmg_assets.science.surrogates.weighted import Weighted

ELEMENTS = ("Al", "Cu", "Ni", "Zr")


def compositions(*at_pct: tuple[float, ...]) -> Compositions:
    return Compositions(ELEMENTS, np.array(at_pct) / 100, np.empty((len(at_pct), 0)))


def alloys(*rows: tuple[tuple[float, ...], float]) -> Alloys:
    known = compositions(*(at_pct for at_pct, _ in rows))
    systems = ["-".join(np.array(ELEMENTS)[amounts > 0]) for amounts in known.fractions]
    dmax_mm = np.array([dmax for _, dmax in rows])
    return Alloys(known, dmax_mm, np.array(systems, dtype=object), np.zeros(len(rows), bool))


KNOWN = alloys(((10, 40, 0, 50), 3.0), ((20, 30, 0, 50), 1.0), ((0, 50, 0, 50), 2.0), ((10, 40, 10, 40), 8.0))


def nearest(*at_pct: tuple[float, ...]) -> list[float]:
    return Nearest().fit(KNOWN, frozenset(), seed=0).predict(compositions(*at_pct)).dmax_mm.tolist()


def test_the_nearest_alloy_is_the_one_in_which_the_fewest_atoms_differ() -> None:
    assert nearest((10, 40, 0, 50), (18, 32, 0, 50), (2, 48, 0, 50)) == [3.0, 1.0, 2.0]
    # Atoms of elements that the composition does not hold differ too: nickel alone is 10 at.% away.
    assert nearest((10, 45, 0, 45), (12, 41, 7, 40)) == [3.0, 8.0]
    assert nearest((0, 30, 0, 70)) == [2.0]


def test_of_alloys_equally_near_the_mean_is_taken() -> None:
    assert nearest((15, 35, 0, 50)) == [2.0]  # of 3 mm and 1 mm
    assert nearest((5, 45, 0, 50)) == [2.5]  # of 3 mm and 2 mm


def test_of_many_compositions_each_has_its_own_nearest() -> None:
    asked = [(20 - x, 30 + x, 0, 50) for x in np.linspace(0, 20, 200)]
    together = nearest(*asked)
    assert together == [nearest(one)[0] for one in asked]
    assert set(together) == {1.0, 2.0, 3.0}


@pytest.mark.parametrize("surrogate", [Fractions(), Weighted()], ids=lambda one: one.name)
def test_trees_know_what_they_were_grown_on_and_stay_within_it(surrogate: Surrogate) -> None:
    fitted = surrogate.fit(KNOWN, frozenset({"Cu", "Zr"}), seed=0)
    assert fitted.predict(KNOWN.compositions).dmax_mm == pytest.approx(KNOWN.dmax_mm)
    posterior = fitted.predict(compositions((15, 35, 0, 50), (5, 40, 15, 40)))
    assert ((posterior.dmax_mm >= 1) & (posterior.dmax_mm <= 8)).all()
    assert posterior.score.tolist() == posterior.dmax_mm.tolist()
    assert posterior.interval(0.9) is None
    assert posterior.probability_at_least(1.0) is None


@pytest.mark.parametrize("surrogate", [Fractions(), Weighted(), Nearest()], ids=lambda one: one.name)
def test_a_cast_more_is_known_again_too(surrogate: Surrogate) -> None:
    fitted = surrogate.fit(KNOWN, frozenset({"Cu", "Zr"}), seed=0)
    cast = alloys(((30, 30, 0, 40), 0.0)).as_own()
    conditioned = fitted.condition_on(KNOWN.followed_by(cast))
    assert conditioned.predict(cast.compositions).dmax_mm == pytest.approx([0.0])
    assert conditioned.predict(KNOWN.compositions).dmax_mm == pytest.approx(KNOWN.dmax_mm)
    assert fitted.predict(cast.compositions).dmax_mm > 0
