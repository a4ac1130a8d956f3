"""The literature database: complete at any time, typed by name, and readable by the ordinary command line."""

import errno
import os
import stat
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import duckdb
import filelock
import pandas as pd
import pytest

from bmg_assets.store import literature_database
from bmg_assets.store.folder import FolderError
from bmg_assets.store.literature_database import (
    DamagedLiteratureError,
    EmptyLiteratureError,
    LiteratureDatabase,
    LiteratureError,
    identity_of,
)
from bmg_assets.store.store import Store, StoreFormatError
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES
from bmg_assets.store.tables.table import TableError
from bmg_assets_tests.table_frames import frame_of

ALLOYS = LITERATURE_TABLES["alloys"]


@pytest.fixture(params=["local", "memory"])
def literature(request: pytest.FixtureRequest, tmp_path: Path) -> LiteratureDatabase:
    url = str(tmp_path / "store") if request.param == "local" else f"memory://{uuid.uuid4().hex}/store"
    return LiteratureDatabase(store=Store(url=url))


@pytest.fixture
def local(tmp_path: Path) -> LiteratureDatabase:
    literature = LiteratureDatabase(store=Store(url=str(tmp_path / "store")), lock_timeout_s=0.1)
    literature.write("alloys", frame_of(ALLOYS))
    return literature


def path_of(literature: LiteratureDatabase) -> Path:
    return Path(literature.store.path_of("literature.duckdb"))


def left_behind_log(folder: Path) -> bytes:
    """The write-ahead log of some other database that was never checkpointed."""
    connection = duckdb.connect(folder / "other.duckdb")
    connection.execute("SET wal_autocheckpoint = '1TB'")
    connection.execute("CREATE TABLE other AS SELECT range AS number FROM range(1000)")
    log = (folder / "other.duckdb.wal").read_bytes()
    connection.close()
    return log


def test_tables_come_back_by_name_and_leave_the_others_alone(literature: LiteratureDatabase) -> None:
    frames = {name: frame_of(table) for name, table in LITERATURE_TABLES.items()}
    frames["descriptors"]["Yang delta"] = [0.5, None, 1.5]
    for name, frame in frames.items():
        literature.write(name, frame[frame.columns[::-1]])
    literature.write("alloys", frame_of(ALLOYS, 2))
    frames["alloys"] = frame_of(ALLOYS, 2)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(literature.read(name), frame, check_dtype=False)
    assert literature.read("alloys")["elements"].tolist() == [[], ["elements 0"]]


def test_what_has_not_been_materialized_is_named_with_the_remedy(literature: LiteratureDatabase) -> None:
    with pytest.raises(
        EmptyLiteratureError, match=r"alloys is not there: materialize literature_alloys first .*bmg run"
    ):
        literature.read("alloys")
    literature.write("reports", frame_of(LITERATURE_TABLES["reports"]))
    assert literature.has_table("reports")
    assert not literature.has_table("alloys")
    with pytest.raises(EmptyLiteratureError, match="materialize literature_alloys first"):
        literature.read("alloys")


def test_a_refused_frame_leaves_the_database(local: LiteratureDatabase) -> None:
    before = path_of(local).read_bytes()
    for frame, words in (
        (frame_of(ALLOYS).drop(columns="dmax_mm"), "column dmax_mm is missing"),
        (frame_of(ALLOYS, remark="x"), "column remark is unknown"),
        (frame_of(ALLOYS, n_reports="x"), "column n_reports should be int64"),
        (frame_of(ALLOYS, rows=0), "it has no rows"),
        (frame_of(ALLOYS, composition="Zr100"), "column composition must be unique"),
    ):
        with pytest.raises(TableError, match=words):
            local.write("alloys", frame)
    assert path_of(local).read_bytes() == before


@pytest.mark.parametrize("query", ["FROM alloys", "FROM literature.alloys"])
def test_the_command_line_can_ask_it(local: LiteratureDatabase, query: str) -> None:
    with duckdb.connect(path_of(local), read_only=True) as connection:
        assert len(connection.execute(query).fetchall()) == 3
        comments = connection.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'alloys'"
        ).fetchall()
    assert dict(comments)["dmax_spread_mm"] == "[mm] Largest minus smallest label among the reports."
    assert stat.S_IMODE(path_of(local).stat().st_mode) == 0o444


def test_a_log_left_by_somebody_else_stops_neither_reader_nor_writer(local: LiteratureDatabase, tmp_path: Path) -> None:
    log = path_of(local).with_name("literature.duckdb.wal")
    stale = left_behind_log(tmp_path)
    log.write_bytes(stale)
    with pytest.raises(duckdb.Error):
        duckdb.connect(path_of(local), read_only=True)
    assert len(local.read("alloys")) == 3
    log.write_bytes(stale)
    local.write("alloys", frame_of(ALLOYS, 5))
    assert not log.exists()
    with duckdb.connect(path_of(local), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM literature.alloys").fetchone() == (5,)


def test_a_process_that_holds_the_old_file_reads_the_new_one(local: LiteratureDatabase) -> None:
    with duckdb.connect(path_of(local), read_only=True) as held:
        local.write("alloys", frame_of(ALLOYS, 5))
        assert len(local.read("alloys")) == 5
        assert held.execute("SELECT count(*) FROM literature.alloys").fetchone() == (3,)


def test_a_second_writer_waits_and_then_says_so(local: LiteratureDatabase) -> None:
    with (
        filelock.FileLock(f"{path_of(local)}.lock"),
        pytest.raises(LiteratureError, match=r"has been writing .* for more than 0\.1 s, .* wait for it to end"),
    ):
        local.write("alloys", frame_of(ALLOYS, 5))
    assert len(local.read("alloys")) == 3


def test_a_full_disk_leaves_the_database(local: LiteratureDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path_of(local).read_bytes()

    def no_sync(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_sync)
    with pytest.raises(FolderError, match="the disk is full"):
        local.write("alloys", frame_of(ALLOYS, 5))
    monkeypatch.undo()
    assert path_of(local).read_bytes() == before
    assert sorted(path.name for path in path_of(local).parent.glob(".*")) == []


def test_a_disk_that_fills_up_inside_duckdb_leaves_the_database(
    local: LiteratureDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path_of(local).read_bytes()

    def fail(connection: duckdb.DuckDBPyConnection, table: object) -> None:
        # The class and the words of duckdb 2.0.0 on a full disk; the log of the unfinished file stays behind.
        [unfinished] = path_of(local).parent.glob(".literature.duckdb.*.tmp")
        unfinished.with_name(f"{unfinished.name}.wal").write_bytes(b"log")
        raise duckdb.TransactionException('Failed to commit: Could not write file "x.wal": No space left on device')

    monkeypatch.setattr(literature_database, "comment_columns", fail)
    with pytest.raises(FolderError, match="the disk is full; what was there before is unchanged: free some space"):
        local.write("alloys", frame_of(ALLOYS, 5))
    assert path_of(local).read_bytes() == before
    assert list(path_of(local).parent.glob(".*")) == []


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"where a folder should be")
    literature = LiteratureDatabase(store=Store(url=str(tmp_path / "file" / "store")))
    with pytest.raises(FolderError, match=r"could not be written because not a directory; .* run again"):
        literature.write("alloys", frame_of(ALLOYS))
    with pytest.raises(FolderError, match="could not be written"):
        literature.store.write_bytes("reports/Zr-Al-Cu.html", b"x")


def test_a_store_of_another_version_is_refused_and_left_alone(literature: LiteratureDatabase) -> None:
    literature.write("alloys", frame_of(ALLOYS))
    folder = literature.store.folder
    folder.write("store_format.json", b'{"store_format": 0}')
    before = folder.read("literature.duckdb")
    for use in (lambda: literature.read("alloys"), lambda: literature.write("alloys", frame_of(ALLOYS, 5))):
        with pytest.raises(StoreFormatError, match="has format 0"):
            use()
    assert folder.read("literature.duckdb") == before


def test_a_database_says_what_identifies_its_rows(literature: LiteratureDatabase) -> None:
    assert literature.identities() == {}
    for name in ("reports", "alloys"):
        files = {"starter": "0" * 64} if name == "reports" else None
        literature.write(name, frame_of(LITERATURE_TABLES[name]), files)
    first = literature.identities()
    assert first == {name: identity_of(literature.read(name)) for name in ("reports", "alloys")}
    assert literature.source_files("reports") == {"starter": "0" * 64}
    assert literature.source_files("alloys") == {}
    literature.write("alloys", frame_of(LITERATURE_TABLES["alloys"]))
    assert literature.identities() == first
    literature.write("alloys", frame_of(LITERATURE_TABLES["alloys"], rows=2))
    assert literature.identities()["alloys"] != first["alloys"]
    assert literature.source_files("reports") == {"starter": "0" * 64}


@pytest.mark.parametrize(
    "harm",
    [lambda data: b"", lambda data: b"not a database", lambda data: data[: len(data) // 2], lambda data: zeroed(data)],
)
def test_a_damaged_database_is_one_sentence_and_replaced_by_the_next_writer(
    local: LiteratureDatabase, harm: Callable[[bytes], bytes]
) -> None:
    for name in ("reports", "alloys"):
        local.write(name, frame_of(LITERATURE_TABLES[name], rows=2000))
    damaged = harm(path_of(local).read_bytes())
    path_of(local).chmod(0o644)
    path_of(local).write_bytes(damaged)
    with pytest.raises(DamagedLiteratureError, match=r"is damaged \(.*\): `bmg literature` reads the sources anew"):
        local.read("alloys")
    local.write("reports", frame_of(LITERATURE_TABLES["reports"]))
    assert len(local.read("reports")) == 3
    assert set(local.identities()) == {"reports"}
    with pytest.raises(EmptyLiteratureError):
        local.read("alloys")


def zeroed(data: bytes) -> bytes:
    """The database with all but its headers and its last block empty, as after a lost write."""
    return data[:12288] + bytes(len(data) - 12288)


def test_a_database_that_somebody_holds_is_not_taken_for_a_damaged_one(local: LiteratureDatabase) -> None:
    local.write("alloys", frame_of(LITERATURE_TABLES["alloys"]))
    path_of(local).chmod(0o644)
    script = (
        "import sys, duckdb; held = duckdb.connect(sys.argv[1]); held.execute('CREATE TABLE x AS SELECT 1'); input()"
    )
    command = [
        sys.executable,
        "-c",
        f"{script.replace('input()', 'print(1, flush=True); input()')}",
        str(path_of(local)),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LiteratureError, match="close the program that holds it open") as told:
            local.read("alloys")
        assert not isinstance(told.value, DamagedLiteratureError)
        with pytest.raises(LiteratureError, match="close the program"):
            local.write("reports", frame_of(LITERATURE_TABLES["reports"]))
        holder.kill()
