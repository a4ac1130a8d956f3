"""The ledger from a record and an inbox: no store is needed, one damaged system keeps no other out, edits are found."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.assets.ledger import ledger_now, write_ledger_page
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.settings import laboratory_day
from bmg_assets.store.page_addresses import LEDGER_PAGE
from bmg_assets.store.record import Record
from bmg_assets.store.rounds import Rounds
from bmg_assets.store.store import Store
from bmg_assets_tests.assets.recorded_rounds import record_round
from bmg_assets_tests.intake.cast_files import HEADER, drop, inbox_at, line, table

SYSTEM, OTHER = "Zr-Al-Cu", "Mg-Zn-Ca"


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path)


@pytest.fixture
def record(inbox: LabInbox) -> Record:
    return inbox.record


def hand_in(inbox: LabInbox, *rows: tuple[str, str, str, float, str], tested: str = "") -> None:
    """The laboratory reports rods: sample, alloy, sample that it supersedes, diameter in mm, verdict; tested today."""
    tested = tested or laboratory_day().isoformat()
    lines = [
        line(sample, composition_nominal=alloy, dimension_mm=f"{size:g}", verdict=verdict, test_date=tested)
        + f",{supersedes}"
        for sample, alloy, supersedes, size, verdict in rows
    ]
    name = f"{datetime.now(UTC).timestamp()}.csv"
    intake = inbox.take_in(drop(inbox, name, table(*lines, header=f"{HEADER},supersedes")))
    assert (intake.accepted, intake.refused) == (len(rows), 0)


def of_map(ledger: pd.DataFrame, strategy: str = "pruned") -> pd.DataFrame:
    return ledger[ledger["strategy"] == strategy].set_index("composition")


def test_without_anything_there_is_an_empty_ledger_and_nothing_is_made(tmp_path: Path) -> None:
    record = Record(url=str(tmp_path / "record"))
    ledger, notes = ledger_now(record, LabInbox(root=str(tmp_path / "lab"), record=record))
    assert (len(ledger), notes) == (0, [])
    assert list(tmp_path.iterdir()) == []


def test_casts_stand_beside_the_predictions_that_the_record_held_before(inbox: LabInbox, record: Record) -> None:
    first, second = record_round(record, SYSTEM)
    hand_in(inbox, ("S1", first, "", 2, "amorphous"), ("S2", first, "", 2.5, "crystalline"))
    record_round(record, SYSTEM, known=[first])
    ledger, notes = ledger_now(record, inbox)
    assert notes == []
    pick = of_map(ledger).loc[first]
    assert (pick["evidence"], pick["entry"], pick["hit"], pick["dmax_high_mm"]) == ("prospective", 1, True, 2.5)
    assert (pick["predicted_mm"], pick["probability_bulk"], pick["coverage"]) == (4.0, 0.3, 0.9)
    assert pick["recorded_at"] == pd.Timestamp(Rounds.of(record, SYSTEM).trainings[0].entry.written_at)
    assert of_map(ledger, "transfer").loc[first, "predicted_mm"] == 4.0
    assert of_map(ledger).loc[second, "state"] == "pending"


def test_old_casts_that_are_handed_in_late_are_blind(inbox: LabInbox, record: Record) -> None:
    first, _ = record_round(record, SYSTEM)
    hand_in(inbox, ("S1", first, "", 2, "amorphous"), tested="2026-02-27")
    ledger, _ = ledger_now(record, inbox)
    assert of_map(ledger).loc[first, "evidence"] == "blind"


def test_what_was_taken_over_is_told_apart(inbox: LabInbox, record: Record) -> None:
    first, _ = record_round(record, SYSTEM, taken_over={"from_store_format": 4})
    hand_in(inbox, ("S1", first, "", 2, "amorphous"))
    ledger, _ = ledger_now(record, inbox)
    assert of_map(ledger).loc[first, "evidence"] == "taken_over"
    assert pd.isna(of_map(ledger).loc[first, ["coverage", "training_set"]]).all()


def test_a_corrected_and_a_withdrawn_cast_keep_their_prediction(inbox: LabInbox, record: Record) -> None:
    first, second = record_round(record, SYSTEM)
    hand_in(inbox, ("S1", first, "", 2, "amorphous"), ("S2", second, "", 2, "amorphous"))
    record_round(record, SYSTEM, known=[first, second])
    hand_in(inbox, ("S1", first, "S1", 1, "crystalline"), ("S2", second, "S2", 2, "withdrawn"))
    ledger, _ = ledger_now(record, inbox)
    corrected, withdrawn = (of_map(ledger).loc[one] for one in (first, second))
    assert (corrected["hit"], corrected["state"], corrected["predicted_mm"]) == (False, "no_label", 4.0)
    assert (withdrawn["state"], withdrawn["proposed_rank"], withdrawn["entry"]) == ("withdrawn", 2, 1)
    assert pd.isna(withdrawn["hit"])


def test_a_cast_before_the_first_training_is_not_in_it(inbox: LabInbox, record: Record) -> None:
    hand_in(inbox, ("S1", "Zr50Al5Cu45", "", 2, "amorphous"))
    record_round(record, SYSTEM, known=["Al5Cu45Zr50"])
    ledger, _ = ledger_now(record, inbox)
    assert set(ledger["state"]) == {"pending"}


def test_a_system_whose_record_is_damaged_is_named_and_keeps_no_other_out(inbox: LabInbox, record: Record) -> None:
    record_round(record, SYSTEM)
    record_round(record, OTHER)
    shutil.rmtree(Path(record.url) / "predictions" / OTHER / "files")
    ledger, (note,) = ledger_now(record, inbox)
    assert set(ledger["target_system"]) == {SYSTEM}
    assert note.startswith(f"{OTHER} is left out: ")
    assert "`bmg restore`" in note


def test_one_system_alone(inbox: LabInbox, record: Record) -> None:
    for key in (SYSTEM, OTHER):
        record_round(record, key)
    assert set(ledger_now(record, inbox, [OTHER])[0]["target_system"]) == {OTHER}
    assert ledger_now(record, inbox, ["Fe-B-Si"])[0].empty


def test_a_prediction_that_is_edited_later_is_found(inbox: LabInbox, record: Record) -> None:
    record_round(record, SYSTEM)
    assert record.problems() == []
    proposals = Rounds.of(record, SYSTEM).trainings[0].file("proposals")
    assert proposals is not None
    path = Path(record.url) / "predictions" / SYSTEM / "files" / proposals.name
    pd.read_parquet(path).assign(dmax_mm=9.0).to_parquet(path)
    (problem,) = record.problems()
    assert path.as_posix().endswith(problem.file)
    assert not problem.can_be_mended


def test_an_entry_whose_time_is_set_back_is_found(inbox: LabInbox, record: Record) -> None:
    record_round(record, SYSTEM)
    year = str(datetime.now(UTC).year)
    for path in (Path(record.url) / "predictions" / SYSTEM / "journal").iterdir():
        path.write_bytes(path.read_bytes().replace(f'"written_at": "{year}'.encode(), b'"written_at": "2020'))
    assert record.problems() != []


def test_the_page_is_written_into_the_store(inbox: LabInbox, record: Record, tmp_path: Path) -> None:
    first, _ = record_round(record, SYSTEM)
    hand_in(inbox, ("S1", first, "", 2, "amorphous"))
    store = Store(url=str(tmp_path / "store"))
    assert write_ledger_page(store, *ledger_now(record, inbox)) == LEDGER_PAGE
    page = store.read_bytes(LEDGER_PAGE).decode()
    assert first == "Al10Cu50Zr40"
    assert "<td>Zr40Al10Cu50</td>" in page
    assert page.count("<img") == 2
