"""Ending what `bmg ui` runs: a person's Ctrl-C is no failure, and a child that ignores it does not live on."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from bmg_assets.launch import dagster_ui as ui
from bmg_assets.store.store import Store

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


def test_only_warnings_and_errors_of_dagster_are_written_to_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster's daemon would say every five seconds that a run waits for another."""
    asked: list[list[str]] = []
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster_home"))
    monkeypatch.setenv("BMG_PAGES_URL", "http://localhost:1")
    monkeypatch.setattr(ui, "run_until_stopped", lambda command: asked.append(command) or 0)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        ui.run_ui(Store(url=str(tmp_path / "store")), "127.0.0.1", 0, 0)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    (command,) = asked
    assert command[-2:] == ["--log-level", "warning"]


def test_the_status_of_a_child_that_ends_by_itself_is_told() -> None:
    assert ui.run_until_stopped([sys.executable, "-c", "raise SystemExit(7)"]) == 7
