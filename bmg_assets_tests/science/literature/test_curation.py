"""Rows as published to reports: nothing lost, each with its fate."""

import pandas as pd
import pytest

from bmg_assets.science.literature.curation import (
    RAW_COLUMNS,
    REPORT_COLUMNS,
    ReportOrigin,
    curate_reports,
    summarise_reports,
    undeclared_classes,
)
from bmg_assets.science.literature.known_rows import KnownRow
from bmg_assets_tests.science.literature.report_frames import CODES, published_reports, reports_of, rows


def test_every_row_is_kept_with_its_fate():
    reports = reports_of(
        ("Zr50 Cu50", "BMG", "2"),
        ("Ti41Zr25Zr29Al5", "BMG", "2"),
        ("Zr50Cu50", "AM", None, "annealing"),
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
        reports_of(("Zr50 Cu50", "BMG", "2"), ("Ti41 Zr25 Zr29Al5", "AM"), ("Ni60 Nb40", "AM", None, "annealing"))
    )
    assert (summary.n_reports, summary.n_accepted, summary.n_refused) == (3, 1, 2)
    assert summary.refusals == {"not_a_casting": 1, "repeated_element": 1}
    assert summary.rules == {"class_from_code": 1, "class_from_diameter": 1, "spaces_removed": 2}
    assert summary.classes == {"bulk": 1}


def raw_rows(*cells: dict[str, object]) -> pd.DataFrame:
    """Raw rows with some cells by name."""
    records = [dict.fromkeys(RAW_COLUMNS) | {"source_row": number} | one for number, one in enumerate(cells, start=1)]
    return pd.DataFrame(records, dtype=object)


def test_a_film_is_kept_and_set_apart():
    reports = reports_of(("Cu50Zr50", "AM", None, "sputtering"), ("Al50Zr50", "CR", None, "sputtering"))
    assert reports["status"].tolist() == ["set_apart", "set_apart"]
    assert reports["kind"].tolist() == ["film", "film"]
    assert reports["is_glass"].tolist() == [True, False]
    assert reports[["glass_class", "dmax_mm", "dmax_low_mm", "reason"]].isna().all(axis=None)


def test_what_is_known_of_a_row_beyond_its_cells_counts():
    known = [
        {"formula": "Pd40Cu30Ni10P20", "value": 72, "is": "fluxed", "reason": "A melt purified in flux."},
        {"formula": "Zr50Cu50", "is": "wrong", "reason": "The diameter is that of another alloy."},
    ]
    origin = ReportOrigin(
        "one", "a handbook", "none", "at%", CODES, known_rows=tuple(KnownRow.model_validate(one) for one in known)
    )
    reports = curate_reports(rows(("Pd40Cu30Ni10P20", None, "72.0"), ("Zr50Cu50", "BMG", "9")), origin)
    assert reports["status"].tolist() == ["accepted", "refused"]
    assert reports["kind"].tolist() == ["fluxed", None]
    assert reports["reason"].tolist() == ["A melt purified in flux.", "The diameter is that of another alloy."]
    assert reports["rules"][1] == ["known_to_be_wrong"]


def test_a_source_that_does_not_teach_gives_interval_and_class_and_no_number():
    origin = ReportOrigin("one", "a handbook", "none", "at%", CODES, teaches=False)
    report = curate_reports(rows(("Zr50Cu50", "BMG", "9")), origin).iloc[0]
    assert (report["glass_class"], report["dmax_low_mm"]) == ("bulk", 9.0)
    assert pd.isna(report["dmax_mm"])
    assert report["rules"][-1] == "does_not_teach"


def test_the_rows_of_one_alloy_are_one_report_where_the_source_declares_it():
    once = CODES.model_copy(update={"once": True})
    reports = reports_of(("Cu50 Zr50", "CR"), ("Zr?", "CR"), ("CuZr", "CR"), ("Al50Zr50", "CR"), conventions=once)
    assert reports["status"].tolist() == ["accepted", "refused", "copied", "accepted"]
    assert reports["copy_of"].tolist() == [None, None, "one row 1", None]


def test_form_thickness_and_year_are_kept():
    raw = raw_rows(
        {"formula": "Cu50Zr50", "form": "Plate", "thickness": "2", "year": "2014"},
        {"formula": "Cu50Zr50", "shows_glass": True, "reference": "Inoue et al. (1994)"},
        {"formula": "Cu50Zr50", "shows_glass": False},
    )
    reports = curate_reports(raw, ReportOrigin("one", "a handbook (2020)", "none", "at%", CODES))
    assert reports["form"].tolist() == ["Plate", None, None]
    assert reports["kind"].tolist() == ["plate_or_wedge", "glass_of_unknown_form", None]
    assert reports["thickness_mm"].tolist()[0] == 2.0
    assert reports["year"].astype(object).where(reports["year"].notna(), None).tolist() == [2014, 1994, None]


def test_class_codes_that_nobody_declared_are_named_with_their_number():
    reports = reports_of(("Cu50Zr50", "XX"), ("Al50Zr50", "XX"), ("Al10Ni90", "CR"))
    assert undeclared_classes(reports) == [
        "one has the class 'XX' in 2 rows, which its codes in sources.yaml do not declare; these rows are refused."
    ]


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
