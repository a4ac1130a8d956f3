"""Archives from outside (workbooks, downloads, backups): refused before anything in them is unpacked or parsed.

A small archive may unpack to more than the machine holds, its XML may declare entities that expand without end or
read files of the machine, and the name of a part may lead out of the folder into which it is unpacked.
"""

import gzip
import io
import zipfile
import zlib
from lzma import LZMAError
from pathlib import Path, PurePosixPath, PureWindowsPath
from xml.parsers import expat

from bmg_assets.science.errors import BmgError

LARGEST_UNPACKED_BYTES = 100_000_000
"""What an archive of a few tables may take when it is unpacked: more is a bomb, not data."""
MOST_PARTS = 10_000
HIGHEST_RATIO = 200
"""Unpacked to packed bytes of a part. Tables with long runs of styled, empty cells reach 20; a bomb reaches 1000."""
SMALL_PART_BYTES = 1_000_000
"""Parts that unpack to less may have any ratio."""
PIECE_BYTES = 65_536


class ArchiveError(BmgError):
    """An archive that is damaged, or larger than allowed, or would write or read where it must not.

    Attributes:
        found: what is wrong with it, as a clause for other sentences.
    """

    def __init__(self, found: str) -> None:
        super().__init__(f"The archive was refused and nothing of it was read, because {found}.")
        self.found = found


class DamagedArchiveError(ArchiveError):
    """Bytes that are no archive, or a part of one."""


def check_zip(data: bytes, most_bytes: int = LARGEST_UNPACKED_BYTES) -> None:
    """Refuse a ZIP archive that is damaged, unpacks to too much, has parts outside its folder or XML with a DTD.

    The declared sizes can be trusted: `zipfile` reads no more of a part than is declared.

    Args:
        most_bytes: what all parts together may unpack to.

    Raises:
        DamagedArchiveError: it cannot be read at all.
        ArchiveError: another fault, the first one.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts, most_bytes)
            for part in parts:
                check_name(part.filename)
                if part.flag_bits & 1:
                    raise ArchiveError("it is protected by a password")
                if not part.is_dir():
                    _check_no_dtd(archive, part)
    except (zipfile.BadZipFile, zlib.error, LZMAError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise DamagedArchiveError("it is no ZIP archive, or is damaged") from error


def check_name(name: str) -> None:
    """Refuse the name of a part that is no place inside the folder into which an archive is unpacked.

    Raises:
        ArchiveError: the name is empty, absolute, has a drive or a `..`, or cannot be a name of a file.
    """
    windows = PureWindowsPath(name)
    leads_out = PurePosixPath(name).is_absolute() or windows.anchor or ".." in windows.parts
    if not windows.parts or leads_out or not name.isprintable():
        raise ArchiveError(f"its part {name[:80]!r} is no place inside the archive's folder")


def read_gzip(path: Path, most_bytes: int = LARGEST_UNPACKED_BYTES) -> bytes:
    """The content of a gzipped file.

    Raises:
        ArchiveError: it unpacks to more than `most_bytes`.
        OSError, EOFError, zlib.error: it cannot be read, or is no gzipped file.
    """
    with gzip.open(path, "rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ArchiveError(f"{path.name} unpacks to more than {_megabytes(most_bytes)}")
    return content


def _check_sizes(parts: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if len(parts) > MOST_PARTS:
        raise ArchiveError(f"it has {len(parts)} parts, and at most {MOST_PARTS} are read")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > most_bytes:
        raise ArchiveError(f"it unpacks to {_megabytes(unpacked)}, and at most {_megabytes(most_bytes)} are read")
    for part in parts:
        if part.file_size > max(SMALL_PART_BYTES, HIGHEST_RATIO * part.compress_size):
            raise ArchiveError(
                f"its part {part.filename[:80]!r} unpacks to {_megabytes(part.file_size)} of next to nothing"
            )


def _check_no_dtd(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse XML with a document type declaration: entities are declared there, and office files never have one."""
    parser = expat.ParserCreate()
    before_content = True

    def refuse(*_: object) -> None:
        raise ArchiveError(f"its part {part.filename[:80]!r} declares a document type, which may hide a trap")

    def content(*_: object) -> None:
        nonlocal before_content
        before_content = False

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, content
    with archive.open(part) as file:
        while before_content and (piece := file.read(PIECE_BYTES)):
            try:
                parser.Parse(piece, False)
            except expat.ExpatError:  # a picture, say
                return


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
