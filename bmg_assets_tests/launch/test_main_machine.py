"""One `bmg ui` on a database: when a second one is refused, and how the first holds on while the database restarts.

The database is played here; what PostgreSQL does is tried in bmg_assets_tests/distributed.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

import pytest

from bmg_assets.launch import main_machine
from bmg_assets.launch.database import DatabaseError
from bmg_assets.launch.main_machine import AnotherMainMachineError, MainMachine, own_name

ELSEWHERE = "bmg ui of other.example.org, process 12"


@dataclass
class Database:
    """A database with one lock; sessions of it end when it restarts."""

    holder: str | None = None
    is_away: bool = False
    sessions: list["FakeSession"] = field(default_factory=list)

    def session(self) -> "FakeSession":
        if self.is_away:
            raise DatabaseError("The database is away.")
        self.sessions.append(FakeSession(self))
        return self.sessions[-1]

    def stop(self) -> None:
        self.is_away, self.holder = True, None
        for session in self.sessions:
            session.is_open = False


@dataclass
class FakeSession:
    database: Database
    is_open: bool = True

    def take(self) -> bool:
        if self.database.holder is None:
            self.database.holder = own_name()
            return True
        return False

    def holder(self) -> str | None:
        return self.database.holder

    def is_lost(self) -> bool:
        return not self.is_open

    def fileno(self) -> int:
        return 0

    def close(self) -> None:
        self.is_open = False


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_machine, "BETWEEN_TRIES_S", 0.01)
    monkeypatch.setattr(main_machine, "BETWEEN_TRIES_TO_HOLD_AGAIN_S", 0.0)


def name_of(pid: int) -> str:
    return f"{own_name().rpartition(' ')[0]} {pid}"


def test_a_second_one_on_this_machine_is_refused_at_once() -> None:
    holder, began = name_of(os.getppid()), time.monotonic()
    database = Database(holder)
    with pytest.raises(AnotherMainMachineError) as told:
        MainMachine("postgresql://bmg:***@h/bmg", database.session).take(wait_s=60)
    assert time.monotonic() - began < 5
    assert f"on the database postgresql://bmg:***@h/bmg ({holder}). Several" in str(told.value)
    assert str(told.value).endswith("use that one, or stop it first.")


@pytest.mark.parametrize("holder", [ELSEWHERE, "psql"])
def test_one_on_another_machine_is_waited_for_and_then_refused(holder: str) -> None:
    with pytest.raises(AnotherMainMachineError, match=rf"\({holder}\)"):
        MainMachine("h", Database(holder).session).take(wait_s=0.05)


def test_the_services_of_one_that_was_killed_are_waited_for() -> None:
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    database = Database(name_of(killed.pid))
    looks: list[str | None] = []

    class Ending(FakeSession):
        def holder(self) -> str | None:
            looks.append(self.database.holder)
            if len(looks) == 3:
                self.database.holder = None
            return looks[-1]

    held = MainMachine("h", lambda: Ending(database))
    held.take(wait_s=60)
    assert database.holder == own_name()
    assert len(looks) == 3


def test_it_holds_on_after_the_database_was_away() -> None:
    database, told = Database(), list[str]()
    held = MainMachine("h", database.session, told.append)
    held.take(wait_s=0)
    held.check()
    assert len(database.sessions) == 1
    assert told == []
    database.stop()
    for _ in range(3):
        held.check()
    database.is_away = False
    held.check()
    assert database.holder == own_name()
    assert held.session is database.sessions[-1]
    assert [words.partition(".")[0] for words in told] == [
        "The database h has ended the connection",
        "The database is back",
    ]
    held.let_go()
    assert not database.sessions[-1].is_open


def test_it_ends_if_another_one_has_begun_while_the_database_was_away() -> None:
    database = Database()
    held = MainMachine("h", database.session)
    held.take(wait_s=0)
    database.stop()
    database.is_away, database.holder = False, ELSEWHERE
    with pytest.raises(AnotherMainMachineError, match="It began while this one had lost the database"):
        held.check()
    assert not any(session.is_open for session in database.sessions)


def test_a_server_that_still_counts_on_the_former_session_is_asked_again() -> None:
    database = Database()
    held = MainMachine("h", database.session)
    held.take(wait_s=0)
    database.stop()
    database.is_away, database.holder = False, own_name()
    held.check()
    database.holder = None
    held.check()
    assert held.session is database.sessions[-1]
    assert database.holder == own_name()
