"""The Pareto front: the same as by its definition, with ties, gaps and any direction, and quick on large maps."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.proposals.pareto import AT_ONCE, pareto_front

# Few different values, so that ties are common.
VALUES = st.sampled_from([-2.0, -0.5, 0.0, 0.5, 1.0, 3.0, float("nan"), float("inf")])
TABLES = st.tuples(st.integers(0, 30), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=VALUES)
)


def by_definition(values: FloatArray, maximise: list[bool]) -> BoolArray:
    better = np.where(maximise, values, -values)
    found = np.zeros(len(values), dtype=bool)
    for row, mine in enumerate(better):
        beaten = any((other >= mine).all() and (other > mine).any() for other in better if not np.isnan(other).any())
        found[row] = not np.isnan(mine).any() and not beaten
    return found


@given(TABLES, st.data())
def test_the_front_is_what_the_definition_says(values: FloatArray, data: st.DataObject) -> None:
    directions = data.draw(st.lists(st.booleans(), min_size=values.shape[1], max_size=values.shape[1]))
    found = pareto_front(values, directions)
    assert found.is_on_front.tolist() == by_definition(values, directions).tolist()
    assert found.n_incomplete == np.isnan(values).any(axis=1).sum()


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_rows_of_several_pieces_are_compared_across_them(objectives: int) -> None:
    values = np.random.default_rng(0).normal(size=(AT_ONCE + 300, objectives)).round(1)
    directions = [column % 2 == 0 for column in range(objectives)]
    assert pareto_front(values, directions).is_on_front.tolist() == by_definition(values, directions).tolist()


def test_alloys_with_the_same_values_are_all_on_the_front() -> None:
    values = np.array([[5.0, 7.0], [5.0, 7.0], [4.0, 7.0], [5.0, np.nan]])
    found = pareto_front(values, [True, False])
    assert (found.is_on_front.tolist(), found.n_incomplete) == ([True, True, False, False], 1)


@pytest.mark.parametrize("objectives", [2, 3])
def test_a_map_of_160_000_compositions_takes_less_than_two_seconds(objectives: int) -> None:
    # Objectives against each other, as D_max against density is: tens of thousands of rows are on the front of three.
    drawn = np.random.default_rng(1).dirichlet(np.ones(objectives), 160_000)
    began = time.process_time()
    found = pareto_front(drawn, [True] * objectives)
    assert time.process_time() - began < 2
    assert found.is_on_front.sum() > 10_000


@pytest.mark.parametrize(("shape", "directions"), [((3, 2), [True]), ((3, 0), []), ((3,), [True])])
def test_directions_that_do_not_fit_are_refused(shape: tuple[int, ...], directions: list[bool]) -> None:
    with pytest.raises(ValueError, match="expected a column each"):
        pareto_front(np.zeros(shape), directions)
