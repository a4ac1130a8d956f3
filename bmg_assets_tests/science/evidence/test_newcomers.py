"""Newcomers, and the place of their best alloy."""

import numpy as np
import pytest

from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.evidence.judged_alloys import judged_alloys
from bmg_assets.science.evidence.learners import Equiatomic, NearestOfRest
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.literature_scores import as_literature_scores
from bmg_assets.science.evidence.newcomers import best_of, newcomer_scores, newcomers
from bmg_assets_tests.science.evidence.reports import learnable_reports, reports_of, table_of

REPORTS = learnable_reports()
ALL = ("ml_bmg_gfa", "later")
JUDGED = judged_alloys(table_of(REPORTS))
KNOWN = {"Al-Co-Zr", "Al-Cu-Zr", "Cu-Ti-Zr"}


def test_a_newcomer_has_a_bulk_glass_and_no_alloy_that_is_known() -> None:
    assert newcomers(JUDGED, KNOWN) == ["Ag-Cu-Zr", "Al-Ni-Ti-Zr"]
    assert newcomers(JUDGED, KNOWN | {"Ag-Cu-Zr"}) == ["Al-Ni-Ti-Zr"]


def test_the_best_is_the_thickest_and_all_where_none_has_a_diameter() -> None:
    def alloy(zr: float, size_mm: float | None) -> tuple[str, dict[str, float], ReportKind, float | None, None]:
        kind = ReportKind.BULK if size_mm else ReportKind.BULK_WITHOUT_DIAMETER
        return "a", {"Cu": 100 - zr, "Zr": zr}, kind, size_mm, None

    def zr_of_best(*alloys: tuple[float, float | None]) -> list[float]:
        reports = reports_of([alloy(*one) for one in alloys])
        best = best_of(judged_alloys(table_of(reports)))
        return [round(100 * share) for share in best.fractions[:, 1]]

    assert zr_of_best((40, 2.0), (50, 3.0), (60, None)) == [50]
    assert zr_of_best((40, 2.0), (50, 2.0)) == [40, 50]
    assert zr_of_best((40, None), (60, None)) == [40, 60]


@pytest.mark.parametrize("sources", [("ml_bmg_gfa",), ALL])
def test_what_relatives_teach_finds_the_best_and_the_middle_does_not(sources: tuple[str, ...]) -> None:
    learnt = LearntAlloys.of(table_of(REPORTS, sources=sources), JUDGED.compositions.elements)
    learners = [NearestOfRest(learnt.alloys), Equiatomic()]
    systems = newcomers(JUDGED, KNOWN)
    found = {}
    for together in (False, True):
        rows = newcomer_scores(learners, learnt, JUDGED, systems, together)
        table = as_literature_scores(rows).set_index(["strategy", "metric", "left_out_system"])["value"]
        found[together] = table.sort_index()
    place = found[False].unstack("strategy").loc["place"]
    assert (place["nearest"] < 0.35).all()
    assert (place["equiatomic"] > place["nearest"]).all()
    assert np.allclose(found[False], found[True])
