"""What lies in a diagram, and what is nearest to a point of it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.literature.known_alloys import (
    POINTS_AT_ONCE,
    alloys_of_system,
    amounts_of,
    exchanged_at_pct,
    nearest_known,
)

SYSTEM = parse_system("Zr-Al-Cu")
ALLOYS = pd.DataFrame(
    {
        "composition": ["Al10Cu30Zr60", "Cu50Zr50", "Al5Cu25Ni10Zr60", "Fe80B20"],
        "elements": [["Al", "Cu", "Zr"], ["Cu", "Zr"], ["Al", "Cu", "Ni", "Zr"], ["B", "Fe"]],
        "at_pct": [[10.0, 30.0, 60.0], [50.0, 50.0], [5.0, 25.0, 10.0, 60.0], [20.0, 80.0]],
        "glass_class": ["bulk", "ribbon", "bulk", "crystalline"],
        "dmax_mm": [8.0, 0.2, None, 0.0],
    }
)


def test_alloys_of_the_diagram_are_the_system_and_its_edges_in_the_order_of_the_key():
    training_set = pd.DataFrame(
        {"composition": ["Cu50Zr50", "Al10Cu30Zr60", "Fe80B20"], "category": ["II", "lab", "unrelated"]}
    )
    found = alloys_of_system(SYSTEM, ALLOYS, training_set)
    assert found["composition"].tolist() == ["Al10Cu30Zr60", "Cu50Zr50"]
    assert found["at_pct"].tolist() == [[60.0, 10.0, 30.0], [50.0, 0.0, 50.0]]
    # The group's own cast of a composition is not the literature's report of it.
    assert found["is_trained"].tolist() == [False, True]


def test_a_literature_without_the_system_gives_no_rows():
    found = alloys_of_system(SYSTEM, ALLOYS[3:], pd.DataFrame({"composition": [], "category": []}))
    assert found.empty
    assert list(found.columns) == ["composition", "at_pct", "glass_class", "dmax_mm", "is_trained"]


def test_distances_by_hand():
    points = np.array([[60.0, 10.0, 30.0], [50.0, 20.0, 30.0]])
    found = exchanged_at_pct(points, amounts_of(SYSTEM, ALLOYS))
    # Ten Zr for ten Al; five Al and five Cu for ten Ni; nothing in common with Fe80B20.
    assert found[0].tolist() == [0, 20, 10, 100]
    assert found[1].tolist() == [10, 20, 20, 100]


@given(st.integers(1, 98).flatmap(lambda a: st.tuples(st.just(a), st.integers(1, 99 - a))))
def test_the_nearest_is_the_one_of_least_distance(pair: tuple[int, int]):
    point = np.array([[pair[0], pair[1], 100 - sum(pair)]], dtype=float)
    amounts = amounts_of(SYSTEM, ALLOYS)
    nearest, distance = nearest_known(point, amounts)
    all_distances = exchanged_at_pct(point, amounts)[0]
    assert distance[0] == all_distances.min() == all_distances[nearest[0]]
    assert 0 <= distance[0] <= 100


def test_more_points_than_are_looked_at_at_once():
    points = np.tile([[60.0, 10.0, 30.0], [50.0, 0.0, 50.0]], (POINTS_AT_ONCE, 1))
    nearest, distance = nearest_known(points, amounts_of(SYSTEM, ALLOYS))
    assert nearest.tolist() == [0, 1] * POINTS_AT_ONCE
    assert distance == pytest.approx(np.zeros(2 * POINTS_AT_ONCE))
