"""What was read of a stream of the record, kept in memory as long as the stream's last entry is the same.

A journal only grows, and each entry names the one before, so the last one stands for all of them.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from bmg_assets.store.record import Entry, Stream

T = TypeVar("T")


class LastRead(Generic[T]):
    """Keeps one value, for whatever stream was asked for last."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self._kept: tuple[tuple[str, str, str], Entry | None, T] | None = None

    def of(self, stream: Stream, read: Callable[[], T], place: str = "") -> T:
        """What `read` gives, or gave the last time for the same stream with the same last entry.

        Args:
            place: what else the value depends on.

        Raises:
            RecordDamagedError, RecordFormatError: the stream cannot be read. Else what `read` raises.
        """
        key = (stream.record.url, stream.name, place)
        with self._lock:
            # Looked up before the rest is read: an entry that comes between the two is then read again, never missed.
            last = stream.last_readable()
            if self._kept is None or self._kept[:2] != (key, last):
                self._kept = (key, last, read())
            return self._kept[2]
