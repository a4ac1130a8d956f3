"""Back into the inbox goes what lies in the folder of accepted files without having been judged.

That is a file whose writer went on after its intake, one that somebody changed there, and one without a record (out of
a backup, or because its record was removed). So rows that come late are not lost, and what counts is always what was
judged.
"""

import contextlib
import os
import uuid
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from bmg_assets.resources.accepted_casts import present_records
from bmg_assets.resources.cast_file import is_looked_at
from bmg_assets.resources.folder import replacing
from bmg_assets.resources.intake_names import is_file_of_casts, name_without_hash, record_of
from bmg_assets.resources.intake_record import IntakeRecord
from bmg_assets.resources.moving import move_durably, sync_folder


def give_back_unjudged(accepted: Path, inbox: Path, patience_s: float, now: float) -> None:
    """Look at size and time of every accepted file, and give back what is not as its record says.

    A file without a record gets `patience_s` seconds, in which its record may follow (a backup that is being restored).
    """
    records = {record.file: record for record in present_records(accepted)}
    for path in sorted(accepted.iterdir()):
        if not is_looked_at(path) or not is_file_of_casts(path):
            continue
        found, record = path.stat(), records.get(path.name)
        if record is None:
            if now - max(found.st_mtime, found.st_ctime) >= patience_s:
                move_durably(path, _free_name(inbox, name_without_hash(path.name)))
        elif (found.st_size, found.st_mtime_ns) != (record.size, record.modified_ns):
            _look_at_changed(path, record, inbox)


def _look_at_changed(path: Path, record: IntakeRecord, inbox: Path) -> None:
    modified_ns, data = path.stat().st_mtime_ns, path.read_bytes()
    if sha256(data).hexdigest() == record.sha256:
        # Only touched, by a backup perhaps: note the time, so that it need not be read at every look.
        _write(record_of(path), replace(record, modified_ns=modified_ns).to_json())
    elif sha256(data[: record.size]).hexdigest() == record.sha256:
        # The very file goes back, since its writer may have it open still; what was accepted of it stays as a copy.
        with contextlib.suppress(OSError):
            os.link(path, _free_name(inbox, record.received_as))
            sync_folder(inbox)
            _write(path, data[: record.size])
    else:
        move_durably(path, _free_name(inbox, record.received_as))


def _free_name(inbox: Path, name: str) -> Path:
    path = inbox / name
    return path.with_name(f"{path.stem}.{uuid.uuid4().hex[:8]}{path.suffix}") if path.exists() else path


def _write(path: Path, data: bytes) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(data)
