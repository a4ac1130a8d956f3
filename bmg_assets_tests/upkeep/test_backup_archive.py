"""An archive holds the files under their names; a hostile or damaged one is refused."""

from pathlib import Path

import pytest

from bmg_assets.settings import Locations
from bmg_assets.upkeep.backup import back_up
from bmg_assets.upkeep.backup_archive import SNAPSHOT_FILE, ArchiveReader, is_archive, new_archive
from bmg_assets.upkeep.snapshot import BackupError
from bmg_assets_tests.upkeep.archives import ENDINGS, members_of, written
from bmg_assets_tests.upkeep.deployments import FILES, SYSTEMS


@pytest.mark.parametrize("ending", ENDINGS)
def test_people_find_their_files_in_it_and_the_snapshot_last(places: Locations, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"x{ending}"
    snapshot = back_up(places, SYSTEMS, str(path)).snapshot
    members = members_of(path)
    assert dict(members)["lab/accepted/zr.csv"] == FILES["lab_results/accepted/zr.csv"]
    assert [name for name, _ in members] == [*(file.name for file in snapshot.files), SNAPSHOT_FILE]
    reader = ArchiveReader(path)
    assert (reader.snapshots(), reader.snapshot(snapshot.name)) == ([snapshot.name], snapshot)
    assert [(name, file.read()) for name, file in reader.contents(snapshot)] == members[:-1]
    with pytest.raises(BackupError, match=f"no snapshot of yesterday in .*, it has {snapshot.name}"):
        reader.snapshot("of yesterday")


def test_what_is_an_archive_follows_from_the_ending() -> None:
    assert [is_archive(name) for name in ("x.zip", "/a/x.tar.zst", "folder", "s3://bucket/x")] == [
        True,
        True,
        False,
        False,
    ]
    for name in ("x.tar", "x.tgz", "x.7z", "X.ZIP", "s3://bucket/x.zip"):
        with pytest.raises(BackupError):
            is_archive(name)


def test_an_archive_that_is_not_finished_is_not_there(tmp_path: Path) -> None:
    class KilledError(Exception):
        pass

    with pytest.raises(KilledError), new_archive(tmp_path / "x.zip"):
        raise KilledError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_link_in_it_is_refused(places: Locations, tmp_path: Path, ending: str) -> None:
    path, linked = tmp_path / f"x{ending}", "lab/accepted/zr.csv"
    back_up(places, SYSTEMS, str(path))
    written(path, [one for one in members_of(path) if one[0] != linked], link=linked)
    with pytest.raises(BackupError, match=r"'lab/accepted/zr\.csv' is no plain file.* Nothing was changed"):
        ArchiveReader(path).snapshot()


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_archive_that_is_cut_anywhere_is_refused(places: Locations, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"x{ending}"
    back_up(places, SYSTEMS, str(path))
    data = path.read_bytes()
    for length in [*range(0, len(data), max(1, len(data) // 60)), len(data) - 1]:
        path.write_bytes(data[:length])
        reader = ArchiveReader(path)
        with pytest.raises(BackupError, match=r"Nothing was changed\.$"):
            list(reader.contents(reader.snapshot()))


def test_a_file_of_another_kind_is_no_backup(tmp_path: Path) -> None:
    for ending in ENDINGS:
        path = tmp_path / f"x{ending}"
        written(path, [("a.txt", b"a")])
        with pytest.raises(BackupError, match="holds no snapshot, so it is no backup"):
            ArchiveReader(path).snapshot()
        path.write_bytes(b"something else")
        with pytest.raises(BackupError, match="is damaged or cannot be read"):
            ArchiveReader(path).snapshot()
