"""Several sources at once: what would be downloaded, each on its own, or all of them within some seconds."""

import io
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bmg_assets.sources.declaration import SourceDeclaration
from bmg_assets.sources.download import DownloadError, fetch_source, keep_file, receive

Bars = Callable[[str], AbstractContextManager[Any]]
"""Shows the progress of the download with a title, see `showing_download`."""


@dataclass(frozen=True)
class Planned:
    """A source as it is told before anything is downloaded."""

    name: str
    title: str
    size_bytes: int | None
    """None where nobody has declared it."""
    licence: str
    is_here: bool
    """Whether the cache has its file already."""


def plan(declarations: Mapping[str, SourceDeclaration], names: Iterable[str], cache_dir: Path) -> list[Planned]:
    """The sources of these names, in their order."""
    return [
        Planned(name, one.title, one.size_bytes, one.licence, (cache_dir / one.file).is_file())
        for name, one in ((name, declarations[name]) for name in names)
    ]


def fetch_each(
    declarations: Mapping[str, SourceDeclaration],
    names: Sequence[str],
    cache_dir: Path,
    bars: Bars,
    say: Callable[[str, Path | DownloadError], None],
) -> list[str]:
    """Fetch sources one after the other; one that fails does not stop the others.

    Args:
        say: is called with each name, and with the verified file or what went wrong.

    Returns:
        The names of those that failed.
    """
    failed = []
    for name in names:
        try:
            with bars(name) as bar:
                path = fetch_source(declarations[name], cache_dir, bar)
        except DownloadError as error:
            failed.append(name)
            say(name, error)
        else:
            say(name, path)
    return failed


def fetch_all_within(declarations: Sequence[SourceDeclaration], cache_dir: Path, seconds: float) -> None:
    """Fetch sources side by side, all of them or none: nothing is written before the last one is there.

    They are kept in memory meanwhile, so that a download that is given up leaves nothing behind. Some of the sets are
    of one class only; a part of them would be a worse literature than the starter table.

    Args:
        declarations: each with an address and a checksum.
        seconds: for all of them together, however the network behaves.

    Raises:
        DownloadError: one of them failed, or they took too long; the cache is as it was.
    """
    outcomes: queue.Queue[tuple[SourceDeclaration, bytes | DownloadError]] = queue.Queue()
    ends_at = time.monotonic() + seconds
    for declaration in declarations:
        # Nothing can interrupt a look-up of a name: a thread that hangs in one is left to itself.
        threading.Thread(target=_into_memory, args=(declaration, seconds, outcomes), daemon=True).start()
    contents: list[tuple[SourceDeclaration, bytes]] = []
    for _ in declarations:
        try:
            declaration, outcome = outcomes.get(timeout=max(ends_at - time.monotonic(), 0))
        except queue.Empty:
            raise DownloadError(
                f"{len(contents)} of {len(declarations)} published sets arrived within {seconds:g} s; `bmg data` "
                "downloads them without a limit of time."
            ) from None
        if isinstance(outcome, DownloadError):
            raise outcome
        contents.append((declaration, outcome))
    _keep_all(contents, cache_dir)


def _keep_all(contents: Sequence[tuple[SourceDeclaration, bytes]], cache_dir: Path) -> None:
    kept: list[Path] = []
    try:
        for declaration, content in contents:
            path = cache_dir / declaration.file
            keep_file(declaration, path, lambda file, content=content: _write(file, content))  # type: ignore[misc]
            kept.append(path)
    except DownloadError:
        for path in kept:
            path.unlink(missing_ok=True)
        raise


def _into_memory(
    declaration: SourceDeclaration,
    seconds: float,
    outcomes: "queue.Queue[tuple[SourceDeclaration, bytes | DownloadError]]",
) -> None:
    file = io.BytesIO()
    try:
        receive(declaration, file, timeout_s=seconds)
    except DownloadError as error:
        outcomes.put((declaration, error))
    else:
        outcomes.put((declaration, file.getvalue()))


def _write(file: Any, content: bytes) -> None:
    file.write(content)
