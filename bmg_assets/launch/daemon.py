"""Dagster's daemon, which waits for the PostgreSQL of several machines. Run by `bmg ui` as a service.

`bmg ui` has reached the database before it starts this. By itself the daemon would write a traceback of every loop
twice a minute, and could lose the run that it is about to send to a worker.
"""

from dagster._daemon.cli import main

from bmg_assets.execution.database_patience import wait_for_database

if __name__ == "__main__":
    wait_for_database()
    main()
