"""Getting public sources: only when asked, verified before anything is replaced, found again without a network.

Nothing here runs when definitions are loaded or tables are built; `bmg data` and `bmg demo` call it. Several sources at
once are in recommended_set.py, reading files is in readers.py.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from bmg_assets.science.errors import BmgError
from bmg_assets.sources.declaration import SourceDeclaration

TIMEOUT_S = 60
DEFAULT_USES = ("always", "properties", "reference")
REPORTING_USES = ("always", "fallback", "named")


class DownloadError(BmgError):
    """A source could not be fetched or verified; what was in the cache before is still there."""


class SourceChoiceError(BmgError):
    """A run names sources that do not exist or are not at hand, or there is nothing to work with."""


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source_path(declaration: SourceDeclaration, cache_dir: Path, literature_dir: Path) -> Path:
    """Where the source's file is, or would be: the cache for downloads, the literature folder for our own."""
    return (cache_dir if declaration.address else literature_dir) / declaration.file


def verify_file(declaration: SourceDeclaration, path: Path) -> None:
    """Check a file against its declared checksum; a source without one passes if it is our own (no address).

    Raises DownloadError where the checksum differs, or where a downloaded source declares none.
    """
    if declaration.sha256 is None and declaration.address is None:
        return
    found = file_sha256(path)
    if declaration.sha256 is None:
        raise DownloadError(
            f"Source '{declaration.name}' declares no sha256, and {path} has {found}; if you trust that file, write "
            "this checksum into sources.yaml."
        )
    if found != declaration.sha256:
        raise DownloadError(
            f"{path} is not the declared file of source '{declaration.name}': its sha256 is {found}, expected "
            f"{declaration.sha256}; move it away and run `bmg data` again."
        )


def fetch_source(declaration: SourceDeclaration, cache_dir: Path, bar: Any = None) -> Path:
    """The verified file of a source in the cache, downloaded if it is not there yet.

    The download goes to a temporary file beside its place and is moved there only when its checksum is right, so a
    broken download leaves the cache as it was. A file that is already there and right is not fetched again.
    bar: what the download reports its progress to, as Pooch expects it of a progress bar.
    Raises DownloadError where the source has no address or no checksum, the network fails, or the checksum is wrong.
    """
    if declaration.address is None:
        raise DownloadError(f"Source '{declaration.name}' is part of the repository; there is nothing to download.")
    path = cache_dir / declaration.file
    if path.exists():
        verify_file(declaration, path)
        return path
    if declaration.sha256 is None:
        raise DownloadError(
            f"Source '{declaration.name}' declares no sha256, so a download could not be verified; download "
            f"{declaration.address} by hand to {path}, check it, and write its checksum into sources.yaml."
        )
    keep_file(declaration, path, lambda file: receive(declaration, file, bar))
    return path


def keep_file(declaration: SourceDeclaration, path: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Put the file of a source in its place, once it is whole; whatever goes wrong leaves the cache as it was.

    Args:
        fill: writes the content into an open file.

    Raises:
        DownloadError: the cache cannot be written.
    """
    try:
        _fill_beside(path, fill)
    except OSError as error:
        raise DownloadError(
            f"The download of source '{declaration.name}' could not be written to {path.parent} "
            f"({error.strerror or error}); make the folder writable or choose another cache, and run `bmg data`."
        ) from error


def _fill_beside(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; the cache may be shared. A share may have no rights to set.
        with suppress(OSError):
            temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def receive(declaration: SourceDeclaration, file: BinaryIO, bar: Any = None, timeout_s: float = TIMEOUT_S) -> None:
    """Download a source into an open file and verify it.

    Args:
        timeout_s: how long the server may be silent.

    Raises:
        DownloadError: the network fails, or the checksum is wrong.
    """
    import pooch
    import requests

    address = declaration.address
    try:
        pooch.HTTPDownloader(progressbar=bar, timeout=timeout_s)(address, file, None)
    except requests.RequestException as error:
        raise DownloadError(
            f"Source '{declaration.name}' could not be downloaded from {address} ({_cause(error)}); check the network "
            f"and run `bmg data` again, or download it by hand to {declaration.file} in the download cache."
        ) from error
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    if found != declaration.sha256:
        raise DownloadError(
            f"The file that {address} sent for source '{declaration.name}' is not the declared file: its sha256 is "
            f"{found}, expected {declaration.sha256}; run `bmg data` again, and "
            "if it stays so the file was changed there."
        )


def _cause(error: Exception) -> str:
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP status {response.status_code}"
    return type(error).__name__


def default_downloads(declarations: Mapping[str, SourceDeclaration]) -> list[str]:
    """The sources that a download without names fetches: those used always, and the files to compare with."""
    return [name for name, declared in declarations.items() if declared.address and declared.use in DEFAULT_USES]


def available_sources(
    declarations: Mapping[str, SourceDeclaration], cache_dir: Path, literature_dir: Path
) -> dict[str, Path]:
    """Files that are at hand, by source, in the order of the declarations; their checksums are verified at reading."""
    paths = {name: source_path(declared, cache_dir, literature_dir) for name, declared in declarations.items()}
    return {name: path for name, path in paths.items() if path.is_file()}


def choose_sources(
    declarations: Mapping[str, SourceDeclaration], at_hand: Collection[str], named: Collection[str] | None = None
) -> list[str]:
    """The sources that a run reads, in the order of the declarations.

    named: sources that the run asks for; None leaves it to their `use`: every `always` source at hand, and while there
    is none, the `fallback` ones, so that what is measured on the published set stays comparable with the paper.
    Raises SourceChoiceError for a name that is not declared, is no source of reports or is not at hand, and where
    nothing is at hand at all.
    """
    if named is not None:
        return _named_sources(declarations, at_hand, named)
    for use in ("always", "fallback"):
        chosen = [name for name, declared in declarations.items() if declared.use == use and name in at_hand]
        if chosen:
            return chosen
    raise SourceChoiceError("No source of literature is at hand; run `bmg data` or restore data/literature.")


def choose_property_sources(declarations: Mapping[str, SourceDeclaration], at_hand: Collection[str]) -> list[str]:
    """The sources that report properties other than D_max, in the order of the declarations: all that are at hand.

    Properties are read whatever the `use` of a source is.
    """
    return [name for name, declared in declarations.items() if declared.properties and name in at_hand]


def _named_sources(
    declarations: Mapping[str, SourceDeclaration], at_hand: Collection[str], named: Collection[str]
) -> list[str]:
    usable = [name for name, declared in declarations.items() if declared.use in REPORTING_USES]
    unknown = [name for name in named if name not in usable]
    if unknown or not named:
        found = f"'{unknown[0]}' is no declared source of reports" if unknown else "The list of sources is empty"
        raise SourceChoiceError(f"{found}; choose among {', '.join(usable)}.")
    absent = [name for name in named if name not in at_hand]
    if absent:
        raise SourceChoiceError(f"Source '{absent[0]}' is not at hand; run `bmg data {absent[0]}` first.")
    return [name for name in usable if name in named]
