"""The way by file: a message is a line of JSON at the end of a file, for programs that follow it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from bmg_assets.notices.ways import Message, ReceiverAwayError
from bmg_assets.store.folder import sync

LOOKED_BACK = 1_000_000
"""Bytes of the end of the file in which a message is looked for: whoever was killed wrote it last of all."""


@dataclass(frozen=True)
class FileOfNotices:
    """Appends messages to a file, each once: what is there already is not written again."""

    path: Path
    name: str = "file"

    @property
    def in_words(self) -> str:
        """Which file."""
        return f"written to {self.path}"

    def send(self, message: Message) -> None:
        """Append a message, so that a power cut does not lose it; see `Way.send`."""
        line = json.dumps(message.as_json(), ensure_ascii=False).encode(errors="backslashreplace")
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                self._append(descriptor, line, json.dumps(message.id).encode())
            finally:
                os.close(descriptor)
            sync(self.path.parent)
        except OSError as error:
            raise ReceiverAwayError(f"{self.path} cannot be written ({error.strerror or error}).") from None

    def _append(self, descriptor: int, line: bytes, identity: bytes) -> None:
        size = os.fstat(descriptor).st_size
        end = os.pread(descriptor, LOOKED_BACK, max(0, size - LOOKED_BACK))
        whole, _, cut_off = end.rpartition(b"\n")
        if identity in whole:
            return
        if cut_off == line:  # all but its end was written
            line = cut_off = b""
        data = (b"\n" if cut_off else b"") + line + b"\n"
        written = os.write(descriptor, data)
        if written != len(data):
            raise OSError(f"{written} of {len(data)} bytes were written")
        os.fsync(descriptor)
