"""Rows as published to reports and alloys: nothing lost, one row per composition, conflicts seen."""

import pandas as pd
import pytest

from bmg_assets.science.alloys.labels import Conventions, GlassClass
from bmg_assets.science.literature.curation import (
    ALLOY_COLUMNS,
    RAW_COLUMNS,
    REPORT_COLUMNS,
    ReportOrigin,
    curate_reports,
    merge_alloys,
    summarise_reports,
)

CODES = Conventions(
    classes={"CR": GlassClass.CRYSTALLINE, "AM": GlassClass.RIBBON, "BMG": GlassClass.BULK},
    values={0.0: GlassClass.CRYSTALLINE, 0.2: GlassClass.RIBBON},
    not_castings=frozenset({"sputtering"}),
)
MEANS = Conventions(values=CODES.values, averaged=True)


def rows(*cells: tuple[str | None, ...]) -> pd.DataFrame:
    """Raw rows of (formula, class, value, method, reference), the last ones left out where not needed."""
    records = [(number, *cell, *[None] * (5 - len(cell))) for number, cell in enumerate(cells, start=1)]
    return pd.DataFrame(records, columns=list(RAW_COLUMNS))


def reports_of(*cells: tuple[str | None, ...], source: str = "one", conventions: Conventions = CODES) -> pd.DataFrame:
    return curate_reports(rows(*cells), ReportOrigin(source, "a handbook", "none stated", "at%", conventions))


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


def test_one_row_per_composition_whatever_the_writing():
    alloys = merge_alloys(reports_of(("Zr50Cu50", "BMG", "2"), ("Cu50 Zr50", "BMG", "2"), ("ZrCu", "BMG", "2")))
    assert tuple(alloys.columns) == ALLOY_COLUMNS
    assert alloys["composition"].tolist() == ["Cu50Zr50"]
    assert alloys.loc[0, ["chemical_system", "n_elements", "n_reports", "conflict"]].tolist() == ["Cu-Zr", 2, 3, "none"]
    assert alloys.loc[0, "elements"] == ["Cu", "Zr"]
    assert alloys.loc[0, "at_pct"] == [50.0, 50.0]


def test_the_mean_of_the_paper_stands_beside_class_interval_and_conflict():
    # Cu50Zr50, whose reports of a ribbon and of 2 mm average to 1.1 (trap 1).
    alloy = merge_alloys(reports_of(("Cu50Zr50", "AM", None), ("Cu50Zr50", "BMG", "2"))).iloc[0]
    assert alloy["dmax_mm"] == pytest.approx(1.1)
    assert alloy["glass_class"] == "bulk"
    assert (alloy["dmax_low_mm"], alloy["dmax_spread_mm"]) == (0.2, pytest.approx(1.8))
    assert pd.isna(alloy["dmax_high_mm"])
    assert (alloy["n_reports"], alloy["conflict"]) == (2, "class")


@pytest.mark.parametrize(
    ("cells", "conventions", "expected"),
    [
        ([("Cu50Zr50", "BMG", "2"), ("Cu50Zr50", "BMG", "2")], CODES, "none"),
        ([("Cu50Zr50", "BMG", "2"), ("Cu50Zr50", "BMG", "3")], CODES, "value"),
        ([("Cu50Zr50", "CR"), ("Cu50Zr50", "AM")], CODES, "class"),
        ([("Cu50Zr50", "['CR' 'AM']")], CODES, "class"),
        ([("Cu50Zr50", None, "[2 3]")], CODES, "value"),
        ([("Cu50Zr50", None, "0.1")], MEANS, "between_codes"),
        ([("Cu50Zr50", None, "1.1")], MEANS, "between_codes"),
        ([("Cu50Zr50", None, "0.1"), ("Cu50Zr50", None, "3")], MEANS, "class"),
    ],
)
def test_conflicts_are_named_by_the_worst(cells, conventions, expected):
    assert merge_alloys(reports_of(*cells, conventions=conventions))["conflict"].tolist() == [expected]


def test_bulk_without_a_diameter_does_not_move_the_mean():
    alloys = merge_alloys(reports_of(("Cu50Zr50", "BMG", None), ("Cu50Zr50", "BMG", "2"), ("Ni60Nb40", "BMG", None)))
    assert alloys["composition"].tolist() == ["Cu50Zr50", "Nb40Ni60"]
    assert alloys["dmax_mm"][0] == 2.0
    assert pd.isna(alloys["dmax_mm"][1])
    assert alloys["glass_class"].tolist() == ["bulk", "bulk"]
    assert alloys["dmax_low_mm"].tolist() == [1.0, 1.0]
    assert alloys["dmax_spread_mm"].tolist() == [0.0, 0.0]


def test_merging_does_not_depend_on_the_order_of_reports():
    one = reports_of(("Cu50Zr50", "BMG", "2.1"), ("Al3Ni97", "CR"), ("ZrCu", "BMG", "2.7"), ("Ti50Zr50", "XX"))
    two = reports_of(("Zr50Cu50", "AM"), ("Al3Ni97", "CR"), source="two")
    together = pd.concat([one, two], ignore_index=True)
    alloys = merge_alloys(together)
    assert alloys["sources"].tolist() == [["one", "two"], ["one", "two"]]
    for seed in range(3):
        shuffled = together.sample(frac=1, random_state=seed).reset_index(drop=True)
        pd.testing.assert_frame_equal(merge_alloys(shuffled), alloys)


def test_no_accepted_report_gives_an_empty_table():
    alloys = merge_alloys(reports_of(("Xx50Cu50", "AM")))
    assert tuple(alloys.columns) == ALLOY_COLUMNS
    assert alloys.empty


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
    table = pd.read_csv(published_csv, dtype=str, keep_default_na=False)
    raw = pd.DataFrame(None, index=range(len(table)), columns=list(RAW_COLUMNS)).assign(
        source_row=range(1, len(table) + 1), formula=table["pretty_formula"], value_reported=table["D_max"]
    )
    reports = curate_reports(raw, ReportOrigin("paper", "Xu et al.", "none stated", "at%", MEANS))
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
    alloys = merge_alloys(reports)
    assert len(alloys) == 6395
    assert alloys["conflict"].value_counts().to_dict() == {"none": 6276, "between_codes": 119}
    accepted = reports[reports["status"] == "accepted"]
    assert (accepted["dmax_mm"] == accepted["value_reported"].astype(float)).all()
