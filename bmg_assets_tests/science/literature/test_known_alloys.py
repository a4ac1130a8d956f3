"""Which alloys a system knows, and which lie in its diagram."""

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.literature.known_alloys import alloys_of_system, known_to

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


def test_an_own_cast_wins_over_other_casts_and_they_over_the_literature():
    own = ALLOYS[:1].assign(dmax_mm=2.0, dmax_low_mm=2.0, dmax_high_mm=np.nan)
    others = ALLOYS[:2].assign(dmax_mm=[3.0, 4.0])
    known = known_to(own, others, ALLOYS)
    # The literature's third alloy has no D_max, its fourth is known from nowhere else.
    assert known["composition"].tolist() == ["Al10Cu30Zr60", "Cu50Zr50", "Fe80B20"]
    assert known["dmax_mm"].tolist() == [2.0, 4.0, 0.0]
    assert known["is_own"].tolist() == [True, False, False]
    # A cast without a label and without bounds counts for nothing.
    unlabelled = own.assign(dmax_mm=np.nan, dmax_low_mm=np.nan)
    assert known_to(unlabelled, others[:0], ALLOYS)["dmax_mm"].tolist() == [8.0, 0.2, 0.0]


def test_a_cast_that_only_bounds_d_max_is_known():
    own = ALLOYS[:1].assign(dmax_mm=np.nan, dmax_low_mm=0.0, dmax_high_mm=2.0)
    known = known_to(own, ALLOYS[:0], ALLOYS)
    assert known["composition"].tolist() == ["Al10Cu30Zr60", "Cu50Zr50", "Fe80B20"]
    assert known["dmax_high_mm"].fillna(-1).tolist() == [2.0, -1, -1]
