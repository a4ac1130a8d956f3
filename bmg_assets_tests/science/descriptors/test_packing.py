"""Efficiently packed clusters, listed as multisets."""

from itertools import combinations_with_replacement
from math import comb

import numpy as np
import pytest

from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.packing import (
    IDEAL_RATIOS,
    NEIGHBOURS,
    SHELLS_AT_A_TIME,
    cluster_distances,
    efficient_clusters,
)


def listed_one_by_one(radii):
    """The clusters by the definition: every centre, every shell, its APE."""
    found = []
    smallest, largest = min(radii) / max(radii), max(radii) / min(radii)
    fewest, most = (int(NEIGHBOURS[np.abs(1 - IDEAL_RATIOS / ratio).argmin()]) for ratio in (smallest, largest))
    for size in range(fewest, most + 1):
        for shell in combinations_with_replacement(range(len(radii)), size):
            for centre, radius in enumerate(radii):
                ratio = radius / np.mean([radii[kind] for kind in shell])
                if abs(1 - IDEAL_RATIOS[size - 3] / ratio) < 0.01:
                    atoms = np.bincount([centre, *shell], minlength=len(radii))
                    found.append(tuple(atoms / (size + 1)))
    return sorted(found)


@pytest.mark.parametrize("radii", [(126.0, 158.0), (126.0, 141.0, 158.0), (88.0, 125.0, 126.0, 158.0), (110.0, 110.0)])
def test_clusters_are_those_of_the_definition(radii):
    found = [cluster for block in efficient_clusters(np.array(radii)) for cluster in block]

    expected = listed_one_by_one(radii)
    assert len(found) == len(expected)
    np.testing.assert_allclose(
        np.array(sorted(map(tuple, found))), np.array(expected), atol=1e-14
    ) if expected else None


def test_shells_are_listed_once_each():
    from bmg_assets.science.descriptors.packing import _shells

    shells, sizes = _shells(4)

    assert len(shells) == sum(comb(int(size) + 3, 3) for size in NEIGHBOURS)
    assert (shells.sum(axis=1) == sizes).all()
    assert len(np.unique(shells, axis=0)) == len(shells)


def test_blocks_of_clusters_stay_small_for_six_kinds():
    radii = np.array([88.0, 110.0, 126.0, 141.0, 158.0, 180.0])

    blocks = list(efficient_clusters(radii))

    assert len(blocks) > 1
    assert max(len(block) for block in blocks) < SHELLS_AT_A_TIME


def test_ideal_ratios_are_those_of_matminer():
    from matminer.featurizers.composition.packing import AtomicPackingEfficiency

    ideal = AtomicPackingEfficiency(impute_nan=False).ideal_ratio

    assert dict(zip(NEIGHBOURS.tolist(), IDEAL_RATIOS.tolist(), strict=True)) == ideal


def test_distance_to_missing_clusters_is_one():
    tables = element_tables("current")
    copper = np.array([[tables.symbols.index("Cu")]])

    np.testing.assert_array_equal(cluster_distances(copper, np.ones((1, 1)), tables), [[1.0, 1.0, 1.0]])


def test_alloys_without_a_radius_get_no_distance_and_leave_the_others_alone():
    tables = element_tables("current")
    index = np.array([[tables.symbols.index(a), tables.symbols.index(b)] for a, b in (("Cu", "F"), ("Cu", "Zr"))])

    distances = cluster_distances(index, np.full((2, 2), 0.5), tables)

    assert np.isnan(distances[0]).all()
    assert (distances[1] < 1).all()
    assert np.isnan(cluster_distances(index[:1], np.full((1, 2), 0.5), tables)).all()
