"""The time zone that this computer is set to, by its name in the time zone database."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bmg_assets.environment import variable

DATABASE = "zoneinfo"
"""Folder of the time zone database; the file that the computer's zone points to lies below one of this name."""
NAMES_OF_UTC = frozenset({"Etc/UTC", "Etc/UCT", "Etc/Zulu", "Etc/Universal", "UCT", "Zulu", "Universal"})


def computers_zone(etc: Path = Path("/etc")) -> str:
    """Name of the zone by which this computer shows the time, such as Asia/Tokyo.

    A computer that only knows how far it is from UTC gives a zone of that distance without summer time.

    Args:
        etc: where the computer keeps the setting, for tests.
    """
    named = [*_of_variable(), *_of_link(etc / "localtime"), *_of_text(etc / "timezone")]
    found = next(filter(_goes_with_clock, named), None) or _zone_of_distance()
    return "UTC" if found in NAMES_OF_UTC else found


def _of_variable() -> list[str]:
    """The zone of the variable TZ, which the clock of every program goes by: a name, or a file of the database."""
    text = (variable("TZ") or "").removeprefix(":")
    return [text.rpartition(f"{DATABASE}/")[2]] if text else []


def _of_link(localtime: Path) -> list[str]:
    if variable("TZ") is not None or not localtime.is_symlink():
        return []
    return [str(localtime.resolve()).rpartition(f"{DATABASE}/")[2]]


def _of_text(file: Path) -> list[str]:
    if variable("TZ") is not None:
        return []
    try:
        return [file.read_text(encoding="utf-8").strip()]
    except (OSError, UnicodeDecodeError):
        return []


def _goes_with_clock(name: str) -> bool:
    """Whether there is such a zone, and the computer's clock shows its time: one of two settings may be out of date."""
    try:
        return datetime.now(ZoneInfo(name)).utcoffset() == _ahead_of_utc()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _zone_of_distance() -> str:
    """The zone as far from UTC as the computer's clock is now, in whole hours; its sign is reversed by convention."""
    hours = round(_ahead_of_utc() / timedelta(hours=1))
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def _ahead_of_utc() -> timedelta:
    return datetime.now().astimezone().utcoffset() or timedelta()
