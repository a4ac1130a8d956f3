"""Ways in which a file comes to harm."""

from collections.abc import Callable
from pathlib import Path


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    _replace(path, bytes(data))


def _replace(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


FAULTS: dict[str, Callable[[Path], None]] = {
    "flipped": _flip,
    "emptied": lambda path: _replace(path, b""),
    "truncated": lambda path: _replace(path, path.read_bytes()[:-3]),
    "removed": Path.unlink,
}


def files_below(folder: Path) -> dict[str, bytes]:
    """All files, hidden ones too, by their path."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
