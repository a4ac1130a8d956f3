"""Temperatures in °C that a compilation has as K are found by the same alloy elsewhere."""

from bmg_assets.science.literature.property_units import refuse_celsius
from bmg_assets_tests.science.literature.property_rows import cast, read, with_copies


def fates(*rows: dict[str, str]) -> list[tuple[str, int, str]]:
    reports = refuse_celsius(with_copies(read(*rows)))
    return list(zip(reports["property"], reports["source_row"], reports["status"], strict=True))


RIGHT = cast("Zr48Cu47.5Al4Fe0.5", glass=692, crystal=743, liquid=1194)


def test_two_temperatures_that_are_273_too_low_are_refused_and_their_difference_stays() -> None:
    reports = refuse_celsius(with_copies(read(RIGHT, cast("Zr48Cu47.5Al4Fe0.5", glass=419, crystal=470, liquid=921))))
    wrong = reports[reports["source_row"] == 2].set_index("property")
    assert wrong["fault"].to_dict() == {"glass": "celsius", "crystal": "celsius", "liquid": "celsius", "width": None}
    assert wrong["reason"]["glass"] == (
        "419 K is 273 below what one row 1 has, as other temperatures of this row are: it is in °C."
    )
    assert wrong["value"].isna().tolist() == [True, True, True, False]
    assert set(reports.loc[reports["source_row"] == 1, "status"]) == {"accepted"}


def test_one_temperature_may_be_low_by_chance() -> None:
    assert {status for *_, status in fates(RIGHT, cast("Zr48Cu47.5Al4Fe0.5", glass=419))} == {"accepted"}


def test_another_difference_is_another_matter() -> None:
    other = cast("Zr48Cu47.5Al4Fe0.5", glass=425, crystal=476)
    assert {status for *_, status in fates(RIGHT, other)} == {"accepted"}


def test_another_alloy_is_no_witness() -> None:
    other = cast("Zr48Cu47Al4Fe1", glass=419, crystal=470, liquid=921)
    assert {status for *_, status in fates(RIGHT, other)} == {"accepted"}
