"""The table of claims in Dagster's own database: who owns each system, whatever machine that is.

A claim changes hands in one statement, and only if it is still held by the owner that was seen: of several that try it
at once one succeeds, with SQLite as with PostgreSQL. So no lock is held, and none can be left behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from sqlalchemy.schema import CreateTable

from bmg_assets.science.errors import BmgError

CLAIMS = sa.Table(
    "bmg_claims",
    sa.MetaData(),
    sa.Column("system", sa.String, primary_key=True),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("since", sa.DateTime, nullable=False, server_default=sa.func.current_timestamp()),
)


class ClaimError(BmgError):
    """The claim of a system cannot be read or written."""


@dataclass(frozen=True)
class Claim:
    """Who owns a system.

    Attributes:
        age_s: seconds since it was claimed, by the database's clock, which is one for all machines.
    """

    owner: str
    age_s: float


def claim_of(instance: dg.DagsterInstance, system: str) -> Claim | None:
    """The claim on a system; None where nobody has claimed it. Raises ClaimError."""
    wanted = sa.select(CLAIMS.c.owner, CLAIMS.c.since, sa.func.current_timestamp(type_=sa.DateTime))
    with _connected(instance, system) as connection:
        found = connection.execute(wanted.where(CLAIMS.c.system == system)).first()
    return None if found is None else Claim(found[0], _seconds(found[1], found[2]))


def take_over(instance: dg.DagsterInstance, system: str, seen: Claim | None, owner: str) -> bool:
    """Make a system `owner`'s, if its claim is still the one that was seen; whether it was. Raises ClaimError."""
    with _connected(instance, system) as connection:
        if seen is not None:
            ours = sa.and_(CLAIMS.c.system == system, CLAIMS.c.owner == seen.owner)
            changed = sa.update(CLAIMS).where(ours).values(owner=owner, since=sa.func.current_timestamp())
            return bool(connection.execute(changed).rowcount)
        try:
            connection.execute(sa.insert(CLAIMS).values(system=system, owner=owner))
        except sa.exc.IntegrityError:
            return False  # somebody else was first
        return True


def give_up(instance: dg.DagsterInstance, system: str, owner: str) -> None:
    """Take a claim away, unless another owner has it by now. Raises ClaimError."""
    with _connected(instance, system) as connection:
        connection.execute(sa.delete(CLAIMS).where(CLAIMS.c.system == system, CLAIMS.c.owner == owner))


@contextmanager
def _connected(instance: dg.DagsterInstance, system: str) -> Iterator[Any]:
    """A connection to the database that has the table, each of whose statements counts by itself."""
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        raise ClaimError(
            f"Dagster's storage is {type(storage).__name__}, expected SQLite or PostgreSQL, which keep the "
            "claims on systems; fix the storage in dagster.yaml."
        )
    try:
        _make_table(storage)
        with storage.index_connection() as connection:
            yield connection
    except sa.exc.DBAPIError as error:
        raise ClaimError(
            f"The claim of {system} cannot be read or written in Dagster's storage ({error.orig}): see that its disk "
            "has room and that it can be written, and run again. Nothing was changed."
        ) from error


def _make_table(storage: SqlEventLogStorage) -> None:
    if storage.has_table(CLAIMS.name):
        return
    try:
        with storage.index_connection() as connection:
            connection.execute(CreateTable(CLAIMS, if_not_exists=True))
    except sa.exc.DBAPIError:
        # PostgreSQL refuses one of two that make a table in the same moment.
        if not storage.has_table(CLAIMS.name):
            raise


def _seconds(since: datetime, now: datetime) -> float:
    # PostgreSQL tells a time zone with its clock and keeps none in the table.
    return (now.replace(tzinfo=None) - since.replace(tzinfo=None)).total_seconds()
