"""Backups: only what is new is copied, an older state stays, and no place that would harm anything is taken."""

import errno
import os
import uuid
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.settings import Locations
from bmg_assets.store.folder import FolderError, LocalFolder
from bmg_assets.upkeep.backup import back_up
from bmg_assets.upkeep.backup_folder import CONTENTS, OWNER_FILE, BackupFolder
from bmg_assets.upkeep.snapshot import BackupError
from bmg_assets_tests.upkeep.deployments import FILES, SYSTEMS, add_predictions, filled_deployment, places_in
from bmg_assets_tests.upkeep.faults import files_below


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backup"


@pytest.mark.parametrize("kind", ["local", "memory"])
def test_a_second_backup_copies_only_what_is_new_and_the_first_state_stays(
    places: Locations, target: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = str(target) if kind == "local" else f"memory://{uuid.uuid4().hex}/backup"
    names = iter(["2026-11-27T20-00-00Z", "2026-11-28T20-00-00Z", "2026-11-29T20-00-00Z"])
    monkeypatch.setattr("bmg_assets.upkeep.backup.name_of_now", lambda: next(names))
    seen: list[tuple[int, int]] = []
    first = back_up(places, SYSTEMS, url, lambda done, of: seen.append((done, of)))
    assert first.copied == len({file.sha256 for file in first.snapshot.files})
    assert seen[-1] == (len(seen), len(seen))
    assert back_up(places, SYSTEMS, url).copied == 0

    add_predictions(places, 1)
    (places.lab / "casting.yaml").write_bytes(b"limits: {Al: 0-20}\n")
    third = back_up(places, SYSTEMS, url)
    assert third.copied == 3  # the prediction, its entry (twice the same content), the limits

    folder = BackupFolder(url)
    assert folder.snapshots() == ["2026-11-27T20-00-00Z", "2026-11-28T20-00-00Z", "2026-11-29T20-00-00Z"]
    for backed_up, limits in ((first, FILES["lab_results/casting.yaml"]), (third, b"limits: {Al: 0-20}\n")):
        snapshot = folder.snapshot(backed_up.snapshot.name)
        assert snapshot == backed_up.snapshot
        assert snapshot.systems == SYSTEMS
        contents = {name: file.read() for name, file in folder.contents(snapshot)}
        assert contents["lab/casting.yaml"] == limits
        assert {file.name: file.sha256 for file in snapshot.files} == {
            name: sha256(data).hexdigest() for name, data in contents.items()
        }


def test_a_killed_backup_leaves_the_others_whole_and_the_next_one_goes_on(
    places: Locations, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(places, SYSTEMS, str(target))
    before = files_below(target)
    add_predictions(places, 2)

    class KilledError(BaseException):
        pass

    def killed(*_: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(BackupFolder, "finish", killed)
        with pytest.raises(KilledError):
            back_up(places, SYSTEMS, str(target))
    assert {path: data for path, data in files_below(target).items() if path in before} == before
    # Where files are not replaced as a whole, a part of one may be left.
    left = next(path for path in files_below(target) if path not in before)
    Path(left).write_bytes(b"half")
    monkeypatch.setattr("bmg_assets.upkeep.backup.name_of_now", lambda: "2099-01-01T00-00-00Z")
    assert back_up(places, SYSTEMS, str(target)).copied == 1
    folder = BackupFolder(str(target))
    for name, file in folder.contents(folder.snapshot()):
        assert sha256(file.read()).hexdigest() == next(
            one.sha256 for one in folder.snapshot().files if one.name == name
        )


def refused(places: Locations, target: str, *words: str) -> None:
    before = files_below(places.data.parent)
    with pytest.raises((BackupError, FolderError)) as told:
        back_up(places, SYSTEMS, target)
    assert not [word for word in words if word not in str(told.value)], told.value
    assert "\n" not in str(told.value)
    assert files_below(places.data.parent) == before


def test_a_place_that_is_no_place_for_it_is_refused_and_nothing_changed(
    places: Locations, target: Path, tmp_path: Path
) -> None:
    other = filled_deployment(tmp_path / "another/data")
    back_up(other, SYSTEMS, str(tmp_path / "of another"))
    (tmp_path / "full").mkdir()
    (tmp_path / "full/thesis.docx").write_bytes(b"years of work")
    (tmp_path / "file").write_bytes(b"a file")
    (tmp_path / "x.zip").write_bytes(b"an archive of somebody")
    refused(places, str(tmp_path / "full"), "holds files and no backup", "Nothing was changed")
    refused(places, str(tmp_path / "of another"), "backups of another deployment", "Nothing was changed")
    refused(places, str(places.data / "backup"), "would be lost with it", "Nothing was changed")
    refused(places, str(places.data / "x.tar.zst"), "would be lost with it")
    refused(places, str(places.lab), "would be lost with it")
    refused(places, str(tmp_path), "holds files and no backup")
    refused(places, str(tmp_path / "file"), "is a file")
    refused(places, str(tmp_path / "x.zip"), "is there already")
    refused(places, str(tmp_path / "x.tar.gz"), "expected .zip or .tar.zst")
    refused(places, "s3://bucket/x.zip", "is an archive behind a URL")
    refused(places, "nosuch://place/backup", "nosuch://place/backup cannot be used", "nosuch")


def test_a_refused_backup_makes_no_record(empty: Locations, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/thesis.docx").write_bytes(b"years of work")
    for target in (str(tmp_path / "full"), str(empty.data / "x"), str(tmp_path / "x.7z")):
        refused(empty, target)


def test_a_damaged_owner_file_is_not_written_over(places: Locations, target: Path) -> None:
    back_up(places, SYSTEMS, str(target))
    (target / OWNER_FILE).write_bytes(b"{")
    refused(places, str(target), "backup.json is damaged")
    (target / OWNER_FILE).write_bytes(b"")
    refused(places, str(target), "holds files and no backup")


@pytest.mark.parametrize("target_name", ["backup", "x.zip", "x.tar.zst"])
def test_a_full_disk_is_one_sentence_and_the_repeat_succeeds(
    places: Locations, tmp_path: Path, target_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = str(tmp_path / "disk" / target_name)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("bmg_assets.store.folder.sync", full)
        with pytest.raises(FolderError, match="the disk is full"):
            back_up(places, SYSTEMS, target)
    assert [path for path in files_below(tmp_path / "disk") if path.endswith((".zip", ".zst", ".json"))] == []
    assert back_up(places, SYSTEMS, target).snapshot.files


def test_a_file_that_cannot_be_read_is_named_and_no_snapshot_made(
    places: Locations, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = LocalFolder.open

    def refuses(folder: LocalFolder, name: str) -> Any:
        if name == "casting.yaml":
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(folder, name)

    monkeypatch.setattr(LocalFolder, "open", refuses)
    with pytest.raises(BackupError, match=r"casting\.yaml cannot be read or copied \(Permission denied\)"):
        back_up(places, SYSTEMS, str(target))
    assert BackupFolder(str(target)).snapshots() == []


def test_a_file_that_is_taken_in_or_grows_meanwhile_is_saved_as_it_was_read(
    places: Locations, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has = BackupFolder.has

    def and_meanwhile(folder: BackupFolder, file: Any) -> bool:
        if file.name == "lab/inbox/new.csv":
            with (places.lab / "inbox/new.csv").open("ab") as growing:
                growing.write(b"one more line\n")
            (places.lab / "inbox/patterns/zr.xy").unlink(missing_ok=True)
        return has(folder, file)

    monkeypatch.setattr(BackupFolder, "has", and_meanwhile)
    snapshot = back_up(places, SYSTEMS, str(target)).snapshot
    contents = {name: file.read() for name, file in BackupFolder(str(target)).contents(snapshot)}
    assert contents["lab/inbox/new.csv"] == FILES["lab_results/inbox/new.csv"] + b"one more line\n"
    assert "lab/inbox/patterns/zr.xy" not in contents


def test_a_share_that_is_not_mounted_is_not_backed_up_as_empty(places: Locations, target: Path) -> None:
    for times in range(2):
        places.lab.rename(places.data.parent / "unmounted")
        before = files_below(target)
        with pytest.raises(BackupError, match="holds no file, though casts were taken in: mount its share"):
            back_up(places, SYSTEMS, str(target))
        assert {path: data for path, data in files_below(target).items() if not path.endswith(OWNER_FILE)} == {
            path: data for path, data in before.items() if not path.endswith(OWNER_FILE)
        }
        (places.data.parent / "unmounted").rename(places.lab)
        if not times:
            back_up(places, SYSTEMS, str(target))


def test_a_deployment_in_which_nothing_happened_yet_is_backed_up(empty: Locations, target: Path) -> None:
    snapshot = back_up(empty, {}, str(target)).snapshot
    assert [file.name for file in snapshot.files] == ["record/record.json"]


def test_a_name_that_other_file_systems_refuse_is_told(places: Locations, target: Path) -> None:
    (places.lab / "inbox/two\nlines.csv").write_bytes(b"x")
    done = back_up(places, SYSTEMS, str(target))
    assert done.left_out == ("lab/inbox/two\nlines.csv",)
    assert not [file for file in done.snapshot.files if "lines" in file.name]


def test_equal_contents_are_kept_once(places: Locations, target: Path) -> None:
    for name in ("inbox/a.xy", "inbox/b.xy"):
        (places.lab / name).write_bytes(b"same")
    back_up(places, SYSTEMS, str(target))
    assert [data for data in files_below(target / CONTENTS).values() if data == b"same"] == [b"same"]


def test_two_places_in_one_memory_do_not_mix(tmp_path: Path) -> None:
    one, other = filled_deployment(tmp_path / "one"), places_in(tmp_path / "other")
    url = f"memory://{uuid.uuid4().hex}"
    back_up(one, SYSTEMS, f"{url}/one")
    back_up(other, {}, f"{url}/other")
    assert len(BackupFolder(f"{url}/other").snapshots()) == 1
