"""Which accepted casts a system's tables do not hold yet."""

from pathlib import Path

from bmg_assets.intake.inbox import LabInbox, casts_in_no_run
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.lab_tables import as_frame, lab_casts_rows
from bmg_assets.store.store import Store
from bmg_assets.store.tables.arrow import empty_frame
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, table

SYSTEM = parse_system("Zr-Al-Cu")


def take_in(inbox: LabInbox, name: str, *samples: str) -> None:
    lines = [line(sample, composition_nominal="Zr50Al5Cu45") for sample in samples]
    inbox.take_in(drop(inbox, name, table(*lines)))


def test_casts_wait_until_a_run_has_stored_them(tmp_path: Path) -> None:
    inbox, store = inbox_at(tmp_path), Store(url=str(tmp_path / "store"))
    assert casts_in_no_run(store, inbox, SYSTEM) == []
    take_in(inbox, "first.csv", "ZAC-1")
    assert [row["sample_id"] for row in casts_in_no_run(store, inbox, SYSTEM)] == ["ZAC-1"]
    assert casts_in_no_run(store, inbox, parse_system("Mg-Zn-Ca")) == []

    rows = lab_casts_rows(SYSTEM, inbox.accepted().history)
    store.write_table(LAB_CASTS.name, SYSTEM.key, as_frame(rows, empty_frame(LAB_CASTS)))
    assert casts_in_no_run(store, inbox, SYSTEM) == []
    take_in(inbox, "second.csv", "ZAC-2", "ZAC-3")
    assert [row["sample_id"] for row in casts_in_no_run(store, inbox, SYSTEM)] == ["ZAC-2", "ZAC-3"]


def test_a_laboratory_elsewhere_is_not_made_here(tmp_path: Path) -> None:
    inbox = LabInbox(root=str(tmp_path / "lab_results"))
    assert casts_in_no_run(Store(url=str(tmp_path / "store")), inbox, SYSTEM) == []
    assert not inbox.accepted_folder.exists()
