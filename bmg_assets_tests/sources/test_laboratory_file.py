"""A file of the laboratory is found under the name that people give it, and none is passed over."""

from pathlib import Path

import pytest

from bmg_assets.science.errors import BmgError
from bmg_assets.sources.laboratory_file import laboratory_file


class FileError(BmgError):
    """What a caller raises."""


@pytest.mark.parametrize("name", ["casting.yaml", "casting.yml", "Casting.yaml", "CASTING.YML", " casting.yaml"])
def test_the_file_is_found_as_yml_and_in_capitals(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert laboratory_file(tmp_path, "casting", FileError) == tmp_path / name
    assert laboratory_file(tmp_path, "reading", FileError) is None


def test_without_a_folder_there_is_no_file(tmp_path: Path) -> None:
    assert laboratory_file(tmp_path, "casting", FileError) is None
    assert laboratory_file(tmp_path / "not there", "casting", FileError) is None


@pytest.mark.parametrize(
    "name",
    [
        *("casting.yaml.txt", "Casting.yml.txt", "casting.yaml.rtf", "casting.txt", "casting", "casting.json"),
        *("casting (1).yaml", "casting - Copy.yml", "castings.yaml", "casting_limits.yaml", "casting.yaml.bak"),
    ],
)
def test_a_file_that_is_meant_to_be_it_is_never_passed_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(FileError) as told:
        laboratory_file(tmp_path, "casting", FileError)
    assert f"has '{name}', which is not read: expected is casting.yaml; rename the file" in str(told.value)


@pytest.mark.parametrize("name", ["casting.yml", "Casting.yaml"])
def test_of_two_files_none_is_chosen(tmp_path: Path, name: str) -> None:
    for one in ("casting.yaml", name):
        (tmp_path / one).touch()
    with pytest.raises(FileError, match=r"expected one casting.yaml; join them in one\.$"):
        laboratory_file(tmp_path, "casting", FileError)
    (tmp_path / name).rename(tmp_path / "casting.yaml.txt")
    with pytest.raises(FileError, match=r"has 'casting\.yaml\.txt', which is not read"):
        laboratory_file(tmp_path, "casting", FileError)


def test_copies_for_safety_and_other_files_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "castings_of_2026.csv").touch()
    assert laboratory_file(tmp_path, "casting", FileError) is None
    for name in ("casting.yaml", "casting.yaml.bak", "casting.yaml~", "casting_2025.yaml", "casting.yaml.old"):
        (tmp_path / name).touch()
    assert laboratory_file(tmp_path, "casting", FileError) == tmp_path / "casting.yaml"


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_rights(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", no_rights)
    with pytest.raises(FileError, match=r"cannot be searched for casting.yaml \(Permission denied\); fix its rights"):
        laboratory_file(tmp_path, "casting", FileError)
