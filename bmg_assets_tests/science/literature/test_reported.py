"""One line for each report: what, who, when."""

import pandas as pd
import pytest

from bmg_assets.science.alloys.report_kinds import APART, ReportKind
from bmg_assets.science.literature.reported import WORDS, lines_of


def report(kind: str, reference: str = "a handbook", year: int | None = None, **sizes: float) -> pd.DataFrame:
    nan = float("nan")
    cells = {"size_mm": nan, "thickness_mm": nan} | sizes
    row = {"kind": kind, "source": "mdf_v5", "reference": reference, **cells}
    return pd.DataFrame([row]).assign(year=pd.array([year], dtype="Int64"))


@pytest.mark.parametrize(
    ("counted", "line"),
    [
        (report("bulk", size_mm=10.0), "10 mm, bulk glass: mdf_v5, a handbook"),
        (report("bulk", "JIM 35 (1994) 227", 1994, size_mm=2.5), "2.5 mm, bulk glass: mdf_v5, JIM 35 (1994) 227"),
        (report("bulk", "doi:10.1/1", 1994, size_mm=2.0), "2 mm, bulk glass: mdf_v5, doi:10.1/1 (1994)"),
        (report("ribbon", size_mm=0.2), "glassy ribbon: mdf_v5, a handbook"),
        (report("crystalline_as_cast", size_mm=0.0), "crystalline as cast: mdf_v5, a handbook"),
        (report("plate_or_wedge", thickness_mm=3.0), "3 mm, glassy plate or wedge: mdf_v5, a handbook"),
        (report("bulk_without_diameter"), "bulk glass without a diameter: mdf_v5, a handbook"),
        (report("fluxed", size_mm=85.0), "85 mm, fluxed melt: mdf_v5, a handbook"),
    ],
)
def test_a_line_says_what_who_and_when(counted, line):
    assert lines_of(counted) == [line]


def test_every_kind_of_an_alloy_has_its_words():
    assert set(WORDS) == set(ReportKind) - APART
