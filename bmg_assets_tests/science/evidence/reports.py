"""Hand-made reports of several sources, with the columns that the evidence on the literature reads."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.labels import Conventions
from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.evidence.literature_variants import Variant, alloys_of
from bmg_assets.science.literature.curation import ReportOrigin

_CLASS = {
    ReportKind.CRYSTALLINE_AS_SPUN: "crystalline",
    ReportKind.CRYSTALLINE_AS_CAST: "crystalline",
    ReportKind.RIBBON: "ribbon",
    ReportKind.GLASS_OF_UNKNOWN_FORM: "ribbon",
    ReportKind.BULK: "bulk",
    ReportKind.BULK_WITHOUT_DIAMETER: "bulk",
}
_NUMBER = {"crystalline": 0.0, "ribbon": 0.2}

Report = tuple[str, dict[str, float], ReportKind, float | None, int | None]
"""Source, amounts in at.%, kind, diameter in mm of a bulk glass, year."""


def reports_of(rows: Sequence[Report]) -> pd.DataFrame:
    """The reports as the table `reports` has them, all accepted."""
    records = []
    for number, (source, amounts, kind, size_mm, year) in enumerate(rows, start=1):
        glass_class = _CLASS[kind]
        dmax_mm = None if kind is ReportKind.GLASS_OF_UNKNOWN_FORM else size_mm or _NUMBER.get(glass_class)
        records.append(
            {
                "source": source,
                "source_row": number,
                "composition": composition_key(amounts),
                "elements": sorted(amounts),
                "at_pct": [float(amounts[element]) for element in sorted(amounts)],
                "kind": kind.value,
                "glass_class": glass_class,
                "dmax_mm": dmax_mm,
                "dmax_low_mm": size_mm or 0.0,
                "dmax_high_mm": None,
                "thickness_mm": None,
                "reference": f"paper {number}",
                "year": year,
                "is_glass": glass_class != "crystalline",
                "rules": [],
                "status": "accepted",
                "copy_of": None,
            }
        )
    numbers = dict.fromkeys(("dmax_mm", "dmax_high_mm", "thickness_mm"), "float64")
    return pd.DataFrame(records).astype({**numbers, "year": "Int64"})


def origins_of(reports: pd.DataFrame) -> list[ReportOrigin]:
    """The origins of the sources, in the order of the reports."""
    return [
        ReportOrigin(name, f"compiled in {name}", "MIT", "at%", Conventions()) for name in reports["source"].unique()
    ]


def table_of(reports: pd.DataFrame, **choices: Any) -> pd.DataFrame:
    """The table `alloys` of a variant of the reports; of all of them by default."""
    variant = Variant("any", choices.pop("sources", tuple(reports["source"].unique())), **choices)
    return alloys_of(reports, origins_of(reports), variant)


def learnable_reports() -> pd.DataFrame:
    """What is about half Zr is a bulk glass: the paper's set has some systems, `later` has others and their years."""
    rows: list[Report] = []
    systems = {
        ("Cu", "Ti", "Zr"): ("ml_bmg_gfa", 1995),
        ("Al", "Co", "Zr"): ("ml_bmg_gfa", 1996),
        ("Al", "Cu", "Zr"): ("ml_bmg_gfa", 1997),
        ("Ag", "Cu", "Zr"): ("later", 2003),
        ("Al", "Ni", "Ti", "Zr"): ("later", 2007),
    }
    for system, (source, year) in systems.items():
        for zr in (10, 25, 40, 50, 60, 75):
            for share in (0.3, 0.7):
                first, *others = system[:-1]
                rest = 100 - zr
                amounts = {first: rest * share} | {one: rest * (1 - share) / len(others) for one in others}
                kind = ReportKind.BULK if 40 <= zr <= 60 else ReportKind.CRYSTALLINE_AS_SPUN
                rows.append((source, amounts | {"Zr": zr}, kind, 2.0 if kind is ReportKind.BULK else None, year))
    rows += [
        ("later", {"Cr": 50.0, "Fe": amount, "Ni": 50 - amount}, ReportKind.CRYSTALLINE_AS_CAST, None, 2008)
        for amount in (10.0, 20.0, 30.0)
    ]
    rows += [
        ("later", {"Mg": 50.0, "Y": amount, "Zn": 50 - amount}, ReportKind.CRYSTALLINE_AS_SPUN, None, 2008)
        for amount in (10.0, 20.0, 30.0)
    ]
    return reports_of(rows)
