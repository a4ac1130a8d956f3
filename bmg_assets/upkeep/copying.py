"""Copying files piece by piece, with their hashes, in constant memory."""

from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

PIECE_BYTES = 1 << 20


def size_and_digest(file: BinaryIO) -> tuple[int, str]:
    """Size in bytes and SHA-256 of what is left to be read."""
    digest, size = sha256(), 0
    while piece := file.read(PIECE_BYTES):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def copy_hashed(file: BinaryIO, target: Path, most_bytes: int | None = None) -> tuple[int, str]:
    """Copy what is left to be read to a local path; size in bytes and SHA-256 of the copy.

    Args:
        most_bytes: how much is copied at most, and one byte, by which more is noticed.
    """
    digest, size = sha256(), 0
    with target.open("wb") as copy:
        while (most_bytes is None or size <= most_bytes) and (piece := file.read(PIECE_BYTES)):
            digest.update(piece)
            copy.write(piece)
            size += len(piece)
    return size, digest.hexdigest()
