"""Values of properties as reported: every one is kept, and the impossible ones with a reason."""

from typing import Any

import pandas as pd
import pytest

from bmg_assets.science.literature.properties import PropertyColumn
from bmg_assets_tests.science.literature.property_rows import BULK, RATE, SHEAR, TG, TX, WIDTH, YOUNG, cast, read


def of(reports: pd.DataFrame, name: str) -> pd.DataFrame:
    return reports[reports["property"] == name]


def test_what_is_reported_is_read_with_where_it_comes_from() -> None:
    reports = read(cast("Zr50Cu50", glass=670), cast("Cu50Zr50", glass=674, crystal=720))
    read_there = reports[reports["derived_from"].isna()]
    assert read_there[["property", "source_row", "value"]].to_numpy().tolist() == [
        [TG.name, 1, 670],
        [TG.name, 2, 674],
        [TX.name, 2, 720],
    ]
    assert set(reports["composition"]) == {"Cu50Zr50"}
    assert set(reports["reference"]) == {"a data set"}
    assert set(reports["unit"]) == {"K"}


def test_the_year_is_that_of_the_paper_and_not_of_the_compilation() -> None:
    rows = cast("Zr50Cu50", glass=670, reference="Acta Mater. 54 (2006) 1"), cast("Zr60Cu40", glass=650)
    assert read(*rows)["year"].tolist() == [2006, pd.NA]


@pytest.mark.parametrize(
    ("row", "fault", "words"),
    [
        (("Zr50Cu50", "about 670"), "not_a_number", "'about 670' is not a number"),
        (("Zr50Cu50", "nan"), "out_of_range", "nan K is outside the range"),
        (("Zr50Cu50", "67"), "out_of_range", "67 K is outside the range that is read as T_g (290 to 1500)"),
        (("Zr50Xx50", "670"), "unknown_element", "Xx"),
        (("", "670"), "formula_empty", ""),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(row: tuple[str, str], fault: str, words: str) -> None:
    report = read({"formula": row[0], "glass": row[1]}).iloc[0]
    assert (report["status"], report["fault"]) == ("refused", fault)
    assert words in report["reason"]
    assert report["value_reported"] == row[1]
    assert pd.isna(report["value"])


def test_of_two_values_in_the_wrong_order_neither_is_used() -> None:
    rows = cast("Zr50Cu50", glass=720, crystal=700), cast("Zr50Cu50", glass=700, crystal=700)
    reports = read(*rows, cast("Zr50Cu50", glass=680, crystal=700))
    assert of(reports, TG.name)["status"].tolist() == ["refused", "refused", "accepted"]
    assert of(reports, TX.name)["status"].tolist() == ["refused", "refused", "accepted"]
    assert reports["reason"].iloc[0] == "T_g (720) is not below T_x (700)."
    assert of(reports, WIDTH.name)["value"].tolist() == [20]


def test_the_order_holds_across_a_value_that_is_not_reported() -> None:
    reports = read(cast("Zr50Cu50", glass=1200, liquid=1100))
    assert reports["reason"].tolist() == ["T_g (1200) is not below T_l (1100)."] * 2


def test_a_value_that_is_refused_says_nothing_of_the_other() -> None:
    assert read(cast("Zr50Cu50", glass=5000, crystal=700))["status"].tolist() == ["refused", "accepted"]


def test_celsius_becomes_kelvin() -> None:
    columns = {"glass": PropertyColumn(column="Tg", unit="°C")}
    assert read(cast("Zr50Cu50", glass=400), columns=columns)["value"].tolist() == [673.15]


def test_a_difference_is_taken_within_a_row_alone() -> None:
    apart = read(cast("Zr50Cu50", glass=670), cast("Zr50Cu50", crystal=720))
    assert of(apart, WIDTH.name).empty
    together = of(read(cast("Zr50Cu50", glass=670, crystal=720)), WIDTH.name).iloc[0]
    assert (together["value"], together["derived_from"]) == (50, "T_x − T_g of 720 and 670")
    assert together["value_reported"] is None


def test_a_difference_that_cannot_be_is_refused_and_its_parts_stay() -> None:
    reports = read(cast("Tb36Y20Al24Co20", glass=619, crystal=868))
    assert reports["status"].tolist() == ["accepted", "accepted", "refused"]
    assert reports["reason"].iloc[2] == "249 K is outside the range that is read as ΔT_x (1 to 200)."


def test_youngs_modulus_follows_from_the_others_where_it_is_not_reported() -> None:
    young = of(read(cast("Zr46Cu46Al8", bulk=116.4, shear=34.3)), YOUNG.name).iloc[0]
    assert young["value"] == pytest.approx(93.7, abs=0.05)
    assert young["derived_from"] == "9KG/(3K + G) of 116.4 and 34.3"


def test_a_reported_modulus_wins_over_the_one_that_follows() -> None:
    young = of(read(cast("Zr46Cu46Al8", bulk=116.4, shear=34.3, young=96)), YOUNG.name)
    assert young[["value", "derived_from"]].to_numpy().tolist() == [[96, None]]


def test_moduli_that_contradict_each_other_by_more_than_a_tenth_are_refused_by_name() -> None:
    reports = read(cast("Zr46Cu46Al8", bulk=116.4, shear=34.3, young=117))
    assert dict(zip(reports["property"], reports["fault"], strict=True)) == dict.fromkeys(
        (BULK.name, SHEAR.name, YOUNG.name), "contradicts_itself"
    )
    assert reports["reason"].iloc[0] == ("E (117) contradicts 9KG/(3K + G) of the same row (93.7) by more than 10 %.")


def test_a_rate_over_decades_is_read() -> None:
    reports = of(read(cast("Pd40Ni40P20", rate=0.167), cast("Pd95Si5", rate="5e7")), RATE.name)
    assert reports["value"].tolist() == [0.167, 5e7]


def test_a_row_that_reports_nothing_is_no_report(monkeypatch: Any) -> None:
    reports = read(cast("not even a formula"), cast("Zr50Cu50", glass=670))
    assert reports["source_row"].tolist() == [2]
