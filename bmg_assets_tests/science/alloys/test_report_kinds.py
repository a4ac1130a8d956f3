"""The interval of D_max that each kind of report leaves."""

import pytest

from bmg_assets.science.alloys.report_kinds import APART, ReportKind, interval_of


@pytest.mark.parametrize(
    ("kind", "size_mm", "expected"),
    [
        (ReportKind.CRYSTALLINE_AS_SPUN, None, (0.0, 0.03)),
        (ReportKind.CRYSTALLINE_AS_CAST, None, (0.0, 1.0)),
        (ReportKind.GLASS_OF_UNKNOWN_FORM, None, (0.03, None)),
        (ReportKind.RIBBON, None, (0.03, None)),
        (ReportKind.PLATE_OR_WEDGE, 0.5, (0.5, None)),
        (ReportKind.BULK, 12.0, (12.0, None)),
        (ReportKind.BULK_WITHOUT_DIAMETER, None, (1.0, None)),
        (ReportKind.FLUXED, 85.0, (85.0, None)),
        (ReportKind.FILM, None, (None, None)),
        (ReportKind.POWDER, None, (None, None)),
    ],
)
def test_each_kind_has_its_interval(kind, size_mm, expected):
    assert interval_of(kind, size_mm) == expected


@pytest.mark.parametrize("kind", [ReportKind.PLATE_OR_WEDGE, ReportKind.BULK, ReportKind.FLUXED])
def test_a_kind_that_follows_from_a_size_needs_one(kind):
    with pytest.raises(ValueError, match=kind.value):
        interval_of(kind)


def test_only_what_says_nothing_of_castings_is_set_apart():
    assert {kind for kind in ReportKind if kind in APART} == {ReportKind.FILM, ReportKind.POWDER}
