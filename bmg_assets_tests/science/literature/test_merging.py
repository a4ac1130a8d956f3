"""Reports to alloys: one row per composition, conflicts seen, the numbers of the paper."""

import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import chemical_system
from bmg_assets.science.fingerprints import fingerprint_arrays, fingerprint_parts
from bmg_assets.science.literature.merging import ALLOY_COLUMNS, merge_alloys
from bmg_assets_tests.science.literature.report_frames import CODES, MEANS, published_reports, reports_of


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
    assert (alloy["dmax_low_mm"], alloy["dmax_spread_mm"]) == (0.03, pytest.approx(1.8))
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


def test_copies_count_no_report_but_their_sources_and_years_are_known():
    reports = pd.concat(
        [
            reports_of(("Cu50Zr50", "BMG", "2"), source="one"),
            reports_of(("ZrCu", "BMG", "2"), ("Zr50Cu50", "BMG", "2"), source="two"),
        ],
        ignore_index=True,
    )
    reports["status"], reports["copy_of"] = ["accepted", "copied", "copied"], [None, "one row 1", "one row 1"]
    reports["year"] = pd.array([None, 2001, 1998], dtype="Int64")
    (alloy,) = merge_alloys(reports).to_dict("records")
    assert (alloy["n_reports"], alloy["n_copies"], alloy["first_year"]) == (1, 2, 1998)
    assert alloy["sources"] == ["one", "two"]
    assert alloy["reported"] == ["2 mm, bulk glass: one, a handbook"]


def test_a_copy_of_a_rounding_counts_at_the_composition_of_its_original():
    reports = reports_of(("Cu50.2Zr49.8", "BMG", "2"), ("Cu50Zr50", "BMG", "2"))
    reports["status"], reports["copy_of"] = ["accepted", "copied"], [None, "one row 1"]
    alloys = merge_alloys(reports)
    assert alloys["composition"].tolist() == ["Cu50.2Zr49.8"]
    assert alloys["n_copies"].tolist() == [1]


@pytest.mark.parametrize(("trains", "expected"), [("mean", 22.5), ("largest", 35.0), ("smallest", 10.0)])
def test_a_conflict_is_kept_and_a_choice_says_which_number_trains(trains, expected):
    alloy = merge_alloys(reports_of(("Cu50Zr50", "BMG", "10"), ("Cu50Zr50", "BMG", "35")), trains).iloc[0]
    assert alloy["dmax_mm"] == expected
    numbers = ["dmax_mean_mm", "dmax_largest_mm", "dmax_smallest_mm", "dmax_spread_mm"]
    assert alloy[numbers].tolist() == [22.5, 35.0, 10.0, 25.0]
    assert alloy["conflict"] == "value"
    assert [line.split(",")[0] for line in alloy["reported"]] == ["10 mm", "35 mm"]


def test_the_kind_is_that_of_the_best_class_and_then_the_largest_diameter():
    reports = reports_of(("Cu50Zr50", "CR"), ("Cu50Zr50", "BMG", None), ("Cu50Zr50", "BMG", "2"), ("Cu50Zr50", "AM"))
    assert merge_alloys(reports)["kind"].tolist() == ["bulk"]
    assert merge_alloys(reports[:2])["kind"].tolist() == ["bulk_without_diameter"]
    assert merge_alloys(reports[:1])["kind"].tolist() == ["crystalline_as_spun"]


def test_a_fluxed_melt_counts_only_where_no_casting_without_flux_is_known():
    reports = reports_of(("Pd40Ni40P20", "BMG", "25"), ("Pd40Ni40P20", "BMG", "7"), ("Pd40Ni40P20", "AM"))
    reports.loc[0, "kind"] = "fluxed"
    (alloy,) = merge_alloys(reports).to_dict("records")
    assert (alloy["dmax_largest_mm"], alloy["dmax_smallest_mm"]) == (7.0, 0.2)
    assert (alloy["kind"], alloy["n_reports"]) == ("bulk", 3)
    assert alloy["reported"][0].startswith("25 mm, fluxed melt")
    (without,) = merge_alloys(reports.drop(1)).to_dict("records")
    assert (without["kind"], without["dmax_largest_mm"]) == ("fluxed", 25.0)


def test_a_source_that_does_not_teach_shows_conflicts_and_gives_no_number():
    reports = reports_of(("Cu50Zr50", "BMG", "10"), ("Cu50Zr50", "BMG", "35"), ("Nb40Ni60", "BMG", "3"))
    reports.loc[[1, 2], "dmax_mm"] = None
    alloys = merge_alloys(reports)
    assert alloys["dmax_largest_mm"].fillna(-1).tolist() == [10.0, -1.0]
    assert alloys["conflict"].tolist() == ["value", "none"]
    assert alloys["dmax_low_mm"].tolist() == [10.0, 3.0]


@pytest.mark.published
def test_the_published_table_is_merged_as_measured(published_csv):
    alloys = merge_alloys(published_reports(published_csv))
    assert len(alloys) == 6395
    # The folds, and with them the paper's scores, hang on the order of the rows and on every label.
    assert fingerprint_parts(*alloys["composition"], *alloys["glass_class"]) == "9d56c102887e013b"
    assert fingerprint_arrays(alloys["dmax_mm"].to_numpy()) == "f1cbf9368026795c"
    assert [chemical_system(elements) for elements in alloys["elements"]] == alloys["chemical_system"].tolist()
    assert alloys["conflict"].value_counts().to_dict() == {"none": 6276, "between_codes": 119}
