"""What each variant learns from, by hand-made reports."""

import numpy as np
import pytest

from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.evidence.literature_variants import Variant, alloys_of, as_if_all_taught, variants
from bmg_assets.science.literature.copies import mark_copies
from bmg_assets.science.literature.curation import DOES_NOT_TEACH, ROW_OF_ONE_ALLOY
from bmg_assets_tests.science.evidence.reports import origins_of, reports_of

ZR, CU, CR = {"Cu": 50.0, "Zr": 50.0}, {"Cu": 60.0, "Zr": 40.0}, {"Cr": 50.0, "Fe": 50.0}
REPORTS = reports_of(
    [
        ("ml_bmg_gfa", ZR, ReportKind.RIBBON, None, None),
        ("mdf_v5", ZR, ReportKind.BULK, 2.0, 2004),
        ("mdf_v5", CU, ReportKind.BULK, 1.0, 1999),
        ("borg_mpea", CR, ReportKind.CRYSTALLINE_AS_CAST, None, 2012),
    ]
)
ALL = ("ml_bmg_gfa", "mdf_v5", "borg_mpea")


def dmax_of(variant: Variant) -> dict[str, float]:
    table = alloys_of(REPORTS, origins_of(REPORTS), variant)
    return dict(zip(table["composition"], table["dmax_mm"], strict=True))


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        (Variant("whole", ALL), {"Cu50Zr50": 1.1, "Cu60Zr40": 1.0, "Cr50Fe50": 0.0}),
        (Variant("paper", ("ml_bmg_gfa",)), {"Cu50Zr50": 0.2}),
        (Variant("without_ml_bmg_gfa", ALL[1:]), {"Cu50Zr50": 2.0, "Cu60Zr40": 1.0, "Cr50Fe50": 0.0}),
        (Variant("largest", ALL, trains="largest"), {"Cu50Zr50": 2.0, "Cu60Zr40": 1.0, "Cr50Fe50": 0.0}),
        (Variant("easy", ALL, easy_negatives=False), {"Cu50Zr50": 1.1, "Cu60Zr40": 1.0}),
        (Variant("then", ALL, until=2004), {"Cu50Zr50": 2.0, "Cu60Zr40": 1.0}),
        (Variant("before", ALL, until=2003), {"Cu60Zr40": 1.0}),
        (Variant("silent", ALL, teaching=("ml_bmg_gfa",)), {"Cu50Zr50": 0.2, "Cu60Zr40": np.nan, "Cr50Fe50": np.nan}),
    ],
)
def test_a_variant_learns_what_its_sources_say(variant: Variant, expected: dict[str, float]) -> None:
    assert dmax_of(variant) == pytest.approx(expected, nan_ok=True)


def test_a_copy_counts_where_the_report_that_it_copies_is_left_out() -> None:
    copied = reports_of(
        [
            ("mdf_v5", CU, ReportKind.BULK, 1.0, 1999),
            ("ward_2018", CU, ReportKind.BULK, 1.0, None),
            ("ward_2018", ZR, ReportKind.RIBBON, None, None),
        ]
    )
    copied["reference"] = ["doi:10.1000/a", "compiled in ward_2018", "compiled in ward_2018"]
    origins = origins_of(copied)
    marked = as_if_all_taught(mark_copies(copied, origins))
    assert alloys_of(marked, origins, Variant("whole", ("mdf_v5", "ward_2018")))["n_reports"].tolist() == [1, 1]
    alone = alloys_of(marked, origins, Variant("without_mdf_v5", ("ward_2018",)))
    assert alone["dmax_mm"].tolist() == [1.0, 0.2]


def test_what_a_silent_source_says_is_learnt_from_who_copied_it() -> None:
    copied = reports_of([("mdf_v5", CU, ReportKind.BULK, 1.0, 1999), ("ward_2018", CU, ReportKind.BULK, 1.0, None)])
    copied["reference"] = ["doi:10.1000/a", "compiled in ward_2018"]
    silent = Variant("recommended", ("mdf_v5", "ward_2018"), teaching=("ward_2018",))
    table = alloys_of(copied, origins_of(copied), silent)
    assert table["dmax_mm"].tolist() == [1.0]
    assert table["first_year"].tolist() == [1999]


def test_a_further_row_of_a_source_stays_a_copy_and_a_silent_source_speaks() -> None:
    silent = REPORTS.assign(dmax_mm=np.nan, rules=[[DOES_NOT_TEACH]] * 3 + [[ROW_OF_ONE_ALLOY, DOES_NOT_TEACH]])
    silent["status"] = ["accepted", "copied", "accepted", "copied"]
    taught = as_if_all_taught(silent)
    assert taught["dmax_mm"].tolist() == REPORTS["dmax_mm"].tolist()
    assert taught["status"].tolist() == ["accepted", "accepted", "accepted", "copied"]


def test_every_source_is_taken_out_and_put_in() -> None:
    names = [one.name for one in variants(ALL, ("ml_bmg_gfa", "mdf_v5"), quick=False)]
    assert names[:3] == ["whole", "paper", "recommended"]
    assert {"without_ml_bmg_gfa", "without_mdf_v5", "without_borg_mpea"} < set(names)
    assert {"paper_and_mdf_v5", "paper_and_borg_mpea", "largest_trains", "smallest_trains"} < set(names)
    assert len(set(names)) == len(names)


def test_what_trains_today_is_no_variant_of_its_own_where_it_is_all_or_the_papers() -> None:
    for teaching in (ALL, ("ml_bmg_gfa",)):
        assert "recommended" not in [one.name for one in variants(ALL, teaching, quick=True)]
