"""`bmg check`: each row of a file on the terminal and as JSON, and nothing written."""

import json
import sys
from pathlib import Path

import pytest

from bmg_assets.cli.main import main
from bmg_assets.intake.examples import table_of_examples
from bmg_assets_tests.intake.cast_files import line, table


@pytest.fixture
def bmg(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    monkeypatch.setenv("BMG_DATA", str(tmp_path / "data"))

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["bmg", "check", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return int(end.value.code or 0), captured.out, captured.err

    return run


def test_a_good_file_and_one_with_a_refused_row(bmg, tmp_path: Path) -> None:
    file = tmp_path / "casts.csv"
    file.write_bytes(table(line("A", dimension_mm="φ2.5")))
    code, out, _ = bmg(file)
    assert code == 0
    assert "line 2    accepted  A: Zr50Al5Cu45 at.%" in out
    assert "dimension_mm: 'φ2.5' was read as 2.5" in out
    assert "casts: 1 accepted, 0 refused, 0 skipped. Nothing was written." in out
    file.write_bytes(table(line("A"), line("B\x1b[31m", verdict="nice")))
    code, out, _ = bmg(file)
    assert code == 1
    assert "do  write one of amorphous" in out or "do  export the file again" in out
    assert "\x1b" not in out
    assert not (tmp_path / "data").exists()


def test_json_for_scripts(bmg, tmp_path: Path) -> None:
    file = tmp_path / "formulas.txt"
    file.write_text("CO50Zr50\nZr50Cu40\n")
    code, out, _ = bmg(file, "--json")
    found = json.loads(out)
    assert code == 1
    assert found["kind"] == "formulas"
    assert [row["outcome"] for row in found["rows"]] == ["read", "refused"]
    assert found["rows"][0]["read_as"] == "Co50Zr50 at.%"


def test_the_words_of_the_laboratory_are_used(bmg, tmp_path: Path) -> None:
    lab = tmp_path / "data" / "lab_results"
    lab.mkdir(parents=True)
    file = tmp_path / "casts.csv"
    file.write_bytes(table(line("A", verdict="vetro")))
    assert bmg(file)[0] == 1
    (lab / "reading.yaml").write_text("words: {verdict: {amorphous: [vetro]}}\n")
    assert bmg(file)[0] == 0
    (lab / "reading.yaml").write_text("words: 1\n")
    code, _, err = bmg(file)
    assert code == 2
    assert "reading.yaml" in err


def test_the_table_of_what_is_read(bmg) -> None:
    assert bmg("--how")[:2] == (0, f"{table_of_examples()}\n")


def test_what_cannot_be_checked_is_one_sentence(bmg, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(bytes(10_000_001))
    for arguments, told in (((), "Name the file"), ((tmp_path,), "There is no file"), ((large,), "larger than 10 MB")):
        code, out, err = bmg(*arguments)
        assert (code, out) == (2, "")
        assert told in err
        assert err.count("\n") <= 2
