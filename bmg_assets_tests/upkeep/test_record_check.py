"""Every damaged file of the record is named with what brings it back, and mended from its copy where there is one."""

import json
from pathlib import Path

import pytest

from bmg_assets.store.record import CASTS, IDENTITY_FILE, Record, RecordFormatError
from bmg_assets.upkeep.record_check import FROM_BACKUP, FROM_LAB, MEND, findings_of_record, mend_record
from bmg_assets_tests.upkeep.faults import FAULTS, files_below

ACCEPTED, REJECTED = b"sample_id,composition\nS1,Zr50Al5Cu45\n", b"nothing of use\n"


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    for name, data in (("accepted/zr.csv", ACCEPTED), ("rejected/no.csv", REJECTED), ("inbox/new.csv", b"new")):
        path = tmp_path / "lab" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "lab"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    record = Record(url=str(tmp_path / "record"))
    record.stream(CASTS).append({"zr.csv": ACCEPTED}, {"kind": "accepted"})
    record.stream(CASTS).append({"no.csv": REJECTED, "lost.csv": b"no copy elsewhere"}, {"kind": "rejected"})
    for number in range(2):
        record.predictions("Zr-Al-Cu").append({f"{number}.parquet": b"map %d" % number}, {})
    return record


def expected_remedy(name: str) -> str:
    if "/files/" not in name:
        return MEND
    return FROM_LAB if name in ("casts/files/zr.csv", "casts/files/no.csv") else FROM_BACKUP


def test_a_record_as_it_was_written_is_sound(record: Record, lab: Path, tmp_path: Path) -> None:
    assert list(findings_of_record(record, lab)) == []
    assert mend_record(record, lab) == []
    assert list(findings_of_record(Record(url=str(tmp_path / "none")), lab)) == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_every_damaged_file_is_named_and_mended_from_its_copy(record: Record, lab: Path, fault: str) -> None:
    healthy = files_below(Path(record.url))
    for path, data in healthy.items():
        name = Path(path).relative_to(record.url).as_posix()
        FAULTS[fault](Path(path))
        if fault == "removed" and name.endswith("00000002.json"):
            # As a killed writer leaves it: the entry counts, and whoever reads it finishes it.
            assert list(findings_of_record(record, lab)) == []
            assert files_below(Path(record.url)) == healthy
            continue
        (finding,) = findings_of_record(record, lab)
        assert (finding.file, finding.remedy) == (path, expected_remedy(name))
        mended = mend_record(record, lab)
        assert mended == ([] if expected_remedy(name) == FROM_BACKUP else [path])
        if name == IDENTITY_FILE:
            assert json.loads(Path(path).read_bytes())["record"] == json.loads(data)["record"]
            Path(path).write_bytes(data)
        elif mended:
            assert files_below(Path(record.url)) == healthy
        else:
            Path(path).write_bytes(data)


def test_a_lab_file_that_was_edited_mends_nothing(record: Record, lab: Path) -> None:
    (lab / "accepted/zr.csv").write_bytes(ACCEPTED.replace(b"50", b"51"))
    FAULTS["removed"](Path(record.url) / "casts/files/zr.csv")
    (finding,) = findings_of_record(record, lab)
    assert finding.remedy == FROM_BACKUP
    assert mend_record(record, lab) == []


def test_an_entry_lost_with_its_copy_needs_a_backup(record: Record, lab: Path) -> None:
    for name in ("00000001.json", "00000001.copy.json"):
        FAULTS["flipped"](Path(record.url) / "casts/journal" / name)
    assert {one.remedy for one in findings_of_record(record, lab)} == {FROM_BACKUP}
    assert mend_record(record, lab) == []


def test_a_file_of_no_stream_is_named(record: Record, lab: Path) -> None:
    (Path(record.url) / "my notes.txt").write_bytes(b"by hand")
    (finding,) = findings_of_record(record, lab)
    assert (finding.file, finding.what) == (f"{record.url}/my notes.txt", "does not belong to the record")


def test_a_newer_record_is_not_looked_at(record: Record, lab: Path) -> None:
    path = Path(record.url) / IDENTITY_FILE
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "record_format": 99}))
    with pytest.raises(RecordFormatError):
        list(findings_of_record(record, lab))
