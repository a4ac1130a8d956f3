"""Notices as lines of a file: each once, whole, and whatever was cut off before."""

import dataclasses
import json
from pathlib import Path

import pytest

from bmg_assets.notices.file_way import FileOfNotices
from bmg_assets.notices.ways import Message, ReceiverAwayError


def ids_in(path: Path) -> list[str]:
    found = []
    for line in path.read_text().splitlines():
        try:
            found.append(json.loads(line)["id"])
        except ValueError:
            found.append("cut off")
    return found


def test_a_message_is_one_line_and_is_written_once(tmp_path: Path, message: Message) -> None:
    way = FileOfNotices(tmp_path / "notices.jsonl")
    other = dataclasses.replace(message, id="other")
    for one in (message, other, message, other):
        way.send(one)
    assert ids_in(way.path) == ["0123abc", "other"]
    assert json.loads(way.path.read_text().splitlines()[0]) == message.as_json()


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_line_that_a_power_cut_cut_off_is_no_message(tmp_path: Path, message: Message, kept: int) -> None:
    way = FileOfNotices(tmp_path / "notices.jsonl")
    way.send(message)
    way.path.write_bytes(way.path.read_bytes()[:kept])
    way.send(message)
    assert ids_in(way.path) == (["0123abc"] if kept == -1 else ["cut off", "0123abc"])


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, message: Message) -> None:
    with pytest.raises(ReceiverAwayError, match=r"notices\.jsonl cannot be written"):
        FileOfNotices(tmp_path / "missing" / "notices.jsonl").send(message)
