"""The systemd units of docs/deployment.md are units: systemd itself reads them, and warns of nothing."""

import getpass
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bmg_assets_tests.deployment_page import blocks, with_places

UNITS = {"bmg.service": "BMG platform", "bmg-worker.service": "BMG worker"}
"""Files, and the words that describe each of them."""
INSTALLED = "/srv/bmg/.venv/bin/bmg"

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze on this machine"
)


def unit(description: str) -> str:
    (found,) = [one for one in blocks("ini") if f"Description={description}\n" in one]
    return found


def remarks_on(folder: Path, name: str, text: str) -> str:
    """What systemd says of a unit, which is run by this user and this Python: those of the page are not here."""
    user = getpass.getuser()
    places = {INSTALLED: sys.executable, "User=bmg": f"User={user}"}
    (folder / name).write_text(with_places(text, places))
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(folder / name)]
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip() or ("" if done.returncode == 0 else f"status {done.returncode}")


@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_units_of_the_page_without_a_remark(tmp_path: Path, name: str) -> None:
    assert remarks_on(tmp_path, name, unit(UNITS[name])) == ""


def test_systemd_says_what_is_wrong_with_a_unit(tmp_path: Path) -> None:
    wrong = unit("BMG worker").replace("KillMode=mixed", "KillMode=both")
    assert "kill mode specification, ignoring: both" in remarks_on(tmp_path, "bmg-worker.service", wrong)


def test_a_run_at_work_is_not_ended_with_its_worker() -> None:
    """By itself systemd sends SIGTERM to all processes of a service, so also to a run that has to end well."""
    assert "KillMode=mixed\n" in unit("BMG worker")
