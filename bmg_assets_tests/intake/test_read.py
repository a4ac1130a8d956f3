"""Every file that is wrong as a file ends with a report that names the place and the mend; good rows still go in."""

import codecs
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.intake.inbox import Intake, LabInbox
from bmg_assets.intake.rows import REQUIRED_COLUMNS
from bmg_assets_tests.intake.cast_files import (
    HEADER,
    drop,
    inbox_at,
    line,
    outcomes,
    report_on,
    samples_of,
    table,
)
from bmg_assets_tests.science.casts.examples import GOOD_ROW

GOOD = table(line("A"), line("B"))
WORKBOOK_HEADER = list(REQUIRED_COLUMNS)


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path)


def taken_in(inbox: LabInbox, data: bytes, name: str = "casts.csv") -> tuple[Intake, list[dict[str, str]]]:
    intake = inbox.take_in(drop(inbox, name, data))
    assert list(inbox.inbox.iterdir()) == []
    assert intake.file.read_bytes() == data
    return intake, report_on(intake.file)


def workbook(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    for title, further in sheets.items():
        sheet = book.create_sheet(title)
        for row in further:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def cells(**changed: Any) -> list[Any]:
    return list(({**GOOD_ROW, "schema_version": 1, "dimension_mm": 2.5} | changed).values())


REJECTED = {
    "empty": ("casts.csv", b"", 0, "the file is empty", "fill in a header"),
    "blank lines only": ("casts.csv", b"\n\n  \n", 0, "the file is empty", "fill in a header"),
    "a header alone": ("casts.csv", table(), 1, "a header and no rows", "fill in a row per cast"),
    "no header": ("casts.csv", (line() + "\n").encode(), 1, "the first line is no header", "begin with the columns"),
    "tabs": ("casts.csv", GOOD.replace(b",", b"\t"), 1, "the first line is no header", "begin with the columns"),
    "a column missing": (
        "casts.csv",
        table("1,A", header=HEADER.replace(",verdict", "")),
        1,
        "the header lacks verdict, so that no row can be read",
        "add the column",
    ),
    "UTF-16": ("casts.csv", GOOD.decode().encode("utf-16"), 1, "in UTF-16, not in UTF-8", "save the file as CSV"),
    "UTF-16 without a mark": ("casts.csv", GOOD.decode().encode("utf-16-le"), 1, "in UTF-16", "save the file as CSV"),
    "Latin-1": (
        "casts.csv",
        table(line("A"), line("Müller")).decode().encode("latin-1"),
        3,
        "the byte 0xFC is not UTF-8",
        "save the file as CSV in UTF-8",
    ),
    "NUL bytes only": ("casts.csv", bytes(4096), 1, "in UTF-16", "save the file as CSV"),
    "unknown ending": ("casts.ods", GOOD, 0, "files that end in '.ods' are not read", "as CSV in UTF-8 or as XLSX"),
    "no ending": ("casts", GOOD, 0, "the file's name has no ending", "as CSV in UTF-8 or as XLSX"),
    "too many lines": ("casts.csv", table(*["x"] * 20_001), 0, "has 20002 lines, more than 20000", "split it"),
    "no workbook": ("casts.xlsx", GOOD, 0, "the file is no XLSX workbook, or is damaged", "save it again as XLSX"),
    "an empty workbook": ("casts.xlsx", workbook(), 0, "the file is empty", "fill in a header"),
    "half a workbook": ("casts.xlsx", workbook(WORKBOOK_HEADER)[:900], 0, "no XLSX workbook", "save it again"),
}


@pytest.mark.parametrize(("name", "data", "place", "reason", "mend"), REJECTED.values(), ids=REJECTED.keys())
def test_a_file_of_which_nothing_can_be_read(
    inbox: LabInbox, name: str, data: bytes, place: int, reason: str, mend: str
) -> None:
    intake, report = taken_in(inbox, data, name)
    assert intake.file.parent == inbox.rejected_folder
    assert (intake.accepted, intake.refused) == (0, 1)
    (only,) = report
    assert (int(only["line"]), only["outcome"]) == (place, "refused")
    assert reason in only["reason"]
    assert mend in only["mend"]
    assert samples_of(inbox) == []


def test_a_zip_archive_of_something_else_is_no_workbook(inbox: LabInbox) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("casts.csv", GOOD)
    intake, report = taken_in(inbox, data.getvalue(), "casts.xlsx")
    assert not intake.accepted
    assert "the workbook cannot be read" in report[0]["reason"]


def test_a_workbook_that_unpacks_without_end_is_not_unpacked(inbox: LabInbox) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(120_000_000))
    assert "unpacks to 120 MB" in taken_in(inbox, data.getvalue(), "casts.xlsx")[1][0]["reason"]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    inbox = inbox_at(tmp_path, largest_mb=0.0002)
    intake, report = taken_in(inbox, GOOD + b" " * 200)
    assert not intake.accepted
    assert report[0]["reason"] == "the file is larger than 0.0002 MB"


READ = {
    "byte order mark": codecs.BOM_UTF8 + GOOD,
    "CRLF": GOOD.replace(b"\n", b"\r\n"),
    "old line ends": GOOD.replace(b"\n", b"\r"),
    "semicolons": GOOD.replace(b",", b";"),
    "semicolons, said": b"sep=;\r\n" + GOOD.replace(b",", b";"),
    "quotation marks": b"\n".join(b'"' + one.replace(b",", b'","') + b'"' for one in GOOD.split(b"\n")[:-1]) + b"\n",
    "columns in another order": b"\n".join(b",".join(reversed(one.split(b","))) for one in GOOD.split(b"\n")[:-1])
    + b"\n",
    "no end of the last line": GOOD[:-1],
}


@pytest.mark.parametrize("data", READ.values(), ids=READ.keys())
def test_ways_of_writing_the_same(inbox: LabInbox, data: bytes) -> None:
    intake, report = taken_in(inbox, data)
    assert (intake.accepted, intake.refused, intake.skipped) == (2, 0, 0)
    first = 3 if data.startswith(b"sep=") else 2
    assert outcomes(report) == [(first, "accepted"), (first + 1, "accepted")]
    assert samples_of(inbox) == ["A", "B"]


PARTLY: dict[str, tuple[bytes, list[tuple[int, str]], str, str]] = {
    "a header twice": (
        table(line("A"), HEADER, line("B")),
        [(2, "accepted"), (3, "skipped"), (4, "accepted")],
        "",
        "the header is repeated",
    ),
    "empty lines": (
        table(line("A"), "", ",,,,,,,,", line("B")),
        [(2, "accepted"), (3, "skipped"), (4, "skipped"), (5, "accepted")],
        "",
        "the row is empty",
    ),
    "a NUL byte": (
        table(line("A"), line("X\0Y"), line("B")),
        [(2, "accepted"), (3, "refused"), (4, "accepted")],
        "X␀Y",
        "the control character NUL",
    ),
    "a formula": (
        table(line("A"), line('=cmd|"/c calc"'.replace('"', "")), line("B")),
        [(2, "accepted"), (3, "refused"), (4, "accepted")],
        "'=cmd|/c calc",
        "begins with '='",
    ),
    "a quotation mark never closed": (
        table(line("A"), line('"X'), line("B")),
        [(2, "accepted"), (3, "refused"), (4, "accepted")],
        line('"X'),
        "the quotation marks of this line do not match",
    ),
    "a quotation mark closed rows below": (
        table(line("A"), line('"X'), line("B"), line('Y"')),
        [(2, "accepted"), (3, "refused"), (4, "accepted"), (5, "accepted")],
        line('"X'),
        "the quotation marks of this line do not match",
    ),
    "cut off": (
        table(line("A"), line("B")) + b"1,C,2026-02",
        [(2, "accepted"), (3, "accepted"), (4, "refused")],
        "1, C, 2026-02",
        "the file was cut off",
    ),
    "more cells than columns": (
        table(line("A"), line("X") + ",5,6,", line("B")),
        [(2, "accepted"), (3, "refused"), (4, "accepted")],
        "5, 6",
        "cell(s) without a column name",
    ),
    "two elements": (
        table(line("A"), line("X", composition_nominal="Cu50Zr50"), line("B")),
        [(2, "accepted"), (3, "refused"), (4, "accepted")],
        "Cu50Zr50",
        "the alloy has 2 elements; a target system has 3 or more",
    ),
}


@pytest.mark.parametrize(("data", "expected", "value", "reason"), PARTLY.values(), ids=PARTLY.keys())
def test_the_other_rows_go_in(
    inbox: LabInbox, data: bytes, expected: list[tuple[int, str]], value: str, reason: str
) -> None:
    intake, report = taken_in(inbox, data)
    assert intake.file.parent == inbox.accepted_folder
    assert outcomes(report) == expected
    odd = next(one for one in report if one["outcome"] != "accepted")
    assert odd["value"] == value
    assert reason in odd["reason"]
    assert {"A", "B"} <= set(samples_of(inbox))


def test_a_cell_may_have_several_lines_and_the_rows_below_keep_theirs(inbox: LabInbox) -> None:
    header = f"{HEADER},note"
    _, report = taken_in(
        inbox, table(f'{line("A")},"one\ntwo, three\n\nfour"', f"{line('B', verdict='good')},", header=header)
    )
    assert outcomes(report) == [(2, "accepted"), (6, "refused")]
    assert inbox.accepted().history.accepted[0].note == "one\ntwo, three\n\nfour"


def test_two_columns_of_one_name_are_told_apart(inbox: LabInbox) -> None:
    _, report = taken_in(
        inbox, table(f"{line('A')},amorphous", f"{line('B')},crystalline", f"{line('C')},", header=f"{HEADER},verdict")
    )
    assert outcomes(report) == [(2, "accepted"), (3, "refused"), (4, "accepted")]
    assert "two columns are named verdict" in report[1]["reason"]


def test_further_columns_are_kept(inbox: LabInbox) -> None:
    taken_in(inbox, table(f"{line('A')},argon,3", header=f"{HEADER},atmosphere,shift"))
    assert inbox.accepted().history.accepted[0].extra == (("atmosphere", "argon"), ("shift", "3"))


def test_a_workbook_is_read_as_it_is_shown(inbox: LabInbox) -> None:
    data = workbook(
        WORKBOOK_HEADER,
        cells(sample_id="A", test_date=date(2026, 2, 27), dimension_mm=0.1 + 0.2 + 1.2),
        cells(sample_id="B", test_date=datetime(2026, 2, 27, 15, 30)),
        [None] * len(WORKBOOK_HEADER),
        cells(sample_id=1234),
        cells(sample_id=date(2026, 3, 1)),
        cells(sample_id="C", dimension_mm="=1+1"),
        cells(sample_id="D", dimension_mm=date(2026, 5, 1)),
        cells(sample_id="E", dimension_mm=None),
    )
    _, report = taken_in(inbox, data, "Casts.XLSX")
    assert outcomes(report) == [
        (2, "accepted"),
        (3, "accepted"),
        (5, "accepted"),
        *((n, "refused") for n in range(6, 10)),
    ]
    reasons = [one["reason"] for one in report[3:]]
    assert [
        key in reason for key, reason in zip(("1-Mar", "begins with '='", "a date", "missing"), reasons, strict=True)
    ]
    assert [(one["column"], one["value"]) for one in report[3:5]] == [("sample_id", "1-Mar"), ("dimension_mm", "'=1+1")]
    casts = inbox.accepted().history.accepted
    assert [cast.sample_id for cast in casts] == ["A", "B", "1234"]
    assert casts[0].dimension_mm == 1.5
    assert {cast.test_date for cast in casts} == {date(2026, 2, 27)}


def test_further_sheets_are_named(inbox: LabInbox) -> None:
    data = workbook(WORKBOOK_HEADER, cells(sample_id="A"), second=[WORKBOOK_HEADER, cells(sample_id="B")], third=[])
    _, report = taken_in(inbox, data, "casts.xlsx")
    assert outcomes(report) == [(0, "refused"), (2, "accepted")]
    assert report[0]["reason"] == "the sheet 'second' was not read, because the sheet 'Sheet' was"


@pytest.mark.parametrize(
    "name", ["Ärger: März?.csv", "x" * 200 + ".csv", "a\nb.csv", "..csv.CSV", "x.0123456789ab.csv"]
)
def test_any_name_is_a_name(inbox: LabInbox, name: str) -> None:
    intake, _ = taken_in(inbox, GOOD, name)
    assert intake.accepted
    assert intake.file.suffix == ".csv"
    assert intake.report.exists()
    assert samples_of(inbox) == ["A", "B"]
