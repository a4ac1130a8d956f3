"""Reports of properties made from a few cells, for the tests of what becomes of them."""

from typing import Any

import pandas as pd

from bmg_assets.science.alloys.labels import Conventions
from bmg_assets.science.literature.curation import ReportOrigin
from bmg_assets.science.literature.properties import DerivationRule, Derived, Property, PropertyColumn
from bmg_assets.science.literature.property_copies import mark_property_copies
from bmg_assets.science.literature.property_reports import read_property_reports

TG = Property(
    name="glass", title="glass transition", symbol="T_g", unit="K", range=(290, 1500), below="crystal",
    agrees_within="20", own_casts="tg_K",
)  # fmt: skip
TX = Property(
    name="crystal", title="crystallisation", symbol="T_x", unit="K", range=(290, 1600), below="liquid",
    agrees_within="25",
)  # fmt: skip
TL = Property(name="liquid", title="liquidus", symbol="T_l", unit="K", range=(400, 3700), agrees_within="45")
WIDTH = Property(
    name="width", title="supercooled liquid region", symbol="ΔT_x", also=["DeltaT_x"], unit="K", range=(1, 200),
    derived=Derived(rule=DerivationRule.DIFFERENCE, of=("crystal", "glass")), agrees_within="25",
    own_casts=["tx_K", "tg_K"],
)  # fmt: skip
RATE = Property(
    name="rate", title="critical cooling rate", symbol="R_c", unit="K/s", range=(1e-3, 1e9), scale="log",
    agrees_within="factor 3",
)  # fmt: skip
BULK = Property(name="bulk", title="bulk modulus", symbol="K", unit="GPa", range=(5, 400))
SHEAR = Property(name="shear", title="shear modulus", symbol="G", unit="GPa", range=(3, 200))
YOUNG = Property(
    name="young", title="Young's modulus", symbol="E", unit="GPa", range=(5, 400),
    derived=Derived(rule=DerivationRule.YOUNGS_MODULUS, of=("bulk", "shear")), agrees_within="10 %",
)  # fmt: skip
PROPERTIES = {one.name: one for one in (TG, TX, TL, WIDTH, RATE, BULK, SHEAR, YOUNG)}
DATA_SET = "a data set"
"""What a source has as reference for rows that name no paper."""


def read(*rows: dict[str, Any], source: str = "one", columns: dict[str, PropertyColumn] | None = None) -> pd.DataFrame:
    """Reports of rows, each with `formula`, maybe `reference` and `year`, and texts by the names of PROPERTIES."""
    named = [name for name in PROPERTIES if any(name in row for row in rows)]
    cells = [
        {"source_row": number, "reference": None, "year": None, **dict.fromkeys(named), **row}
        for number, row in enumerate(rows, start=1)
    ]
    origin = ReportOrigin(source, DATA_SET, "MIT", "at%", Conventions())
    stated = columns or {name: PropertyColumn(column=name) for name in named}
    return read_property_reports(pd.DataFrame(cells, dtype=object), origin, stated, PROPERTIES)


def with_copies(*sources: pd.DataFrame) -> pd.DataFrame:
    """The reports of several sources together, copies marked."""
    together = pd.concat(sources, ignore_index=True)
    return mark_property_copies(together, dict.fromkeys(set(together["source"]), DATA_SET), PROPERTIES)


def cast(formula: str, **cells: Any) -> dict[str, Any]:
    """A row of a source; numbers become text."""
    return {"formula": formula, **{name: str(cell) if name in PROPERTIES else cell for name, cell in cells.items()}}
