"""What was written is read, and damage is noticed wherever it lies."""

import random

import pyarrow as pa
import pyarrow.parquet as pq

from bmg_assets.store.parquet import from_parquet, to_parquet

ROWS = 500
TABLE = pa.table(
    {"composition": [f"alloy {row}" for row in range(ROWS)], **{f"column {n}": [0.5 * n] * ROWS for n in range(40)}}
)
FLIPS = 600


def test_a_flipped_bit_is_refused_or_does_not_matter() -> None:
    data, places = to_parquet(TABLE), random.Random(3)
    refused = 0
    for _ in range(FLIPS):
        flipped = bytearray(data)
        flipped[places.randrange(len(data))] ^= 1 << places.randrange(8)
        try:
            assert from_parquet(bytes(flipped)).equals(TABLE)
        except (pa.ArrowException, OSError):
            refused += 1
    assert refused > FLIPS / 3


def test_a_file_without_checksums_is_read() -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(TABLE, sink)
    assert from_parquet(sink.getvalue().to_pybytes()).equals(TABLE)
    assert from_parquet(to_parquet(TABLE)).schema.metadata is None
