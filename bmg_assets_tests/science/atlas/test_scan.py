"""A scan finds the best composition that a map of all compositions has."""

import numpy as np
import pytest

from bmg_assets.science.atlas.lattice import lattice_of
from bmg_assets.science.atlas.scan import scan_all, scan_systems
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets_tests.science.atlas.fitted import small_atlas

KNOWN, NEW = ("Cu", "Mg", "Zr"), ("Ag", "Mg", "Ti")
FOUR = ("Ag", "Cu", "Mg", "Zr")


def everywhere(system: tuple[str, ...]) -> np.ndarray:
    scorer, points = small_atlas().scorer, lattice_of(len(system)).points
    fractions = np.zeros((len(points), len(scorer.elements)))
    fractions[:, [scorer.elements.index(element) for element in system]] = points / 100
    return scorer.scores(Compositions(scorer.elements, fractions, np.empty((len(points), 0))))


@pytest.mark.parametrize("system", [KNOWN, NEW, FOUR], ids="-".join)
def test_the_best_is_that_of_all_compositions(system: tuple[str, ...]) -> None:
    (scan,) = scan_systems(small_atlas().scorer, [system], lattice_of(len(system)))
    scores = everywhere(system)
    assert scan.score[scan.best] == pytest.approx(scores.max(), abs=1e-4)
    assert scan.is_computed[scan.best]
    assert scan.score[scan.is_computed] == pytest.approx(scores[scan.is_computed], abs=1e-4)
    assert np.corrcoef(scan.score, scores)[0, 1] > 0.99


def test_what_is_interpolated_is_never_the_best() -> None:
    (scan,) = scan_systems(small_atlas().scorer, [KNOWN], lattice_of(3))
    assert scan.score[~scan.is_computed].max() < scan.score[scan.best]


def test_what_is_left_open_is_known_at_the_best_and_positive_elsewhere() -> None:
    (scan,) = scan_systems(small_atlas().scorer, [KNOWN], lattice_of(3))
    points = lattice_of(3).points[[scan.best]]
    elements = small_atlas().scorer.elements
    fractions = np.zeros((1, len(elements)))
    fractions[:, [elements.index(element) for element in KNOWN]] = points / 100
    exact = small_atlas().scorer.uncertainties(Compositions(elements, fractions, np.empty((1, 0))))[0]
    assert scan.uncertainty[scan.best] == pytest.approx(exact, abs=1e-3)
    assert (scan.uncertainty > 0).all()


def test_systems_together_are_as_alone() -> None:
    systems = [KNOWN, NEW, ("Al", "Cu", "Ti"), ("Hf", "Ni", "Y"), ("Co", "Fe", "Nb")]
    together = list(scan_all(small_atlas().scorer, systems, lattice_of(3)))
    assert [scan.elements for scan in together] == systems
    for system, scan in zip(systems, together, strict=True):
        (alone,) = scan_systems(small_atlas().scorer, [system], lattice_of(3))
        assert scan.score == pytest.approx(alone.score, abs=1e-3)
