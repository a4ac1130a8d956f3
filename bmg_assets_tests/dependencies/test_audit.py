"""What is said of vulnerabilities, with the database and without it."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bmg_assets_tests.dependencies.audit import LOCK, Answer, ask, locked_versions, said_of

LOCKED = {"numpy": "2.3.0", "lxml": "6.1.3", "new": "1"}
STORED = Answer("the database", "2026-01-02", {"numpy": "2.3.0", "lxml": "6.1.2"}, {"lxml": ["PYSEC-1", "PYSEC-2"]})


def reports(monkeypatch: pytest.MonkeyPatch, *packages: dict[str, Any]) -> None:
    """Let pip-audit report this."""
    text = json.dumps({"dependencies": packages})
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=text))


def test_the_database_is_asked_for_every_package_of_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    answer = SimpleNamespace(stdout='{"dependencies": []}')
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.append(command) or answer)
    ask()
    assert str(LOCK) in asked[0]
    assert locked_versions()["numpy"]


def test_a_vulnerability_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    vulnerable = {"name": "lxml", "version": "6.1.3", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}
    reports(
        monkeypatch, {"name": "numpy", "version": "2.3.0", "vulns": []}, vulnerable, {"name": "new", "skip_reason": "?"}
    )
    answer = ask()
    assert answer is not None
    assert answer.sentences() == ["lxml 6.1.3 is vulnerable (PYSEC-1, PYSEC-2): raise it with `make lock`."]
    said = said_of(answer, is_stored=False, locked=LOCKED)
    assert said.endswith("know 2 vulnerabilities of 2 locked packages; 1 others it was not asked for.")


def test_without_the_network_the_stored_answer_is_told_with_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    reports(monkeypatch, {"name": "numpy", "skip_reason": "not found"})
    assert ask() is None
    said = said_of(STORED, is_stored=True, locked=LOCKED)
    assert "out of reach. Its stored answer of 2026-01-02 (the database) knows 2 vulnerabilities of 1 locked" in said
    assert "2 others it was not asked for" in said
    assert said.endswith("What became known later is not in it.")


@pytest.mark.parametrize("output", ["", "Traceback", "{}"])
def test_an_audit_that_fails_is_no_answer(monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=output))
    assert ask() is None


def test_an_answer_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    STORED.store(tmp_path / "answer.json")
    assert Answer.stored(tmp_path / "answer.json") == STORED


def test_the_committed_answer_is_of_the_locked_packages() -> None:
    stored = Answer.stored()
    assert stored.sentences() == []
    assert set(locked_versions()) <= set(stored.versions)
