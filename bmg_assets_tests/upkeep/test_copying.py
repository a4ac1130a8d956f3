"""A copy is what was read, and its hash that of the copy."""

import io
from hashlib import sha256
from pathlib import Path

from bmg_assets.upkeep.copying import PIECE_BYTES, copy_hashed, size_and_digest

DATA = bytes(range(256)) * (PIECE_BYTES // 100)


def test_a_copy_has_the_hash_of_what_it_holds(tmp_path: Path) -> None:
    expected = (len(DATA), sha256(DATA).hexdigest())
    assert size_and_digest(io.BytesIO(DATA)) == expected
    assert copy_hashed(io.BytesIO(DATA), tmp_path / "copy") == expected
    assert (tmp_path / "copy").read_bytes() == DATA


def test_no_more_is_copied_than_is_needed_to_notice_more(tmp_path: Path) -> None:
    size, _ = copy_hashed(io.BytesIO(DATA), tmp_path / "copy", most_bytes=10)
    assert 10 < size <= PIECE_BYTES
