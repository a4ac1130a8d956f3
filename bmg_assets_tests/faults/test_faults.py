"""The short form of `make test-faults`, and what its counting notices."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bmg_assets.science.errors import BmgError
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.faults.children import in_child
from bmg_assets_tests.faults.counting import Counts, Outcome, State
from bmg_assets_tests.faults.failing_disk import FULL, READ_ONLY, fail_from
from bmg_assets_tests.faults.trial import at_every_write, fault_of, killed


def test_no_fault_of_the_short_form_loses_doubles_or_blurs_anything(finished: Deployment) -> None:
    command = [sys.executable, "-m", "bmg_assets_tests.faults", "--short", "--finished", str(finished.folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-2000:]}"
    total = next(line for line in done.stdout.splitlines() if line.startswith("| all |"))
    injected, old, new, *bad = (int(cell) for cell in total.strip("| ").split(" | ")[1:])
    assert injected == old + new > 80
    assert bad == [0, 0, 0]


class Ledger:
    """A toy that writes a line into a file: right, or losing what was there when it is interrupted."""

    kind = "toy"

    def __init__(self, folder: Path, is_right: bool) -> None:
        self.folder, self._is_right, self._lines = folder, is_right, 0

    def prepare(self) -> None:
        self._lines += 1

    def work(self) -> None:
        lines = [f"{number}\n" for number in range(self._lines)]
        target = self.folder / ("new" if self._is_right else "ledger")
        try:
            for quarter in range(1, 5):
                target.write_text("".join(lines[: len(lines) * quarter // 4]))
            target.replace(self.folder / "ledger")
        except OSError as error:
            raise BmgError(f"{self.folder / 'ledger'} could not be written: free some space and run again.") from error

    def state(self) -> tuple[State, str]:
        path = self.folder / "ledger"
        found = path.read_text().splitlines() if path.exists() else []
        if len(found) < self._lines - 1:
            return State.LOST, f"{len(found)} lines"
        return (State.NEW if len(found) == self._lines else State.OLD), ""

    def problems(self) -> list[str]:
        return []


@pytest.mark.parametrize(("is_right", "lost"), [(True, False), (False, True)])
def test_what_is_lost_is_counted(tmp_path: Path, is_right: bool, lost: bool) -> None:
    ledger = Ledger(tmp_path, is_right)
    for _ in range(4):
        ledger.prepare()
        ledger.work()
    counts = Counts(tuple(at_every_write(ledger, FULL)))
    assert len(counts.outcomes) > 5
    assert bool(counts.bad) == lost
    assert {one.state for one in counts.bad} <= {State.LOST, State.UNCLEAR}
    assert [line for line in counts.table().splitlines() if line.startswith("| toy |")]


def test_kills_are_counted_as_kills(tmp_path: Path) -> None:
    class Slow(Ledger):
        def work(self) -> None:
            super().work()
            time.sleep(0.1)

    slow = Slow(tmp_path, True)
    outcomes = list(killed(slow, 1, seed=0))
    assert Counts(tuple(outcomes)).kills == 1


def test_a_process_says_how_it_ended(tmp_path: Path) -> None:
    def refuse() -> None:
        raise BmgError("no")

    assert in_child(lambda: None).is_good
    assert in_child(refuse).refusal == "no"
    assert "ZeroDivisionError" in in_child(lambda: print(1 / 0)).accident
    assert in_child(signal.pause, killed_after_s=0.01).was_killed
    assert "died" in in_child(lambda: os._exit(3)).accident


@pytest.mark.parametrize("number", [FULL, READ_ONLY])
def test_a_failing_disk_fails_from_the_nth_write_on_and_below_its_folder_only(tmp_path: Path, number: int) -> None:
    below, beside = tmp_path / "below", tmp_path / "beside"
    below.mkdir()

    def write() -> None:
        fail_from(3, number, below)
        (below / "first").write_bytes(b"two writes: it is opened and filled")
        beside.write_bytes(b"elsewhere")
        (below / "second").write_bytes(b"fails")

    assert os.strerror(number) in in_child(write).accident
    assert (below / "first").read_bytes().startswith(b"two writes")
    assert beside.exists()
    assert not (below / "second").exists()


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        ("/d/x.csv could not be written because the disk is full: free some space and run again.", ""),
        ("Traceback (most recent call last)", "no sentence"),
        ("the disk is full: free some space and run again.", "no file"),
        ("/d/x.csv could not be written.", "no remedy"),
    ],
)
def test_a_sentence_has_file_and_remedy(words: str, lacks: str) -> None:
    assert fault_of(words, Path("/d")).startswith(lacks) if lacks else not fault_of(words, Path("/d"))


def test_counts_of_each_kind_are_a_table() -> None:
    outcomes = (Outcome("a", "x", State.OLD, is_kill=True), Outcome("b", "y", State.DOUBLED, "twice"))
    counts = Counts(outcomes)
    assert (counts.kills, counts.bad) == (1, outcomes[1:])
    assert counts.table().splitlines()[2:] == [
        "| a | 1 | 1 | 0 | 0 | 0 | 0 |",
        "| b | 1 | 0 | 0 | 0 | 1 | 0 |",
        "| all | 2 | 1 | 0 | 0 | 1 | 0 |",
    ]
