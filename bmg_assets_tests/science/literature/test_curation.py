"""Rows as published to reports: nothing lost, each with its fate."""

import pandas as pd
import pytest

from bmg_assets.science.literature.curation import (
    REPORT_COLUMNS,
    ReportOrigin,
    curate_reports,
    summarise_reports,
)
from bmg_assets_tests.science.literature.report_frames import CODES, published_reports, reports_of, rows


def test_every_row_is_kept_with_its_fate():
    reports = reports_of(
        ("Zr50 Cu50", "BMG", "2"),
        ("Ti41Zr25Zr29Al5", "BMG", "2"),
        ("Zr50Cu50", "AM", None, "sputtering"),
        ("Nb40Ni60Ta0", "AM", None, None, "Kim 1999"),
        ("(La0.5Ce0.5)70Al1Cu155", None, "0"),
    )
    assert tuple(reports.columns) == REPORT_COLUMNS
    assert reports["source_row"].tolist() == [1, 2, 3, 4, 5]
    assert reports["status"].tolist() == ["accepted", "refused", "refused", "accepted", "refused"]
    assert reports["composition"].tolist() == ["Cu50Zr50", None, "Cu50Zr50", "Nb40Ni60", None]
    assert reports["reference"].tolist() == ["a handbook"] * 3 + ["Kim 1999", "a handbook"]
    assert reports["rules"][0] == ["spaces_removed", "class_from_code", "class_from_diameter"]
    assert [rules[-1] for rules in reports["rules"][[1, 2, 4]]] == [
        "repeated_element",
        "not_a_casting",
        "implausible_sum",
    ]
    assert reports["reason"].notna().tolist() == [False, True, True, False, True]
    assert reports["formula_reported"][1] == "Ti41Zr25Zr29Al5"


def test_missing_cells_of_any_kind_are_nothing():
    raw = rows(("Zr50Cu50", None, "2")).assign(method=float("nan"), reference=float("nan"), class_reported=pd.NA)
    reports = curate_reports(raw, ReportOrigin("one", "a handbook", "none stated", "at%", CODES))
    assert reports["status"].tolist() == ["accepted"]
    assert reports["class_reported"].tolist() == [None]


def test_weight_percent_is_converted_where_the_source_declares_it():
    origin = ReportOrigin("one", "a handbook", "none stated", "wt%", CODES)
    reports = curate_reports(rows(("Cu50Zr50", "BMG", "2")), origin)
    assert reports["composition"].tolist() == ["Cu58.9417Zr41.0583"]
    assert "weight_percent_converted" in reports["rules"][0]


def test_summary_counts_mends_and_refusals_apart():
    summary = summarise_reports(
        reports_of(("Zr50 Cu50", "BMG", "2"), ("Ti41 Zr25 Zr29Al5", "AM"), ("Ni60 Nb40", "AM", None, "sputtering"))
    )
    assert (summary.n_reports, summary.n_accepted, summary.n_refused) == (3, 1, 2)
    assert summary.refusals == {"not_a_casting": 1, "repeated_element": 1}
    assert summary.rules == {"class_from_code": 1, "class_from_diameter": 1, "spaces_removed": 2}
    assert summary.classes == {"bulk": 1}


@pytest.mark.published
def test_the_published_table_is_curated_as_measured(published_csv):
    reports = published_reports(published_csv)
    summary = summarise_reports(reports)
    # science.md, trap 5: 464 with an amount of zero, 12 zero-padded, 196 with spaces, 127 with brackets, one of them
    # the composition that sums to 226, which is refused with the two that repeat an element.
    assert summary.rules["zero_amount_dropped"] == 464
    assert summary.rules["zero_padding_removed"] == 12
    assert summary.rules["spaces_removed"] == 196
    assert summary.rules["brackets_expanded"] == 126
    assert summary.refusals == {"implausible_sum": 1, "repeated_element": 2}
    # Trap 1: 64 labels of 0.1 and 41 more between 0.2 and 1.
    assert summary.rules["label_between_codes"] == 105
    assert summary.classes == {"crystalline": 1569, "ribbon": 3808, "bulk": 1018}
    accepted = reports[reports["status"] == "accepted"]
    assert (accepted["dmax_mm"] == accepted["value_reported"].astype(float)).all()
