"""What each variant learns from, by hand-made reports."""

import pytest

from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.evidence.literature_variants import Variant, alloys_of, variants
from bmg_assets_tests.science.evidence.reports import reports_of

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
    table = alloys_of(REPORTS, variant)
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
    ],
)
def test_a_variant_learns_what_its_sources_say(variant: Variant, expected: dict[str, float]) -> None:
    assert dmax_of(variant) == pytest.approx(expected)


def test_every_source_is_taken_out_and_put_in() -> None:
    names = [one.name for one in variants(ALL, ("ml_bmg_gfa", "mdf_v5"), quick=False)]
    assert names[:3] == ["whole", "paper", "recommended"]
    assert {"without_ml_bmg_gfa", "without_mdf_v5", "without_borg_mpea"} < set(names)
    assert {"paper_and_mdf_v5", "paper_and_borg_mpea", "largest_trains", "smallest_trains"} < set(names)
    assert len(set(names)) == len(names)


def test_what_trains_today_is_no_variant_of_its_own_where_it_is_all_or_the_papers() -> None:
    for teaching in (ALL, ("ml_bmg_gfa",)):
        assert "recommended" not in [one.name for one in variants(ALL, teaching, quick=True)]
