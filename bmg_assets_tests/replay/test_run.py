"""A replay that is interrupted goes on where it stopped, and never in a folder of something else."""

import json
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.replay import run
from bmg_assets.replay.batches import Batch, ReplayFileError
from bmg_assets.replay.progress import FILE
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.record import Record
from bmg_assets_tests.intake.cast_files import line, samples_of, table

SYSTEM = parse_system("Zr-Al-Cu")
BATCHES = [Batch(name, table(line(name)).decode()) for name in ("A", "B")]
QUICK = {"budget": "quick"}


class StoppedError(Exception):
    """The machine went down."""


class Trainings:
    """Stands for the runs: what was in the inbox of the replay, and the option, at each of them."""

    def __init__(self, folder: Path) -> None:
        self.seen: list[tuple[list[str], bool | None]] = []
        self.stop_at: int | None = None
        self._folder = folder

    def __call__(self, instance: Any, key: str, choices: dict[str, Any]) -> None:
        if self.stop_at == len(self.seen):
            self.stop_at = None
            raise StoppedError
        inbox = LabInbox(root=str(self._folder / "lab_results"), record=Record(url=str(self._folder / "record")))
        accepted = samples_of(inbox)
        self.seen.append((accepted, choices.get("start_from_last_best")))


@pytest.fixture
def trainings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trainings:
    trainings = Trainings(tmp_path / "replay")
    monkeypatch.setattr(run, "run_system", trainings)
    monkeypatch.setattr(run, "ensure_literature", lambda *_, **__: None)
    return trainings


EVERYTHING = [([], None), (["A"], True), (["A", "B"], True)]


def test_one_training_more_than_there_are_batches(trainings: Trainings, tmp_path: Path) -> None:
    run.replay(SYSTEM, BATCHES, tmp_path / "replay", QUICK)
    assert trainings.seen == EVERYTHING


@pytest.mark.parametrize("number", [0, 1, 2])
def test_interrupted_in_a_training_it_goes_on_with_that_one(trainings: Trainings, tmp_path: Path, number: int) -> None:
    trainings.stop_at = number
    with pytest.raises(StoppedError):
        run.replay(SYSTEM, BATCHES, tmp_path / "replay", QUICK)
    said: list[str] = []
    run.replay(SYSTEM, BATCHES, tmp_path / "replay", QUICK, say=said.append)
    assert trainings.seen == EVERYTHING
    assert said[0].startswith(f"Training {number + 1} of 3 (")
    assert "the same command goes on here" in said[0]


def test_what_is_done_is_not_done_again(trainings: Trainings, tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        run.replay(SYSTEM, BATCHES, tmp_path / "replay", QUICK, say=said.append)
    assert trainings.seen == EVERYTHING
    assert said[-1] == "All of its trainings are done; the page is written anew."


@pytest.mark.parametrize(
    ("batches", "choices", "differs"),
    [
        (BATCHES[:1], QUICK, "casts"),
        (BATCHES, {"budget": "paper"}, "budget"),
        (BATCHES, {}, "budget"),
        (BATCHES, {**QUICK, "element_tables": "paper"}, "element_tables"),
    ],
)
def test_another_replay_is_not_mixed_into_it(
    trainings: Trainings,
    tmp_path: Path,
    batches: list[Batch],
    choices: dict[str, Any],
    differs: str,
) -> None:
    run.replay(SYSTEM, BATCHES, tmp_path / "replay", QUICK)
    with pytest.raises(ReplayFileError, match=f"holds a replay with other {differs}; remove it to begin anew"):
        run.replay(SYSTEM, batches, tmp_path / "replay", choices)
    assert json.loads((tmp_path / "replay" / FILE).read_text())["trained"] == 3


def test_a_folder_of_something_else_is_left_alone(trainings: Trainings, tmp_path: Path) -> None:
    (tmp_path / "replay").mkdir()
    (tmp_path / "replay" / "thesis.txt").write_text("x")
    with pytest.raises(ReplayFileError, match="is not empty and holds no replay"):
        run.replay(SYSTEM, BATCHES, tmp_path / "replay", QUICK)
    assert [path.name for path in (tmp_path / "replay").iterdir()] == ["thesis.txt"]


def test_refused_rows_stop_the_replay_with_their_report(trainings: Trainings, tmp_path: Path) -> None:
    wrong = [Batch("wrong", table(line("A"), line("B", verdict="good")).decode())]
    for _ in range(2):  # going on must not pass over them
        with pytest.raises(ReplayFileError, match="1 rows of batch 'wrong' were refused"):
            run.replay(SYSTEM, wrong, tmp_path / "replay", QUICK)
    assert trainings.seen == [([], None)]


@pytest.mark.parametrize("name", ["../../outside", "/outside", "..", "a" * 300, "pair\n1", "", "/", ".hidden"])
def test_the_name_of_a_batch_leads_nowhere_else(trainings: Trainings, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "one" / "two" / "replay"
    trainings._folder = folder
    run.replay(SYSTEM, [Batch(name, table(line("A")).decode())], folder, QUICK)
    assert trainings.seen[-1][0] == ["A"]
    assert sorted(path.name for path in tmp_path.rglob("*outside*") if folder not in path.parents) == []
