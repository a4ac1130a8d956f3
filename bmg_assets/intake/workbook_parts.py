"""What of a workbook is read: its rows with content, without the empty cells that formats and borders leave behind.

A sheet with one cast may have a million rows of borders. They are left out of the XML before it is parsed, at the speed
of searching bytes; so a sheet costs what it holds. Drawings, links and macros are left out, too, and the names of
Strict Open XML are replaced by those that openpyxl knows.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree

from bmg_assets.intake.faults import SPLIT, CastFileError

LARGEST_UNPACKED_BYTES = 400_000_000
"""What a workbook may take when it is unpacked. Borders around all rows of nine columns take 210 MB."""
LARGEST_PART_BYTES = 20_000_000
"""What a part that is no sheet, or the rows with content of a sheet, may take."""
MOST_SHEETS = 100
PIECE_BYTES = 1 << 20
LARGEST_HEAD_BYTES = 1 << 22
MOST_MERGED = 5_000
_STRICT = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_LEFT_OUT = re.compile(
    r"(?:^|/)(?:drawings|media|charts|chartsheets|externalLinks|pivot\w*|ctrlProps|docProps|customXml|printerSettings"
    r"|activeX|embeddings|tables|queryTables|slicers|slicerCaches|threadedComments|persons|richData|model|theme)(?:/|$)"
)
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROOT = re.compile(rb"<((?:\w+:)?)worksheet\b[^>]*>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=\"([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})\"")


@dataclass
class Sheet:
    """A sheet: the name of its part, its XML without empty cells, and its merged ranges.

    is_whole: False where rows were left out at the end, because only the first were asked for.
    """

    part: str
    xml: bytes
    merged: tuple[str, ...] = ()
    is_whole: bool = True


@dataclass
class Parts:
    """The parts of a workbook that are read: those of the sheets by their titles, and the others by their names."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    others: dict[str, bytes] = field(default_factory=dict)

    def archive(self) -> io.BytesIO:
        """The parts as a workbook of their own."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self.others.items():
                archive.writestr(name, content)
            for sheet in self.sheets.values():
                archive.writestr(sheet.part, sheet.xml)
        buffer.seek(0)
        return buffer


def read_parts(data: bytes, most_rows: Callable[[str], int]) -> Parts:
    """The parts of a workbook. most_rows: how many rows with content of a sheet are wanted, by its title.

    Raises CastFileError where a part is too large, and what zipfile and ElementTree raise for damaged ones.
    """
    parts = Parts()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        sheets = {title: name for title, name in _sheets(archive, names).items() if name in names}
        if len(sheets) > MOST_SHEETS:
            raise CastFileError(
                f"the workbook has {len(sheets)} sheets, more than {MOST_SHEETS}", "send the casts alone"
            )
        for title, name in sheets.items():
            with archive.open(name) as stream:
                parts.sheets[title] = rows_with_content(name, stream, most_rows(title))
        for name in {*names} - {*sheets.values()}:
            if name.endswith((".xml", ".rels")) and not _LEFT_OUT.search(name):
                parts.others[name] = _replaced(_whole_part(archive, name))
    for name in sheets.values():
        _keep_comments_alone(parts.others, _rels_of(name))
    return parts


def _whole_part(archive: zipfile.ZipFile, name: str) -> bytes:
    size = archive.getinfo(name).file_size
    if size > LARGEST_PART_BYTES:
        raise CastFileError(f"the workbook's part {name!r} unpacks to {size} bytes", "send the casts alone, as values")
    return archive.read(name)


def _replaced(content: bytes) -> bytes:
    for strict, usual in _STRICT.items():
        content = content.replace(strict, usual)
    return content


def _sheets(archive: zipfile.ZipFile, names: list[str]) -> dict[str, str]:
    """The part of each worksheet by its title, in the order of the workbook; chart sheets are none."""
    found: dict[str, str] = {}
    for name in names:
        rels = _rels_of(name)
        if not name.endswith("workbook.xml") or rels not in names:
            continue
        parts = {}
        for one in ElementTree.fromstring(_replaced(_whole_part(archive, rels))):
            if one.get("Type", "").endswith("/worksheet"):
                target = posixpath.join("/", posixpath.dirname(name), one.get("Target", ""))
                parts[one.get("Id", "")] = posixpath.normpath(target)[1:]
        for one in ElementTree.fromstring(_replaced(_whole_part(archive, name))).iter():
            if one.tag.endswith("}sheet") and one.get(_ID, "") in parts:
                found[one.get("name", "")] = parts[one.get(_ID, "")]
    return found


def _rels_of(part: str) -> str:
    return posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")


def _keep_comments_alone(others: dict[str, bytes], rels: str) -> None:
    if rels in others:
        root = ElementTree.fromstring(others[rels])
        for one in list(root):
            if not one.get("Type", "").endswith("/comments"):
                root.remove(one)
        others[rels] = ElementTree.tostring(root)


def rows_with_content(part: str, stream: IO[bytes], most_rows: int) -> Sheet:
    """The rows of a sheet that hold something, at most so many; read piece by piece.

    Raises CastFileError where these rows are too large, ValueError where it is no sheet.
    """
    head = b""
    while b"<" not in head or (found := _ROOT.search(head)) is None or not _data_begins(head, found[1]):
        piece = stream.read(PIECE_BYTES)
        if not piece or len(head) > LARGEST_HEAD_BYTES:
            if (found := _ROOT.search(head)) is None:
                raise ValueError("a sheet that is no worksheet")
            return Sheet(part, _closed(found, []))
        head += piece
    begin = head.index(b"<" + found[1] + b"sheetData")
    scanner = _Scanner(found[1], most_rows)
    tail = scanner.scan(head[begin:], stream)
    return Sheet(part, _closed(found, scanner.kept), _merged_in(tail), not scanner.is_full)


def _data_begins(head: bytes, prefix: bytes) -> bool:
    return b"<" + prefix + b"sheetData" in head


def _closed(root: re.Match[bytes], rows: list[bytes]) -> bytes:
    prefix, tag = root[1], root[0].rstrip(b">").rstrip(b"/") + b">"
    data = b"<" + prefix + b"sheetData>" + b"".join(rows) + b"</" + prefix + b"sheetData>"
    return _replaced(tag + data + b"</" + prefix + b"worksheet>")


def _merged_in(tail: bytes) -> tuple[str, ...]:
    return tuple(found[1].decode() for found, _ in zip(_MERGED.finditer(tail), range(MOST_MERGED), strict=False))


class _Scanner:
    """Keeps the rows with content of a stream of XML."""

    def __init__(self, prefix: bytes, most_rows: int) -> None:
        self.kept: list[bytes] = []
        self.is_full = False
        self._most_rows = most_rows
        self._bytes = 0
        self._rows = 0
        self._row, self._end = b"<" + prefix + b"row", b"</" + prefix + b"sheetData>"
        marks = tuple(b"<" + prefix + mark for mark in (b"v>", b"is>", b"f>", b"f ", b"v "))
        self._mark = re.compile(b"|".join(marks))
        self._starts = tuple(b"<" + prefix + start for start in (b"v", b"is", b"f"))
        cell = re.escape(b"<" + prefix + b"c")
        end = re.escape(b"</" + prefix + b"c>")
        self._cell = b"<" + prefix + b"c "
        blank = (
            rb"<" + prefix + rb"is>\s*<" + prefix + rb"t(?: [^<>]*)?>\s*</" + prefix + rb"t>\s*</" + prefix + rb"is>"
        )
        self._empty = re.compile(cell + rb"(?: [^<>]*)?(?:/>|>\s*(?:" + blank + rb")?\s*" + end + rb")")

    def scan(self, text: bytes, stream: IO[bytes]) -> bytes:
        """Read to the end of the rows; returned is what follows them, as far as it is looked at."""
        while True:
            end = text.find(self._end)
            cut = end if end >= 0 else text.rfind(self._row)
            if cut > 0:
                self._segment(text[:cut])
                text = text[cut:]
            if end >= 0 or self.is_full:
                return text + stream.read(LARGEST_HEAD_BYTES)
            piece = stream.read(PIECE_BYTES)
            if not piece:
                self._segment(text)
                return b""
            if len(text) > LARGEST_PART_BYTES:
                raise CastFileError(f"a row of a sheet has more than {LARGEST_PART_BYTES} bytes", SPLIT)
            text += piece

    def _segment(self, text: bytes) -> None:
        """Keep the rows with content of a text that ends with the end of a row."""
        position = 0
        # Plain searches are faster than the pattern, and most segments of a sheet of borders hold nothing.
        holds_any = any(start in text for start in self._starts)
        while holds_any and not self.is_full and (found := self._mark.search(text, position)):
            start = text.rfind(self._row, position, found.start())
            if start < 0:
                raise ValueError("a value outside of a row")
            end = text.find(self._row, found.start())
            end = len(text) if end < 0 else end
            self._rows += text.count(self._row, position, start)
            self._keep(text[start:end])
            position = end
        self._rows += text.count(self._row, position)

    def _keep(self, row: bytes) -> None:
        self._rows += 1
        opening = row[: row.index(b">")]
        if b" r=" not in opening:
            row = self._row + b' r="%d"' % self._rows + row[len(self._row) :]
        if row.count(self._cell) == row.count(b' r="') - 1:
            row = self._empty.sub(b"", row)
            if not self._mark.search(row):
                return
        if len(self.kept) >= self._most_rows:
            self.is_full = True
            return
        self._bytes += len(row)
        if self._bytes > LARGEST_PART_BYTES:
            raise CastFileError(f"a sheet holds more than {LARGEST_PART_BYTES} bytes of cells", SPLIT)
        self.kept.append(row)
