"""Regions, optima and their recall on diagrams drawn by hand."""

import numpy as np
import pytest

from bmg_assets.science.evidence.maps import near_region, optima_found, region_enrichment, separate_optima
from bmg_assets.science.grid import composition_grid

POINTS = composition_grid(3).astype(float)
AT_CORNER = POINTS[:, 0] >= 80
BULK = np.array([[85.0, 10, 5], [80, 10, 10], [10, 80, 10]])


def test_near_means_five_atoms_of_a_hundred() -> None:
    others = np.array([[80.0, 10, 10], [75, 15, 10], [74, 16, 10]])
    assert near_region(POINTS, AT_CORNER, others).tolist() == [True, True, False]


def test_chains_of_small_steps_make_one_optimum() -> None:
    chain = np.array([[60.0, 20, 20], [50, 30, 20], [40, 40, 20], [10, 10, 80]])
    assert separate_optima(chain).tolist() == [0, 0, 0, 1]


def test_each_optimum_counts_once() -> None:
    assert optima_found(POINTS, AT_CORNER, BULK) == 0.5
    assert optima_found(POINTS, AT_CORNER | (POINTS[:, 1] >= 80), BULK) == 1


def test_enrichment_is_relative_to_the_area_of_the_region() -> None:
    everywhere = np.ones(len(POINTS), dtype=bool)
    assert region_enrichment(POINTS, everywhere, BULK) == 1
    share = near_region(POINTS, AT_CORNER, POINTS).mean()
    assert region_enrichment(POINTS, AT_CORNER, BULK) == pytest.approx(2 / 3 / share)
