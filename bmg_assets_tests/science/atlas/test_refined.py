"""The climb at 1 at.% ends at the best composition that a map of all compositions has."""

import numpy as np
import pytest

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.atlas.lattice import lattice_of
from bmg_assets.science.atlas.refined import refined_best
from bmg_assets.science.atlas.scan import scan_all
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets_tests.science.atlas.fitted import small_atlas


@pytest.mark.parametrize("system", [("Ag", "Cu", "Mg", "Zr"), ("Ag", "Mg", "Ti", "Zr")])
def test_the_climb_finds_the_best_of_all_compositions(system: tuple[str, ...]) -> None:
    scorer, lattice = small_atlas().scorer, lattice_of(4)
    (scan,) = scan_all(scorer, [system], lattice)
    found = refined_best(scorer, scan, lattice)
    points = composition_grid(4, 1)
    everywhere = np.zeros((len(points), len(scorer.elements)))
    everywhere[:, [scorer.elements.index(one) for one in system]] = points / 100
    scores = scorer.scores(Compositions(scorer.elements, everywhere, np.empty((len(points), 0))))
    assert found.point[0].tolist() == points[scores.argmax()].tolist()
    assert found.score == pytest.approx(scores.max(), abs=1e-4)
    assert found.score >= scan.score.max() - 1e-4
    assert found.uncertainty > 0


def test_every_point_of_the_climb_holds_every_element() -> None:
    scorer, lattice = small_atlas().scorer, lattice_of(4)
    for scan in scan_all(scorer, [("Co", "Fe", "Nb", "Zr"), ("Ag", "Co", "Cu", "Fe")], lattice):
        point = refined_best(scorer, scan, lattice).point
        assert (point.sum(), point.min() >= 1) == (100, True)
