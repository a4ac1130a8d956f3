"""Files that a person looked at in the browser before they send them, kept by their content for a day.

Sent in a hidden field they would travel three times, and a file of the largest size would be too large for a form.
Their name is the SHA-256 of what they hold, and they are read by that alone: what is sent is what was looked at.
"""

import contextlib
import re
import time
from hashlib import sha256
from pathlib import Path

from bmg_assets.actions.reporting import check_can_be_sent
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.store.folder import write_durably

FOLDER = ".looked_at"
"""Below the laboratory's folder; neither the intake nor backups look at hidden ones."""
LONGEST_S = 24 * 3600.0
MOST_FILES = 50


def keep_for_now(inbox: LabInbox, data: bytes) -> str:
    """Keep a file, and forget those that are too old or too many; its SHA-256.

    Raises:
        NotSentError, LaboratoryNotThereError: as `check_can_be_sent`.
        FolderError: it cannot be written.
    """
    check_can_be_sent(inbox)
    digest, folder = sha256(data).hexdigest(), _folder(inbox)
    write_durably(folder / digest, data)
    _forget_old(folder)
    return digest


def kept(inbox: LabInbox, digest: str) -> bytes | None:
    """The file with this SHA-256; None where it is not kept any more."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        return None
    try:
        data = (_folder(inbox) / digest).read_bytes()
    except OSError:
        return None
    return data if sha256(data).hexdigest() == digest else None


def _folder(inbox: LabInbox) -> Path:
    return Path(inbox.root) / FOLDER


def _forget_old(folder: Path) -> None:
    found = sorted(((path.stat().st_mtime, path) for path in folder.iterdir()), reverse=True)
    oldest = time.time() - LONGEST_S
    for number, (modified, path) in enumerate(found):
        if modified < oldest or number >= MOST_FILES:
            with contextlib.suppress(OSError):
                path.unlink()
