"""A process of its own for the tests of concurrency: writers that go on until they are killed, one after the other.

`python -m bmg_assets_tests.store.writers <store url> <number of writers>`: each writer replaces a partition and a
literature table again and again, every row of a piece carrying the same number, and is killed at a random moment.
"""

import os
import random
import signal
import sys
import time

# Here, so that no writer is killed while it still imports them.
import duckdb  # noqa: F401
import filelock  # noqa: F401
import pandas as pd
import pyarrow.parquet  # noqa: F401

from bmg_assets.store import literature_database, store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets.store.tables.validation import Examined, examined
from bmg_assets_tests.table_frames import SYSTEM, frame_of

ROWS = 400
LATEST_KILL_S = 0.1


def piece(number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A partition and a literature table in which everything says `number`."""
    grid = frame_of(SYSTEM_TABLES["prediction_grid"], ROWS, dmax_mm=float(number))
    reports = frame_of(LITERATURE_TABLES["reports"], ROWS, dmax_mm=float(number))
    return grid, reports


def write_for_ever(url: str, checked: dict[str, Examined], ready: int) -> None:
    """Replace both pieces again and again; says so on `ready` each time."""
    the_store = store.Store(url=url)
    literature = literature_database.LiteratureDatabase(store=the_store)
    # Nearly all the time is spent in writing, where a kill could do harm: the pieces were examined before.
    while True:
        the_store.write_table("prediction_grid", SYSTEM, checked["prediction_grid"])
        literature.write("reports", checked["reports"])
        os.write(ready, b".")


def kill_writers(url: str, count: int) -> None:
    """Start `count` writers one after the other and kill each at a random moment after its first success."""
    moments = random.Random(count)
    for number in range(1, count + 1):
        grid, reports = piece(number)
        checked = {
            "prediction_grid": examined(SYSTEM_TABLES["prediction_grid"], grid),
            "reports": examined(LITERATURE_TABLES["reports"], reports),
        }
        listen, ready = os.pipe()
        child = os.fork()
        if child == 0:
            write_for_ever(url, checked, ready)
        os.close(ready)
        assert os.read(listen, 1) == b".", "the writer failed by itself"
        time.sleep(moments.uniform(0, LATEST_KILL_S))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(listen)


if __name__ == "__main__":
    kill_writers(sys.argv[1], int(sys.argv[2]))
