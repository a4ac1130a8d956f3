"""Who is left out, by hand-made literature; what remains known is the paper's sub-dataset."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.evidence import left_out
from bmg_assets.science.evidence.left_out import known_rows, systems_left_out
from bmg_assets.science.evidence.splits import Split, Track


def literature(**systems: list[float]) -> pd.DataFrame:
    """Alloys of systems given as `A_B_C=[diameters]`."""
    rows = [(name.replace("_", "-"), name.split("_"), dmax) for name, found in systems.items() for dmax in found]
    return pd.DataFrame(rows, columns=["chemical_system", "elements", "dmax_mm"])


ALLOYS = literature(
    Al_Cu_Zr=[2.0, 3.0] + [0.2] * 8,
    Al_Cu_Ni=[2.0, 0.0, 0.2, 0.2],
    Cu_Zr=[1.0, 0.2, 0.0, 0.2],
    Al_Ni_Zr=[1.0] * 30,
    Al_Fe_Si=[0.2] * 20,
    Al_Co_Si=[0.2] * 19,
    Ag_Cu_Zr=[2.0, 0.2, 0.2, np.nan],
    Al_Cu_Ni_Zr=[1.5],
)


DRAWN = {
    Split.DEVELOPMENT: frozenset({"Al-Cu-Zr", "Ag-Cu-Zr", "Al-Ni-Zr", "Hf-Sn"}),
    Split.RELEASE: frozenset({"Al-Cu-Ni", "Cu-Zr"}),
    Split.WITHOUT_BULK: frozenset({"Al-Fe-Si", "Al-Co-Si"}),
}


@pytest.fixture(autouse=True)
def _drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_out, "SYSTEMS_OF", DRAWN)


def names(split: Split) -> list[str]:
    return [one.target.key for one in systems_left_out(ALLOYS, split)]


def test_a_drawn_system_is_left_out_where_enough_is_known_of_it() -> None:
    assert names(Split.DEVELOPMENT) == ["Al-Cu-Zr"]
    assert names(Split.RELEASE) == ["Al-Cu-Ni", "Cu-Zr"]
    assert names(Split.WITHOUT_BULK) == ["Al-Fe-Si"]


def test_the_rows_of_a_system_are_its_own_alloys() -> None:
    first = systems_left_out(ALLOYS, Split.DEVELOPMENT)[0]
    assert np.flatnonzero(first.rows).tolist() == list(range(10))


def test_what_remains_known_is_the_sub_dataset() -> None:
    target = TargetSystem(("Zr", "Al", "Cu"))
    related = set(ALLOYS["chemical_system"][known_rows(ALLOYS, target, Track.RELATED_KNOWN)])
    nothing = set(ALLOYS["chemical_system"][known_rows(ALLOYS, target, Track.NOTHING_KNOWN)])
    assert related == set(ALLOYS["chemical_system"]) - {"Al-Cu-Zr"}
    assert nothing == {"Cu-Zr", "Al-Fe-Si", "Al-Co-Si"}
    assert not known_rows(ALLOYS, target, Track.RELATED_KNOWN)[ALLOYS["dmax_mm"].isna()].any()
