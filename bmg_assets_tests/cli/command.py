"""The command `bmg` in the process of a test."""

import sys

import pytest

from bmg_assets.cli.main import main

PLACES = ("BMG_STORE", "BMG_RECORD", "BMG_LAB", "DAGSTER_HOME")
"""Variables that would lead out of a test's own data folder."""


def answer_of(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    """Exit code, answer and errors of a command."""
    monkeypatch.setattr(sys, "argv", ["bmg", *arguments])
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main()
    captured = capsys.readouterr()
    return end.value.code if isinstance(end.value.code, int) else 0, captured.out, captured.err
