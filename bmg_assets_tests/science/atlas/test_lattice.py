"""Nodes give back what they hold, and a smooth function between them."""

import numpy as np
import pytest

from bmg_assets.science.atlas.lattice import lattice_of


@pytest.mark.parametrize(("n_elements", "points", "scored", "opened"), [(3, 4851, 561, 28), (4, 969, 165, 4)])
def test_the_nodes_are_some_of_all_compositions(n_elements: int, points: int, scored: int, opened: int) -> None:
    lattice = lattice_of(n_elements)
    assert lattice.points.shape == (points, n_elements)
    assert (lattice.points.sum(axis=1) == 100).all()
    assert (len(lattice.scored.rows), len(lattice.opened.rows)) == (scored, opened)


@pytest.mark.parametrize("n_elements", [3, 4])
def test_a_smooth_function_is_interpolated(n_elements: int) -> None:
    lattice = lattice_of(n_elements)
    fractions = lattice.points / 100
    values = np.sin(4 * fractions[:, 0]) + fractions[:, 1] * fractions[:, -1]
    found = lattice.scored.weights @ values[lattice.scored.rows]
    assert found[lattice.scored.rows] == pytest.approx(values[lattice.scored.rows], abs=1e-3)
    assert np.abs(found - values).max() < 0.02 * np.ptp(values)
