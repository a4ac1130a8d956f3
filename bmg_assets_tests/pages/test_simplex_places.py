"""Corners, edges and faces where they belong."""

import numpy as np
import pytest

from bmg_assets.pages.simplex_places import TETRAHEDRON, TRIANGLE, net_corners, places


def distances(corners: np.ndarray) -> list[float]:
    return [float(np.linalg.norm(corners[a] - corners[b])) for a in range(len(corners)) for b in range(a)]


@pytest.mark.parametrize("corners", [TRIANGLE, TETRAHEDRON, *(net_corners(face) for face in range(4))])
def test_all_edges_have_the_length_of_one(corners: np.ndarray) -> None:
    assert distances(corners) == pytest.approx([1] * len(distances(corners)))


def test_a_pure_element_is_a_corner_and_equal_parts_the_centre() -> None:
    at = places(np.array([[0.0, 0.0, 0.0, 7.0], [1.0, 1.0, 1.0, 1.0]]), TETRAHEDRON)
    assert at[0].tolist() == TETRAHEDRON[3].tolist()
    assert distances(np.vstack([at[1:], TETRAHEDRON]))[:1] == pytest.approx([np.linalg.norm(at[1] - TETRAHEDRON[2])])
    assert at[1].tolist() == pytest.approx(TETRAHEDRON.mean(axis=0).tolist())


def test_neighbouring_faces_of_the_net_share_an_edge() -> None:
    middle = net_corners(3)
    for face in range(3):
        kept = [element for element in range(4) if element != face]
        corners = net_corners(face)
        for element in (one for one in kept if one != 3):
            assert corners[kept.index(element)].tolist() == pytest.approx(middle[element].tolist())
    last = [net_corners(face)[2] for face in range(3)]
    assert distances(np.array(last)) == pytest.approx([2, 2, 2]), "the last element is at each corner of the whole"
