"""Deployments of the formats before the record, as the versions that had them wrote them, are opened by this one.

Each folder of `fixtures` was made by a version of its format: Zr-Al-Cu trained on the starter table with quick
searches, casts reported, one of them corrected, trained again, two proposed alloys cast, and trained a third time. Kept
is what the migration reads; of the maps, which are 4851 rows long, every hundredth row and what was proposed. Format 1
kept no rounds, so its systems were not trained. `expected.json` is what that version itself said of its casts.
"""

import json
import logging
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import all_intakes
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.lab_tables import lab_results_rows
from bmg_assets.store.folder import LocalFolder, open_folder
from bmg_assets.store.older_stores import set_aside, take_over_rounds_of
from bmg_assets.store.record import Record
from bmg_assets.store.rounds import Rounds
from bmg_assets.store.store import FORMAT_FILE, STORE_FORMAT, Store
from bmg_assets_tests.intake.cast_files import samples_of
from bmg_assets_tests.upkeep.faults import files_below

FIXTURES = Path(__file__).parent / "fixtures"
FORMATS = (1, 2, 3, 4)
WITH_ROUNDS = (2, 3, 4)
KEY = "Zr-Al-Cu"


@pytest.fixture
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A deployment of the format that the test is for, in a folder of its own."""
    shutil.copytree(FIXTURES / f"format_{request.param}", tmp_path, dirs_exist_ok=True)
    (tmp_path / "lab_results" / "inbox").mkdir()
    return tmp_path


def opened(old: Path) -> Store:
    """The store as today's version opens it."""
    store = Store(url=str(old / "store"), record_url=str(old / "record"))
    store.check_format()
    return store


def rounds_of(old: Path) -> Rounds:
    return Rounds.of(Record(url=str(old / "record")), KEY)


def table(old: Path, name: str) -> pd.DataFrame:
    """A table as the old version left it, read without our own code."""
    return pq.read_table(old / "store" / name / f"{KEY}.parquet").to_pandas()


def in_common(found: pd.DataFrame, old: pd.DataFrame) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of both, in the columns that the old table had, as plain values."""
    columns = [name for name in old.columns if name in found.columns]
    assert len(columns) >= len(old.columns) - 2, sorted(set(old.columns) - set(columns))
    texts = (frame[columns].to_json(orient="records", date_format="iso", date_unit="us") for frame in (found, old))
    one, other = (json.loads(text) for text in texts)
    return one, other


@pytest.mark.parametrize(("old", "number"), [(one, one) for one in FORMATS], indirect=["old"])
def test_an_older_store_is_set_aside_whole_and_a_new_one_begins(
    old: Path, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    before = {Path(path).relative_to(old / "store"): data for path, data in files_below(old / "store").items()}
    with caplog.at_level(logging.WARNING):
        store = opened(old)
    aside = old / f"store-format-{number}"
    after = {Path(path).relative_to(aside): data for path, data in files_below(aside).items()}
    assert after == before
    assert json.loads(store.folder.read(FORMAT_FILE))["store_format"] == STORE_FORMAT
    (told,) = [one.getMessage() for one in caplog.records if "set aside" in one.getMessage()]
    assert f"had format {number}" in told
    assert str(aside) in told
    assert "but for" not in told
    entries = len(rounds_of(old).trainings)
    opened(old)
    assert len(rounds_of(old).trainings) == entries, "a second look takes nothing over again"


@pytest.mark.parametrize("old", WITH_ROUNDS, indirect=True)
def test_rounds_maps_and_proposals_are_in_the_record_as_they_were(old: Path) -> None:
    iterations, proposals = table(old, "iterations"), table(old, "proposals")
    maps = {n: pq.read_table(old / f"store/iteration_maps/{n}/{KEY}.parquet").to_pandas() for n in (0, 1, 2)}
    opened(old)
    rounds = rounds_of(old)
    assert [training.iteration for training in rounds.trainings] == [0, 1, 2]
    assert not any(training.is_prospective for training in rounds.trainings)
    found, expected = in_common(rounds.iterations(), iterations)
    assert found == expected
    for number, drawn in maps.items():
        kept = rounds.map_of(number)
        assert kept is not None
        found, expected = in_common(kept, drawn)
        assert found == expected
    found, expected = in_common(rounds.proposals(), proposals.drop(columns=["state", "state_because"]))
    assert found == expected
    assert set(rounds.proposals()["strategy"]) == set(proposals.get("strategy", ["pruned"]))
    assert Record(url=str(old / "record")).problems() == []


@pytest.mark.parametrize("old", FORMATS, indirect=True)
def test_casts_count_as_they_did_in_their_order_with_their_corrections(old: Path) -> None:
    expected = json.loads((old / "expected.json").read_text())
    opened(old)
    inbox = LabInbox(root=str(old / "lab_results"), record=Record(url=str(old / "record")))
    assert samples_of(inbox) == expected["samples"]
    labels = {
        row["composition"]: row["dmax_mm"] for row in lab_results_rows(parse_system(KEY), inbox.accepted().history)
    }
    assert labels == expected["labels"]
    intakes = all_intakes(inbox.casts)
    assert [one.received_as for one in intakes] == ["first.csv", "correction.csv", "second round.csv"]
    assert all(one.taken_over for one in intakes)
    assert intakes[1].correcting_lines == (2,)
    files = sorted(path.name for path in inbox.accepted_folder.iterdir() if not path.name.startswith("."))
    assert files == [name for name in expected["files"] if not name.endswith(".intake.json")]
    assert inbox.take_in_complete().taken == ()
    assert inbox.record.problems() == []


@pytest.mark.parametrize("old", [3], indirect=True)
def test_what_could_not_be_taken_over_is_said_and_all_else_is(old: Path, caplog: pytest.LogCaptureFixture) -> None:
    (old / f"store/iteration_maps/1/{KEY}.parquet").write_bytes(b"no table")
    (old / f"store/iteration_maps/2/{KEY}.parquet").unlink()
    with caplog.at_level(logging.WARNING):
        opened(old)
    told = next(one.getMessage() for one in caplog.records if "set aside" in one.getMessage())
    assert f"iteration_maps/1/{KEY}.parquet (it is damaged)" in told
    assert f"iteration_maps/2/{KEY}.parquet (it is missing)" in told
    rounds = rounds_of(old)
    assert [training.iteration for training in rounds.trainings] == [0, 1, 2]
    assert [rounds.map_of(number) is None for number in (0, 1, 2)] == [False, True, True]


@pytest.mark.parametrize("old", [4], indirect=True)
def test_what_was_interrupted_goes_on_where_it_stopped(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bmg_assets.store.store.set_aside", stopped)
        with pytest.raises(KeyboardInterrupt):
            opened(old)
    opened(old)
    assert [training.iteration for training in rounds_of(old).trainings] == [0, 1, 2]
    assert (old / "store-format-4").is_dir()


@pytest.mark.parametrize("old", [2], indirect=True)
def test_a_name_that_is_taken_is_not_overwritten(old: Path) -> None:
    (old / "store-format-2").mkdir()
    assert set_aside(LocalFolder(old / "store"), 2) == str(old / "store-format-2-2")
    assert list((old / "store-format-2").iterdir()) == []


def test_a_system_without_rounds_has_nothing_to_take_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    record = Record(url=str(tmp_path / "record"))
    assert take_over_rounds_of(open_folder(str(tmp_path / "store")), "Zr-Al-Cu", 4, record) == []
    assert caplog.messages == []
    assert record.streams() == []
