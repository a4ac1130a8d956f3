"""Ranges and points: the ends are reached, nothing leaves the range, and step numbers go there and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.models.search_space import Dimension, SearchSpace
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

PUBLISHED = {
    "svr": {"C": (1, 50, 1), "gamma": (0.1, 0.45, 0.005), "epsilon": (0, 0.2, 0.002)},
    "random_forest": {
        "n_estimators": (50, 550, 5),
        "max_features": (3, 29, 1),
        "max_depth": (8, 55, 1),
        "min_samples_split": (2, 10, 1),
        "min_impurity_decrease": (0, 5, 0.1),
    },
    "xgboost": {
        "n_estimators": (150, 450, 3),
        "learning_rate": (0.05, 0.3, 0.002),
        "subsample": (0.5, 1, 0.1),
        "colsample_bytree": (0.3, 1, 0.1),
        "colsample_bynode": (0.1, 1, 0.1),
        "gamma": (0, 15, 0.2),
        "reg_lambda": (0, 25, 0.5),
        "min_child_weight": (0, 50, 0.5),
        "max_depth": (5, 45, 1),
    },
    "lightgbm": {
        "n_estimators": (100, 800, 5),
        "num_leaves": (10, 400, 5),
        "learning_rate": (0.1, 0.5, 0.02),
        "min_child_samples": (1, 40, 1),
        "reg_alpha": (0, 10, 0.5),
        "reg_lambda": (0, 100, 2),
        "subsample": (0.5, 1, 0.1),
    },
}
"""Table S1 of the paper and its notebooks: start, end, step."""

ALL_DIMENSIONS = [
    pytest.param(dimension, id=f"{model.name}-{dimension.name}")
    for model in SUB_MODELS.values()
    for dimension in (*model.space.dimensions, *([model.rounds] if model.rounds else []))
]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_ranges_are_the_papers(name):
    model = SUB_MODELS[name]
    dimensions = (*model.space.dimensions, *([model.rounds] if model.rounds else []))
    assert {d.name: (d.start, d.end, d.step) for d in dimensions} == PUBLISHED[name]


@pytest.mark.parametrize(
    "dimension, value, expected",
    [
        (Dimension("C", 1, 50, 1), 7.4, 7),
        (Dimension("C", 1, 50, 1), -3, 1),
        (Dimension("C", 1, 50, 1), 99, 50),
        (Dimension("leaves", 10, 400, 5), 263, 265),
        (Dimension("rate", 0.1, 0.5, 0.02), 0.137, 0.14),
        (Dimension("share", 0.5, 1, 0.1), 0.7000000001, 0.7),
        # The step does not divide the range: the last value is the last one inside.
        (Dimension("odd", 0, 1, 0.6), 1, 0.6),
        (Dimension("odd", 0, 10, 4), 10, 8),
    ],
)
def test_snap_by_hand(dimension, value, expected):
    assert dimension.snap(value) == expected


def test_whole_numbers_are_whole_and_others_are_clean():
    assert isinstance(Dimension("C", 1, 50, 1).snap(7.4), int)
    assert isinstance(Dimension("share", 0.5, 1, 0.1).snap(1), float)
    assert not Dimension("alpha", 0, 10, 0.5).is_integer
    assert Dimension("share", 0.1, 1, 0.1).snap(0.3) == 0.3


@pytest.mark.parametrize("dimension", ALL_DIMENSIONS)
def test_both_ends_of_every_range_and_every_value_between_can_be_reached(dimension):
    steps = round((dimension.end - dimension.start) / dimension.step)
    reached = [dimension.snap(dimension.start + step * dimension.step) for step in range(steps + 1)]
    assert reached[0] == dimension.start
    assert reached[-1] == dimension.end
    assert len(set(reached)) == steps + 1
    assert np.allclose(np.diff(reached), dimension.step)


@settings(max_examples=60)
@given(st.sampled_from(list(SUB_MODELS)), st.data())
def test_any_step_numbers_give_a_point_of_the_space_that_snapping_and_a_round_trip_leave_alone(name, data):
    space = SUB_MODELS[name].space
    steps = {
        d.name: float(data.draw(st.integers(0, round((d.end - d.start) / d.step)), label=d.name))
        for d in space.dimensions
    }
    point = space.from_steps(steps)
    assert all(d.start <= point[d.name] <= d.end for d in space.dimensions)
    assert space.snap(point) == point
    assert space.to_steps(point) == steps
    assert space.from_steps(space.to_steps(point)) == point


@settings(max_examples=60)
@given(
    st.integers(-50, 50),
    st.integers(1, 40),
    st.sampled_from([0.002, 0.005, 0.1, 0.2, 0.5, 1, 3, 5]),
    st.floats(-1e3, 1e3),
)
def test_snap_stays_in_range_on_the_steps_and_nearby(start, steps, step, value):
    dimension = Dimension("x", start, start + steps * step, step)
    snapped = dimension.snap(value)
    assert dimension.start <= snapped <= dimension.end + 1e-9
    assert dimension.snap(snapped) == snapped
    inside = min(max(value, dimension.start), dimension.end)
    assert abs(snapped - inside) <= step / 2 + 1e-6


def test_names_that_the_space_does_not_have_are_left_out():
    space = SearchSpace((Dimension("C", 1, 50, 1),))
    assert space.snap({"C": 3.2, "n_estimators": 400}) == {"C": 3}


def test_what_hyperopt_draws_are_step_numbers_of_the_whole_range():
    from hyperopt.pyll.stochastic import sample

    dimension = Dimension("rate", 0.1, 0.16, 0.02)
    space = SearchSpace((dimension,))
    rng = np.random.default_rng(0)
    drawn = {space.from_steps(sample(space.for_hyperopt(), rng))["rate"] for _ in range(100)}
    assert drawn == {0.1, 0.12, 0.14, 0.16}


@pytest.mark.parametrize("model", SUB_MODELS.values(), ids=SUB_MODELS)
def test_neighbours_are_points_of_the_space_within_a_twentieth_of_its_ranges(model):
    space, point = model.space, model.starting_points[0]
    neighbours = space.neighbours(point, 20, seed=1)
    assert len({tuple(neighbour.items()) for neighbour in neighbours}) > 10
    for neighbour in neighbours:
        assert space.snap(neighbour) == neighbour
        for d in space.dimensions:
            assert abs(neighbour[d.name] - point[d.name]) <= max((d.end - d.start) / 20, d.step) + d.step / 2 + 1e-9
    assert neighbours == space.neighbours(point, 20, seed=1) != space.neighbours(point, 20, seed=2)


def test_a_point_that_lacks_a_hyper_parameter_is_not_covered_and_one_with_more_is():
    space = SUB_MODELS["svr"].space
    assert space.covers({"C": 7, "gamma": 0.385, "epsilon": 0.03, "n_estimators": 5})
    assert not space.covers({"C": 7, "gamma": 0.385})
