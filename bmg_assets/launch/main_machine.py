"""The one main machine of a database: two daemons at one would start every run twice.

`bmg ui` holds a lock of PostgreSQL's that lasts as long as a connection. So nobody has to give it back, whatever ends
`bmg ui`, and a second one is refused wherever it is started. Needs the extra `cluster`.
"""

import os
import re
import select
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Protocol

from bmg_assets.execution.processes import answers
from bmg_assets.launch.database import DatabaseError, connected, database_away
from bmg_assets.launch.services import WAIT_FOR_LOCK_S
from bmg_assets.science.errors import BmgError
from bmg_assets.settings import ManyMachines, without_password

LOCK = (0x626D67, 0x7569)
"""The lock's two numbers: the letters of `bmg` and `ui`."""
BETWEEN_TRIES_S = 1.0
BETWEEN_TRIES_TO_HOLD_AGAIN_S = 5.0
LONGEST_HOST = 36
"""Letters of a machine's name that are told; PostgreSQL keeps 63 of the name of a connection."""
HOLDER = """
    SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class AnotherMainMachineError(BmgError):
    """Another `bmg ui` is at work on the database."""


class Session(Protocol):
    """A connection to the database that can hold the lock."""

    def take(self) -> bool:
        """Take the lock unless another session holds it; whether it is ours now."""

    def holder(self) -> str | None:
        """The name of the session that holds the lock; None where there is none, or it is not shown to us."""

    def is_lost(self) -> bool:
        """Whether the connection has ended, and the lock with it. Asks the database nothing while nothing is amiss."""

    def fileno(self) -> int:
        """The socket. The connection lasts until every process that has it open has ended."""

    def close(self) -> None:
        """End it."""


class PostgresSession:
    """A session of PostgreSQL.

    Raises:
        DatabaseError: the database does not answer, or refuses us.
    """

    def __init__(self, database: str, name: str) -> None:
        self._database = database
        self._connection = connected(database, application_name=name)
        # Else a statement would leave a transaction open.
        self._connection.autocommit = True

    def take(self) -> bool:
        found = self._ask("SELECT pg_try_advisory_lock(%s, %s)", *LOCK)
        return bool(found)

    def holder(self) -> str | None:
        found = self._ask(HOLDER, *LOCK)
        return str(found) if found else None

    def is_lost(self) -> bool:
        # The server says nothing by itself but that it ends.
        if not select.select([self], [], [], 0)[0]:
            return False
        try:
            self._ask("SELECT 1")
        except DatabaseError:
            return True
        return False

    def fileno(self) -> int:
        return int(self._connection.fileno())

    def close(self) -> None:
        self._connection.close()

    def _ask(self, sql: str, *values: object) -> object:
        import psycopg2

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, values)
                row = cursor.fetchone() if cursor.description else None
        except psycopg2.Error as error:
            raise DatabaseError(database_away(self._database, error)) from error
        return row[0] if row else None


class MainMachine:
    """This machine's hold on the database.

    Args:
        database: as a sentence names it.
        session: begins a session.
        say: is called with a sentence when the database goes away or comes back.
    """

    def __init__(
        self, database: str, session: Callable[[], Session], say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._database, self._begin, self._say = database, session, say
        self._session: Session | None = None
        self._tried = 0.0

    @property
    def session(self) -> Session:
        """The session that holds the lock, after `take`."""
        assert self._session is not None
        return self._session

    def take(self, wait_s: float) -> None:
        """Become the main machine.

        Args:
            wait_s: how long to wait for the services of a `bmg ui` that was killed, which end a little later.

        Raises:
            AnotherMainMachineError: another one is at work.
            DatabaseError: the database cannot be used.
        """
        self._session, latest = self._begin(), time.monotonic() + wait_s
        while not self._session.take():
            holder = self._session.holder()
            if _lives_here(holder) or time.monotonic() > latest:
                raise AnotherMainMachineError(self._another(holder))
            time.sleep(BETWEEN_TRIES_S)

    def check(self) -> None:
        """Hold on: where the connection has ended, as by a restart of the database, take the lock again.

        Raises:
            AnotherMainMachineError: another one has taken it meanwhile.
        """
        if self._session is not None and not self._session.is_lost():
            return
        if self._session is not None:
            self._say(
                f"The database {self._database} has ended the connection. Runs at work wait for it, and others begin "
                "when it is back."
            )
            self.let_go()
        if time.monotonic() - self._tried < BETWEEN_TRIES_TO_HOLD_AGAIN_S:
            return
        self._tried = time.monotonic()
        with suppress(DatabaseError):  # it is still away
            self._take_again()

    def let_go(self) -> None:
        """End the session, if there is one."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _take_again(self) -> None:
        session = self._begin()
        with ExitStack() as stack:
            stack.callback(session.close)
            if session.take():
                stack.pop_all()
                self._session = session
                self._say("The database is back.")
                return
            holder = session.holder()
        # A server that was cut off from us may still count on our former session.
        if holder not in (None, own_name()):
            raise AnotherMainMachineError(f"{self._another(holder)} It began while this one had lost the database.")

    def _another(self, holder: str | None) -> str:
        return (
            f"Another `bmg ui` is at work on the database {self._database} ({holder or 'where, it does not tell'}). "
            "Several machines have one together, which starts all runs: use that one, or stop it first."
        )


@contextmanager
def main_machine(machines: ManyMachines, wait_s: float = WAIT_FOR_LOCK_S) -> Iterator[MainMachine]:
    """Be the main machine for the length of the block; raises as `MainMachine.take`."""
    held = MainMachine(
        without_password(machines.database),
        lambda: PostgresSession(machines.database, own_name()),
        lambda words: print(words, flush=True),
    )
    try:
        held.take(wait_s)
        yield held
    finally:
        held.let_go()


def own_name() -> str:
    """The name of this process's session."""
    return f"{_of_this_host()}{os.getpid()}"


def _of_this_host() -> str:
    return f"bmg ui of {os.uname().nodename[:LONGEST_HOST]}, process "


def _lives_here(holder: str | None) -> bool:
    """Whether the holder is a process of this machine that is at work, not one whose services are about to end."""
    found = re.fullmatch(rf"{re.escape(_of_this_host())}(\d+)", holder or "")
    return found is not None and answers(int(found[1]))
