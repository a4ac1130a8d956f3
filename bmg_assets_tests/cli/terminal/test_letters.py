"""Every command answers on terminals that do not know every letter."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bmg_assets_tests.deployment import Deployment

ENCODINGS = ["latin-1", "cp932", "utf-8"]
LETTERS = "Å ≥ – 名 ﬁ 😀"


def bmg(fresh: Deployment, encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, whose output has this encoding."""
    home = fresh.folder / "dagster_home"
    variables = {**os.environ, **fresh.variables(), "DAGSTER_HOME": str(home), "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "bmg_assets.cli.main", *arguments]
    return subprocess.run(command, env=variables, capture_output=True)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_answer_is_shown_with_letters_replaced(fresh: Deployment, encoding: str) -> None:
    done = bmg(fresh, encoding, "query", f"SELECT '{LETTERS}' AS letters")
    assert (done.returncode, done.stderr) == (0, b"")
    assert LETTERS.encode(encoding, "replace") in done.stdout


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_loses_no_letter(fresh: Deployment, encoding: str) -> None:
    done = bmg(fresh, encoding, "query", f"SELECT '{LETTERS}' AS letters", "--json")
    assert json.loads(done.stdout.decode(encoding)) == [{"letters": LETTERS}]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_mistake_and_the_help_are_shown(fresh: Deployment, encoding: str) -> None:
    wrong = bmg(fresh, encoding, "add", f"Zr-{LETTERS}")
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    assert LETTERS.encode(encoding, "replace") in wrong.stderr
    assert b"Traceback" not in wrong.stderr
    for arguments in (["--help"], ["run", "--help"], ["run", f"--{LETTERS}"]):
        shown = bmg(fresh, encoding, *arguments)
        assert b"Usage" in shown.stdout + shown.stderr
        assert b"Traceback" not in shown.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_a_name_that_is_no_text_is_shown(fresh: Deployment, tmp_path: Path, encoding: str) -> None:
    """As folders have it that were named under another encoding."""
    odd = os.fsdecode(b"lab\xff")
    (tmp_path / odd).mkdir()
    (tmp_path / odd / "casting.yaml.txt").touch()
    home = fresh.folder / "dagster_home"
    variables = {**os.environ, **fresh.variables(), "DAGSTER_HOME": str(home), "BMG_LAB": str(tmp_path / odd)}
    code = "from bmg_assets.cli.main import main; main()"
    command = [sys.executable, "-c", code, "run", "Zr-Al-Cu"]
    subprocess.run([*command[:3], "add", "Zr-Al-Cu"], env=variables, check=True, capture_output=True)
    done = subprocess.run(command, env={**variables, "PYTHONIOENCODING": encoding}, capture_output=True)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"lab?" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_processes_of_a_run_print_any_letter_too(fresh: Deployment) -> None:
    code = (
        "import subprocess, sys; from bmg_assets.cli.terminal.letters import show_any_letter; show_any_letter(); "
        "subprocess.run([sys.executable, '-c', \"print('\\u540d')\"], check=True)"
    )
    variables = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, check=True)
    assert done.stdout == b"?\n"
