"""Alloys as arrays: columns for elements, rows that stay together."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.surrogates.alloys import alloys_of_tables

TABLE = pd.DataFrame(
    {
        "elements": [["Al", "Zr"], ["Cu", "Zr"]],
        "at_pct": [[40.0, 60.0], [50.0, 50.0]],
        "dmax_mm": [0.2, 2.0],
        "chemical_system": ["Al-Zr", "Cu-Zr"],
    }
)
ALLOYS = alloys_of_tables(TABLE, pd.DataFrame({"delta": [1.0, 2.0], "omega": [3.0, 4.0]}), ("omega", "delta"))


def test_tables_become_arrays() -> None:
    assert ALLOYS.compositions.elements == ("Al", "Cu", "Zr")
    assert ALLOYS.compositions.fractions == pytest.approx(np.array([[0.4, 0, 0.6], [0, 0.5, 0.5]]))
    assert ALLOYS.compositions.descriptors.tolist() == [[3, 1], [4, 2]]
    assert not ALLOYS.is_own.any()


def test_own_alloys_stand_behind_the_others() -> None:
    both = ALLOYS.followed_by(ALLOYS.take(np.array([1])).as_own())
    assert both.dmax_mm.tolist() == [0.2, 2.0, 2.0]
    assert both.is_own.tolist() == [False, False, True]
    assert both.systems.tolist() == ["Al-Zr", "Cu-Zr", "Cu-Zr"]


def test_other_elements_add_columns_of_zeros() -> None:
    wider = ALLOYS.compositions.with_elements(("Zr", "Ag", "Al", "Cu"))
    assert wider.fractions == pytest.approx(np.array([[0.6, 0, 0.4, 0], [0.5, 0, 0, 0.5]]))
