"""A stream is read again when, and only when, it has another last entry."""

import shutil
from pathlib import Path

from bmg_assets.actions.last_read import LastRead
from bmg_assets.store.record import Record


def test_what_was_read_is_kept_until_the_stream_has_grown(tmp_path: Path) -> None:
    record, reads = Record(url=str(tmp_path / "record")), list[int]()
    one, other, kept = record.stream("one"), record.stream("other"), LastRead[int]()

    def read() -> int:
        reads.append(len(one.entries()))
        return reads[-1]

    assert (kept.of(one, read), kept.of(one, read), reads) == (0, 0, [0])
    one.append({}, {"number": 1})
    assert (kept.of(one, read), kept.of(one, read), reads) == (1, 1, [0, 1])
    assert kept.of(one, read, place="elsewhere") == 1
    assert kept.of(other, read) == 1
    assert len(reads) == 4


def test_what_has_come_since_is_added_where_the_stream_goes_on_from_there(tmp_path: Path) -> None:
    one, other = (Record(url=str(tmp_path / name)).stream("one") for name in ("record", "restored"))
    kept, whole = LastRead[list[int]](), list[int]()

    def look() -> list[int]:
        def read() -> list[int]:
            whole.append(1)
            return [entry.about["number"] for entry in one.entries()]

        return kept.of(one, read, further=lambda known, since: [*known, *(entry.about["number"] for entry in since)])

    assert look() == []
    for number in (1, 2, 3):
        one.append({}, {"number": number})
        assert look() == list(range(1, number + 1))
    assert len(whole) == 2  # the empty stream, and the one that began

    for number in (4, 5, 6, 7):
        other.append({}, {"number": number})
    shutil.rmtree(tmp_path / "record")
    shutil.copytree(tmp_path / "restored", tmp_path / "record")
    assert look() == [4, 5, 6, 7]
    assert len(whole) == 3
