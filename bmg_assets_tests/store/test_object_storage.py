"""Several machines at one bucket: nobody reads half a piece, and no writer takes anything from another."""

import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.pool import Pool

import pandas as pd
import pytest

from bmg_assets.store.folder import open_folder
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.queries import answer, open_views
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets_tests.table_frames import SYSTEM, frame_of

GRID = SYSTEM_TABLES["prediction_grid"]
READS, QUERIES, LITERATURE_READS = 700, 250, 50
"""A thousand of three kinds, in the long test."""
VERSIONS = 3
"""What each reader meets and each writer writes at least, however busy the machine is."""
ROWS = 100
ENTRIES = 50
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def machines() -> Pool:
    """Processes that share nothing but the bucket."""
    # Where Ctrl-C is ignored, as in the background of a shell, Dagster has this process ignore SIGTERM, too. A pool
    # ends its processes by it.
    with SPAWN.Pool(4, signal.signal, (signal.SIGTERM, signal.SIG_DFL)) as pool:
        yield pool


@pytest.mark.parametrize("share", [0.15, pytest.param(1.0, marks=pytest.mark.slow)])
def test_reads_meet_one_version_each_while_others_write(bucket: str, machines: Pool, share: float) -> None:
    store = Store(url=f"{bucket}/store")
    store.write_table(GRID.name, SYSTEM, frame_of(GRID, ROWS, dmax_mm=0.0))
    LiteratureDatabase(store=store).write("reports", frame_of(LITERATURE_TABLES["reports"], ROWS, dmax_mm=0.0))
    writers = [machines.apply_async(write_until_told, (store.url, first)) for first in (1.0, 1001.0)]
    readers = [
        machines.apply_async(read, (store.url, int(READS * share))),
        machines.apply_async(ask, (store.url, int(QUERIES * share))),
    ]
    seen = [one.get(300) for one in readers]
    seen.append(machines.apply_async(read_literature, (store.url, int(LITERATURE_READS * share))).get(300))
    open_folder(store.url).write("stop.txt", b"")
    for one in writers:
        one.get(60)
    assert {(rows, low == high) for found in seen for rows, low, high in found} == {(ROWS, True)}


def write_until_told(url: str, first: float) -> None:
    """Replace a table and the literature again and again."""
    store, done = Store(url=url), 0
    literature, folder = LiteratureDatabase(store=store), open_folder(url)
    while done < VERSIONS or not folder.exists("stop.txt"):
        number = first + done
        store.write_table(GRID.name, SYSTEM, frame_of(GRID, ROWS, dmax_mm=number))
        literature.write("reports", frame_of(LITERATURE_TABLES["reports"], ROWS, dmax_mm=number))
        done += 1


Version = tuple[int, float, float]
"""Rows, least and greatest number of what a reader meets."""


def versions(read_once: Callable[[int], Version], times: int) -> list[Version]:
    """What a reader meets, so many times and until it has met several versions."""
    found: list[Version] = []
    while len(found) < times or len(set(found)) < VERSIONS:
        found.append(read_once(len(found)))
    return found


def of_frame(frame: pd.DataFrame) -> Version:
    return len(frame), frame["dmax_mm"].min(), frame["dmax_mm"].max()


def read(url: str, times: int) -> list[Version]:
    """Versions of a table's file."""
    store = Store(url=url)
    return versions(lambda _: of_frame(store.read_table(GRID.name, SYSTEM)), times)


def ask(url: str, times: int) -> list[Version]:
    """The same by DuckDB, most of it by a connection that stays open."""
    store = Store(url=url)
    open_one = open_views(store)

    def ask_once(number: int) -> Version:
        connection = open_one if number % 10 else open_views(store)
        row = answer(connection, f"SELECT count(*) AS n, min(dmax_mm) AS low, max(dmax_mm) AS high FROM {GRID.name}")
        return int(row["n"][0]), float(row["low"][0]), float(row["high"][0])

    return versions(ask_once, times)


def read_literature(url: str, times: int) -> list[Version]:
    """The same of a table of the literature."""
    literature = LiteratureDatabase(store=Store(url=url))
    return versions(lambda _: of_frame(literature.read("reports")), times)


def test_two_writers_of_the_literature_lose_no_table(bucket: str, machines: Pool) -> None:
    url = f"{bucket}/store"
    names = sorted(LITERATURE_TABLES)
    at_once(machines, write_tables, [(url, names[0::2]), (url, names[1::2])])
    literature = LiteratureDatabase(store=Store(url=url))
    assert {name: len(literature.read(name)) for name in names} == dict.fromkeys(names, 3)
    assert literature.identities().keys() == set(names)


def write_tables(url: str, names: list[str]) -> None:
    """Write tables of the literature, each three times."""
    literature = LiteratureDatabase(store=Store(url=url))
    for rows in (1, 2, 3):
        for name in names:
            literature.write(name, frame_of(LITERATURE_TABLES[name], rows))


def test_two_writers_of_the_record_lose_no_entry(bucket: str, machines: Pool) -> None:
    record = Record(url=f"{bucket}/record")
    at_once(machines, append, [(record.url, "one"), (record.url, "two")])
    entries = record.stream("casts").entries()
    assert [entry.number for entry in entries] == list(range(1, 2 * ENTRIES + 1))
    expected = [(writer, number) for writer in ("one", "two") for number in range(ENTRIES)]
    assert sorted((entry.about["writer"], entry.about["number"]) for entry in entries) == expected
    assert record.problems() == []


def append(url: str, writer: str) -> None:
    """Append entries with a file each."""
    stream = Record(url=url).stream("casts")
    for number in range(ENTRIES):
        stream.append({f"{writer}-{number}.csv": f"{writer} {number}".encode()}, {"writer": writer, "number": number})


def at_once(machines: Pool, work: Callable[..., None], given: list[tuple[object, ...]]) -> None:
    """Do the work with each of what is given, in as many processes, which begin together."""
    begin = time.time() + 5
    for one in [machines.apply_async(wait_and_do, (begin, work, each)) for each in given]:
        one.get(300)


def wait_and_do(begin: float, work: Callable[..., None], given: tuple[object, ...]) -> None:
    time.sleep(max(0.0, begin - time.time()))
    work(*given)
