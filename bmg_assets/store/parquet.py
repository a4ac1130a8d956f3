"""Parquet in memory, without pyarrow's own threads.

A thread of pyarrow that reads from a Python object may still run when Python exits. It then aborts the process (exit
code 134), and a step that has done its work fails: 6 of 130 runs with pyarrow 26.0.1, and 0 of 146 without threads.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_NAMES = b"bmg_columns"
"""Key of a file's metadata under which the digest of the columns' names stands; nothing else protects them."""


def to_parquet(arrow: pa.Table) -> bytes:
    """The table as the bytes of a Parquet file, in which every page and the names of the columns have a checksum."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    noted = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), _NAMES: _digest(arrow.column_names)})
    pq.write_table(noted, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())


def from_parquet(data: bytes) -> pa.Table:
    """The table in the bytes of a Parquet file; raises pyarrow's ArrowException or an OSError if they are none.

    What was changed later does not fit its checksum; a file without checksums is read all the same.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False, page_checksum_verification=True)
    try:
        arrow = file.read(use_threads=False)
        names = _digest(arrow.column_names)
    except UnicodeDecodeError as error:
        raise pa.ArrowInvalid(f"the names of its columns cannot be read ({error})") from error
    metadata = dict(arrow.schema.metadata or {})
    if metadata.pop(_NAMES, names) != names:
        raise pa.ArrowInvalid("the names of its columns are not what was written")
    return arrow.replace_schema_metadata(metadata or None)


def _digest(names: list[str]) -> bytes:
    return sha256("\n".join(names).encode()).hexdigest().encode()
