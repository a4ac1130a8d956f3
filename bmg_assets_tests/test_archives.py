"""Archives from outside: bombs, traps in XML and names that lead out of the folder are refused, workbooks are not."""

import contextlib
import gzip
import io
import time
import zipfile
from pathlib import Path

import pytest

from bmg_assets.archives import ArchiveError, check_zip, read_gzip

BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
READS_A_FILE = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


def archive(*parts: tuple[str, str | bytes], packed: bool = True) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as file:
        for name, content in parts:
            file.writestr(name, content)
    return buffer.getvalue()


def workbook(rows: int, columns: int) -> bytes:
    """A workbook with borders around empty cells, as spreadsheets write it."""
    import openpyxl
    from openpyxl.styles import Border, Side

    book = openpyxl.Workbook()
    sheet = book.active
    border = Border(bottom=Side(style="thin"))
    for row in sheet.iter_rows(min_row=1, max_row=rows, max_col=columns):
        for cell in row:
            cell.border = border
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_with_borders_around_empty_cells_passes() -> None:
    check_zip(workbook(5000, 15))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    cells = archive(("xl/worksheets/sheet1.xml", b"<c/>" * 24_000_000))
    assert len(cells) < 200_000
    began = time.monotonic()
    with pytest.raises(ArchiveError, match=r"sheet1\.xml' unpacks to 96 MB of next to nothing"):
        check_zip(cells)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("parts", [[("a.xml", "<a/>" * 300)], [("a.xml", "<a/>" * 150), ("b.xml", "<a/>" * 150)]])
def test_all_parts_together_have_a_limit(parts: list[tuple[str, str]]) -> None:
    check_zip(archive(*parts), most_bytes=1200)
    with pytest.raises(ArchiveError, match="unpacks to 0 MB, and at most 0 MB are read"):
        check_zip(archive(*parts), most_bytes=1199)


def test_a_size_that_is_declared_too_small_unpacks_no_more() -> None:
    data = bytearray(archive(("a.bin", b"\0" * 5000)))
    at = data.index(b"PK\1\2") + 24
    assert data[at : at + 4] == (5000).to_bytes(4, "little")
    data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(ArchiveError, match="is damaged"):
        check_zip(bytes(data))


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(ArchiveError, match="it has 10001 parts, and at most 10000 are read"):
        check_zip(archive(*((str(number), b"") for number in range(10_001))))


@pytest.mark.parametrize(
    "content", [BILLION_LAUGHS, "<!-- -->" * 50_000 + BILLION_LAUGHS, READS_A_FILE.encode("UTF-16")]
)
@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/picture.png"])
def test_xml_that_declares_a_document_type_is_refused(name: str, content: str | bytes) -> None:
    with pytest.raises(ArchiveError, match="declares a document type"):
        check_zip(archive((name, content), packed=False))


@pytest.mark.parametrize("name", ["../a", "x/../../a", "/etc/passwd", "C:\\a", "..\\a", "\\\\host\\a", "a\nb", "C:a"])
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ArchiveError, match="is no place inside the archive's folder"):
        check_zip(archive((name, b"anything")))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"sample_id,class", id="a table"),
        pytest.param(archive(("a", b"x" * 1000))[:-30], id="cut off"),  # holds the time: no name of a test
    ],
)
def test_a_damaged_archive_is_refused(data: bytes) -> None:
    with pytest.raises(ArchiveError, match="it is no ZIP archive, or is damaged"):
        check_zip(data)


def test_a_gzipped_file_has_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "table.json.gz"
    path.write_bytes(gzip.compress(b"0" * 2_000_000))
    assert len(read_gzip(path, most_bytes=2_000_000)) == 2_000_000
    with pytest.raises(ArchiveError, match=r"table\.json\.gz unpacks to more than 1 MB"):
        read_gzip(path, most_bytes=1_000_000)


def test_no_flipped_byte_ends_in_another_error() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", "<a>" + "".join(f"<b>{number}</b>" for number in range(40)) + "</a>")
    data = packed.getvalue()
    for place in range(len(data)):
        for bit in (0, 3, 7):
            with contextlib.suppress(ArchiveError):
                check_zip(data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :])
