"""Archives for tests: their members, written and read."""

import io
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

ENDINGS = (".zip", ".tar.zst")
Member = tuple[str, bytes]


def members_of(path: Path) -> list[Member]:
    """Name and content of each member, in order."""
    if path.name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            return [(name, archive.read(name)) for name in archive.namelist()]
    with pa.OSFile(str(path), "rb") as file, pa.CompressedInputStream(file, "zstd") as packed:
        unpacked = io.BytesIO(packed.read())
    with tarfile.open(fileobj=unpacked) as tar:
        return [(one.name, opened.read()) for one in tar if (opened := tar.extractfile(one)) is not None]


def written(path: Path, members: Sequence[Member], link: str | None = None) -> None:
    """Write an archive of these members, and one that is a link to a file elsewhere."""
    if path.name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            if link:
                member = zipfile.ZipInfo(link)
                member.external_attr = 0o120777 << 16
                archive.writestr(member, "/etc/passwd")
            for name, data in members:
                archive.writestr(name, data)
        return
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        if link:
            entry = tarfile.TarInfo(link)
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(entry)
        for name, data in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    with pa.OSFile(str(path), "wb") as file, pa.CompressedOutputStream(file, "zstd") as stream:
        stream.write(packed.getvalue())
