"""Every write of a person has a line in the record, which backups and checks of the record know."""

from pathlib import Path

import pytest

from bmg_assets.actions.audit import LONGEST_NAME, AuditLine, audit_lines, note_write
from bmg_assets.settings import Locations
from bmg_assets.store.folder import FolderError
from bmg_assets.store.record import AUDIT, Record
from bmg_assets.upkeep.backup import back_up
from bmg_assets.upkeep.backup_folder import BackupFolder
from bmg_assets.upkeep.record_check import findings_of_record

SENT = ("sent a file", {"file": "form-1.csv", "sha256": "0" * 64})


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(url=str(tmp_path / "data" / "record"))


def test_writes_are_noted_in_their_order_with_who_and_when(record: Record) -> None:
    first, second = (
        note_write(record, "Wei Zhang", *SENT),
        note_write(record, "", "added a system", {"system": "Zr-Al-Cu"}),
    )
    assert audit_lines(record) == (first, second)
    assert first == AuditLine(first.at, "Wei Zhang", *SENT)
    assert first.at <= second.at


def test_a_name_has_one_line_and_an_end(record: Record) -> None:
    assert note_write(record, " a\r\n b\x0c" + "c" * 1000, *SENT).who == "a b " + "c" * (LONGEST_NAME - 4)


def test_where_nothing_can_be_written_it_is_said_and_nothing_is_noted(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"a file where the folder would be")
    record = Record(url=str(tmp_path / "taken" / "record"))
    with pytest.raises((FolderError, NotADirectoryError)):
        note_write(record, "Wei Zhang", *SENT)


def test_the_lines_are_checked_and_backed_up_as_all_of_the_record(record: Record, tmp_path: Path) -> None:
    note_write(record, "Wei Zhang", *SENT)
    data = tmp_path / "data"
    places = Locations(data, str(data / "store"), record.url, data / "downloads", data / "lab_results")
    back_up(places, {}, str(tmp_path / "backup"))
    saved = {file.name for file in BackupFolder(str(tmp_path / "backup")).snapshot().files}
    assert f"record/{AUDIT}/journal/00000001.json" in saved
    entry = Path(record.url, AUDIT, "journal", "00000001.json")
    entry.write_bytes(entry.read_bytes().replace(b"Wei Zhang", b"Nobody"))
    assert [Path(one.file) for one in findings_of_record(record, places.lab)] == [entry]
