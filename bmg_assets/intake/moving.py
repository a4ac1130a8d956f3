"""Moving a file to another folder so that it is in one of the two at every moment, also after a power cut."""

import errno
import os
import shutil
from pathlib import Path

from bmg_assets.store.folder import replacing


def move_durably(source: Path, target: Path) -> None:
    """Move a file, over another one of that name if there is one.

    Where it cannot be renamed (another file system, or a link to a file elsewhere) it is copied first, so that for a
    moment it is in both. Raises FileNotFoundError.
    """
    if source.is_symlink() or not _renamed(source, target):
        with replacing(target) as temporary:
            shutil.copyfile(source, temporary)
        source.unlink()
    for folder in {source.parent, target.parent}:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _renamed(source: Path, target: Path) -> bool:
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True
