"""A store is sound after every kill, and every damaged file of it is named with what makes it anew."""

import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.store.folder import LocalFolder
from bmg_assets.store.literature_database import LITERATURE_FILE, LiteratureDatabase
from bmg_assets.store.manifest import MANIFEST, note_names, noted_file
from bmg_assets.store.page_addresses import (
    ATLAS_PAGE,
    LEDGER_PAGE,
    LITERATURE_PAGE,
    OVERVIEW_PAGE,
    property_file,
    report_file,
)
from bmg_assets.store.store import FORMAT_FILE, Store, StoreFormatError
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets.store.views import SCHEMA_FILE, VIEWS_FILE
from bmg_assets.upkeep import store_check
from bmg_assets.upkeep.findings import Finding
from bmg_assets.upkeep.remedies import MEND
from bmg_assets.upkeep.store_check import findings_of_store, mend_store
from bmg_assets_tests.table_frames import SYSTEM, frame_of
from bmg_assets_tests.upkeep.faults import FAULTS

TABLE = f"training_set/{SYSTEM}.parquet"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_check, "BETWEEN_LOOKS_S", 0)


def filled(url: str) -> Store:
    store = Store(url=url)
    store.write_table("training_set", SYSTEM, frame_of(SYSTEM_TABLES["training_set"]))
    store.write_table("system_overview", None, frame_of(SYSTEM_TABLES["system_overview"]))
    for name in (
        f"models/svr_model/{SYSTEM}.zip",
        report_file(SYSTEM),
        OVERVIEW_PAGE,
        ATLAS_PAGE,
        LEDGER_PAGE,
        LITERATURE_PAGE,
        property_file("tg", SYSTEM),
    ):
        store.write_bytes(name, b"content of " + name.encode())
    LiteratureDatabase(store=store).write("alloys", frame_of(LITERATURE_TABLES["alloys"]))
    return store


def found(store: Store) -> list[Finding]:
    return list(findings_of_store(store))


def one_of_each_kind(store: Store) -> list[str]:
    """Names of all files, but of those without rows, which are alike, and their notes only one."""
    names = [name for name in store.folder.files() if not name.endswith(".lock")]
    return [name for name in names if SCHEMA_FILE not in name or f"/training_set/{SCHEMA_FILE}" in f"/{name}"]


@pytest.mark.parametrize("url", ["{}/store", "memory://{}/store"])
def test_what_was_written_is_sound_and_every_file_is_looked_at(tmp_path: Path, url: str) -> None:
    store, seen = filled(url.format(tmp_path if url.startswith("{") else uuid.uuid4().hex)), []
    assert list(findings_of_store(store, lambda done, of: seen.append((done, of)))) == []
    files = [name for name in store.folder.files() if not name.startswith(MANIFEST) and not name.endswith(".lock")]
    assert seen == [(done, len(files)) for done in range(1, len(files) + 1)]


def test_a_store_that_is_not_there_is_sound(tmp_path: Path) -> None:
    assert found(Store(url=str(tmp_path / "store"))) == []
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_every_damaged_file_is_named_and_mended_where_it_can_be(tmp_path: Path, fault: str) -> None:
    store = filled(str(tmp_path / "store"))
    for name in one_of_each_kind(store):
        path = Path(store.path_of(name))
        healthy = path.read_bytes()
        FAULTS[fault](path)
        told = found(store)
        file = noted_file(name) if fault == "removed" else None
        if file is not None and note_names(store.folder, file):
            assert told == []  # there was a second note of this content
        else:
            assert {one.file for one in told} == {store.path_of(file or name)}, name
        assert all(one.what and one.remedy for one in told)
        mended = mend_store(store)
        assert mended == [one.file for one in told if one.remedy == MEND]
        if mended:
            assert found(store) == [], name
        else:
            path.write_bytes(healthy)
            path.chmod(0o644)
    assert found(store) == []


@pytest.mark.parametrize(
    ("file", "command"),
    [
        (TABLE, f"`bmg run {SYSTEM}`"),
        (f"models/svr_model/{SYSTEM}.zip", f"`bmg run {SYSTEM}`"),
        (report_file(SYSTEM), f"`bmg run {SYSTEM}`"),
        (property_file("tg", SYSTEM), f"`bmg property tg {SYSTEM}`"),
        (ATLAS_PAGE, "`bmg atlas --renew`"),
        (LEDGER_PAGE, "`bmg ledger`"),
        (LITERATURE_FILE, "`bmg literature`"),
        (LITERATURE_PAGE, "`bmg literature`"),
        (OVERVIEW_PAGE, "the next `bmg run`"),
        (FORMAT_FILE, "`bmg verify --mend`"),
        (VIEWS_FILE, "`bmg verify --mend`"),
        (f"candidates/{SCHEMA_FILE}", "`bmg verify --mend`"),
    ],
)
def test_the_remedy_is_the_command_that_makes_the_file(tmp_path: Path, file: str, command: str) -> None:
    store = filled(str(tmp_path / "store"))
    FAULTS["flipped"](Path(store.path_of(file)))
    told = found(store)[0]
    assert (told.file, told.what.split(" (")[0]) == (store.path_of(file), "is not what was written")
    assert command in told.remedy


def test_a_file_that_nobody_noted_is_named(tmp_path: Path) -> None:
    store = filled(str(tmp_path / "store"))
    store.folder.write("notes/mine.txt", b"by hand")
    store.folder.write("training_set/La-Al-Ni.parquet", b"by hand")
    assert [(one.what, one.remedy.split(",")[0]) for one in found(store)] == [
        ("is not in the manifest", f"remove {store.path_of('notes/mine.txt')} if nobody needs it"),
        ("is not in the manifest", "`bmg run La-Al-Ni` makes it anew"),
    ]
    assert mend_store(store) == []
    assert store.has_bytes("notes/mine.txt")


def test_a_pipe_holds_nobody_up(tmp_path: Path) -> None:
    store = filled(str(tmp_path / "store"))
    os.mkfifo(Path(store.url) / "reports/pipe.html")
    Path(store.path_of(report_file(SYSTEM))).unlink()
    os.mkfifo(store.path_of(report_file(SYSTEM)))
    assert [(one.file, one.what) for one in found(store)] == [(store.path_of(report_file(SYSTEM)), "is missing")]


def test_a_table_with_other_rows_than_noted_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(str(tmp_path / "store"))
    monkeypatch.setattr(store_check, "_rows", lambda _: 7)
    assert f"{store.path_of(TABLE)} has 7 rows, written were 3" in [f"{one.file} {one.what}" for one in found(store)]


def test_a_file_that_is_replaced_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, digest = filled(str(tmp_path / "store")), store_check.size_and_digest
    replaced = []

    def after_another_wrote(file: Any) -> Any:
        if file.name.endswith(f"{SYSTEM}.html") and not replaced:
            replaced.append(file.name)
            store.write_bytes(report_file(SYSTEM), b"newer")
            return 5, "the digest of what was newer, and is replaced already"
        return digest(file)

    monkeypatch.setattr(store_check, "size_and_digest", after_another_wrote)
    assert found(store) == []
    assert replaced


def test_a_store_of_another_version_is_not_looked_at(tmp_path: Path) -> None:
    store = filled(str(tmp_path / "store"))
    store.folder.write(FORMAT_FILE, b'{"store_format": 99}')
    for name in store.folder.files(f"{MANIFEST}/{FORMAT_FILE}"):
        store.folder.delete(name)
    for use in (found, mend_store):
        with pytest.raises(StoreFormatError):
            use(store)


class KilledError(BaseException):
    """The process ends here."""


CHANGES: dict[str, Callable[[Store], Any]] = {
    "first write": lambda store: store.write_bytes(report_file("La-Al-Ni"), b"first"),
    "first table": lambda store: store.write_table(
        "candidates", SYSTEM, frame_of(SYSTEM_TABLES["candidates"], target_system=SYSTEM)
    ),
    "replaced": lambda store: store.write_bytes(report_file(SYSTEM), b"newer, and longer"),
    "literature": lambda store: LiteratureDatabase(store=store).write(
        "reports", frame_of(LITERATURE_TABLES["reports"])
    ),
    "removal": lambda store: store.delete_system(SYSTEM),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_kill_at_any_moment_leaves_a_store_that_is_sound(
    tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each step of the file system, one after the other; then the same change succeeds."""
    monkeypatch.setattr("bmg_assets.store.manifest.SWEEP_AGE_S", 0)
    store = filled(str(tmp_path / "store"))
    shutil.copytree(store.url, tmp_path / "as it was")
    for moment in range(1, 200):
        shutil.rmtree(store.url)
        shutil.copytree(tmp_path / "as it was", store.url)
        with pytest.MonkeyPatch.context() as patch:
            steps = _killing_before(moment, patch)
            try:
                CHANGES[change](store)
            except KilledError:
                pass
            else:
                assert len(steps) < moment
                break
        assert found(store) == [], (change, moment, steps)
        CHANGES[change](store)
        assert found(store) == []
    assert moment > 3


def _killing_before(moment: int, patch: pytest.MonkeyPatch) -> list[str]:
    steps: list[str] = []

    def counted(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def counts(*arguments: Any, **options: Any) -> Any:
            steps.append(name)
            if len(steps) >= moment:
                raise KilledError
            return step(*arguments, **options)

        return counts

    patch.setattr(Path, "replace", counted("replace", Path.replace))
    patch.setattr(LocalFolder, "delete", counted("delete", LocalFolder.delete))
    return steps
