"""By which alloys a literature is judged."""

import numpy as np

from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.evidence.judged_alloys import Judged, judged_alloys, mixed_systems
from bmg_assets.science.evidence.literature_scores import JudgedBy
from bmg_assets_tests.science.evidence.reports import reports_of, table_of


def judged() -> Judged:
    def cu_zr(cu: float) -> dict[str, float]:
        return {"Cu": cu, "Zr": 100 - cu}

    reports = reports_of(
        [
            ("a", cu_zr(50), ReportKind.BULK, 2.0, 2004),
            ("b", cu_zr(50), ReportKind.BULK, 4.0, 2001),
            ("a", cu_zr(55), ReportKind.BULK_WITHOUT_DIAMETER, None, None),
            ("a", cu_zr(60), ReportKind.GLASS_OF_UNKNOWN_FORM, None, None),
            ("a", cu_zr(65), ReportKind.CRYSTALLINE_AS_CAST, None, None),
            ("a", {"Cu": 100.0}, ReportKind.CRYSTALLINE_AS_SPUN, None, None),
        ]
    )
    return judged_alloys(table_of(reports))


def test_a_glass_of_unknown_form_does_not_judge_and_a_bulk_glass_without_diameter_does() -> None:
    alloys = judged()
    assert alloys.is_bulk.tolist() == [True, True, False, False]
    assert alloys.dmax_mm[0] == 4.0
    assert np.isnan(alloys.dmax_mm[1])
    assert alloys.first_year[0] == 2001
    assert np.isnan(alloys.first_year[1])


def test_what_was_cast_and_crystalline_is_an_easy_negative() -> None:
    alloys = judged()
    assert alloys.kept_by(JudgedBy.WITHOUT_EASY).tolist() == [True, True, False, True]
    assert alloys.kept_by(JudgedBy.ALL).all()


def test_a_system_qualifies_with_bulk_glasses_and_others() -> None:
    assert mixed_systems(judged(), fewest_alloys=3) == ["Cu-Zr"]
    assert mixed_systems(judged(), fewest_alloys=4) == []
    assert mixed_systems(judged().take(judged().is_bulk), fewest_alloys=1) == []
