"""Ending what `bmg ui` runs: a person's Ctrl-C is no failure, and a child that ignores it does not live on."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from bmg_assets import ui

IGNORES_CTRL_C = """
import pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text("ready")
time.sleep(60)
"""


def test_a_child_that_ignores_ctrl_c_is_asked_more_firmly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui, "PATIENCE_S", 0.2)
    # Where the tests themselves were started in the background, Python does not listen to Ctrl-C by itself.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    ready = tmp_path / "ready"

    def press_ctrl_c() -> None:
        while not ready.exists():
            threading.Event().wait(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press_ctrl_c)
    presser.start()
    try:
        assert ui.run_until_stopped([sys.executable, "-c", IGNORES_CTRL_C, str(ready)]) == 0
    finally:
        signal.signal(signal.SIGINT, before)
        presser.join()


def test_the_status_of_a_child_that_ends_by_itself_is_told() -> None:
    assert ui.run_until_stopped([sys.executable, "-c", "raise SystemExit(7)"]) == 7
