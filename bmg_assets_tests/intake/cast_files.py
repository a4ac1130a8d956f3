"""Files of casts for tests, and an inbox to drop them into."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from bmg_assets.intake.file import report_of
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.rows import REQUIRED_COLUMNS
from bmg_assets.store.record import Record
from bmg_assets_tests.science.casts.examples import row

HEADER = ",".join(REQUIRED_COLUMNS)
LATER_S = 3600.0


def line(sample_id: str = "ZAC-1", **cells: str) -> str:
    """A line with the required columns, right but for `cells`."""
    return ",".join(str(row(sample_id=sample_id, **cells)[column]) for column in REQUIRED_COLUMNS)


def table(*lines: str, header: str = HEADER) -> bytes:
    """A complete file."""
    return "".join(f"{one}\n" for one in (header, *lines)).encode()


def inbox_at(folder: Path, **settings: float) -> LabInbox:
    """An inbox whose folders are there."""
    inbox = LabInbox(root=str(folder / "lab_results"), record=Record(url=str(folder / "record")), **settings)
    for one in (inbox.inbox, inbox.accepted_folder, inbox.rejected_folder):
        one.mkdir(parents=True)
    return inbox


def drop(inbox: LabInbox, name: str, data: bytes) -> Path:
    """Put a file into the inbox."""
    path = inbox.inbox / name
    path.write_bytes(data)
    return path


def report_on(file: Path) -> list[dict[str, str]]:
    """The report beside a file that was taken in."""
    return list(csv.DictReader(io.StringIO(report_of(file).read_text("utf-8-sig"))))


def samples_of(inbox: LabInbox) -> list[str]:
    """Samples of all accepted reports, in the order of intake."""
    return [cast.sample_id for cast in inbox.accepted().history.accepted]


def outcomes(report: Iterable[dict[str, str]]) -> list[tuple[int, str]]:
    """Line and outcome of every line of a report."""
    return [(int(one["line"]), one["outcome"]) for one in report]
