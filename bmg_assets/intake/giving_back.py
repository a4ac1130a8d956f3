"""Back into the inbox goes what lies in the other folders without having been judged.

That is a file whose writer went on after its intake, one that somebody changed, and an accepted one without a record
(out of a backup, or because its record was removed). So rows that come late are not lost, and what counts is always
what was judged.
"""

import os
import uuid
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from bmg_assets.intake.accepted_casts import present_records
from bmg_assets.intake.cast_file import is_looked_at
from bmg_assets.intake.intake_names import has_its_hash, is_file_of_casts, name_without_hash, record_of, report_of
from bmg_assets.intake.intake_record import IntakeRecord
from bmg_assets.intake.moving import move_durably, sync_folder
from bmg_assets.store.folder import replacing


def give_back_unjudged(accepted: Path, inbox: Path, patience_s: float, now: float, *, trust_times: bool = True) -> None:
    """Give every accepted file back that is not as its record says, by size and time, or by content.

    A file without a record gets `patience_s` seconds, in which its record may follow (a backup that is being restored).
    """
    records = {record.file: record for record in present_records(accepted)}
    for path in _files_in(accepted):
        found, record = path.stat(), records.get(path.name)
        if record is None:
            if now - max(found.st_mtime, found.st_ctime) >= patience_s:
                move_durably(path, _free_name(inbox, name_without_hash(path.name)))
        elif not trust_times or (found.st_size, found.st_mtime_ns) != (record.size, record.modified_ns):
            _look_at_changed(path, record, inbox)


def give_back_written_after_rejection(rejected: Path, inbox: Path) -> None:
    """Give every rejected file back that was written to after its report: a header alone may have been a beginning."""
    for path in _files_in(rejected):
        report = report_of(path)
        if report.exists() and path.stat().st_mtime_ns > report.stat().st_mtime_ns and not has_its_hash(path):
            move_durably(path, _free_name(inbox, name_without_hash(path.name)))


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if is_looked_at(path) and is_file_of_casts(path))


def _look_at_changed(path: Path, record: IntakeRecord, inbox: Path) -> None:
    modified_ns, data = path.stat().st_mtime_ns, path.read_bytes()
    if sha256(data).hexdigest() == record.sha256:
        # Only touched, by a backup perhaps: note the time, so that it need not be read at every look.
        if modified_ns != record.modified_ns:
            _write(record_of(path), replace(record, modified_ns=modified_ns).to_json())
    elif sha256(data[: record.size]).hexdigest() == record.sha256:
        target = _free_name(inbox, record.received_as)
        try:
            # The very file goes back, since its writer may have it open still; what was accepted of it stays as a copy.
            os.link(path, target)
            sync_folder(inbox)
        except OSError:  # a file system without such links
            _write(target, data)
        _write(path, data[: record.size])
    else:
        move_durably(path, _free_name(inbox, record.received_as))


def _free_name(inbox: Path, name: str) -> Path:
    path = inbox / name
    return path.with_name(f"{path.stem}.{uuid.uuid4().hex[:8]}{path.suffix}") if path.exists() else path


def _write(path: Path, data: bytes) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(data)
