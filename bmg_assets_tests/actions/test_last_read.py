"""A stream is read again when, and only when, it has another last entry."""

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
