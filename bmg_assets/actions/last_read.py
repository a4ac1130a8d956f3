"""What was read of a stream of the record, kept in memory as long as the stream's last entry is the same.

A journal only grows, and each entry names the one before, so the last one stands for all of them.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from bmg_assets.store.record import Entry, Stream

T = TypeVar("T")
_Key: TypeAlias = tuple[str, str, str]


class LastRead(Generic[T]):
    """Keeps one value, for whatever stream was asked for last."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self._kept: tuple[_Key, Entry | None, T] | None = None

    def of(
        self,
        stream: Stream,
        read: Callable[[], T],
        place: str = "",
        further: Callable[[T, Sequence[Entry]], T | None] | None = None,
    ) -> T:
        """What `read` gives, or gave the last time for the same stream with the same last entry.

        Args:
            place: what else the value depends on.
            further: the value that follows from the one of before and the entries since; None where `read` has to be
                asked. Without it, `read` is asked for every entry that has come.

        Raises:
            RecordDamagedError, RecordFormatError: the stream cannot be read. Else what `read` and `further` raise.
        """
        key = (stream.record.url, stream.name, place)
        with self._lock:
            # Looked up before the rest is read: an entry that comes between the two is then read again, never missed.
            last = stream.last_readable()
            if self._kept is None or self._kept[:2] != (key, last):
                found = self._grown(stream, key, last, further) if further is not None and last is not None else None
                self._kept = (key, last, found if found is not None else read())
            return self._kept[2]

    def _grown(
        self, stream: Stream, key: _Key, last: Entry, further: Callable[[T, Sequence[Entry]], T | None]
    ) -> T | None:
        """The value with the entries since; None where the stream is another one, or does not go on from there."""
        if self._kept is None or self._kept[0] != key or self._kept[1] is None or self._kept[1].number >= last.number:
            return None
        before, *since = stream.entries(self._kept[1].number)
        if before != self._kept[1]:
            return None
        return further(self._kept[2], [one for one in since if one.number <= last.number])
