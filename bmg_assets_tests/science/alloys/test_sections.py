"""Sections and projections of grids small enough to be counted by hand."""

import numpy as np
import pytest

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.sections import (
    after_exchange,
    best_behind,
    best_of_two_amounts,
    nearest_level,
    steadiest_element,
)


def quaternary(step: int = 10) -> np.ndarray:
    return composition_grid(4, step).astype(float)


def test_the_steadiest_element_is_the_one_whose_amount_varies_least_in_the_top_region() -> None:
    at_pct = quaternary()
    # Exactly one plane of the third element, and of the others much.
    assert steadiest_element(at_pct, at_pct[:, 2] == 20) == 2
    assert steadiest_element(at_pct, at_pct[:, 1] <= 20) == 1
    assert steadiest_element(at_pct, np.ones(len(at_pct), dtype=bool)) == 0, "the first of equal ones"


def test_an_amount_belongs_to_the_nearest_section_and_between_two_to_the_lower() -> None:
    levels = np.array([2.0, 4.0, 6.0])
    assert nearest_level(levels, np.array([0.0, 2.9, 3.0, 3.1, 50.0])).tolist() == [0, 0, 0, 1, 2]


def test_behind_each_ratio_stands_the_best_of_all_amounts() -> None:
    at_pct = np.array([[30.0, 30.0, 30.0, 10.0], [10.0, 10.0, 10.0, 70.0], [20.0, 10.0, 10.0, 60.0]])
    shares, rows = best_behind(at_pct, np.array([1.0, 3.0, 2.0]), column=3, step_pct=20)
    # The first two have equal parts; the third lies at 50 : 25 : 25, nearer to 60 : 20 : 20 than to 40 : 20 : 40.
    assert len(rows) == 2
    assert sorted(rows.tolist()) == [1, 2]
    assert shares.sum(axis=1).tolist() == [100, 100]
    assert shares[rows.tolist().index(2)].tolist() == [60, 20, 20]


def test_a_projection_never_loses_the_best_composition() -> None:
    at_pct = quaternary(5)
    values = -np.abs(at_pct - np.array([40.0, 10.0, 15.0, 35.0])).sum(axis=1)
    for column in range(4):
        shares, rows = best_behind(at_pct, values, column, 10)
        assert values[rows].max() == values.max() == 0
        others = np.delete(at_pct[rows], column, axis=1)
        ratio = 100 * others / others.sum(axis=1, keepdims=True)
        assert np.abs(shares - ratio).max() < 10, "each stands near its own ratio"


def test_of_two_amounts_the_best_of_all_others_counts() -> None:
    at_pct = np.array([[10.0, 20.0, 70.0, 0.0], [10.0, 20.0, 30.0, 40.0], [20.0, 20.0, 50.0, 10.0]])
    first, second, best = best_of_two_amounts(at_pct, np.array([1.0, 5.0, 2.0]), (0, 2))
    assert first.tolist() == [10, 20]
    assert second.tolist() == [30, 50, 70]
    assert best[0].tolist() == pytest.approx([5, np.nan, 1], nan_ok=True)
    assert best[1].tolist() == pytest.approx([np.nan, 2, np.nan], nan_ok=True)


def test_one_step_of_each_element_for_each_other() -> None:
    at_pct = quaternary()
    values = at_pct @ np.array([1.0, 2.0, 4.0, 8.0])
    row = int(np.flatnonzero((at_pct == [30, 30, 30, 10]).all(axis=1))[0])
    changed = after_exchange(at_pct, values, row, 10)
    assert np.diag(changed).tolist() == [values[row]] * 4
    assert changed[0, 1] - values[row] == -10, "ten of the second became the first"
    assert changed[3, 0] - values[row] == 70
    assert np.isnan(changed[:3, 3]).all(), "with nothing left of the last element it is no composition of the system"
