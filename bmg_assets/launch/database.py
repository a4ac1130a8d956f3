"""The PostgreSQL of a deployment of many machines: whether it answers, and whether its clock is this machine's.

Needs the extra `cluster`.
"""

import time
from collections.abc import Iterator
from typing import Any

from bmg_assets.science.errors import BmgError
from bmg_assets.settings import DATABASE, ManyMachines, without_password

LARGEST_DIFFERENCE_S = 60.0
"""Clocks may differ by so much without a word."""


class DatabaseError(BmgError):
    """The database does not answer, or refuses us."""


def check_database(machines: ManyMachines) -> Iterator[str]:
    """Remarks on the database, a sentence each.

    Raises:
        DatabaseError: it does not answer, or refuses us.
    """
    connection = connected(machines.database)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            ahead = time.time() - float(cursor.fetchone()[0])
    finally:
        connection.close()
    if abs(ahead) > LARGEST_DIFFERENCE_S:
        direction = "ahead of" if ahead > 0 else "behind"
        yield (
            f"The clock of this machine is {abs(ahead):.0f} s {direction} that of the database: times in the run "
            "history will not go together; set both by a time server (NTP). Nothing else depends on it."
        )


def connected(database: str, **parameters: object) -> Any:
    """A connection of psycopg2's to the database of a URL of SQLAlchemy.

    Args:
        parameters: of the connection, as libpq names them.

    Raises:
        DatabaseError: it does not answer, or refuses us.
    """
    import psycopg2

    address = database.replace("postgresql+psycopg2://", "postgresql://", 1)
    try:
        return psycopg2.connect(address, **parameters)
    except psycopg2.Error as error:
        raise DatabaseError(database_away(database, error)) from error


def database_away(database: str, error: BaseException) -> str:
    """One sentence on a database that does not answer or refuses us."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    why = (lines[0] if lines else type(error).__name__).removeprefix("(psycopg2.OperationalError) ")
    return (
        f"The database {without_password(database)} of {DATABASE} cannot be used ({why}): see that PostgreSQL is up, "
        "that this machine reaches it, and that name and password are right. What was finished before is kept."
    )
