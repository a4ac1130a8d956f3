"""Intakes of versions before the record keep their order and their casts, also where a record beside a file is lost."""

import json
import os
from hashlib import sha256
from pathlib import Path

import pytest

from bmg_assets.intake.file import name_with_hash
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import all_intakes
from bmg_assets_tests.intake.cast_files import HEADER, inbox_at, line, samples_of, table

WITH_CORRECTIONS = f"{HEADER},supersedes"
FILES = [
    table(f"{line('A', dimension_mm='3')},", f"{line('B')},", header=WITH_CORRECTIONS),
    table(f"{line('A', dimension_mm='2')},A", header=WITH_CORRECTIONS),
    table(f"{line('A', dimension_mm='1')},A", f"{line('C', verdict='?')},", header=WITH_CORRECTIONS),
]
"""A 3 mm label that two later reports take back."""


@pytest.fixture
def older(tmp_path: Path) -> LabInbox:
    """A laboratory as the version before the record left it."""
    inbox = inbox_at(tmp_path)
    for order, data in enumerate(FILES, start=1):
        digest = sha256(data).hexdigest()
        file = inbox.accepted_folder / name_with_hash(f"{9 - order}.csv", digest)
        file.write_bytes(data)
        os.utime(file, ns=(0, order * 10**9 + 10**18))
        lines = [2, 3] if order == 1 else [2]
        intake = {
            "format": 1,
            "order": order,
            "file": file.name,
            "received_as": f"{9 - order}.csv",
            "sha256": digest,
            "size": len(data),
            "modified_ns": file.stat().st_mtime_ns,
            "taken_in_at": "2026-03-01T10:00:00+00:00",
            "day": "2026-03-01",
            "accepted_lines": lines,
            "refused": int(order == 3),
            "skipped": 0,
            "systems": [{"elements": ["Zr", "Al", "Cu"], "lines": lines}],
        }
        intake_of(file).write_text(json.dumps(intake))
    return inbox


def intake_of(file: Path) -> Path:
    return file.with_name(f"{file.stem}.intake.json")


def lab_files(inbox: LabInbox) -> list[Path]:
    """The accepted files in the order of their intake."""
    return sorted(inbox.accepted_folder.glob("*.csv"), key=lambda path: path.stat().st_mtime_ns)


def sizes(inbox: LabInbox) -> dict[str, float]:
    return {cast.sample_id: cast.dimension_mm for cast in inbox.accepted().history.current}


def test_all_intakes_are_taken_over_once(older: LabInbox) -> None:
    assert sizes(older) == {"A": 1, "B": 2.5}
    intakes = all_intakes(older.casts)
    assert [one.received_as for one in intakes] == ["8.csv", "7.csv", "6.csv"]
    assert [one.correcting_lines for one in intakes] == [(), (2,), (2,)]
    assert [one.refused for one in intakes] == [0, 0, 1]
    assert all(one.taken_over for one in intakes)
    assert list(older.accepted_folder.glob("*.intake.json")) == []
    assert older.take_in_complete().taken == ()
    assert samples_of(older) == ["A", "B", "A", "A"]
    assert all_intakes(older.casts) == intakes


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": 1, "order": "x"}', None])
def test_a_lost_intake_brings_no_corrected_result_back(older: LabInbox, place: int, damage: bytes | None) -> None:
    path = intake_of(lab_files(older)[place])
    path.unlink() if damage is None else path.write_bytes(damage)
    assert sizes(older) == {"A": 1, "B": 2.5}
    assert [one.received_as for one in all_intakes(older.casts)] == ["8.csv", "7.csv", "6.csv"]
    assert older.take_in_complete().taken == ()


def test_a_takeover_that_was_interrupted_goes_on(older: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def dies(path: Path, missing_ok: bool = False) -> None:
        if path.name.endswith(".intake.json"):
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", dies)
        with pytest.raises(KeyboardInterrupt):
            older.accepted()
    assert sizes(older) == {"A": 1, "B": 2.5}
    assert len(all_intakes(older.casts)) == 3


def test_a_file_that_was_changed_since_is_read_at_its_place(older: LabInbox) -> None:
    first = lab_files(older)[0]
    times = first.stat()
    first.write_bytes(table(f"{line('A', dimension_mm='3')},", f"{line('D')},", header=WITH_CORRECTIONS))
    os.utime(first, ns=(0, times.st_mtime_ns))
    assert sizes(older) == {"A": 1, "D": 2.5}
