"""`bmg ledger`: what a person reads, JSON and CSV, with an empty store and before anything was cast."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.science.evidence.ledger import COLUMNS
from bmg_assets.store.page_addresses import LEDGER_PAGE, OVERVIEW_PAGE
from bmg_assets.store.store import Store
from bmg_assets_tests.assets.recorded_rounds import record_round
from bmg_assets_tests.assets.test_ledger import SYSTEM, hand_in
from bmg_assets_tests.cli.command import PLACES, answer_of
from bmg_assets_tests.intake.cast_files import inbox_at

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path)


@pytest.fixture
def bmg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in this process, on a data folder of its own: exit code, answer, errors."""
    for name in PLACES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BMG_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str) -> tuple[int, str, str]:
        return answer_of(("ledger", *arguments), monkeypatch, capsys)

    return run


def test_before_anything_is_recorded_or_cast_it_says_so(bmg: Command, inbox: LabInbox) -> None:
    assert bmg() == (0, "No prediction stands in the ledger yet: the first run of a system records its picks.\n", "")
    record_round(inbox.record, SYSTEM)
    code, out, _ = bmg()
    assert code == 0
    assert out.startswith("Nothing was cast yet for which a prediction had been recorded before.\n")
    assert "Picks that wait for a result" in out
    assert "Zr40Al10Cu50" in out
    assert "share" not in out, "no number pretends"


def test_casts_and_predictions_for_people(bmg: Command, inbox: LabInbox) -> None:
    first, _ = record_round(inbox.record, SYSTEM)
    hand_in(inbox, ("S1", first, "", 2, "amorphous"), ("S2", first, "", 2.5, "crystalline"))
    code, out, err = bmg("--system", SYSTEM)
    assert (code, err) == (0, "")
    for words in (
        "Own alloys with a result and a prediction before it: 1, of 1 system(s), with 2 predictions by the maps; picks",
        "Systems whose first picks gave a bulk glass: 1 of the 1 where that is decided.",
        "Picks without a result: 1 that stand, 0 no longer proposed.",
        "No mean is given of fewer than 5 alloys.",
        "100% (21% to 100%)",
        "4.00 (2.00 to 6.00)",
        "2, below 2.5",
        "Prospective: the record held the prediction before the alloy was tested",
    ):
        assert words in out
    assert bmg("--system", "Mg-Zn-Ca")[1].startswith("No prediction stands in the ledger yet")
    code, _, err = bmg("--system", "Zr-Xx")
    assert (code, "Xx" in err) == (2, True)


def test_json_holds_the_sums_and_every_column(bmg: Command, inbox: LabInbox) -> None:
    first, _ = record_round(inbox.record, SYSTEM)
    hand_in(inbox, ("S1", first, "", 2, "amorphous"))
    found = json.loads(bmg("--json")[1])
    assert found["counts"] == {"systems": 1, "alloys": 1, "predictions": 2, "picks_with_result": 1, "pending": 1} | {
        "dropped": 0
    }
    assert (found["hit_rates"][0]["hits"], found["brier"][0]["brier"]) == (1, None)
    assert [list(row) == list(COLUMNS) for row in found["predictions"]] == [True] * 3
    assert found["predictions"][0]["hit"] is True


def test_csv_holds_every_prediction_and_no_formula(bmg: Command, inbox: LabInbox) -> None:
    first, _ = record_round(inbox.record, SYSTEM)
    hand_in(inbox, ("@S1", first, "", 2, "amorphous"))
    rows = list(csv.DictReader(io.StringIO(bmg("--csv")[1])))
    assert [row["composition"] for row in rows[:2]] == [first, first]
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["sample_ids"] == "'@S1"
    code, _, err = bmg("--csv", "--json")
    assert (code, err) == (2, "--json and --csv exclude each other; choose one.\n")


def test_a_damaged_record_is_told_beside_the_answer(bmg: Command, inbox: LabInbox) -> None:
    record_round(inbox.record, SYSTEM)
    for path in (Path(inbox.record.url) / "predictions" / SYSTEM / "files").iterdir():
        path.write_bytes(b"")
    code, _, err = bmg()
    assert code == 0
    assert err.startswith(f"{SYSTEM} is left out: ")


def test_the_page_is_made_anew_where_the_store_has_pages(bmg: Command, inbox: LabInbox, tmp_path: Path) -> None:
    record_round(inbox.record, SYSTEM)
    store = Store(url=str(tmp_path / "store"))
    bmg()
    assert not store.has_bytes(LEDGER_PAGE)
    store.write_bytes(OVERVIEW_PAGE, b"<p>all systems</p>")
    bmg("--system", SYSTEM)
    assert not store.has_bytes(LEDGER_PAGE), "the page is of all systems"
    bmg()
    assert "Zr40Al10Cu50" in store.read_bytes(LEDGER_PAGE).decode()
