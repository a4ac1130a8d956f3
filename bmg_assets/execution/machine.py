"""What the platform needs of the machine that it runs on."""

import os
from pathlib import Path

from bmg_assets.science.errors import BmgError

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "glusterfs", "fuse.glusterfs"})
"""File systems, by their names in /proc/mounts, on which several machines can lie in each other's way."""


class MachineError(BmgError):
    """A machine that cannot run the platform."""


def check_machine() -> None:
    """Refuse a system without forks, such as Windows: a run forks the process of each step.

    Raises:
        MachineError: the system has none.
    """
    if not hasattr(os, "fork"):
        raise MachineError(
            "This platform runs on Linux and macOS, since a run forks its processes, and this system cannot fork: "
            "on Windows, install it inside the Windows Subsystem for Linux (WSL 2)."
        )


def network_file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The kind of network file system on which a path lies; None for a local disk, and where that is not known.

    Args:
        mounts: the system's list of them, for tests.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    fields = [line.split() for line in lines]
    # Blanks of a mount point are written as octal numbers.
    kinds = {Path(one[1].replace("\\040", " ")): one[2] for one in fields if len(one) > 2}
    where = next((parent for parent in (path, *path.parents) if parent in kinds), None)
    kind = kinds[where] if where is not None else None
    return kind if kind in NETWORK else None
