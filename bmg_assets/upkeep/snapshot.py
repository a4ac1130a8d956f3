"""What a backup holds of one moment: the files of a deployment with their hashes, and the systems registered in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

from bmg_assets.archives import ArchiveError, check_name
from bmg_assets.science.errors import BmgError
from bmg_assets.store.record import platform_version
from bmg_assets.store.sealed import sealed, unsealed

SNAPSHOT_FORMAT = 1
RECORD, LAB, LITERATURE, DAGSTER = PARTS = ("record", "lab", "literature", "dagster")
"""Parts of a deployment that are backed up: the first part of each file's name."""
DAGSTER_SETTINGS = "dagster.yaml"
"""The one file of Dagster's folder that is backed up."""


class BackupError(BmgError):
    """A backup that cannot be made or used; nothing was changed."""


@dataclass(frozen=True)
class SavedFile:
    """One file of a deployment."""

    name: str
    """Part and name in it, like `lab/accepted/zr.csv`."""
    size: int
    """In bytes."""
    sha256: str
    modified_ns: int | None
    """Time of last writing in ns since 1970; None behind a URL."""

    @property
    def part(self) -> str:
        """The part of the deployment."""
        return self.name.partition("/")[0]

    @property
    def name_in_part(self) -> str:
        """The name in the folder of the part."""
        return self.name.partition("/")[2]


@dataclass(frozen=True)
class Snapshot:
    """A deployment at one moment."""

    name: str
    """When it was taken, UTC: `2026-11-27T20-34-05-120Z`."""
    record: str
    """Identity of the record, and so of the deployment."""
    systems: Mapping[str, Sequence[str]]
    """Registered keys by dimension of partitions, the oldest first."""
    files: tuple[SavedFile, ...]
    version: str = field(default_factory=platform_version)
    format: int = SNAPSHOT_FORMAT

    def to_json(self) -> bytes:
        """The snapshot as a file."""
        return sealed(asdict(self))

    @classmethod
    def from_json(cls, place: str, data: bytes) -> Snapshot:
        """Read such a file.

        Raises:
            BackupError: it is damaged, of a newer version, or names files outside of a deployment.
        """
        try:
            found = unsealed(data)
            if found["format"] > SNAPSHOT_FORMAT:
                raise BackupError(
                    f"{place} has format {found['format']}, but this version of the platform knows formats up to "
                    f"{SNAPSHOT_FORMAT}: use the version that wrote it, or a newer one. Nothing was changed."
                )
            snapshot = cls(**{**found, "files": tuple(SavedFile(**one) for one in found["files"])})
        except (ValueError, TypeError, KeyError) as error:
            raise BackupError(
                f"{place} is damaged or no snapshot of a backup: choose another one (--list). Nothing was changed."
            ) from error
        names = [one.name for one in snapshot.files]
        bad = next((name for name in names if not can_be_saved(name)), None)
        if bad is not None or len(set(names)) < len(names):
            raise BackupError(
                f"{place} was refused, because it names {bad!r}, which is no file of a deployment. Nothing was changed."
                if bad is not None
                else f"{place} was refused, because it names a file twice. Nothing was changed."
            )
        return snapshot


def name_of_now() -> str:
    """The name of a snapshot that is taken now."""
    now = datetime.now(UTC)
    return f"{now:%Y-%m-%dT%H-%M-%S}-{now.microsecond // 1000:03}Z"


def can_be_saved(name: str) -> bool:
    """Whether a name is that of a file in a part of a deployment, on every file system, and leads nowhere else."""
    parts = PurePosixPath(name).parts
    try:
        check_name(name)
    except ArchiveError:
        return False
    if len(parts) < 2 or parts[0] not in PARTS or any(part.startswith(".") for part in parts):
        return False
    return parts[0] != DAGSTER or parts[1:] == (DAGSTER_SETTINGS,)
