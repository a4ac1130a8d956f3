"""Regions, optima and their recall on diagrams drawn by hand."""

import tracemalloc

import numpy as np
import pytest

from bmg_assets.science.alloys.compositions import ELEMENT_SYMBOLS
from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.regions import top_share
from bmg_assets.science.evidence.evaluation import map_metrics
from bmg_assets.science.evidence.maps import near_region, optima_found, region_enrichment, separate_optima
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Posterior


class FirstElement:
    """The more of the first element, the better."""

    def predict(self, compositions: Compositions) -> Posterior:
        amount = compositions.fractions[:, 0]
        return Posterior(amount, amount)

    def condition_on(self, alloys: Alloys) -> "FirstElement":
        return self


POINTS = composition_grid(3).astype(float)
AT_CORNER = POINTS[:, 0] >= 80
MANY_ELEMENTS = tuple(sorted(ELEMENT_SYMBOLS))[:60]
MOST_BYTES = 200e6
BULK = np.array([[85.0, 10, 5], [80, 10, 10], [10, 80, 10]])


def test_the_whole_map_of_a_quaternary_is_judged_in_little_memory() -> None:
    points = composition_grid(4, 2).astype(float)
    peak = np.array([40.0, 10.0, 14.0, 36.0])
    marked = top_share(-np.abs(points - peak).sum(axis=1), 0.05)
    tracemalloc.start()
    enrichment = region_enrichment(points, marked, peak + np.array([[0.0, 0, 0, 0], [1, -1, 0, 0], [-30, 0, 30, 0]]))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    near = near_region(points, marked, points).mean()
    assert enrichment == pytest.approx(2 / 3 / near)
    assert most < 50e6


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


def test_a_map_of_four_elements_among_all_of_the_literature_does_not_fill_the_memory() -> None:
    of_four = composition_grid(4) / 100
    fractions = np.zeros((len(of_four), len(MANY_ELEMENTS)))
    fractions[:, :4] = of_four
    grid = Compositions(MANY_ELEMENTS, fractions, np.zeros((len(fractions), 1)))
    bulk = Alloys(grid.take(np.arange(3)), np.ones(3), np.full(3, "Ag-Al-Au-B"), np.zeros(3, dtype=bool))
    tracemalloc.start()
    try:
        metrics = map_metrics(FirstElement(), grid, bulk)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert set(metrics) == {"region_enrichment", "optima_found"}
    assert peak < MOST_BYTES
