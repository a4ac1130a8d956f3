"""Waits for an answer of the database that takes an hour: `python -m bmg_assets_tests.distributed.waiting`.

Says when it has asked, and what the connection of Dagster's storage does when the answer cannot come.
"""

import logging

import sqlalchemy as sa

from bmg_assets.execution.database_patience import wait_for_database
from bmg_assets.settings import ManyMachines

ASKED = "Asked."


def main() -> None:
    """Ask, and wait."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    machines = ManyMachines.from_environment()
    assert machines is not None
    wait_for_database()
    engine = sa.create_engine(machines.database, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        print(ASKED, flush=True)
        connection.execute(sa.text("SELECT pg_sleep(3600)"))


if __name__ == "__main__":
    main()
