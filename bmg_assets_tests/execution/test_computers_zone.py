"""The computer's own zone, wherever it keeps it."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bmg_assets.execution.computers_zone import computers_zone

SetZone = Callable[[str | None], None]


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetZone]:
    """Let the clock of this process go by a zone; None for that of the computer."""

    def go_by(zone: str | None) -> None:
        monkeypatch.setenv("TZ", zone) if zone is not None else monkeypatch.delenv("TZ", raising=False)
        time.tzset()

    yield go_by
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("text", ["Asia/Tokyo", ":Asia/Tokyo", "/usr/share/zoneinfo/Asia/Tokyo"])
def test_the_variable_of_the_clock_names_it(text: str, clock_at: SetZone) -> None:
    clock_at(text)
    assert computers_zone() == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("text", "zone"), [("XYZ-9", "Etc/GMT-9"), ("XYZ3", "Etc/GMT+3"), ("XYZ0", "UTC"), ("Etc/UTC", "UTC")]
)
def test_a_clock_without_a_name_gives_its_distance_from_utc(text: str, zone: str, clock_at: SetZone) -> None:
    clock_at(text)
    assert computers_zone() == zone
    assert datetime.now(ZoneInfo(zone)).utcoffset() == datetime.now().astimezone().utcoffset()


def test_a_setting_of_the_computer_counts_where_the_clock_goes_by_it(tmp_path: Path, clock_at: SetZone) -> None:
    clock_at(None)
    own = computers_zone()
    (tmp_path / "timezone").write_text(f"{own}\n")
    assert computers_zone(tmp_path) == own
    # A container that was given the clock of its host keeps the name of another zone.
    (tmp_path / "timezone").write_text("Pacific/Kiritimati\n")
    assert computers_zone(tmp_path) != "Pacific/Kiritimati"
    (tmp_path / "timezone").write_bytes(b"\xff\xfe")
    assert ZoneInfo(computers_zone(tmp_path))


def test_a_link_into_the_database_names_it(tmp_path: Path, clock_at: SetZone) -> None:
    clock_at(None)
    own = computers_zone()
    (tmp_path / "zoneinfo" / own).parent.mkdir(parents=True)
    (tmp_path / "zoneinfo" / own).touch()
    (tmp_path / "localtime").symlink_to(tmp_path / "zoneinfo" / own)
    assert computers_zone(tmp_path) == own
