"""The plot of a front: axes with units, a colour for the third objective, nothing where there is nothing to plot."""

import numpy as np
import pandas as pd

from bmg_assets.pages.objective_figure import front_picture
from bmg_assets.pages.rendering import Picture
from bmg_assets.science.proposals.objectives import Objective, ObjectiveTable, Wanted

N = 30
NAMES = ("dmax", "density", "tg")
TABLE = ObjectiveTable(
    "Zr-Al-Cu",
    [f"A{row}" for row in range(N)],
    {name: Objective(name, name, "u", True, np.arange(N, dtype=float) + place) for place, name in enumerate(NAMES)},
)
FRONT = pd.DataFrame({name: TABLE.objectives[name].values[-20:] for name in NAMES})
FRONT = FRONT.assign(formula="A", dmax_low=FRONT["dmax"] - 1, dmax_high=FRONT["dmax"] + 2)


def drawn(*names: str, front: pd.DataFrame = FRONT) -> Picture | None:
    return front_picture("Zr-Al-Cu", TABLE, tuple(map(Wanted, names)), np.ones(N, dtype=bool), front)


def test_axes_and_colour_are_the_objectives_with_their_units() -> None:
    two, three = drawn("dmax", "density"), drawn(*NAMES)
    assert two is not None
    assert three is not None
    assert "tg (u)" in three.caption
    assert "tg (u)" not in two.caption
    assert "20 are beaten by none" in two.alt
    assert two.files["png"].startswith(b"\x89PNG")
    assert two.files["png"] != three.files["png"]


def test_one_objective_or_an_empty_front_has_no_plot() -> None:
    assert drawn("dmax") is None
    assert drawn("dmax", "density", front=FRONT.iloc[:0]) is None
