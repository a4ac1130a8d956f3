"""`bmg verify`, `bmg backup` and `bmg restore`: what a person reads, and exit codes."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bmg_assets.settings import Locations
from bmg_assets.store.record import Record
from bmg_assets_tests.cli.command import PLACES, answer_of
from bmg_assets_tests.upkeep.deployments import filled_deployment
from bmg_assets_tests.upkeep.faults import FAULTS, files_below

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def bmg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in this process, on a data folder of its own: exit code, answer, errors."""
    for name in PLACES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BMG_DATA", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, str, str]:
        return answer_of(arguments, monkeypatch, capsys)

    return run


def test_a_deployment_is_backed_up_deleted_and_restored_elsewhere(
    bmg: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, target = filled_deployment(tmp_path / "data"), str(tmp_path / "backup")
    for system in ("Zr-Al-Cu", "Mg-Zn-Ca"):
        assert bmg("add", system)[0] == 0
    code, out, err = bmg("backup", target)
    assert (code, err) == (0, "")
    assert "2 registered systems and maps.\nNot in it: the store, the downloads and Dagster's run history" in out
    name = out.split()[1]
    assert bmg("restore", target, "--list") == (0, f"{name}\n", "")
    code, out, _ = bmg("restore", target, "--check")
    assert (code, out.split(": ")[0]) == (0, f"Snapshot {name} is whole")
    record = {Path(path).name: data for path, data in files_below(Path(places.record_url)).items()}

    shutil.rmtree(places.data)
    monkeypatch.setenv("BMG_DATA", str(tmp_path / "elsewhere"))
    code, out, err = bmg("restore", target)
    assert (code, err) == (0, "")
    assert f"Snapshot {name}: " in out
    assert "Registered systems: Zr-Al-Cu, Mg-Zn-Ca.\nTo go on: `bmg rebuild`" in out
    assert {Path(path).name: data for path, data in files_below(tmp_path / "elsewhere/record").items()} == record
    assert [row["target_system"] for row in json.loads(bmg("list", "--json")[1])] == ["Zr-Al-Cu", "Mg-Zn-Ca"]
    assert bmg("verify")[0] == 0
    assert "0 of " in bmg("restore", target, "--snapshot", name)[1]


def test_what_a_person_has_to_know_is_told(bmg: Command, tmp_path: Path) -> None:
    places, target = filled_deployment(tmp_path / "data"), str(tmp_path / "backup")
    (places.lab / "inbox/two\nlines.csv").write_bytes(b"x")
    FAULTS["flipped"](Path(places.record_url) / "casts/files/no.csv")
    code, _, err = bmg("backup", target)
    assert code == 1
    assert "refuse the name: 'lab/inbox/two\\nlines.csv'" in err
    assert "1 files of the deployment are damaged; `bmg verify` says what to do." in err
    (places.lab / "casting.yaml").write_bytes(b"edited since")
    code, out, err = bmg("restore", target)
    assert code == 1
    assert f"Kept as it is here, though the backup has it otherwise: {places.lab / 'casting.yaml'}." in out
    assert "casts/files/no.csv is damaged or missing: `bmg verify --mend`" in err


def test_systems_of_a_damaged_run_history_are_those_of_the_last_backup(bmg: Command, tmp_path: Path) -> None:
    places, target = filled_deployment(tmp_path / "data"), str(tmp_path / "backup")
    assert bmg("add", "Zr-Al-Cu")[0] == 0
    assert bmg("backup", target)[0] == 0
    for path in (places.dagster_home / "history").rglob("*.db*"):
        path.write_bytes(b"no database")
    code, out, err = bmg("backup", target)
    assert code == 1
    assert "1 registered systems and maps." in out
    assert "`bmg verify` says what to do" in err
    shutil.rmtree(places.dagster_home / "history")
    code, out, _ = bmg("restore", target)
    assert (code, "Registered systems: Zr-Al-Cu." in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["backup", "{data}/x"], "would be lost with it"),
        (["restore", "{data}/nothing"], "There is no backup in"),
        (["restore", "{data}/nothing", "--list"], "There is no backup in"),
        (["restore", "{data}/nothing.zip"], "There is no"),
    ],
)
def test_a_mistake_is_one_sentence(bmg: Command, tmp_path: Path, arguments: list[str], words: str) -> None:
    code, out, err = bmg(*(one.format(data=tmp_path / "data") for one in arguments))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_verify_names_file_fault_and_remedy_and_ends_with_1(bmg: Command) -> None:
    places = Locations.from_environment()
    Record(url=places.record_url).stream("casts").append({"zr.csv": b"casts"}, {})
    assert bmg("verify") == (0, "Every file of the record, the store and Dagster's storage is as it was written.\n", "")
    path = Path(places.record_url) / "casts/journal/00000001.json"
    FAULTS["flipped"](path)
    code, out, _ = bmg("verify")
    assert (code, out) == (1, f"{path} is damaged: `bmg verify --mend` writes it anew from its copy.\n")
    code, out, _ = bmg("verify", "--json")
    assert code == 1
    assert json.loads(out) == [
        {"file": str(path), "what": "is damaged", "remedy": "`bmg verify --mend` writes it anew from its copy"}
    ]
    code, out, _ = bmg("verify", "--mend")
    assert (code, out.splitlines()[0]) == (0, f"Written anew: {path}")
    assert bmg("verify", "--json")[:2] == (0, "[]\n")
