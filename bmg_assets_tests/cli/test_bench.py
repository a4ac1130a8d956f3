"""`bmg sheet`, `bmg candidates` and `bmg propose`: what a person reads, files, and exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bmg_assets_tests.cli.command import answer_of
from bmg_assets_tests.deployment import Deployment

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def bmg(
    finished: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """The command on what the finished deployment has stored: exit code, answer, errors."""
    for name, value in finished.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    return lambda *arguments: answer_of(arguments, monkeypatch, capsys)


def test_the_sheet_as_text_as_a_lab_file_and_as_json(bmg: Ask, tmp_path: Path) -> None:
    text = bmg("sheet", "Zr-Al-Cu", "Zr50Al5Cu45", "--mass", "5")[1]
    assert "buttons of 5 g" in text
    assert "[ ] glassy" in text
    assert bmg("sheet", "Zr-Al-Cu", "Zr50Al5Cu45", "--csv")[1].count("planned") == 1
    found = json.loads(bmg("sheet", "Zr-Al-Cu", "Zr50Al5Cu45", "--json")[1])
    assert [row["element"] for row in found["alloys"][0]["weighed"]] == ["Zr", "Al", "Cu"]
    book = tmp_path / "sheet.xlsx"
    bmg("sheet", "Zr-Al-Cu", "Zr50Al5Cu45", "--xlsx", str(book))
    assert book.read_bytes()[:2] == b"PK"
    refused = bmg("sheet", "Zr-Al-Cu", "--xlsx", str(tmp_path / "no" / "sheet.xlsx"))
    assert (refused[0], "cannot be written" in refused[2]) == (2, True)
    assert bmg("sheet", "Zr-Al-Cu", "--mass", "0")[0] == 2


def test_candidates_for_people_and_for_others(bmg: Ask) -> None:
    assert "Cast next in Zr-Al-Cu:" in bmg("candidates", "Zr-Al-Cu")[1]
    assert bmg("candidates", "Zr-Al-Cu", "--csv")[1].startswith("formula,Zr_at_pct")
    assert json.loads(bmg("candidates", "Zr-Al-Cu", "--json")[1])[0]["rank"] == 1
    assert bmg("candidates", "Zr-Al-Ni")[0] == 2


def test_choosing_anew_prints_picks_and_refuses_foreign_limits(bmg: Ask) -> None:
    found = bmg("propose", "Zr-Al-Cu", "--limit", "Al 0-8", "--json")
    picks = [row for row in json.loads(found[1]) if row["is_recommended"] and row["kind"] == "pick"]
    assert all(row["Al_at_pct"] <= 8 for row in picks)
    refused = bmg("propose", "Zr-Al-Cu", "--limit", "Be 0-8")
    assert (refused[0], "does not hold" in refused[2]) == (2, True)
