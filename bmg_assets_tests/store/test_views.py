"""The views: typed before there are rows, true at any time, built anew only when they must be."""

import itertools
import uuid
from pathlib import Path

import duckdb
import pytest

from bmg_assets.store import views
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.queries import open_views
from bmg_assets.store.store import Store, StoreFormatError
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets.store.tables.table import Column, Table
from bmg_assets_tests.table_frames import SYSTEM, frame_of

DUCKDB_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "list<string>": "VARCHAR[]",
    "list<double>": "DOUBLE[]",
}
TRAINING_SET = SYSTEM_TABLES["training_set"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(url=str(tmp_path / "a store's [1] *"))
    store.write_bytes("reports/Zr-Al-Cu.html", b"anything")
    return store


def on_disk(store: Store) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(store.path_of("bmg.duckdb"), read_only=True)


def columns_of(connection: duckdb.DuckDBPyConnection, view: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in connection.execute(f"DESCRIBE {view}").fetchall()]


def test_views_are_typed_before_anything_is_there(store: Store) -> None:
    for connection in (on_disk(store), open_views(store)):
        for name, table in SYSTEM_TABLES.items():
            assert columns_of(connection, name) == [
                (column.name, DUCKDB_TYPES[column.type]) for column in table.columns
            ]
            assert connection.execute(f"SELECT * FROM {name}").fetchall() == []


def test_an_open_view_sees_what_is_written_later(store: Store) -> None:
    connections = [on_disk(store), open_views(store)]
    for rows, (name, table) in itertools.product((2, 3), SYSTEM_TABLES.items()):
        frame = frame_of(table, rows)
        part = None
        if table.part_column:
            first = frame[table.part_column].iloc[0]
            frame, part = frame.assign(**{table.part_column: first}), str(first)
        store.write_table(name, SYSTEM if table.partitioned else None, frame, part)
        for connection in connections:
            found = connection.execute(f"SELECT * FROM {name}").df()
            first_column = table.column_names[0]
            assert found[first_column].tolist() == frame[first_column].tolist()
            assert found.columns.tolist() == list(table.column_names)


def test_descriptors_of_all_systems_appear_in_the_view(store: Store) -> None:
    connection = on_disk(store)
    store.write_table("training_set", SYSTEM, frame_of(TRAINING_SET, 1, mean_radius=1.5))
    store.write_table("training_set", "La-Al-Ni", frame_of(TRAINING_SET, 1, "La-Al-Ni", **{"Yang delta": 2.5}))
    found = connection.execute(
        'SELECT target_system, mean_radius, "Yang delta" FROM training_set ORDER BY target_system'
    ).fetchall()
    assert found == [("La-Al-Ni", None, 2.5), (SYSTEM, 1.5, None)]
    assert columns_of(connection, "training_set")[: len(TRAINING_SET.columns)] == [
        (column.name, DUCKDB_TYPES[column.type]) for column in TRAINING_SET.columns
    ]


def test_the_file_is_built_anew_only_when_it_must_be(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(store.path_of("bmg.duckdb"))
    first = path.stat().st_ino
    store.write_table("training_set", SYSTEM, frame_of(TRAINING_SET))
    assert path.stat().st_ino == first

    more = Table("castability", "A new table.", (Column("target_system", "string", None, "The system."),), True)
    monkeypatch.setitem(views.SYSTEM_TABLES, "castability", more)
    store.write_bytes("reports/Zr-Al-Cu.html", b"anything")
    assert columns_of(on_disk(store), "castability") == [("target_system", "VARCHAR")]

    path.unlink()
    store.write_bytes("reports/Zr-Al-Cu.html", b"anything")
    assert on_disk(store).execute("SELECT count(*) FROM training_set").fetchone() == (3,)


@pytest.mark.parametrize("harm", [b"", b"no database", None])
def test_a_damaged_file_is_built_anew_by_the_next_writer(store: Store, harm: bytes | None) -> None:
    path = Path(store.path_of("bmg.duckdb"))
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(harm if harm is not None else whole[:20_000] + bytes(4096) + whole[24_096:])
    store.write_bytes("reports/Mg-Zn-Ca.html", b"anything")
    assert path.read_bytes() != b""
    assert columns_of(on_disk(store), "candidates")


def test_a_store_that_moved_is_found_again(store: Store, tmp_path: Path) -> None:
    store.write_table("training_set", SYSTEM, frame_of(TRAINING_SET))
    moved = Path(store.url).rename(tmp_path / "moved")
    there = Store(url=str(moved))
    there.write_table("training_set", "La-Al-Ni", frame_of(TRAINING_SET, target_system="La-Al-Ni"))
    assert on_disk(there).execute("SELECT count(*) FROM training_set").fetchone() == (6,)


def test_the_file_holds_only_views_and_says_what_the_columns_are(store: Store) -> None:
    connection = on_disk(store)
    assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    comment = connection.execute(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'lab_results' AND column_name = 'dmax_mm'"
    ).fetchone()
    assert comment is not None
    assert comment[0].startswith("[mm] Critical casting diameter")


@pytest.mark.parametrize(
    "below",
    ["target_system=Foo", "lab=7", "top_region=2026-01-01/top_score=x", "n={1,2}", "share=100%25 of it#", "ü=ß"],
)
def test_columns_are_those_of_the_table_wherever_the_store_lies(tmp_path: Path, below: str) -> None:
    moved = Store(url=str(tmp_path / below / "store"))
    partitioned = [table for table in SYSTEM_TABLES.values() if table.partitioned and not table.part_column]
    for table in partitioned:
        moved.write_table(table.name, SYSTEM, frame_of(table, 2))
    for connection, table in itertools.product((on_disk(moved), open_views(moved)), partitioned):
        assert tuple(column for column, _ in columns_of(connection, table.name)) == table.column_names
        systems = connection.execute(f"SELECT DISTINCT target_system FROM {table.name}").fetchall()
        assert systems == [(SYSTEM,)]


def test_a_log_left_by_somebody_else_goes_with_the_swap(store: Store) -> None:
    log = Path(store.path_of("bmg.duckdb.wal"))
    log.write_bytes(b"not of this file")
    Path(store.path_of("bmg.duckdb")).unlink()
    store.write_bytes("reports/Zr-Al-Cu.html", b"anything")
    assert not log.exists()
    assert on_disk(store).execute("SELECT count(*) FROM candidates").fetchone() == (0,)


def test_rows_are_kept_where_views_cannot_be_built(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise duckdb.IOException("no")

    Path(store.path_of("bmg.duckdb")).unlink()
    monkeypatch.setattr(views, "_build", fail)
    store.write_table("training_set", SYSTEM, frame_of(TRAINING_SET))
    assert len(store.read_table("training_set", SYSTEM)) == 3
    assert "views of the store were not brought up to date" in caplog.text


@pytest.mark.parametrize("url", ["local", "memory"])
def test_the_literature_is_beside_the_systems(tmp_path: Path, url: str) -> None:
    store = Store(url=str(tmp_path / "store") if url == "local" else f"memory://{uuid.uuid4().hex}/store")
    LiteratureDatabase(store=store).write("alloys", frame_of(LITERATURE_TABLES["alloys"]))
    store.write_table("training_set", SYSTEM, frame_of(TRAINING_SET, mean_radius=1.5))
    joined = open_views(store).execute(
        "SELECT count(*), sum(mean_radius) FROM training_set JOIN literature.alloys USING (composition)"
    )
    assert joined.fetchone() == (3, 4.5)
    assert open_views(store).execute("SELECT count(*) FROM candidates").fetchone() == (0,)


def test_questions_to_a_store_of_another_version_are_refused(store: Store) -> None:
    store.folder.write("store_format.json", b'{"store_format": 0}')
    with pytest.raises(StoreFormatError):
        open_views(store)
