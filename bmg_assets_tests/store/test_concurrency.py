"""Readers and writers at once: nobody waits, nobody sees half a piece, and no killed writer takes anything away."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb

from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.queries import open_views
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets_tests.store.writers import ROWS, piece
from bmg_assets_tests.table_frames import SYSTEM, frame_of

WRITERS_KILLED = 8


def test_killed_writers_leave_whole_pieces_and_open_readers_hold_up_nobody(tmp_path: Path) -> None:
    store = Store(url=str(tmp_path / "store"))
    literature = LiteratureDatabase(store=store)
    grid, reports = piece(0)
    store.write_table("prediction_grid", SYSTEM, grid)
    literature.write("reports", reports)
    readers = [
        (duckdb.connect(store.path_of("bmg.duckdb"), read_only=True), "prediction_grid"),
        (open_views(store), "prediction_grid"),
    ]
    held = duckdb.connect(store.path_of("literature.duckdb"), read_only=True)

    seen = set()
    command = [sys.executable, "-m", "bmg_assets_tests.store.writers", store.url, str(WRITERS_KILLED)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as writers:
        while writers.poll() is None:
            for connection, view in readers:
                seen.add(connection.execute(f"SELECT count(*), min(dmax_mm), max(dmax_mm) FROM {view}").fetchone())
            for frame in (store.read_table("prediction_grid", SYSTEM), literature.read("reports")):
                seen.add((len(frame), frame["dmax_mm"].min(), frame["dmax_mm"].max()))
            # The writers need the cores more than the readers do.
            time.sleep(0.02)
        assert writers.returncode == 0, writers.stderr.read() if writers.stderr else ""

    assert {(rows, low == high) for rows, low, high in seen} == {(ROWS, True)}
    assert len(seen) > WRITERS_KILLED / 2, "hardly any writer wrote while the readers read"
    # No reader is left with the rows of an earlier file.
    last = store.read_table("prediction_grid", SYSTEM)["dmax_mm"].iloc[0]
    for connection, view in readers:
        assert connection.execute(f"SELECT DISTINCT dmax_mm FROM {view}").fetchall() == [(last,)]
    # Whoever has a file open keeps the one that was opened, and can still read it.
    as_opened = held.execute("SELECT count(*), min(dmax_mm), max(dmax_mm) FROM literature.reports").fetchone()
    assert as_opened == (ROWS, 0, 0)
    # The lock of a killed writer is no lock.
    literature.write("reports", reports)
    assert literature.read("reports")["dmax_mm"].unique().tolist() == [0]


def test_writers_of_different_tables_lose_nothing_of_each_other(tmp_path: Path) -> None:
    literature = LiteratureDatabase(store=Store(url=str(tmp_path / "store")))
    errors: list[Exception] = []

    def write(name: str) -> None:
        try:
            for rows in range(1, 4):
                literature.write(name, frame_of(LITERATURE_TABLES[name], rows))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in LITERATURE_TABLES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert {name: len(literature.read(name)) for name in LITERATURE_TABLES} == dict.fromkeys(LITERATURE_TABLES, 3)


def test_writers_of_different_systems_do_not_meet(tmp_path: Path) -> None:
    store = Store(url=str(tmp_path / "store"))
    systems = ["Zr-Al-Cu", "La-Al-Ni", "Fe-B-Nb"]
    table = SYSTEM_TABLES["training_set"]

    def write(system: str) -> None:
        for rows in range(1, 7):
            further = {f"only in {system}": 1.5}
            store.write_table("training_set", system, frame_of(table, rows, system, **further))

    threads = [threading.Thread(target=write, args=(system,)) for system in systems]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {system: len(store.read_table("training_set", system)) for system in systems} == dict.fromkeys(systems, 6)
    views = duckdb.connect(store.path_of("bmg.duckdb"), read_only=True)
    totals = ", ".join(f'count("only in {system}")' for system in systems)
    assert views.execute(f"SELECT count(*), {totals} FROM training_set").fetchone() == (18, 6, 6, 6)
