"""Workbooks as people keep them: what is read of them, and what is said about it."""

import time
from datetime import date

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, Side

from bmg_assets.intake.reading import Reading
from bmg_assets_tests.intake.workbooks import (
    HEADER,
    SHEET,
    book_of,
    cells,
    read,
    saved,
    with_parts_changed,
    with_rows_added,
)

ONE_CAST = saved(book_of(HEADER, cells(sample_id="A")))


def told(data: bytes) -> list[str]:
    outcome = read(data)
    return [*(one.reason for one in outcome.refusals), *(one.reason for one in outcome.skipped)]


def test_the_sheet_with_the_header_is_read_wherever_it_stands() -> None:
    book = book_of(["Casting log of our furnace"], title="Read me")
    book.create_sheet("_lists").append(["suction_casting"])
    book["_lists"].sheet_state = "hidden"
    casts = book.create_sheet("Casts")
    for row in (HEADER, cells(sample_id="A")):
        casts.append(row)
    outcome = read(saved(book))
    assert [(one.line, one.sample_id) for one in outcome.casts] == [(2, "A")]
    assert outcome.refusals == ()
    assert [one.reason for one in outcome.skipped] == [
        "the sheet 'Read me' holds no casts and was not read",
        "the sheet '_lists' holds no casts and was not read",
    ]


def test_the_sheet_that_is_shown_is_read_before_one_that_is_hidden() -> None:
    book = book_of(HEADER, cells(sample_id="old"), title="old")
    book["old"].sheet_state = "hidden"
    shown = book.create_sheet("new")
    for row in (HEADER, cells(sample_id="A")):
        shown.append(row)
    outcome = read(saved(book))
    assert [one.sample_id for one in outcome.casts] == ["A"]
    assert outcome.refusals[0].reason == "the sheet 'old' was not read, because the sheet 'new' was"


def test_a_hidden_sheet_is_read_where_no_other_has_casts() -> None:
    book = book_of(["see the other sheet"], title="cover")
    hidden = book.create_sheet("data")
    for row in (HEADER, cells(sample_id="A")):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    outcome = read(saved(book))
    assert len(outcome.casts) == 1
    assert "the sheet 'data', which was read, is hidden" in [one.reason for one in outcome.skipped]


def test_no_sheet_with_a_header_is_told() -> None:
    book = book_of(["a"], title="one")
    book.create_sheet("two").append(["b"])
    assert told(saved(book)) == ["no sheet of the workbook has a header of casts"]


def test_titles_above_and_units_below_the_header_are_skipped() -> None:
    units = [None, None, "date", None, None, None, None, "mm", None]
    book = book_of(["Casting log 2026"], ["# furnace 2"], HEADER, units, cells(sample_id="A"))
    book.active.merge_cells("A1:I1")
    outcome = read(saved(book))
    assert [one.line for one in outcome.casts] == [5]
    assert [one.line for one in outcome.skipped] == [1, 2, 4]


def test_a_row_that_could_be_a_cast_is_not_skipped_above_the_header() -> None:
    outcome = read(saved(book_of(cells(sample_id="lost"), HEADER, cells(sample_id="A"))))
    assert [one.sample_id for one in outcome.casts] == ["A"]
    assert [(one.line, one.reason) for one in outcome.refusals] == [
        (1, "the row stands above the header, so that its columns are unknown")
    ]


def test_a_merged_cell_holds_for_its_rows_and_is_told() -> None:
    empty = cells(composition_nominal=None)
    rows = [[*empty[:1], name, *empty[2:]] for name in ("B", "C", "D")]
    book = book_of(HEADER, cells(sample_id="A"), *rows)
    book.active.merge_cells("D2:D4")
    outcome = read(saved(book))
    assert [(one.sample_id, one.composition) for one in outcome.casts] == [(name, "Al5Cu45Zr50") for name in "ABC"]
    assert outcome.casts[0].remarks == ()
    assert outcome.casts[1].remarks == (
        "composition_nominal: 'Zr50Al5Cu45' holds for the lines 2 to 4, merged in the sheet",
    )
    assert [(one.line, one.reason) for one in outcome.refusals] == [(5, "composition_nominal is missing")]


def test_merged_cells_of_any_size_cost_nothing() -> None:
    merged = b'</sheetData><mergeCells><mergeCell ref="D2:XFD1048576"/></mergeCells>'
    data = with_parts_changed(
        ONE_CAST, lambda name, xml: xml.replace(b"</sheetData>", merged) if name == SHEET else xml
    )
    started = time.monotonic()
    assert len(read(data).casts) == 1
    assert time.monotonic() - started < 1


def test_hidden_and_struck_out_rows_and_comments_are_told() -> None:
    book = book_of(HEADER, *(cells(sample_id=name) for name in "ABCDEF"))
    sheet = book.active
    sheet.row_dimensions[3].hidden = True
    for cell in sheet[4]:
        cell.font = Font(strike=True)
    sheet["I5"].font = Font(strike=True)
    sheet["I6"].comment = Comment("actually\ncrystalline", "somebody")
    sheet["I7"].comment = Comment("amorphous by XRD, see pattern 7", "somebody")
    assert [one.remarks for one in read(saved(book)).casts] == [
        (),
        ("the row is hidden in the sheet, and was read",),
        ("the row is struck out in the sheet, and was read",),
        ("verdict: it is struck out in the sheet, and was read",),
        (
            "verdict: it has the comment 'actually crystalline', which contradicts the cell; correct the row if the "
            "comment is right",
        ),
        ("verdict: it has the comment 'amorphous by XRD, see pattern 7'",),
    ]


def test_raised_and_lowered_text_keeps_its_meaning() -> None:
    def run(text: str, **font: object) -> TextBlock:
        return TextBlock(InlineFont(**font), text)

    lowered = CellRichText("Zr", run("50", vertAlign="subscript"), "Al5Cu45")
    struck = CellRichText("amorphous", run("", b=True))
    book = book_of(HEADER, cells(sample_id="A", composition_nominal=lowered, verdict=struck), cells(sample_id="B"))
    book.active["H3"] = CellRichText("2.5", run("1", vertAlign="superscript"))
    first, second = read(saved(book)).casts
    assert first.composition == "Al5Cu45Zr50"
    assert second.dimension_mm == 2.5
    assert second.remarks == ("dimension_mm: '2.5¹' was read as 2.5: footnote mark removed",)


def with_stored_value() -> bytes:
    data = saved(book_of(HEADER, cells(sample_id="A", dimension_mm="=1+1.5"), cells(sample_id="B")))
    old, new = b"<f>1+1.5</f><v></v>", b"<f>1+1.5</f><v>2.5</v>"
    return with_parts_changed(
        data, lambda name, xml: xml.replace(old, new).replace(b"<f>1+1.5</f><v/>", new) if name == SHEET else xml
    )


def test_formulas_are_refused_and_the_mend_names_the_setting() -> None:
    outcome = read(with_stored_value())
    assert [one.sample_id for one in outcome.casts] == ["B"]
    assert (outcome.refusals[0].column, outcome.refusals[0].value) == ("dimension_mm", "=1+1.5")
    assert "formula_values: true into reading.yaml" in outcome.refusals[0].fix


def test_stored_values_of_formulas_count_where_the_setting_says_so() -> None:
    outcome = read(with_stored_value(), Reading(formula_values=True))
    assert [one.dimension_mm for one in outcome.casts] == [2.5, 2.5]
    assert outcome.casts[0].remarks == ("dimension_mm: the formula '=1+1.5' was read as its stored value '2.5'",)
    without = read(saved(book_of(HEADER, cells(dimension_mm="=1+1.5"))), Reading(formula_values=True))
    assert "stored no value" in without.refusals[0].reason


def test_formulas_that_give_nothing_below_the_casts_are_no_rows() -> None:
    ghosts = b"".join(
        b'<row r="%d"><c r="D%d" t="str"><f>IF(A%d,1,"")</f><v></v></c></row>' % (n, n, n) for n in range(3, 90)
    )
    outcome = read(with_rows_added(ONE_CAST, ghosts), Reading(formula_values=True))
    assert [one.sample_id for one in outcome.casts] == ["A"]
    assert outcome.refusals == outcome.skipped == ()


def test_text_that_begins_like_a_formula_is_text() -> None:
    book = book_of([*HEADER, "note"], [*cells(sample_id="A"), "x"])
    book.active["J2"].value = "=> edge"
    book.active["J2"].data_type = "s"
    assert read(saved(book)).casts[0].note == "=> edge"


def test_a_name_that_became_a_date_is_refused_and_one_that_is_text_is_not() -> None:
    book = book_of(HEADER, cells(sample_id=date(2026, 3, 12)), cells(sample_id="MAR-12"))
    outcome = read(saved(book))
    assert [one.sample_id for one in outcome.casts] == ["MAR-12"]
    assert outcome.casts[0].remarks == ("sample_id: 'MAR-12' was taken as it is written: name like a date",)
    (refusal,) = outcome.refusals
    assert (refusal.column, refusal.value) == ("sample_id", "12-Mar")
    assert "format the column as text" in refusal.fix


def test_error_values_empty_an_optional_cell_and_refuse_a_needed_one() -> None:
    book = book_of([*HEADER, "tg_K"], [*cells(sample_id="A"), "#N/A"], [*cells(dimension_mm="#DIV/0!"), 690])
    outcome = read(saved(book))
    assert [(one.sample_id, one.tg_K) for one in outcome.casts] == [("A", None)]
    assert outcome.refusals[0].column == "dimension_mm"


def test_strict_open_xml_is_read() -> None:
    usual, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"

    def made_strict(name: str, xml: bytes) -> bytes:
        if name == "[Content_Types].xml" or name.startswith("_rels"):
            return xml
        xml = xml.replace(usual + b"spreadsheetml/2006/main", strict + b"spreadsheetml/main")
        return xml.replace(usual + b"officeDocument/2006/relationships", strict + b"officeDocument/relationships")

    data = with_parts_changed(ONE_CAST, made_strict)
    (found,) = read(data).casts
    assert (found.sample_id, found.test_date) == ("A", date(2026, 2, 27))


@pytest.mark.parametrize("prefix", [b"x:", b"ss:"])
def test_sheets_whose_elements_have_a_prefix_are_read(prefix: bytes) -> None:
    def prefixed(name: str, xml: bytes) -> bytes:
        if name != SHEET:
            return xml
        import re

        named = re.sub(rb"<(/?)(\w+)", rb"<\1" + prefix + rb"\2", xml)
        return named.replace(b"xmlns=", b"xmlns:" + prefix[:-1] + b"=")

    borders = b"".join(b'<%sr r="%d"/>' % (prefix, row) for row in range(3, 10)).replace(
        prefix + b"r ", prefix + b"row "
    )
    data = with_parts_changed(ONE_CAST, prefixed)
    data = with_parts_changed(
        data,
        lambda name, xml: xml.replace(b"</" + prefix + b"sheetData>", borders + b"</" + prefix + b"sheetData>"),
    )
    assert [one.sample_id for one in read(data).casts] == ["A"]


def test_rows_without_numbers_keep_their_lines() -> None:
    data = with_parts_changed(
        ONE_CAST, lambda name, xml: xml.replace(b'<row r="', b'<row spans="') if name == SHEET else xml
    )
    assert [one.line for one in read(data).casts] == [2]


WIDE = b"".join(b'<c r="%s%%d" s="1"/>' % letter for letter in (b"A", b"B", b"C", b"D", b"E", b"F", b"G", b"H", b"I"))
USED_RANGES = {
    "borders down to the last row": b"".join(
        b'<row r="%d">' % row + WIDE.replace(b"%d", b"%d" % row) + b"</row>" for row in range(3, 120_000)
    ),
    "a million empty rows": b"".join(b'<row r="%d"/>' % row for row in range(3, 1_000_000)),
    "open and closed empty cells": b"".join(
        b'<row r="%d"><c r="A%d" s="1"></c></row>' % (row, row) for row in range(3, 99_999)
    ),
    "a blank in the last cell of all": b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row>',
    "a blank in each of 25,000 rows": b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t> </t></is></c></row>' % (row, row) for row in range(3, 25_000)
    ),
    "a row of 16,384 coloured cells": b'<row r="3">' + b'<c r="A3" s="1"/>' * 16_384 + b"</row>",
}


@pytest.mark.parametrize("rows", USED_RANGES.values(), ids=USED_RANGES.keys())
def test_one_cast_is_taken_in_under_a_second_whatever_the_used_range(rows: bytes) -> None:
    data = with_rows_added(ONE_CAST, rows)
    started = time.process_time()
    outcome = read(data)
    assert time.process_time() - started < 1
    assert [one.sample_id for one in outcome.casts] == ["A"]
    assert outcome.refusals == outcome.skipped == ()


def test_borders_are_no_rows() -> None:
    book = book_of(HEADER, cells(sample_id="A"))
    line = Side(style="thin")
    for row in book.active.iter_rows(min_row=3, max_row=400, max_col=9):
        for cell in row:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
    outcome = read(saved(book))
    assert len(outcome.casts) == 1
    assert outcome.refusals == outcome.skipped == ()


@pytest.mark.parametrize("rows", [b"<row/>" * 16_000_000, b"<row>" + b"<c/>" * 24_000_000 + b"</row>"])
def test_a_bomb_of_empty_rows_or_cells_is_refused_at_once(rows: bytes) -> None:
    data = with_rows_added(ONE_CAST, rows)
    started = time.process_time()
    outcome = read(data)
    assert time.process_time() - started < 1
    assert len(outcome.casts) == 1 or "is not opened" in outcome.refusals[0].reason


def test_a_header_of_16384_cells_is_refused_if_they_are_filled_and_read_if_not() -> None:
    book = book_of(HEADER, cells(sample_id="A"))
    for column in range(10, 16_385):
        book.active.cell(1, column).font = Font(bold=True)
    started = time.process_time()
    assert len(read(saved(book)).casts) == 1
    for column in range(10, 400):
        book.active.cell(1, column).value = f"c{column}"
    assert told(saved(book)) == ["the header has 399 cells, more than 300"]
    assert time.process_time() - started < 3


def test_more_rows_than_a_file_may_have_are_refused() -> None:
    row = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'
    rows = b"".join(row % (number, number) for number in range(3, 20_100))
    assert len(read(with_rows_added(ONE_CAST, rows[: rows.index(b'<row r="2000"')])).casts) == 1
    assert told(with_rows_added(ONE_CAST, rows)) == ["the sheet 'Casts' has more than 20000 rows"]


def test_long_sheets_of_other_things_do_not_matter() -> None:
    book = book_of(HEADER, cells(sample_id="A"))
    book.create_sheet("pattern").append([1, 2])
    data = saved(book)
    row = b'<row r="%d"><c r="A%d"><v>1</v></c><c r="B%d"><v>7</v></c></row>'
    rows = b"".join(row % (number, number, number) for number in range(2, 50_000)) + b"</sheetData>"
    data = with_parts_changed(
        data, lambda name, xml: xml.replace(b"</sheetData>", rows) if name.endswith("sheet2.xml") else xml
    )
    outcome = read(data)
    assert [one.sample_id for one in outcome.casts] == ["A"]
    assert [one.reason for one in outcome.skipped] == ["the sheet 'pattern' holds no casts and was not read"]


def test_a_sheet_of_several_hundred_casts_is_read_whole() -> None:
    rows = [cells(sample_id=f"S{number}", dimension_mm=1 + number / 100) for number in range(700)]
    assert len(read(saved(book_of(HEADER, *rows))).casts) == 700
