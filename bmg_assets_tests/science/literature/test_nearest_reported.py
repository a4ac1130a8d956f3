"""The nearest reported alloy of a composition, and when a composition is a reported alloy."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.literature.nearest_reported import nearest_reported, repeats_of_known, reported_alloys

SYSTEM = parse_system("Zr-Al-Cu")
LITERATURE = pd.DataFrame(
    {
        "composition": ["Al10Cu30Zr60", "Cu50Zr50", "Al10Cu30Ni10Zr50", "Al5.4Cu44.3Zr50.3"],
        "elements": [["Al", "Cu", "Zr"], ["Cu", "Zr"], ["Al", "Cu", "Ni", "Zr"], ["Al", "Cu", "Zr"]],
        "at_pct": [[10.0, 30.0, 60.0], [50.0, 50.0], [10.0, 30.0, 10.0, 50.0], [5.4, 44.3, 50.3]],
        "glass_class": ["bulk", "ribbon", "bulk", "ribbon"],
        "dmax_mm": [8.0, 0.2, None, 0.2],
    }
)
NOBODY = LITERATURE[:0].assign(target_system=[])


def own(**cells: object) -> pd.DataFrame:
    row = {"composition": "Al10Cu30Zr60", "elements": ["Al", "Cu", "Zr"], "at_pct": [10.0, 30.0, 60.0]}
    return pd.DataFrame([row | {"glass_class": "ribbon", "dmax_mm": 0.2, "target_system": SYSTEM.key} | cells])


def points(*at_pct: tuple[float, float, float]) -> np.ndarray:
    return np.array(at_pct, dtype=float)


def test_own_casts_win_over_the_literature_and_one_without_a_class_is_no_report() -> None:
    reported = reported_alloys(own(), LITERATURE)
    assert reported["who"].tolist() == ["own cast"] + 3 * ["literature"]
    assert reported["composition"].tolist() == ["Al10Cu30Zr60", *LITERATURE["composition"][1:]]
    assert reported["glass_class"].iloc[0] == "ribbon"
    planned = reported_alloys(own(glass_class=None, dmax_mm=None), LITERATURE)
    assert planned["who"].tolist() == 4 * ["literature"]
    assert reported_alloys(NOBODY, LITERATURE[:0]).empty


def test_the_nearest_alloy_is_that_in_which_the_fewest_atoms_differ_whatever_its_elements() -> None:
    reported = reported_alloys(NOBODY, LITERATURE)
    found = nearest_reported(SYSTEM, points((60, 10, 30), (49, 1, 50), (52, 12, 36)), reported)
    assert found["composition"].tolist() == ["Al10Cu30Zr60", "Cu50Zr50", "Al10Cu30Zr60"]
    assert found["distance_at_pct"].tolist() == [0, 1, 8]
    assert (found["glass_class"][1], found["dmax_mm"][1], found["who"][1]) == ("ribbon", 0.2, "literature")


@pytest.mark.parametrize(
    ("at_pct", "is_repeat"),
    [
        ((60, 10, 30), True),
        ((60.4, 9.7, 29.9), True),
        ((60.5, 9.8, 29.7), True),
        ((60.6, 9.7, 29.7), False),  # more than half a percent apart: another alloy of a series
        ((61, 10, 29), False),
        ((50, 5, 45), False),  # 0.7 at.% of Cu from the nearest
        ((50, 6, 44), False),
        ((50.3, 5.4, 44.3), True),
        ((50, 0, 50), False),  # the binary has other elements than the system
    ],
)
def test_a_repeat_is_a_reported_alloy_of_exactly_the_systems_elements_within_rounding(
    at_pct: tuple[float, float, float], is_repeat: bool
) -> None:
    reported = reported_alloys(NOBODY, LITERATURE)
    assert repeats_of_known(SYSTEM, points(at_pct), reported).tolist() == [is_repeat]
    assert repeats_of_known(SYSTEM, points(at_pct), reported[1:3]).tolist() == [False]


def test_in_a_system_that_nobody_reported_nothing_repeats() -> None:
    assert repeats_of_known(SYSTEM, points((60, 10, 30)), reported_alloys(NOBODY, LITERATURE[:0])).tolist() == [False]
