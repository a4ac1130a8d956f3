"""What is backed up: what cannot be made again, and nothing else."""

import os
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.settings import Locations
from bmg_assets.store.folder import LocalFolder
from bmg_assets.upkeep.parts import JOURNAL, files_of
from bmg_assets.upkeep.snapshot import BackupError
from bmg_assets_tests.upkeep.deployments import add_predictions


def test_all_that_people_and_the_record_keep_and_nothing_that_is_made_again(places: Locations) -> None:
    names = [file.whole_name for file in files_of(places)]
    assert [name for name in names if not name.startswith("record/")] == [
        "lab/accepted/zr.csv",
        "lab/accepted/zr.report.csv",
        "lab/casting.yaml",
        "lab/inbox/new.csv",
        "lab/inbox/patterns/zr.xy",
        "lab/rejected/no.csv",
        "literature/own_table.csv",
        "literature/sources.yaml",
        "dagster/dagster.yaml",
    ]
    in_record = {path for path in Path(places.record_url).rglob("*") if path.is_file()}
    assert {
        Path(places.record_url) / name.partition("/")[2] for name in names if name.startswith("record/")
    } == in_record
    assert sum(JOURNAL in name for name in names) == 10


def test_links_pipes_and_locks_of_spreadsheets_are_not_kept(places: Locations, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"of another user")
    (places.lab / "inbox/link.csv").symlink_to(tmp_path / "secret")
    (places.lab / "inbox/folder").symlink_to(tmp_path)
    (places.lab / "inbox/~$zr.xlsx").write_bytes(b"lock")
    os.mkfifo(places.lab / "inbox/pipe.csv")
    names = [file.whole_name for file in files_of(places)]
    assert not [name for name in names if any(part in name for part in ("link", "folder", "~", "pipe"))]


def test_a_folder_that_cannot_be_read_is_not_left_out_in_silence(
    places: Locations, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuses(path: Any) -> Any:
        if str(path).endswith("patterns"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    with pytest.raises(BackupError, match=r"inbox/patterns cannot be read \(Permission denied\): .* No snapshot"):
        list(files_of(places))


def test_an_entry_that_is_written_between_two_listings_is_left_to_the_next_backup(
    places: Locations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So every file that a saved entry names is saved, too."""
    files = LocalFolder.files

    def and_then_another_prediction(folder: LocalFolder, below: str = "") -> list[str]:
        found = files(folder, below)
        if folder.root.name == "record":
            with monkeypatch.context() as patch:
                patch.setattr(LocalFolder, "files", files)
                add_predictions(places, 1)
        return found

    monkeypatch.setattr(LocalFolder, "files", and_then_another_prediction)
    names = [file.name for file in files_of(places) if file.part == "record"]
    entries = {name.rpartition("/")[2][:8] for name in names if "predictions" in name and JOURNAL in name}
    assert entries == {"00000001", "00000002", "00000003"}
    assert sum("predictions" in name and "/files/" in name for name in names) == 4


def test_a_deployment_without_anything_has_no_files(empty: Locations) -> None:
    assert list(files_of(empty)) == []
