"""Queries of people: tables and nothing else are read, and nothing is written, wherever the store lies."""

import uuid
from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.store.literature_database import LITERATURE_FILE, DamagedLiteratureError, LiteratureDatabase
from bmg_assets.store.queries import QueryError, answer, leave_out_damaged, open_views
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets_tests.table_frames import SYSTEM, frame_of

OTHER = "Mg-Zn-Ca"
SECRET = "nobody may read this"


@pytest.fixture(scope="module", params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with a table, the literature, and a file that is no table."""
    local = str(tmp_path_factory.mktemp("of queries") / "a store's [1] *" / "lab=7")
    url = {"local": local, "memory": f"memory://{uuid.uuid4().hex}/store"}[request.param]
    store = Store(url=url)
    store.write_table("training_set", SYSTEM, frame_of(SYSTEM_TABLES["training_set"]))
    LiteratureDatabase(store=store).write("alloys", frame_of(LITERATURE_TABLES["alloys"]))
    store.write_bytes("reports/secret.html", SECRET.encode())
    return store


def ask(store: Store, sql: str) -> pd.DataFrame:
    with open_views(store) as connection:
        return answer(connection, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM training_set JOIN literature.alloys USING (composition)",
        "FROM training_set",
        "WITH rows AS (FROM training_set) SELECT * FROM rows",
        "DESCRIBE training_set",
        "SHOW TABLES",
        "SUMMARIZE training_set",
        "EXPLAIN SELECT * FROM training_set",
        "EXPLAIN ANALYZE SELECT * FROM training_set",
        "PIVOT training_set ON category USING count(*) GROUP BY target_system",
        "SELECT * FROM (PIVOT training_set ON category USING count(*) GROUP BY target_system)",
        "SELECT 1; SELECT * FROM literature.alloys",
        "SELECT 'COPY me TO nowhere'",
    ],
)
def test_what_reads_tables_is_answered(store: Store, sql: str) -> None:
    assert len(ask(store, sql)) > 0


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{file}'",
        "COPY (SELECT 1) TO '{table}/new.parquet'",
        "COPY (PIVOT training_set ON category) TO '{table}/new.parquet'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{table}/new.parquet'",
        "EXPLAIN (ANALYZE) COPY (SELECT 1) TO '{table}/new.parquet'",
        "SELECT 1; COPY (SELECT 1) TO '{table}/new.parquet'",
        "ATTACH '{table}/new.duckdb'",
        "ATTACH ':memory:' AS other",
        "EXPORT DATABASE '{table}/copy'",
        "CREATE TABLE mine AS SELECT 1",
        "DROP VIEW training_set",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "PRAGMA threads = 1",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CREATE SECRET (TYPE s3)",
        "PREPARE later AS SELECT 1",
    ],
)
def test_what_does_more_than_read_is_refused(store: Store, tmp_path: Path, sql: str) -> None:
    names = store.folder.files()
    sql = sql.format(file=tmp_path / "new", table=store.path_of("training_set").replace("'", "''"))
    with pytest.raises(QueryError, match=r"The query was refused: it is a statement of the kind .* only reads tables"):
        ask(store, sql)
    assert store.folder.files() == names
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT content FROM read_text('{file}')",
        "SELECT content FROM read_blob('{file}')",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM sniff_csv('{file}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT content FROM read_text('{report}')",
        "SELECT * FROM read_parquet('https://example.org/a.parquet')",
        "SELECT * FROM SECRET",
    ],
)
def test_no_file_but_those_of_tables_is_read(store: Store, tmp_path: Path, sql: str) -> None:
    (tmp_path / "secret.csv").write_text(SECRET)
    table, report = (store.path_of(name).replace("'", "''") for name in ("training_set", "reports/secret.html"))
    sql = sql.format(file=tmp_path / "secret.csv", folder=tmp_path, table=table, report=report)
    with pytest.raises(QueryError, match="The query was refused") as refused:
        ask(store, sql)
    assert SECRET not in str(refused.value)


def test_a_way_up_from_a_table_leads_nowhere(store: Store) -> None:
    table = store.path_of("training_set").replace("'", "''")
    try:
        found = ask(store, f"SELECT content FROM read_text('{table}/../reports/secret.html')").to_string()
    except QueryError as error:
        found = str(error)
    # Object stores have no way up, and find nothing there.
    assert SECRET not in found
    assert "The query was refused" in found or "Empty" in found


def test_what_is_explained_is_not_hidden_by_a_comment(store: Store) -> None:
    names, table = store.folder.files(), store.path_of("training_set").replace("'", "''")
    with pytest.raises(QueryError, match="The query was refused"):
        ask(store, f"EXPLAIN /* */ ANALYZE COPY (SELECT 1) TO '{table}/new.parquet'")
    assert store.folder.files() == names


def test_the_refusal_says_what_can_be_done(store: Store) -> None:
    with pytest.raises(QueryError) as refused:
        ask(store, "SELECT * FROM read_text('/etc/passwd')")
    said = str(refused.value)
    assert "only reads tables; save its answer with `bmg query --json" in said
    assert "root:" not in said
    with pytest.raises(QueryError, match="training_set has the columns"):
        ask(store, "SELECT nothing FROM training_set")


def test_the_connection_itself_cannot_be_opened_up_again(store: Store) -> None:
    import duckdb

    with open_views(store) as connection, pytest.raises(duckdb.InvalidInputException, match="locked"):
        connection.execute("SET allowed_directories = ['/']")


@pytest.fixture(params=["local", "memory"])
def two_systems(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    urls = {"local": str(tmp_path / "a store's [1] *"), "memory": f"memory://{uuid.uuid4().hex}/store"}
    store = Store(url=urls[request.param])
    for name in ("training_set", "candidates"):
        for system in (SYSTEM, OTHER):
            store.write_table(name, system, frame_of(SYSTEM_TABLES[name], target_system=system))
    return store


@pytest.mark.parametrize(
    "sql", ["FROM training_set", "SELECT * FROM Training_Set JOIN candidates USING (target_system)"]
)
@pytest.mark.parametrize("flip", [False, True])
def test_a_damaged_file_is_named_and_left_out(two_systems: Store, sql: str, flip: bool) -> None:
    """DuckDB would answer with other numbers where a bit was flipped, and not at all where a file was cut off."""
    name, store = f"training_set/{SYSTEM}.parquet", two_systems
    data = bytearray(store.read_bytes(name))
    data[120] ^= 4
    store.folder.write(name, bytes(data) if flip else bytes(data[:50]))
    with open_views(store) as connection:
        (told,) = leave_out_damaged(connection, store, sql)
        assert set(answer(connection, sql)["target_system"]) == {OTHER}
    assert told.startswith(f"{name} is damaged")
    assert f"`bmg run {SYSTEM}` makes it anew" in told
    with open_views(store) as connection:
        assert leave_out_damaged(connection, store, "FROM candidates") == []
        assert len(answer(connection, "FROM candidates")) == 6


def test_damaged_literature_concerns_only_those_who_ask_it(two_systems: Store) -> None:
    two_systems.folder.write(LITERATURE_FILE, b"no database")
    with open_views(two_systems) as connection:
        assert leave_out_damaged(connection, two_systems, "FROM candidates") == []
        assert len(answer(connection, "FROM candidates")) == 6
        with pytest.raises(DamagedLiteratureError, match="`bmg literature`"):
            leave_out_damaged(connection, two_systems, "FROM literature.alloys")
