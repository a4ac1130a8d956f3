"""What the page of a property is made from, small enough to be read."""

from typing import Any

from bmg_assets.pages.property_page import PropertyFacts
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.literature.properties import Property
from bmg_assets.store.tables.property import (
    PROPERTY_ALLOYS,
    PROPERTY_MAPS,
    PROPERTY_REPORTS,
    PROPERTY_SCORES,
    PROPERTY_VALUES,
)
from bmg_assets_tests.table_frames import frame_of

MODULUS = Property(name="youngs_modulus", title="Young's modulus", symbol="E", unit="GPa", range=(5, 400))


def property_facts(prop: Property = MODULUS, **scores: Any) -> PropertyFacts:
    """What is known of a modulus in Zr-Al-Cu: three points of a map and three alloys.

    Args:
        prop: how the modulus is declared.
        scores: columns of `property_scores`.
    """
    grid = frame_of(
        PROPERTY_MAPS,
        at_pct=[[50.0, 10.0, 40.0], [60.0, 10.0, 30.0], [70.0, 10.0, 20.0]],
        value=[90.0, 85.5, 120.0],
        interval_low=[80.0, 75.5, 110.0],
        interval_high=[100.0, 95.5, 130.0],
        svr=[91.0, 86.0, 131.0],
        nearest_composition=["Al10Cu40Zr50", "Cu50Zr50", "Cu50Ni50"],
        nearest_value=[91.0, 84.0, 130.0],
        nearest_at_pct=[0.0, 12.0, 50.0],
    )
    alloys = frame_of(
        PROPERTY_ALLOYS,
        composition=["Cu50Ni50", "Al10Cu40Zr50", "Cu50Zr50"],
        elements=[["Cu", "Ni"], ["Al", "Cu", "Zr"], ["Cu", "Zr"]],
        at_pct=[[50.0, 50.0], [10.0, 40.0, 50.0], [50.0, 50.0]],
        category=["I", "V", "lab"],
        is_trained=True,
        value=[130.0, 91.0, 84.0],
    )
    reports = frame_of(
        PROPERTY_REPORTS,
        rows=4,
        composition=["Cu50Ni50", "Al10Cu40Zr50", None, "Cu50Ni50"],
        reference=["A handbook", "Cast & tested (2020)", "A handbook", "A data set"],
        status=["accepted", "accepted", "refused", "copied"],
        formula_reported=["Cu50Ni50", "Zr50Al10Cu40", "Zr5?", "Cu50Ni50"],
        reason=[None, None, "'Zr5?' cannot be read", None],
    )
    values = frame_of(
        PROPERTY_VALUES,
        composition=["Cu50Ni50", "Al10Cu40Zr50", "Al15Cu40Ni45"],
        elements=[["Cu", "Ni"], ["Al", "Cu", "Zr"], ["Al", "Cu", "Ni"]],
        conflict=["none", "value", "value"],
        spread=[0.0, 12.0, 40.0],
        reported=[
            ["130 GPa: one, A handbook"],
            ["85 GPa: one, A handbook", "97 GPa: two, Cast & tested (2020)"],
            ["60 GPa: one, A handbook", "100 GPa: two, Cast & tested (2020)"],
        ],
    )
    row = frame_of(PROPERTY_SCORES, rows=1, **scores).iloc[0]
    return PropertyFacts(parse_system("Zr-Al-Cu"), prop, grid, alloys, row, reports, values)
