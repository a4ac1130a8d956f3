"""A file of casts, split into the batches that a laboratory handed in one after the other."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from bmg_assets.science.errors import BmgError

BATCH_COLUMN = "batch_id"


class ReplayFileError(BmgError):
    """A file of casts that cannot be replayed."""


@dataclass(frozen=True)
class Batch:
    """The rows of one batch as a file of their own."""

    name: str
    text: str
    """CSV with the header of the whole file."""


def read_batches(path: Path) -> list[Batch]:
    """The batches of a file, in the order of their first rows; rows without a batch are one batch.

    Raises:
        ReplayFileError: there is no such file, it has no rows, or no column `batch_id`.
    """
    if not path.is_file():
        raise ReplayFileError(f"There is no file of casts at {path}; name one, with a column {BATCH_COLUMN}.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or []), list(reader)
    if BATCH_COLUMN not in columns or not rows:
        raise ReplayFileError(
            f"{path.name} has {len(rows)} rows and the columns {', '.join(columns) or 'none'}; a replay needs rows and "
            f"the column {BATCH_COLUMN}, which groups what was handed in together."
        )
    names = list(dict.fromkeys(row[BATCH_COLUMN] or "" for row in rows))
    return [Batch(name, _as_csv(columns, [r for r in rows if (r[BATCH_COLUMN] or "") == name])) for name in names]


def _as_csv(columns: list[str], rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
