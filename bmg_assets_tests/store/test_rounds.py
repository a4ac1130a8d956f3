"""A training that is tried again after it was recorded is in the record once."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from bmg_assets.store.record import Record
from bmg_assets.store.rounds import MAP, Rounds, record_training

SYSTEM = "Zr-Al-Cu"


def train(record: Record, run: str, dmax_mm: float = 3.0, repeats: tuple[str, ...] = ()) -> int:
    """Record a training of a run; the number of its entry."""
    row: dict[str, Any] = {"iteration": 0, "trained_at": datetime.now(UTC), "picks": ("Zr50Al5Cu45",), "r2": 0.1 + 0.2}
    frames = {MAP: pd.DataFrame({"composition": ["Zr50Al5Cu45"], "dmax_mm": [dmax_mm]})}
    about = {"training": run, "coverage": 0.9}
    return record_training(record.predictions(SYSTEM), row, frames, about, repeats).number


def test_a_run_that_is_tried_again_after_it_was_recorded_counts_once(tmp_path: Path) -> None:
    record = Record(url=str(tmp_path / "record"))
    first = train(record, "killed")
    assert train(record, "again", repeats=("killed",)) == first
    assert len(Rounds.of(record, SYSTEM).trainings) == 1


def test_what_another_run_or_another_result_says_is_a_training_of_its_own(tmp_path: Path) -> None:
    record = Record(url=str(tmp_path / "record"))
    assert [
        train(record, "one"),
        train(record, "another"),
        train(record, "a third", repeats=("one",)),
        train(record, "again", dmax_mm=4.0, repeats=("a third",)),
    ] == [1, 2, 3, 4]
