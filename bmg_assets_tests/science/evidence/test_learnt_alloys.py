"""Which alloys a left-out system hides, and which systems can be left out together."""

import numpy as np

from bmg_assets.science.evidence.learnt_alloys import LearntAlloys, unrelated_groups
from bmg_assets.science.evidence.splits import Track
from bmg_assets_tests.science.evidence.reports import learnable_reports, table_of

ELEMENTS = ("Ag", "Al", "Co", "Cr", "Cu", "Fe", "Mg", "Ni", "Ti", "Xe", "Y", "Zn", "Zr")
LEARNT = LearntAlloys.of(table_of(learnable_reports()), ELEMENTS)


def hidden(track: Track, *systems: str) -> set[str]:
    return set(LEARNT.alloys.systems[LEARNT.hidden_by(systems, track)])


def test_columns_are_those_of_the_whole_literature() -> None:
    assert LEARNT.alloys.compositions.elements == ELEMENTS
    assert np.allclose(LEARNT.alloys.compositions.fractions.sum(axis=1), 1)


def test_a_system_hides_itself_and_on_demand_its_relatives() -> None:
    assert hidden(Track.RELATED_KNOWN, "Al-Cu-Zr", "Cr-Fe-Ni") == {"Al-Cu-Zr", "Cr-Fe-Ni"}
    nothing_known = hidden(Track.NOTHING_KNOWN, "Al-Cu-Zr")
    assert nothing_known == {"Al-Cu-Zr", "Ag-Cu-Zr", "Al-Co-Zr", "Al-Ni-Ti-Zr", "Cu-Ti-Zr"}
    assert hidden(Track.RELATED_KNOWN, "Hf-Pd-Sn") == set()


def test_systems_of_a_group_share_one_element_at_most() -> None:
    groups = unrelated_groups(["Al-Cu-Zr", "Cu-Ti-Zr", "Fe-Ni-P", "Al-Ni-Y", "Cu-Zr"])
    assert groups == [["Al-Cu-Zr", "Fe-Ni-P", "Al-Ni-Y"], ["Cu-Ti-Zr"], ["Cu-Zr"]]
