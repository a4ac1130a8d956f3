"""A backup's record gives what is missing or damaged here, and takes nothing away."""

import shutil
from pathlib import Path

import pytest

from bmg_assets.settings import Locations
from bmg_assets.store.record import IDENTITY_FILE, Record
from bmg_assets.upkeep.record_merge import RecordMerge
from bmg_assets.upkeep.snapshot import BackupError, Snapshot
from bmg_assets_tests.upkeep.deployments import add_predictions
from bmg_assets_tests.upkeep.faults import FAULTS

MAP, ENTRY = "predictions/Zr-Al-Cu/files/0.parquet", "predictions/Zr-Al-Cu/journal/00000001.json"


@pytest.fixture
def staged(places: Locations, tmp_path: Path) -> Path:
    """The record as it was backed up."""
    shutil.copytree(places.record_url, tmp_path / "staged")
    return tmp_path / "staged"


def merge_of(places: Locations, staged: Path) -> RecordMerge:
    identity = Record(url=str(staged)).identity() or ""
    merge = RecordMerge(places.record_url, Snapshot("x", identity, {}, ()))
    merge.refuse_another_record()
    merge.refuse_other_entries(staged)
    return merge


@pytest.mark.parametrize("name", [MAP, ENTRY, IDENTITY_FILE])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_damaged_here_is_taken_and_what_is_damaged_there_is_not(
    places: Locations, staged: Path, name: str, fault: str
) -> None:
    FAULTS[fault](Path(places.record_url) / name)
    assert merge_of(places, staged).takes(name, staged)
    shutil.copy(staged / name, Path(places.record_url) / name)
    if fault != "removed":
        FAULTS[fault](staged / name)
        identity = Record(url=places.record_url).identity() or ""
        merge = RecordMerge(places.record_url, Snapshot("x", identity, {}, ()))
        merge.refuse_other_entries(staged)
        assert not merge.takes(name, staged)


def test_a_record_that_lost_its_name_is_known_by_its_entries(places: Locations, staged: Path) -> None:
    (Path(places.record_url) / IDENTITY_FILE).unlink()
    assert not merge_of(places, staged).is_new
    with pytest.raises(BackupError, match="is another one"):
        RecordMerge(places.record_url, Snapshot("x", "another", {}, ())).refuse_another_record()


def test_more_entries_on_either_side_are_no_contradiction_and_others_are(places: Locations, staged: Path) -> None:
    add_predictions(places, 1)
    merge_of(places, staged)
    Record(url=str(staged)).predictions("Zr-Al-Cu").append({"other.parquet": b"other"}, {})
    with pytest.raises(BackupError, match=r"00000004\.copy\.json is another entry than in the backup"):
        merge_of(places, staged)
