"""Backups and restores are killed at random moments: earlier snapshots stay whole, and the repeat succeeds."""

import subprocess
import sys
from pathlib import Path

KILLS = 18


def test_killed_backups_and_restores_lose_nothing_and_their_repeat_succeeds(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bmg_assets_tests.upkeep.keepers", str(tmp_path), str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    backups, restores = map(int, done.stdout.split())
    assert backups > KILLS / 2, "hardly any backup was killed"
    assert restores > KILLS / 4, "hardly any restore was killed"
