"""Restoring gives the deployment back as it was, adds what is missing to the same record, and overwrites nothing."""

import contextlib
import os
import shutil
import uuid
import warnings
from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from bmg_assets.settings import Locations
from bmg_assets.store.record import IDENTITY_FILE, Record
from bmg_assets.upkeep.backup import back_up
from bmg_assets.upkeep.backup_archive import SNAPSHOT_FILE
from bmg_assets.upkeep.backup_folder import CONTENTS
from bmg_assets.upkeep.restore import check, names_in, restore
from bmg_assets.upkeep.snapshot import BackupError, Snapshot
from bmg_assets.upkeep.verify import verify
from bmg_assets_tests.automation.night import CHAIN
from bmg_assets_tests.upkeep.archives import ENDINGS, Member, members_of, written
from bmg_assets_tests.upkeep.deployments import SYSTEMS, add_predictions, filled_deployment
from bmg_assets_tests.upkeep.faults import FAULTS, files_below

KINDS = ["folder", "memory", *ENDINGS]
NOT_BACKED_UP = ("store/", "downloads/", "dagster_home/history", "lab_results/.")


def target_of(kind: str, tmp_path: Path) -> str:
    return f"memory://{uuid.uuid4().hex}/backup" if kind == "memory" else str(tmp_path / f"backup{kind}")


def relative(data: Path) -> dict[str, bytes]:
    return {str(Path(path).relative_to(data)): content for path, content in files_below(data).items()}


def kept(data: Path) -> dict[str, bytes]:
    return {name: content for name, content in relative(data).items() if not name.startswith(NOT_BACKED_UP)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_deployment_comes_back_in_an_empty_machine(
    places: Locations, empty: Locations, tmp_path: Path, kind: str
) -> None:
    target = target_of(kind, tmp_path)
    snapshot = back_up(places, SYSTEMS, target).snapshot
    as_it_was = kept(places.data)
    modified = (places.lab / "accepted/zr.csv").stat().st_mtime_ns
    shutil.rmtree(places.data)
    done = restore(empty, target)
    assert (done.snapshot, done.placed, done.kept, done.set_aside) == (snapshot, len(snapshot.files), (), ())
    assert relative(empty.data) == as_it_was
    assert (empty.lab / "accepted/zr.csv").stat().st_mtime_ns == modified
    assert list(verify(empty, CHAIN)) == []
    again = restore(empty, target)
    assert (again.placed, again.kept) == (0, ())
    assert relative(empty.data) == as_it_was


def test_a_record_behind_a_url_is_backed_up_and_restored(places: Locations, empty: Locations, tmp_path: Path) -> None:
    url, target = f"memory://{uuid.uuid4().hex}", str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    remote, second = (replace(empty, record_url=f"{url}/{name}") for name in ("record", "second"))
    restore(remote, target)
    back_up(remote, SYSTEMS, target)
    restore(second, target)
    for one in (remote, second):
        record = Record(url=one.record_url)
        assert record.problems() == []
        assert {name: record.folder.read(name) for name in record.folder.files()} == relative(Path(places.record_url))


def test_an_earlier_state_comes_back_by_its_name(
    places: Locations, empty: Locations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = iter(["2026-11-27T20-00-00Z", "2026-11-28T20-00-00Z"])
    monkeypatch.setattr("bmg_assets.upkeep.backup.name_of_now", lambda: next(names))
    target = str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    earlier = kept(places.data)
    add_predictions(places, 2)
    (places.lab / "casting.yaml").write_bytes(b"other limits\n")
    back_up(places, SYSTEMS, target)
    assert names_in(target) == ["2026-11-27T20-00-00Z", "2026-11-28T20-00-00Z"]
    restore(empty, target, "2026-11-27T20-00-00Z")
    assert relative(empty.data) == earlier
    # The newest state of the same record is added to it; what people edit stays as it is.
    done = restore(empty, target)
    assert done.kept == (str(empty.lab / "casting.yaml"),)
    assert relative(empty.data) == kept(places.data) | {"lab_results/casting.yaml": earlier["lab_results/casting.yaml"]}
    with pytest.raises(BackupError, match=r"no snapshot 2020 in .*, it has 2026-11-27T20-00-00Z, 2026-11-28T20"):
        restore(empty, target, "2020")


@pytest.mark.parametrize("fault", FAULTS)
def test_every_damaged_file_of_the_same_record_is_mended(places: Locations, tmp_path: Path, fault: str) -> None:
    target = str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    as_it_was = files_below(Path(places.record_url))
    for path in as_it_was:
        FAULTS[fault](Path(path))
    identity = Path(places.record_url) / IDENTITY_FILE
    if fault != "removed":
        refused(places, target, "is there, but no record", "move")
        identity.write_bytes(as_it_was[str(identity)])
    (places.lab / "accepted/zr.csv").unlink()
    restore(places, target)
    found = files_below(Path(places.record_url))
    assert {path: data for path, data in found.items() if not path.endswith(IDENTITY_FILE)} == {
        path: data for path, data in as_it_was.items() if not path.endswith(IDENTITY_FILE)
    }
    assert Record(url=places.record_url).problems() == []
    assert (places.lab / "accepted/zr.csv").exists()


def test_what_was_recorded_since_stays(places: Locations, tmp_path: Path) -> None:
    target = str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    add_predictions(places, 2)
    # A file of the inbox was taken in since: it does not come back to be taken in again.
    (places.lab / "inbox/new.csv").rename(places.lab / "accepted/new.csv")
    before = relative(places.data)
    done = restore(places, target)
    assert (done.placed, done.kept) == (0, ())
    assert relative(places.data) == before


def test_literature_of_a_fresh_clone_is_set_aside(places: Locations, empty: Locations, tmp_path: Path) -> None:
    target = str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    (empty.data / "literature").mkdir(parents=True)
    (empty.data / "literature/sources.yaml").write_bytes(b"as committed\n")
    (empty.data / "literature/sources.yaml.before-restore").write_bytes(b"of an earlier restore\n")
    done = restore(empty, target)
    aside = empty.data / "literature/sources.yaml.before-restore-2"
    assert done.set_aside == (str(aside),)
    assert aside.read_bytes() == b"as committed\n"
    assert (empty.data / "literature/sources.yaml").read_bytes() == b"sources: of this laboratory\n"


def test_literature_that_a_killed_restore_set_aside_is_not_set_aside_again(
    places: Locations, empty: Locations, tmp_path: Path
) -> None:
    target = str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    (empty.data / "literature").mkdir(parents=True)
    for name in ("sources.yaml", "sources.yaml.before-restore"):
        (empty.data / "literature" / name).write_bytes(b"as committed\n")
    done = restore(empty, target)
    assert done.set_aside == (str(empty.data / "literature/sources.yaml.before-restore"),)
    assert len(list((empty.data / "literature").glob("*.before-restore*"))) == 1


def refused(places: Locations, source: str, *words: str) -> None:
    before = files_below(places.data.parent)
    with pytest.raises(BackupError) as told:
        restore(places, source)
    assert not [word for word in words if word not in str(told.value)], told.value
    assert "\n" not in str(told.value)
    assert files_below(places.data.parent) == before


def test_another_record_or_other_casts_are_not_overwritten(places: Locations, empty: Locations, tmp_path: Path) -> None:
    target = str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    refused(filled_deployment(tmp_path / "other/data"), target, "is another one", "Nothing was changed")

    foreign = empty.lab / "accepted/foreign.csv"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"casts of another laboratory")
    refused(empty, target, "foreign.csv is not in the backup", "Nothing was changed")
    foreign.unlink()

    left = Path(empty.record_url) / "casts/files/left.csv"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"left of a record")
    refused(empty, target, "left.csv is there, but no record", "Nothing was changed")


def test_a_record_that_was_continued_in_two_places_is_not_mixed(
    places: Locations, empty: Locations, tmp_path: Path
) -> None:
    target = str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    restore(empty, target)
    add_predictions(places, 1)
    Record(url=empty.record_url).predictions("Zr-Al-Cu").append({"other.parquet": b"other"}, {})
    back_up(places, SYSTEMS, str(tmp_path / "later"))
    refused(empty, str(tmp_path / "later"), "continued in two places", "Nothing was changed")


def test_a_place_without_a_backup_is_refused(empty: Locations, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/file").write_bytes(b"x")
    refused(empty, str(tmp_path / "nothing"), "There is no backup in")
    refused(empty, str(tmp_path / "nothing.zip"), "There is no", "nothing.zip")
    refused(empty, str(tmp_path / "mine"), "holds files and no backup")
    refused(empty, "nosuch://place", "cannot be used")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_content_is_refused_before_anything_changes(
    places: Locations, empty: Locations, tmp_path: Path, fault: str
) -> None:
    target = tmp_path / "backup"
    back_up(places, SYSTEMS, str(target))
    for path in sorted((target / CONTENTS).rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            FAULTS[fault](path)
            refused(empty, str(target), "Nothing was changed")
            with pytest.raises(BackupError):
                check(empty, str(target), None)
            path.write_bytes(data)
    assert check(empty, str(target), None).files
    assert not empty.data.exists()
    for path in (target / "snapshots").iterdir():
        FAULTS[fault](path)
    refused(empty, str(target), "snapshot" if fault == "removed" else "is damaged")


Change = Callable[[list[Member], Snapshot], Sequence[Member]]


def _with_snapshot(members: Sequence[Member], snapshot: Snapshot) -> list[Member]:
    return [*members, (SNAPSHOT_FILE, snapshot.to_json())]


def _leading_out(members: list[Member], snapshot: Snapshot) -> Sequence[Member]:
    name, data = "lab/../../../outside.csv", b"outside"
    file = replace(snapshot.files[0], name=name, size=len(data), sha256=sha256(data).hexdigest())
    return _with_snapshot([*members, (name, data)], replace(snapshot, files=(*snapshot.files, file)))


HOSTILE: dict[str, tuple[Change, str]] = {
    "a name that leads out": (_leading_out, "no file of a deployment"),
    "an absolute name": (
        lambda members, snapshot: _with_snapshot([*members, ("/outside.csv", b"x")], snapshot),
        "does not name",
    ),
    "a name that no snapshot has": (
        lambda members, snapshot: _with_snapshot([*members, ("lab/../x", b"x")], snapshot),
        "does not name",
    ),
    "a file twice": (lambda members, snapshot: _with_snapshot([*members, members[0]], snapshot), "holds twice"),
    "a file too few": (lambda members, snapshot: _with_snapshot(members[1:], snapshot), "is missing in it"),
    "another content": (
        lambda members, snapshot: _with_snapshot([(members[0][0], b"another"), *members[1:]], snapshot),
        "is not what was backed up",
    ),
    "more content": (
        lambda members, snapshot: _with_snapshot([(members[0][0], b"0" * 5_000_000), *members[1:]], snapshot),
        "is not what was backed up",
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("how", HOSTILE)
def test_a_hostile_archive_is_refused_and_nothing_leaves_its_folder(
    places: Locations, empty: Locations, tmp_path: Path, how: str, ending: str
) -> None:
    path = tmp_path / f"x{ending}"
    snapshot = back_up(places, SYSTEMS, str(path)).snapshot
    change, words = HOSTILE[how]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile remarks on a name that comes twice
        written(path, change(members_of(path)[:-1], snapshot))
    refused(empty, str(path), words, "Nothing was changed")
    assert not Path("/outside.csv").exists()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_flipped_bit_anywhere_is_refused_or_changes_nothing(
    places: Locations, empty: Locations, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"x{ending}"
    back_up(places, SYSTEMS, str(path))
    data, as_it_was = path.read_bytes(), kept(places.data)
    for place in range(0, len(data), max(1, len(data) // 50)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with contextlib.suppress(BackupError):
            restore(empty, str(path))
            assert relative(empty.data) == as_it_was
            shutil.rmtree(empty.data)
        assert not empty.data.exists()


def test_a_disk_without_room_is_told_before_anything_changes(
    places: Locations, empty: Locations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 10))
    refused(empty, target, "free some space and restore again")


def test_what_a_killed_restore_left_is_swept_when_old(places: Locations, empty: Locations, tmp_path: Path) -> None:
    target = str(tmp_path / "backup")
    back_up(places, SYSTEMS, target)
    for name, age in ((".restore-old", 7200), (".restore-young", 60)):
        (empty.data / name).mkdir(parents=True)
        past = (empty.data / name).stat().st_mtime - age
        os.utime(empty.data / name, (past, past))
    restore(empty, target)
    assert [path.name for path in empty.data.glob(".restore-*")] == [".restore-young"]
