"""Rows of a file of casts: each bad input that is to be caught, and that no row is ever lost."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.intake.file import report_csv
from bmg_assets.intake.outcome import compare_with_accepted, read_rows
from bmg_assets.intake.plausible import Fault
from bmg_assets.intake.reading import reading_of
from bmg_assets.intake.rows import COLUMNS, REQUIRED_COLUMNS, RawRow
from bmg_assets.science.casts.cast import CompositionUnit, DimensionKind, Method, Verdict
from bmg_assets_tests.science.casts.examples import GOOD_ROW, TODAY, cast, raw_rows, read, refused_lines, row

RIBBON = {"method": "melt_spinning", "dimension_kind": "ribbon_thickness"}


def test_good_row_becomes_a_cast():
    reading = read(
        row(
            lab_id="L1",
            operator="Jo",
            tg_K="690",
            tx_K="745.5",
            tl_K="1160",
            heating_rate_K_min="20",
            xrd_file="xrd/ZAC-1.xy",
            xrd_sha256="AB" * 32,
            note="shiny",
            furnace="B",
            humidity="40 %",
        ),
        source="feb.csv",
    )
    assert reading.refusals == reading.skipped == ()
    (found,) = reading.casts
    assert (found.sample_id, found.test_date, found.line, found.source) == ("ZAC-1", date(2026, 2, 27), 2, "feb.csv")
    assert (found.composition, found.elements, found.at_pct) == ("Al5Cu45Zr50", ("Al", "Cu", "Zr"), (5.0, 45.0, 50.0))
    assert (found.method, found.dimension_kind, found.dimension_mm) == ("suction_casting", "rod_diameter", 2.5)
    assert (found.verdict, found.composition_unit) == (Verdict.AMORPHOUS, CompositionUnit.AT_PCT)
    assert (found.tg_K, found.tx_K, found.tl_K, found.heating_rate_K_min) == (690.0, 745.5, 1160.0, 20.0)
    assert (found.xrd_file, found.xrd_sha256) == ("xrd/ZAC-1.xy", "ab" * 32)
    assert (found.lab_id, found.operator, found.note, found.batch_id) == ("L1", "Jo", "shiny", None)
    assert found.extra == (("furnace", "B"), ("humidity", "40 %"))
    assert found.rules == ()


def test_corners_of_a_new_system_are_in_the_order_of_the_formula():
    assert cast().elements_as_written == ("Zr", "Al", "Cu")
    assert cast(composition_nominal="Mg₆₅Zn₃₀Ca₅").elements_as_written == ("Mg", "Zn", "Ca")
    assert cast(composition_nominal="Fe<SUB>80</SUB>Si5B15").elements_as_written == ("Fe", "Si", "B")


@pytest.mark.parametrize(
    ("cells", "column", "told", "fix"),
    [
        ({"schema_version": "2"}, "schema_version", "not known", "write 1"),
        ({"schema_version": "one"}, "schema_version", "not known", "write 1"),
        ({"composition_nominal": "Zr50Ax5Cu45"}, "composition_nominal", "'Ax' is not an element", "symbol"),
        ({"composition_nominal": "Zr50Al5Cu40"}, "composition_nominal", "sum to 95", "100"),
        ({"composition_nominal": "Zr50Al5Cu45.6"}, "composition_nominal", "sum to 100.6", "100"),
        ({"composition_nominal": "Zr5Al0.5Cu4.5"}, "composition_nominal", "100 ± 0.5 at%", "Al5Cu45Zr50"),
        ({"composition_nominal": "Zr0.5Al0.05Cu0.45"}, "composition_nominal", "100 ± 0.5 at%", "Al5Cu45Zr50"),
        (
            {"composition_nominal": "Zr0.5Cu0.5", "composition_unit": "wt%"},
            "composition_nominal",
            "100 ± 0.5 wt%",
            "sum to 100",
        ),
        ({"composition_nominal": "Zr50Al5Zr45"}, "composition_nominal", "Zr is named twice", "once"),
        ({"composition_nominal": "Zr50Al0Cu50"}, "composition_nominal", "amount zero", "leave it out"),
        ({"composition_nominal": "Zr50Al-5Cu55"}, "composition_nominal", "negative", "positive"),
        ({"composition_nominal": "Cu50Zr50"}, "composition_nominal", "has 2 elements", "as literature"),
        ({"composition_nominal": "Al86NI8Y5"}, "composition_nominal", "element that nobody casts", "small letters"),
        ({"composition_nominal": "Vitreloy 1"}, "composition_nominal", "'Vi' is not an element", "symbol"),
        ({"composition_nominal": "50Zr50Cu"}, "composition_nominal", "does not follow", "Zr58Al12Cu30"),
        ({"composition_unit": "%"}, "composition_unit", "does not say which", "at% or wt%"),
        ({"composition_unit": "vol%"}, "composition_unit", "none of the words", "at%, wt%"),
        ({**RIBBON, "dimension_mm": "40"}, "dimension_mm", "ribbon_thickness of 40 mm", "write 0.04 if"),
        ({"dimension_mm": "2000"}, "dimension_mm", "rod_diameter of 2000 mm", "write 2 if"),
        ({"dimension_mm": "0.04"}, "dimension_mm", "rod_diameter of 0.04 mm", "dimension_kind"),
        ({"dimension_mm": "0.2"}, "dimension_mm", "rod_diameter of 0.2 mm", "dimension_kind"),
        ({"dimension_mm": "0"}, "dimension_mm", "not above zero", "mm"),
        ({"dimension_mm": "-2"}, "dimension_mm", "not above zero", "mm"),
        ({"dimension_mm": "2,5"}, "dimension_mm", "comma", "2.5"),
        ({"dimension_mm": "2-Jan"}, "dimension_mm", "made by a spreadsheet", "text"),
        ({"dimension_mm": "2026-01-02 00:00:00"}, "dimension_mm", "made by a spreadsheet", "text"),
        ({"dimension_mm": "40 µm"}, "dimension_mm", "rod_diameter of 0.04 mm", "unit"),
        ({"dimension_mm": "40 g"}, "dimension_mm", "'g' behind the number", "in mm"),
        ({"dimension_mm": "3 mm ribbon"}, "dimension_mm", "contradicts dimension_kind", "correct the one"),
        (
            {"dimension_kind": "plate_thickness", "dimension_mm": "φ2.5"},
            "dimension_mm",
            "contradicts dimension_kind, which is plate_thickness",
            "correct the one",
        ),
        ({"dimension_mm": ">5"}, "dimension_mm", "is a bound", "in mm"),
        ({"dimension_mm": "≥ 10"}, "dimension_mm", "is a bound", "in mm"),
        ({"dimension_mm": "n.d."}, "dimension_mm", "not a number", "in mm"),
        ({"verdict": "n.d."}, "verdict", "none of the words", "amorphous"),
        ({"dimension_mm": "two"}, "dimension_mm", "not a number", "decimal point"),
        ({"dimension_mm": "inf"}, "dimension_mm", "not a number", "decimal point"),
        ({"dimension_mm": "1e999"}, "dimension_mm", "not a number", "decimal point"),
        ({"dimension_mm": "1-2"}, "dimension_mm", "names two numbers, 1 and 2", "that was measured"),
        ({"method": "melt_spinning"}, "dimension_kind", "melt_spinning does not give a rod_diameter", "correct"),
        (
            {"dimension_kind": "ribbon_thickness", "dimension_mm": "0.04"},
            "dimension_kind",
            "suction_casting",
            "correct",
        ),
        ({"method": "wedge_casting"}, "dimension_kind", "wedge_casting does not give", "correct"),
        ({"method": "copper mould casting"}, "method", "does not say which", "injection_casting or tilt_casting"),
        ({"dimension_kind": "thickness"}, "dimension_kind", "does not say which", "plate_thickness"),
        ({"verdict": "QC"}, "verdict", "none of the words", "amorphous, partially_crystalline"),
        ({"verdict": "amorphous?"}, "verdict", "none of the words", "unclear"),
        ({"verdict": "non-amorphous"}, "verdict", "none of the words", "crystalline"),
        ({"verdict": "withdrawn"}, "supersedes", "must be named", "sample_id"),
        ({"test_date": "12/02/2026"}, "test_date", "2026-02-12 or 2026-12-02", "2026-01-31"),
        ({"test_date": "27-Feb"}, "test_date", "year-month-day", "2026-01-31"),
        ({"test_date": "46080"}, "test_date", "year-month-day", "write 2026-02-27"),
        ({"test_date": "2026-02-30"}, "test_date", "no day 2026-02-30", "2026-01-31"),
        ({"test_date": "2026-03-02"}, "test_date", "in the future", "correct"),
        ({"test_date": "0026-02-27"}, "test_date", "1960", "year"),
        ({"sample_id": "#N/A"}, "sample_id", "spreadsheet", "as text"),
        ({"sample_id": "1.20E+05"}, "sample_id", "spreadsheet", "as text"),
        ({"supersedes": "1.20E+05"}, "supersedes", "spreadsheet", "as text"),
        ({"sample_id": "two\nlines"}, "sample_id", "one line", "short"),
        ({"tg_K": "690", "tx_K": "680"}, "tx_K", "Tg < Tx < Tl", "order"),
        ({"tx_K": "1200", "tl_K": "1160"}, "tl_K", "Tg < Tx < Tl", "order"),
        ({"tg_K": "407"}, "tg_K", "°C", "680.15"),
        ({"tg_K": "50 °C", "tx_K": "40 °C"}, "tx_K", "Tg < Tx < Tl", "order"),
        ({"tg_K": "-5"}, "tg_K", "not above zero", "in K"),
        ({"tl_K": "890,5"}, "tl_K", "comma", "890.5"),
        ({"heating_rate_K_min": "0"}, "heating_rate_K_min", "not above zero", "K/min"),
        ({"xrd_file": "../other/a.xy"}, "xrd_file", "leaves the folder", "beside"),
        ({"xrd_file": "xrd/../../a.xy"}, "xrd_file", "leaves the folder", "beside"),
        ({"xrd_file": "..\\a.xy"}, "xrd_file", "leaves the folder", "beside"),
        ({"xrd_file": "/srv/a.xy"}, "xrd_file", "leaves the folder", "beside"),
        ({"xrd_file": "C:\\xrd\\a.xy"}, "xrd_file", "leaves the folder", "beside"),
        ({"xrd_file": "\\\\server\\a.xy"}, "xrd_file", "leaves the folder", "beside"),
        ({"xrd_file": "~/a.xy"}, "xrd_file", "leaves the folder", "beside"),
        ({"xrd_file": "file:///a.xy"}, "xrd_file", "leaves the folder", "beside"),
        ({"xrd_sha256": "abc"}, "xrd_sha256", "SHA-256", "64"),
        ({"note": "a\0b"}, "note", "NUL", "export"),
        ({"furnace": "a\0b"}, "furnace", "NUL", "export"),
        ({"sample_id": "ZAC\x07"}, "sample_id", "U+0007", "export"),
        ({"note": "=1+1"}, "note", "'='", "value"),
        ({"furnace": "=HYPERLINK(1)"}, "furnace", "'='", "value"),
        ({"sample_id": "=A1"}, "sample_id", "'='", "value"),
        ({"=furnace": "B"}, "=furnace", "'='", "value"),
        ({"note": "x" * 10_001}, "note", "10001 characters", "shorten"),
        ({"Verdict": "crystalline"}, "verdict", "two columns", "keep one"),
        ({"": "stray"}, "", "without a column name", "decimal points"),
    ],
)
def test_bad_input_is_refused_with_line_column_value_and_fix(cells, column, told, fix):
    reading = read(row(), row(**{"sample_id": "BAD", **cells}))
    assert [found.sample_id for found in reading.casts] == ["ZAC-1"]
    (refusal,) = reading.refusals
    assert (refusal.line, refusal.column) == (3, column)
    assert told in refusal.reason
    assert fix in refusal.fix
    given_cell = next(iter(cells.values())) if len(cells) == 1 else cells.get(column)
    if given_cell is not None and column in cells:
        assert refusal.value == (given_cell if len(given_cell) <= 200 else given_cell[:200] + "…")


@pytest.mark.parametrize("column", REQUIRED_COLUMNS)
@pytest.mark.parametrize("empty", [None, "", "  ", "n/a", "-"])
def test_missing_field_is_refused(column, empty):
    (refusal,) = read(row(**{column: empty})).refusals
    assert (refusal.column, refusal.value, refusal.reason) == (column, "", f"{column} is missing")


def test_missing_column_is_refused_in_every_row():
    without = {name: cell for name, cell in GOOD_ROW.items() if name != "verdict"}
    reading = read(without, {**without, "sample_id": "ZAC-2"})
    assert [(refusal.line, refusal.column) for refusal in reading.refusals] == [(2, "verdict"), (3, "verdict")]


def test_all_faults_of_a_row_are_told_at_once():
    reading = read(row(dimension_mm="2,5", verdict="nice", tg_K="800", tx_K="700"))
    assert [refusal.column for refusal in reading.refusals] == ["dimension_mm", "verdict", "tx_K"]
    assert refused_lines(reading) == [2]


def test_cells_beyond_the_header_are_refused():
    """A decimal comma without quotation marks moves every cell behind it."""
    good = tuple(GOOD_ROW.items())
    (refusal,) = read_rows([RawRow(2, (*good, ("", "5"), ("", ""), ("", "amorphous")))], TODAY).refusals
    assert "2 cell(s) without a column name" in refusal.reason
    assert refusal.value == "5, amorphous"
    assert read_rows([RawRow(2, (*good, ("", ""), ("", " ")))], TODAY).refusals == ()


@pytest.mark.parametrize(
    ("cells", "attribute", "value", "rules"),
    [
        (
            {"composition_nominal": "Zr50 Al05 Cu45"},
            "composition",
            "Al5Cu45Zr50",
            ["spaces_removed", "zero_padding_removed"],
        ),
        ({"composition_nominal": "Zr₅₀Al₅Cu₄₅"}, "composition", "Al5Cu45Zr50", ["subscripts_flattened"]),
        ({"composition_nominal": "(Zr0.5Cu0.5)90Al10"}, "composition", "Al10Cu45Zr45", ["brackets_expanded"]),
        ({"composition_nominal": "Zr50.2Al5Cu45"}, "composition", "Al4.99Cu44.9102Zr50.0998", ["sum_normalised"]),
        (
            {"composition_nominal": "Zr60Al10Cu30", "composition_unit": "wt%"},
            "composition",
            "Al24.7009Cu31.4639Zr43.8351",
            ["weight_percent_converted"],
        ),
        ({"composition_unit": "at.%"}, "composition_unit", CompositionUnit.AT_PCT, ["composition_unit_synonym"]),
        ({"composition_unit": "At. %"}, "composition_unit", CompositionUnit.AT_PCT, ["composition_unit_synonym"]),
        ({"verdict": "Glassy"}, "verdict", Verdict.AMORPHOUS, ["verdict_synonym"]),
        ({"verdict": "partly crystalline"}, "verdict", Verdict.PARTIALLY_CRYSTALLINE, ["verdict_synonym"]),
        ({"verdict": "amorphous + crystalline"}, "verdict", Verdict.PARTIALLY_CRYSTALLINE, ["verdict_synonym"]),
        ({"verdict": "CR"}, "verdict", Verdict.CRYSTALLINE, ["verdict_synonym"]),
        ({"verdict": "Failed"}, "verdict", Verdict.FAILED_CAST, ["verdict_synonym"]),
        ({"verdict": "planned"}, "verdict", Verdict.PLANNED, []),
        ({"verdict": "Requested"}, "verdict", Verdict.PLANNED, ["verdict_synonym"]),
        ({"verdict": "to be cast"}, "verdict", Verdict.PLANNED, ["verdict_synonym"]),
        ({"verdict": "withdrawn", "supersedes": "ZAC-1"}, "verdict", Verdict.FAILED_CAST, ["verdict_synonym"]),
        ({"method": "Suction Casting"}, "method", Method.SUCTION_CASTING, ["method_synonym"]),
        ({"dimension_kind": "rod"}, "dimension_kind", DimensionKind.ROD_DIAMETER, ["dimension_kind_synonym"]),
        ({"test_date": "2026-02-27 00:00:00"}, "test_date", date(2026, 2, 27), ["time_of_day_removed"]),
        ({"dimension_mm": "2.5 mm"}, "dimension_mm", 2.5, ["unit_removed_from_number"]),
        ({"tg_K": "690 K"}, "tg_K", 690.0, ["unit_removed_from_number"]),
        ({"heating_rate_K_min": "20 K/min"}, "heating_rate_K_min", 20.0, ["unit_removed_from_number"]),
        ({"tg_K": "407 °C"}, "tg_K", 680.15, ["unit_converted"]),
        ({"tg_K": "690±2"}, "tg_K", 690.0, ["uncertainty_removed_from_number"]),
        ({"tg_K": "690*"}, "tg_K", 690.0, ["footnote_mark_removed"]),
        ({"tl_K": "n.d."}, "tl_K", None, ["left_empty"]),
        ({"tx_K": "#N/A"}, "tx_K", None, ["left_empty"]),
        ({"tg_K": "?"}, "tg_K", None, ["left_empty"]),
        ({"tg_K": "/"}, "tg_K", None, ["left_empty"]),
        ({"tg_K": "not seen"}, "tg_K", None, ["left_empty"]),
        ({"tg_K": "690–700"}, "tg_K", None, ["left_empty"]),
        ({"heating_rate_K_min": "未测"}, "heating_rate_K_min", None, ["left_empty"]),
        ({"supersedes": "/"}, "supersedes", None, ["left_empty"]),
        ({"xrd_file": "n/d"}, "xrd_file", None, ["left_empty"]),
        ({"xrd_sha256": "?"}, "xrd_sha256", None, ["left_empty"]),
        ({"note": "=> edge crystalline"}, "note", "=> edge crystalline", []),
        ({"note": "#N/A"}, "note", "#N/A", []),
        ({"dimension_mm": "２．５"}, "dimension_mm", 2.5, ["signs_of_number_replaced"]),
        ({"dimension_mm": "3 mm rod"}, "dimension_mm", 3.0, ["unit_removed_from_number", "size_word_removed"]),
        (
            {"dimension_mm": "2.5-mm rod"},
            "dimension_mm",
            2.5,
            ["unit_removed_from_number", "size_word_removed"],
        ),
        ({"dimension_mm": "2.5 in diameter"}, "dimension_mm", 2.5, ["size_word_removed"]),
        (
            {"dimension_kind": "plate_thickness", "dimension_mm": "2.5 thick"},
            "dimension_mm",
            2.5,
            ["size_word_removed"],
        ),
        ({"dimension_mm": "φ 2.5"}, "dimension_mm", 2.5, ["size_sign_removed"]),
        ({"test_date": "2026年2月27日"}, "test_date", date(2026, 2, 27), ["date_rewritten"]),
        ({"method": "吸铸"}, "method", Method.SUCTION_CASTING, ["method_synonym"]),
        ({"verdict": "非晶"}, "verdict", Verdict.AMORPHOUS, ["verdict_synonym"]),
        ({"sample_id": "MAR-12"}, "sample_id", "MAR-12", ["name_like_a_date"]),
        ({"sample_id": "12-Mar"}, "sample_id", "12-Mar", ["name_like_a_date"]),
        ({"xrd_file": "xrd\\a.xy"}, "xrd_file", "xrd/a.xy", ["path_separators_mended"]),
        ({"dimension_mm": "2.50E+00"}, "dimension_mm", 2.5, []),
        ({"schema_version": "1.0"}, "sample_id", "ZAC-1", []),
        ({"sample_id": " ZAC-1 "}, "sample_id", "ZAC-1", []),
        ({"sample_id": "Marble-12"}, "sample_id", "Marble-12", []),
        ({**RIBBON, "dimension_mm": "0.04"}, "dimension_mm", 0.04, []),
    ],
)
def test_harmless_writings_are_mended_and_flagged(cells, attribute, value, rules):
    found = cast(**{"sample_id": "ZAC-1", **cells})
    assert getattr(found, attribute) == value
    assert list(found.rules) == rules


def test_what_was_read_otherwise_than_written_is_said_in_words():
    found = cast(test_date="2026/2/27", tg_K="n.d.", composition_nominal="Zr₅₀Al₅Cu₄₅", sample_id="SEP-3")
    assert found.remarks == (
        "sample_id: 'SEP-3' was taken as it is written: name like a date",
        "test_date: '2026/2/27' was read as 2026-02-27: date rewritten",
        "tg_K: 'n.d.' was left empty: it states no value",
        "composition_nominal: 'Zr₅₀Al₅Cu₄₅' was read as Zr50Al5Cu45: subscripts and markup are read as plain text",
    )
    assert cast().remarks == ()


def test_a_comma_is_a_decimal_point_where_semicolons_separate():
    cells = {**GOOD_ROW, "composition_nominal": "Zr50,5Al4,5Cu45", "dimension_mm": "2,5", "tg_K": "690,5"}
    (found,) = read_rows([RawRow(2, tuple(cells.items()), decimal_comma=True)], TODAY).casts
    assert (found.composition, found.dimension_mm, found.tg_K) == ("Al4.5Cu45Zr50.5", 2.5, 690.5)
    assert found.rules == ("decimal_comma_read",)
    assert len(found.remarks) == 3


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("Pd31Ni42S27", "The 86 descriptors do not know S, so that no sub-model can be trained for Ni-Pd-S"),
        ("Fe43Co5Ni3Cr14Mo13Mn2W1C11B6Y2", "has 10 elements, and systems of up to 9 can be mapped"),
        ("Zr40Ti10Cu15Ni10Al10Be10Nb5", "has 7 elements: its map has"),
    ],
)
def test_what_is_not_possible_for_the_elements_is_said_of_the_cast(formula: str, told: str):
    assert any(told in remark for remark in cast(composition_nominal=formula).remarks)


def test_an_accepted_row_has_its_remarks_in_the_report():
    outcome = read(row(composition_nominal="Pd31Ni42S27"))
    (found,) = csv.DictReader(io.StringIO(report_csv(outcome).decode("utf-8-sig")))
    assert "surrogate composite" in found["note"]


def test_what_the_file_shows_of_a_row_is_said_of_its_cast():
    shown = RawRow(2, tuple(GOOD_ROW.items()), remarks=("the row is hidden",))
    assert read_rows([shown], TODAY).casts[0].remarks == ("the row is hidden",)
    spoilt = RawRow(2, tuple(GOOD_ROW.items()), faults=(Fault("sample_id", "it is a date", "write a name"),))
    assert [one.reason for one in read_rows([spoilt], TODAY).refusals] == ["it is a date"]


def test_a_laboratory_adds_words():
    words = reading_of({"words": {"method": {"suction_casting": ["aspirazione"]}}}, "reading.yaml")
    rows = raw_rows([row(method="Aspirazione")])
    assert read_rows(rows, TODAY, reading=words).casts[0].method is Method.SUCTION_CASTING
    assert "none of the words" in read_rows(rows, TODAY).refusals[0].reason


def test_weight_percent_of_the_paper_alloy_is_its_atomic_percent():
    zr, al, cu = 50 * 91.224, 5 * 26.9815, 45 * 63.546
    total = (zr + al + cu) / 100
    found = cast(composition_nominal=f"Zr{zr / total:.8f}Al{al / total:.8f}Cu{cu / total:.8f}", composition_unit="wt%")
    assert found.at_pct == pytest.approx((5.0, 45.0, 50.0), abs=1e-3)


def test_column_names_may_be_written_freely():
    free = {"Schema Version": "1", "Sample-ID": "ZAC-1", "Tg (K)": "690", "Dimension (mm)": "2.5"}
    rest = {k: v for k, v in GOOD_ROW.items() if k not in {"schema_version", "sample_id", "dimension_mm"}}
    (found,) = read({**free, **rest}).casts
    assert (found.sample_id, found.tg_K, found.dimension_mm, found.extra) == ("ZAC-1", 690.0, 2.5, ())


def test_equal_repetition_in_a_file_is_skipped():
    reading, _ = compare_with_accepted(read(row(), row(composition_nominal="Cu45Zr50Al5")), ())
    assert [found.line for found in reading.casts] == [2]
    assert [(skipped.line, skipped.sample_id) for skipped in reading.skipped] == [(3, "ZAC-1")]


def test_different_repetition_in_a_file_is_refused_unless_it_supersedes():
    rows = row(), row(dimension_mm="3"), row(dimension_mm="3", supersedes="ZAC-1")
    reading, _ = compare_with_accepted(read(*rows), ())
    assert [found.line for found in reading.casts] == [2, 4]
    (refusal,) = reading.refusals
    assert (refusal.line, refusal.column) == (3, "sample_id")
    assert "dimension_mm: 2.5 there, 3.0 here" in refusal.reason


def test_repeated_header_is_skipped():
    header = {name: name for name in GOOD_ROW}
    reading = read(row(), header, row(sample_id="ZAC-2"))
    assert [found.sample_id for found in reading.casts] == ["ZAC-1", "ZAC-2"]
    assert [(skipped.line, skipped.reason) for skipped in reading.skipped] == [(3, "the header is repeated")]


def test_rows_below_a_header_of_another_order_are_refused():
    """Files put together by hand: below such a header each cell stands in the wrong column."""
    names = list(GOOD_ROW)
    other = dict(zip(names, names[::-1], strict=True))
    same = {name: name for name in names}
    reading = read(row(), other, row(sample_id="ZAC-2"), same, row(sample_id="ZAC-3"))
    assert [found.sample_id for found in reading.casts] == ["ZAC-1", "ZAC-3"]
    assert refused_lines(reading) == [3, 4]
    assert "line 3" in reading.refusals[1].reason


def test_empty_row_is_skipped():
    reading = read(row(), dict.fromkeys(GOOD_ROW, ""), dict.fromkeys(GOOD_ROW))
    assert [(skipped.line, skipped.reason) for skipped in reading.skipped] == [
        (3, "the row is empty"),
        (4, "the row is empty"),
    ]


def test_sputtered_films_may_be_thin():
    film = {"method": "sputtering", "dimension_kind": "ribbon_thickness", "dimension_mm": "0.0002"}
    assert cast(**film).dimension_mm == 0.0002


cells = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["amorphous", "1", "2.5", "2,5", "at%", "wt%", "Zr50Cu50", "2026-01-01", "rod_diameter", "=", "\0"]
    ),
    st.sampled_from(COLUMNS),
)
near_rows = st.dictionaries(st.sampled_from(COLUMNS) | st.text(max_size=6), cells, max_size=6).map(
    lambda changed: {**GOOD_ROW, **changed}
)
any_rows = st.dictionaries(st.sampled_from(COLUMNS) | st.text(max_size=6), cells, max_size=20)


@given(st.lists(near_rows | any_rows, max_size=8), st.integers(1, 1000))
def test_every_row_has_exactly_one_end(rows, first_line):
    reading = compare_with_accepted(read_rows(raw_rows(rows, first_line), TODAY), ())[0]
    lines = [end.line for end in (*reading.casts, *reading.skipped)] + refused_lines(reading)
    assert sorted(lines) == list(range(first_line, first_line + len(rows)))
    assert all(refusal.reason and refusal.fix for refusal in reading.refusals)
    assert all(skipped.reason for skipped in reading.skipped)


like_formulas = st.text(alphabet="ZrCuAlBO0159.,-()[]{}%=_$ ₅+", max_size=20)
like_numbers = st.text(alphabet="0123456789.,-+eEKmµ°C ", max_size=12)


@given(st.sampled_from(COLUMNS), st.text(max_size=40) | like_formulas | like_numbers, st.sampled_from(CompositionUnit))
def test_any_text_in_any_cell_is_judged(column, text, unit):
    reading = read(row(**{"composition_unit": unit.value, column: text}))
    assert len(reading.casts) + len(refused_lines(reading)) + len(reading.skipped) == 1
