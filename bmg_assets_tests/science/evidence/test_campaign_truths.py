"""Truths of a map: each knows the alloys of the system."""

from dataclasses import replace

import numpy as np
import pytest

from bmg_assets.science.evidence.campaign_names import Truth
from bmg_assets.science.evidence.campaign_truths import drawn_map, map_of_nearest, map_of_trees
from bmg_assets.science.evidence.map_process import map_processes
from bmg_assets.science.surrogates.weighted import Weighted
from bmg_assets_tests.science.evidence.campaigned import SYSTEM, fitted_once, on_map, points


def knowing():
    alloys, fitted, calibration = fitted_once()
    (process,) = map_processes(fitted, calibration, on_map(points()), (np.zeros(len(alloys), dtype=bool),))
    return process


def reported() -> tuple[np.ndarray, np.ndarray]:
    """Rows of the map that are reported, and their D_max in mm."""
    alloys = fitted_once()[0]
    pool = alloys.take(np.flatnonzero(alloys.systems == SYSTEM))
    on_points = on_map(points()).fractions
    rows = [int(np.abs(on_points - one).sum(axis=1).argmin()) for one in pool.compositions.fractions]
    return np.array(rows), pool.dmax_mm


@pytest.mark.parametrize("truth", [Truth.TREES, Truth.DRAWN, Truth.NEAREST])
def test_a_truth_agrees_with_what_is_reported(truth: Truth) -> None:
    alloys, process = fitted_once()[0], knowing()
    rows, dmax_mm = reported()
    found = {
        Truth.TREES: lambda: map_of_trees(Weighted().fit(alloys, frozenset(), 0), process),
        Truth.DRAWN: lambda: drawn_map(process, 0),
        Truth.NEAREST: lambda: map_of_nearest(alloys, frozenset(SYSTEM.split("-")), process),
    }[truth]()
    assert found.shape == (len(points()),)
    assert (found >= 0).all()
    assert found[rows][dmax_mm >= 1].mean() > found[rows][dmax_mm == 0].mean() + 0.5
    assert truth.is_map


def test_draws_differ_by_seed_and_stay_below_the_largest_diameter() -> None:
    first, second = drawn_map(knowing(), 0), drawn_map(knowing(), 1)
    assert np.abs(first - second).max() > 0.1
    assert first.max() <= knowing().calibration.largest_mm
    assert (first == drawn_map(knowing(), 0)).all()


def test_the_nearest_alloy_is_one_of_the_system_or_of_its_binaries() -> None:
    alloys = fitted_once()[0]
    elsewhere = replace(alloys, dmax_mm=np.where(alloys.systems == SYSTEM, alloys.dmax_mm, 99.0))
    found = map_of_nearest(elsewhere, frozenset(SYSTEM.split("-")), knowing())
    rows, dmax_mm = reported()
    assert found[rows] == pytest.approx(dmax_mm)
    assert found.max() <= dmax_mm.max()
