"""Lab files: bytes to the rows below a header, and what is wrong with a file as a whole."""

import io
import zipfile

from bmg_assets.intake.csv_file import read_csv
from bmg_assets.intake.faults import CastFileError
from bmg_assets.intake.reading import Reading
from bmg_assets.intake.table import Table
from bmg_assets.intake.workbook import read_workbook


def read_bytes(ending: str, data: bytes, reading: Reading) -> Table:
    """The rows below the header of a file whose name ends so.

    Raises CastFileError where no row can be read: no known format or encoding, no header, a required column missing,
    nothing below the header, or too many lines.
    """
    match ending.lower():
        case ".csv":
            return read_csv(data)
        case ".xlsx":
            return read_workbook(data, reading)
        case _:
            found = f"files that end in {ending!r} are not read" if ending else "the file's name has no ending"
            raise CastFileError(found, "save the casts as CSV in UTF-8 or as XLSX")


def has_end(ending: str, data: bytes) -> bool:
    """Whether a file, or its last bytes if it is CSV, ends as a complete one does; other formats always do."""
    match ending.lower():
        case ".csv":
            return data.endswith((b"\n", b"\r"))
        case ".xlsx":
            return zipfile.is_zipfile(io.BytesIO(data))
        case _:
            return True
