"""What was written is read, and damage is noticed wherever it lies."""

import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bmg_assets.store.origin import Origin
from bmg_assets.store.parquet import DamagedFileError, from_parquet, to_parquet

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
        except DamagedFileError:
            refused += 1
    assert refused > FLIPS / 3


def test_a_file_without_checksums_is_read() -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(TABLE, sink)
    assert from_parquet(sink.getvalue().to_pybytes()).equals(TABLE)
    assert from_parquet(to_parquet(TABLE)).schema.metadata is None


@pytest.mark.parametrize("harm", [lambda data: b"", lambda data: data[:-1], lambda data: data[: len(data) // 2]])
def test_a_file_that_was_cut_off_is_damaged(harm: object) -> None:
    with pytest.raises(DamagedFileError):
        from_parquet(harm(to_parquet(TABLE)))  # type: ignore[operator]


def test_where_it_comes_from_is_no_part_of_the_table() -> None:
    assert from_parquet(to_parquet(TABLE, Origin("a run"))).schema.metadata is None
