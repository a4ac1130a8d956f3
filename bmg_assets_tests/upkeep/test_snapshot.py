"""A snapshot comes back, and one that is damaged, newer or leads out of a deployment is refused."""

from dataclasses import replace

import pytest

from bmg_assets.upkeep.snapshot import SNAPSHOT_FORMAT, BackupError, SavedFile, Snapshot, can_be_saved, name_of_now

FILE = SavedFile("lab/accepted/größe.csv", 3, "ab" * 32, 17)
SNAPSHOT = Snapshot("2026-11-27T20-34-05-120Z", "record 1", {"target_system": ["Zr-Al-Cu"]}, (FILE,))


def test_a_snapshot_comes_back() -> None:
    assert Snapshot.from_json("x", SNAPSHOT.to_json()) == SNAPSHOT
    assert (FILE.part, FILE.name_in_part) == ("lab", "accepted/größe.csv")
    assert len(name_of_now()) == len(SNAPSHOT.name)


@pytest.mark.parametrize(
    "name",
    [
        "lab/../../etc/passwd",
        "/etc/passwd",
        "lab//etc/passwd/../x",
        "C:/x",
        "lab/..",
        "lab",
        "",
        "store/candidates/Zr-Al-Cu.parquet",
        "lab/.ssh/keys",
        "dagster/history/runs.db",
        "lab/a\nb",
        "lab/\udcff",
    ],
)
def test_a_name_that_is_no_file_of_a_deployment_is_refused(name: str) -> None:
    assert not can_be_saved(name)
    if "\udcff" not in name:
        bad = replace(SNAPSHOT, files=(FILE, replace(FILE, name=name)))
        with pytest.raises(BackupError, match=r"no file of a deployment\. Nothing was changed"):
            Snapshot.from_json("x", bad.to_json())


def test_what_is_damaged_newer_or_names_a_file_twice_is_refused() -> None:
    for data, words in (
        (SNAPSHOT.to_json()[:-2], "is damaged or no snapshot"),
        (b"", "is damaged or no snapshot"),
        (replace(SNAPSHOT, format=SNAPSHOT_FORMAT + 1).to_json(), "use the version that wrote it"),
        (replace(SNAPSHOT, files=(FILE, FILE)).to_json(), "names a file twice"),
    ):
        with pytest.raises(BackupError, match=f"place/x.*{words}.* Nothing was changed"):
            Snapshot.from_json("place/x", data)
