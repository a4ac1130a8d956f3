"""Parquet in memory, with a checksum for each page, and without pyarrow's own threads.

A bit that flips on a disk gives other numbers without an error, so every page is written with its checksum and read
against it. DuckDB does not look at them (see queries.py).

A thread of pyarrow that reads from a Python object may still run when Python exits. It then aborts the process (exit
code 134), and a step that has done its work fails: 6 of 130 runs with pyarrow 26.0.1, and 0 of 146 without threads.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bmg_assets.science.errors import BmgError
from bmg_assets.store.origin import PARQUET_KEY, Origin

if TYPE_CHECKING:
    import pyarrow as pa

_SHAPE = b"bmg_shape"
"""Key of a file's metadata for the digest of names and number of rows, which stand where no page's checksum covers."""


class DamagedFileError(BmgError):
    """Bytes that are no Parquet file, or not those that were written."""


def to_parquet(arrow: pa.Table, origin: Origin | None = None) -> bytes:
    """The table as the bytes of a Parquet file, in which pages, names and the number of rows have checksums.

    Args:
        origin: what the table was made by and from; the file says it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    notes = {_SHAPE: _digest(arrow)} | ({PARQUET_KEY: origin.to_text().encode()} if origin else {})
    noted = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), **notes})
    pq.write_table(noted, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())


def from_parquet(data: bytes) -> pa.Table:
    """The table in the bytes of a Parquet file; raises DamagedFileError if they are not those that were written.

    What was changed later does not fit its checksum; a file without checksums is read all the same.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False, page_checksum_verification=True)
        arrow = file.read(use_threads=False)
        shape = _digest(arrow)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DamagedFileError(str(error).splitlines()[0]) from error
    metadata = dict(arrow.schema.metadata or {})
    if metadata.pop(_SHAPE, shape) != shape:
        raise DamagedFileError("its columns or the number of its rows are not what was written")
    metadata.pop(PARQUET_KEY, None)
    return arrow.replace_schema_metadata(metadata or None)


def _digest(arrow: pa.Table) -> bytes:
    return sha256("\n".join([str(arrow.num_rows), *arrow.column_names]).encode()).hexdigest().encode()
