"""A report that was copied from one compilation to the next counts once."""

import pandas as pd
import pytest

from bmg_assets_tests.science.literature.property_rows import TG, WIDTH, cast, read, with_copies

PAPER = "Acta Mater. 54 (2006) 1; doi:10.1016/j.actamat.2006.02.051"
REVIEW = "10.1016/j.jallcom.2008.07.087"


def fates(reports: pd.DataFrame, name: str = TG.name) -> dict[str, str]:
    """What became of the reports of a property, by source and row; of a copy, what it repeats."""
    chosen = reports[reports["property"] == name]
    places = chosen["source"] + " row " + chosen["source_row"].astype(str)
    return dict(zip(places, chosen["copy_of"].where(chosen["copy_of"].notna(), chosen["status"]), strict=True))


def test_the_same_value_without_a_paper_repeats_the_one_that_names_it() -> None:
    compilation = read(cast("Cu50Zr50", glass=670), source="compilation")
    named = read(cast("Zr50Cu50", glass=670, reference=PAPER), source="papers")
    assert fates(with_copies(compilation, named)) == {"compilation row 1": "papers row 1", "papers row 1": "accepted"}


@pytest.mark.parametrize(
    ("formula", "value", "is_copy"),
    [
        ("Zr50.4Cu49.6", 670, True),
        ("Zr50.5Cu49.5", 670, False),
        ("Zr50Cu50", 670.15, True),
        ("Zr50Cu50", 671, False),
        ("Zr50Hf50", 670, False),
    ],
)
def test_composition_and_value_are_the_same_within_rounding(formula: str, value: float, is_copy: bool) -> None:
    reports = with_copies(read(cast("Zr50Cu50", glass=670)), read(cast(formula, glass=value), source="two"))
    assert (reports["status"] == "copied").any() == is_copy


def test_the_better_written_composition_counts() -> None:
    reports = with_copies(read(cast("Zr50Cu50", glass=670)), read(cast("Zr50.4Cu49.6", glass=670), source="two"))
    assert fates(reports) == {"one row 1": "two row 1", "two row 1": "accepted"}


def test_two_papers_may_agree_in_one_number_by_chance() -> None:
    rows = cast("Zr50Cu50", glass=670, reference=PAPER), cast("Zr50Cu50", glass=670, reference=REVIEW)
    assert set(fates(with_copies(read(*rows))).values()) == {"accepted"}


def test_a_review_that_agrees_in_two_numbers_copied_them_and_the_third_stays() -> None:
    rows = (
        cast("Zr50Cu50", glass=670, crystal=720, liquid=1200, reference=PAPER),
        cast("Zr50Cu50", glass=670, crystal=720, liquid=1250, reference=REVIEW),
    )
    reports = with_copies(read(*rows))
    assert fates(reports)["one row 2"] == fates(reports, "crystal")["one row 2"] == "one row 1"
    assert fates(reports, "liquid")["one row 2"] == "accepted"
    assert fates(reports, WIDTH.name)["one row 2"] == "one row 1"


def test_a_difference_that_follows_is_no_second_number() -> None:
    rows = (
        cast("Zr50Cu50", glass=670, crystal=720, reference=PAPER),
        cast("Zr50Cu50", glass=660, crystal=710, reference=REVIEW),
    )
    reports = with_copies(read(*rows))
    assert set(fates(reports).values()) == {"accepted"}
    assert set(fates(reports, WIDTH.name).values()) == {"accepted"}


def test_one_paper_written_twice_counts_once_and_its_second_value_counts_too() -> None:
    rows = [cast("Zr50Cu50", glass=value, reference=PAPER) for value in (670, 670, 677)]
    assert fates(with_copies(read(*rows))) == {
        "one row 1": "accepted",
        "one row 2": "one row 1",
        "one row 3": "accepted",
    }


def test_a_source_that_lists_two_compositions_means_two_alloys() -> None:
    rows = cast("Fe58Mo14C15B6Co6.5Er0.5", shear=73), cast("Fe57.8Mo14C15B6Co6.7Er0.5", shear=73)
    assert set(fates(with_copies(read(*rows)), "shear").values()) == {"accepted"}


def test_all_copies_name_the_report_that_counts() -> None:
    names = ("first", "second", "third")
    reports = with_copies(*(read(cast("Zr50Cu50", glass=670), source=name) for name in names))
    assert fates(reports) == {"first row 1": "accepted", "second row 1": "first row 1", "third row 1": "first row 1"}


def test_what_was_refused_is_no_report_to_repeat() -> None:
    reports = with_copies(read(cast("Zr50Cu50", glass=5000)), read(cast("Zr50Cu50", glass=5000), source="two"))
    assert set(fates(reports).values()) == {"refused"}
