"""A front in a terminal: what was wanted, the first compositions, how many more, and what they rest on."""

import numpy as np
import pandas as pd

from bmg_assets.actions.objectives import WeighedSystem
from bmg_assets.cli.terminal.objective_lists import MOST_PRINTED, objectives_for_people
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.proposals.objectives import Objective, ObjectiveTable, Wanted

N = MOST_PRINTED + 5


def test_a_long_front_is_cut_and_says_so() -> None:
    values = np.arange(N, dtype=float)
    dmax = Objective("dmax", "D_max", "mm", True, values, about="Wide.")
    table = ObjectiveTable("Zr-Al-Cu", [f"A{row}" for row in range(N)], {"dmax": dmax})
    front = pd.DataFrame({"formula": table.compositions, "dmax": values})
    found = WeighedSystem(
        TargetSystem(("Zr", "Al", "Cu")),
        table,
        (Wanted("dmax"),),
        ("dmax at least 0",),
        values >= 0,
        front,
        3,
        0,
        0,
        ("Older.",),
    )
    lines = objectives_for_people(found, 100).splitlines()
    assert lines[:2] == ["Zr-Al-Cu: D_max (mm), more is better.", "Wanted: dmax at least 0."]
    assert "5 more: --csv prints all." in lines
    assert lines[-2:] == ["D_max: Wide.", "Older."]
