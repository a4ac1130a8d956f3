"""One value for each composition, and nothing averaged in silence."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.literature.properties import Choice, Property, PropertyError
from bmg_assets.science.literature.property_values import contradictions, merge_property_reports, values_of_casts
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets.store.tables.property import PROPERTY_REPORTS, PROPERTY_VALUES
from bmg_assets.store.tables.validation import examined
from bmg_assets_tests.science.literature.property_rows import PROPERTIES, RATE, TG, TX, WIDTH, cast, read, with_copies
from bmg_assets_tests.table_frames import frame_of

PAPERS = [f"Acta Mater. 54 ({year}) 1" for year in range(2000, 2010)]


def measured(name: str, *values: float) -> pd.DataFrame:
    """Independent reports of a property of one alloy."""
    return read(
        *(cast("Zr50Cu50", reference=paper, **{name: value}) for paper, value in zip(PAPERS, values, strict=False))
    )


def merged(reports: pd.DataFrame, prop: Property = TG) -> pd.Series:
    values = merge_property_reports(with_copies(reports), PROPERTIES | {prop.name: prop})
    return values[values["property"] == prop.name].iloc[0]


@given(st.lists(st.integers(300, 1400), min_size=1, max_size=6, unique=True))
def test_smallest_largest_mean_and_number_of_the_reports_are_there(values: list[int]) -> None:
    row = merged(measured(TG.name, *values))
    assert (row["smallest"], row["largest"], row["spread"]) == (min(values), max(values), max(values) - min(values))
    assert row["mean"] == pytest.approx(sum(values) / len(values))
    assert row["n_reports"] == len(values)
    assert (row["conflict"] == "value") is (max(values) - min(values) > 20)


@pytest.mark.parametrize(("choice", "value"), zip(Choice, [690, 730, 820, 680], strict=True))
def test_which_report_is_mapped_is_declared_and_told(choice: Choice, value: float) -> None:
    row = merged(measured(TG.name, 680, 820, 690), TG.model_copy(update={"maps": choice}))
    assert (row["value"], row["value_is"]) == (pytest.approx(value), choice.value)


def test_a_single_report_is_called_so() -> None:
    row = merged(measured(TG.name, 680))
    assert row[["value", "value_is", "conflict", "n_reports"]].tolist() == [680, "only_report", "none", 1]


def test_rates_are_averaged_as_decades_and_differ_by_factors() -> None:
    row = merged(measured(RATE.name, 1, 100), RATE)
    assert (row["value"], row["mean"], row["conflict"]) == (pytest.approx(10), pytest.approx(10), "value")
    assert merged(measured(RATE.name, 100, 290), RATE)["conflict"] == "none"


def test_copies_are_counted_beside_the_reports_with_their_sources() -> None:
    named = read(cast("Zr50Cu50", glass=680, reference=PAPERS[1]), cast("Zr50Cu50", glass=690, reference=PAPERS[0]))
    copies = read(cast("Zr50Cu50", glass=680), cast("Zr50Cu50", glass=690), cast("Zr50Cu50", glass=690), source="two")
    row = merged(pd.concat([named, copies], ignore_index=True))
    assert row[["n_reports", "n_copies", "first_year"]].tolist() == [2, 3, 2000]
    assert row["sources"] == ["one", "two"]
    assert row["reported"] == [f"680 K: one, {PAPERS[1]}", f"690 K: one, {PAPERS[0]}"]


def test_it_is_told_how_a_value_follows_and_the_year_that_a_reference_lacks() -> None:
    row = merged(read(cast("Zr50Cu50", glass=670, crystal=720, reference="10.1016/S1359-6462(99)00417-0")), WIDTH)
    assert row["reported"] == ["50 K (T_x − T_g of 720 and 670): one, 10.1016/S1359-6462(99)00417-0 (1999)"]


def test_reports_and_values_fit_their_tables() -> None:
    reports = with_copies(read(cast("Zr50Cu50", glass=670, crystal=720), cast("Zr50Cu50", glass="x")))
    assert examined(PROPERTY_REPORTS, reports).faults == []
    assert examined(PROPERTY_VALUES, merge_property_reports(reports, PROPERTIES)).faults == []


def test_nothing_accepted_is_no_value() -> None:
    values = merge_property_reports(with_copies(read(cast("Zr50Cu50", glass="x"))), PROPERTIES)
    assert values.empty
    assert examined(PROPERTY_VALUES, values).faults == []


def test_a_source_that_is_shifted_by_a_row_contradicts_the_others() -> None:
    formulas = [f"Zr{zr}Cu{100 - zr}" for zr in range(40, 60)]
    right = read(*(cast(one, glass=600 + 25 * row) for row, one in enumerate(formulas)), source="right")
    shifted = read(*(cast(one, glass=625 + 25 * row) for row, one in enumerate(formulas)), source="shifted")
    copied = read(*(cast(one, glass=600 + 25 * row) for row, one in enumerate(formulas)), source="copied")
    compared = contradictions(with_copies(right, copied, shifted), PROPERTIES).set_index("source")
    assert compared["n_compared"].to_dict() == dict.fromkeys(("right", "copied", "shifted"), 20)
    assert compared["n_contradicted"].to_dict() == {"right": 0, "copied": 0, "shifted": 20}


def test_own_casts_are_averaged_and_replaced_ones_do_not_count() -> None:
    casts = frame_of(
        LAB_CASTS,
        rows=4,
        composition=["Cu50Zr50", "Cu50Zr50", "Cu60Zr40", "Cu60Zr40"],
        state=["current", "current", "superseded", "current"],
        tg_K=[660.0, 670.0, 700.0, None],
        tx_K=[720.0, 740.0, 750.0, 760.0],
    )
    values = values_of_casts(casts, TG)
    assert values[["composition", "value"]].to_numpy().tolist() == [["Cu50Zr50", 665.0]]
    assert values_of_casts(casts, WIDTH)[["composition", "value"]].to_numpy().tolist() == [["Cu50Zr50", 65.0]]
    assert values_of_casts(casts, TX).empty
    with pytest.raises(PropertyError, match="'tz_K' as the column of own casts"):
        values_of_casts(casts, TG.model_copy(update={"own_casts": ("tz_K",)}))
