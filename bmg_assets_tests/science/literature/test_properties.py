"""Values of properties other than D_max: every one that is reported is kept, and the impossible ones with a reason."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.alloys.labels import Conventions
from bmg_assets.science.literature.curation import ReportOrigin
from bmg_assets.science.literature.properties import (
    Property,
    PropertyColumn,
    PropertyError,
    merge_property_reports,
    property_named,
    read_property_reports,
    scale_of,
    values_of_casts,
)
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets_tests.table_frames import frame_of

TG = Property(
    name="glass_transition",
    title="glass transition",
    symbol="T_g",
    unit="K",
    range=(290, 1500),
    below="crystallisation",
    own_casts="tg_K",
)
TX = Property(name="crystallisation", title="crystallisation", symbol="T_x", unit="K", range=(290, 1600))
BOTH = {one.name: one for one in (TG, TX)}
COLUMNS = {TG.name: PropertyColumn(column="Tg"), TX.name: PropertyColumn(column="Tx")}
CONVENTIONS = Conventions(
    classes={},
    partly_crystalline=frozenset(),
    values={},
    missing=frozenset(),
    averaged=False,
    not_castings=frozenset(),
)
ORIGIN = ReportOrigin("small", "a handbook", "MIT", "at%", CONVENTIONS)


def read(*rows: tuple[str, str | None, str | None], columns: Any = COLUMNS) -> pd.DataFrame:
    cells = [
        {"source_row": number, "formula": formula, "reference": None, TG.name: tg, TX.name: tx}
        for number, (formula, tg, tx) in enumerate(rows, start=1)
    ]
    return read_property_reports(pd.DataFrame(cells, dtype=object), ORIGIN, columns, BOTH)


def test_what_is_reported_is_read_with_where_it_comes_from() -> None:
    reports = read(("Zr50Cu50", "670", None), ("Cu50Zr50", "674", "720"))
    assert reports[["property", "source_row", "value"]].to_numpy().tolist() == [
        [TG.name, 1, 670],
        [TG.name, 2, 674],
        [TX.name, 2, 720],
    ]
    assert set(reports["composition"]) == {"Cu50Zr50"}
    assert set(reports["reference"]) == {"a handbook"}
    assert set(reports["unit"]) == {"K"}


@pytest.mark.parametrize(
    ("row", "fault", "words"),
    [
        (("Zr50Cu50", "about 670", None), "not_a_number", "'about 670' is not a number"),
        (("Zr50Cu50", "nan", None), "out_of_range", "nan K is not credible"),
        (("Zr50Cu50", "67", None), "out_of_range", "67 K is not credible for T_g (290 to 1500 are)"),
        (("Zr50Xx50", "670", None), "unknown_element", "Xx"),
        (("", "670", None), "formula_empty", ""),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(row: Any, fault: str, words: str) -> None:
    report = read(row).iloc[0]
    assert (report["status"], report["fault"]) == ("refused", fault)
    assert words in report["reason"]
    assert report["value_reported"] == row[1]
    assert pd.isna(report["value"])


def test_of_two_values_in_the_wrong_order_neither_is_used() -> None:
    reports = read(("Zr50Cu50", "720", "700"), ("Zr50Cu50", "700", "700"), ("Zr50Cu50", "680", "700"))
    assert reports["status"].tolist() == ["refused"] * 4 + ["accepted"] * 2
    assert reports["reason"].iloc[0] == "T_g (720) is not below T_x (700)."


def test_a_value_that_is_refused_says_nothing_of_the_other() -> None:
    assert read(("Zr50Cu50", "5000", "700"))["status"].tolist() == ["refused", "accepted"]


def test_celsius_becomes_kelvin() -> None:
    columns = COLUMNS | {TG.name: PropertyColumn(column="Tg", unit="°C")}
    assert read(("Zr50Cu50", "400", None), columns=columns)["value"].tolist() == [673.15]


def test_a_unit_that_nobody_knows_ends_in_one_sentence() -> None:
    with pytest.raises(
        PropertyError, match=r"'Tg' gives T_g in °F, which is not converted to K; expected one of K, °C"
    ):
        scale_of(PropertyColumn(column="Tg", unit="°F"), TG)


@given(st.lists(st.integers(300, 1400), min_size=1, max_size=6))
def test_reports_of_a_composition_become_their_mean(values: list[int]) -> None:
    merged = merge_property_reports(
        read(*(("Zr50Cu50", str(value), None) for value in values), ("Zr60Cu40", "x", None))
    )
    assert merged["composition"].tolist() == ["Cu50Zr50"]
    row = merged.iloc[0]
    assert row["value"] == pytest.approx(sum(values) / len(values))
    assert (row["n_reports"], row["spread"]) == (len(values), max(values) - min(values))


def test_nothing_reported_is_no_value() -> None:
    assert merge_property_reports(read(("Zr50Cu50", None, None))).empty


def test_own_casts_are_averaged_and_replaced_ones_do_not_count() -> None:
    casts = frame_of(
        LAB_CASTS,
        rows=4,
        composition=["Cu50Zr50", "Cu50Zr50", "Cu60Zr40", "Cu60Zr40"],
        state=["current", "current", "superseded", "current"],
        tg_K=[660.0, 670.0, 700.0, None],
    )
    values = values_of_casts(casts, TG)
    assert values[["composition", "value"]].to_numpy().tolist() == [["Cu50Zr50", 665.0]]
    assert values_of_casts(casts, TX).empty
    with pytest.raises(PropertyError, match="'tz_K' as the column of own casts"):
        values_of_casts(casts, TG.model_copy(update={"own_casts": "tz_K"}))


def test_a_property_has_a_name_and_a_symbol() -> None:
    assert property_named(BOTH, "T_g") is property_named(BOTH, TG.name) is TG
    with pytest.raises(PropertyError, match=r"no property 'Tg'; choose one of T_g \(glass_transition\), T_x"):
        property_named(BOTH, "Tg")
