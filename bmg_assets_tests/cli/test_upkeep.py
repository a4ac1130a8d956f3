"""`bmg verify`, `bmg backup` and `bmg restore`: what a person reads, and exit codes."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bmg_assets.cli.main import main
from bmg_assets.settings import Locations
from bmg_assets.store.record import Record
from bmg_assets_tests.upkeep.faults import FAULTS

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def bmg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in this process, on a data folder of its own: exit code, answer, errors."""
    for name in ("BMG_STORE", "BMG_RECORD", "BMG_LAB", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BMG_DATA", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["bmg", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return end.value.code if isinstance(end.value.code, int) else 0, captured.out, captured.err

    return run


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
