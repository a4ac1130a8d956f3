"""The store of everything that belongs to one system: a Parquet file per table and partition, and files of other kinds.

`<url>/<table>/<system>.parquet`, or `<url>/<table>/<part>/<system>.parquet` where a system has several writers.
Works without Dagster too: `Store(url="data/store").read_table("candidates", "Zr-Al-Cu")`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import dagster as dg
from pydantic import Field

from bmg_assets.science.errors import BmgError
from bmg_assets.settings import Locations
from bmg_assets.store.folder import Folder, FolderError, LocalFolder, open_folder
from bmg_assets.store.manifest import noted_file, remove_noted, write_noted
from bmg_assets.store.older_stores import only_one_sets_aside, set_aside, take_over_rounds
from bmg_assets.store.origin import Origin
from bmg_assets.store.page_addresses import PROPERTY_PAGES
from bmg_assets.store.parquet import DamagedFileError, from_parquet, to_parquet
from bmg_assets.store.record import Record
from bmg_assets.store.remote_folder import OBJECT_STORES, expect_answers, side_by_side
from bmg_assets.store.tables.arrow import arrow_schema, to_frame
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES, system_table
from bmg_assets.store.tables.table import Table, TableError
from bmg_assets.store.tables.validation import Examined, examined
from bmg_assets.store.views import SCHEMA_FILE, refresh_views, write_schema_files

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

STORE_FORMAT = 5
FORMAT_FILE = "store_format.json"
FORMAT_BYTES = json.dumps(
    {"store_format": STORE_FORMAT, "sha256": sha256(str(STORE_FORMAT).encode()).hexdigest()}
).encode()
"""The number with its checksum, so that a flipped bit is not taken for another format."""
# The file of a table that is not partitioned; no system can have this name.
WHOLE_TABLE = "all"
# Whether the symbols are elements is a matter of the partition keys; here a key must be safe as a file name.
_KEY = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)+")


SEEN_FOR_S = 10.0
"""For how long the format of a store in object storage counts as seen: each look is a request."""
_seen: dict[str, float] = {}
"""When each store was last seen to have today's format, on the clock of `time.monotonic`."""
_marked: set[str] = set()
"""Stores whose file of the format was seen to be there."""


class StoreFormatError(BmgError):
    """The store was written by another version of the platform."""


class NotInStoreError(BmgError):
    """A table or file that has not been materialized yet."""


class StoredRowsError(BmgError):
    """A file of the store is damaged, or does not hold the columns of its table."""


class Store(dg.ConfigurableResource[Any]):
    """Tables and files of the systems, each replaced as a whole or not at all.

    Every method raises StoreFormatError, before it changes anything, if another version wrote the store.
    """

    url: str = Field(description="A local folder, or any fsspec URL when there are many machines (s3://bucket/store).")
    record_url: str | None = Field(
        default=None, description="The record: a store of an older format leaves its rounds there and is set aside."
    )

    @classmethod
    def at(cls, places: Locations) -> Store:
        """The store of a deployment."""
        return cls(url=places.store_url, record_url=places.record_url)

    @property
    def folder(self) -> Folder:
        """The files behind the store, without any rules."""
        return open_folder(self.url)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Refuse a store of another version before anything is computed."""
        # Whoever started the run or step has reached the server: it is waited for from now on.
        expect_answers(self.url)
        self.check_format()

    def check_format(self) -> None:
        """Set a store of an older format aside, its rounds being recorded; a store not yet there is fine.

        Raises:
            StoreFormatError: a newer version wrote the store, or there is no record to leave its rounds in.
            SetAsideError, FolderError, RecordDamagedError, RecordFormatError: an older store could not be set aside.
        """
        if _was_seen(self.url):
            return
        found = self._found_format()
        if found == STORE_FORMAT:
            _seen[self.url] = time.monotonic()
            return
        if self.record_url is None or found > STORE_FORMAT:
            raise StoreFormatError(
                f"The store at {self.folder.url} has format {found}, but this version of the platform reads and writes "
                f"format {STORE_FORMAT}: use the version that wrote it, or a newer one. Nothing was changed."
            )
        with only_one_sets_aside(self.folder) or contextlib.nullcontext():
            if self._found_format() == found:
                self._set_aside(found, Record(url=self.record_url))

    def _set_aside(self, found: int, record: Record) -> None:
        lost = take_over_rounds(self.folder, found, record)
        place = set_aside(self.folder, found)
        self.mark_format()
        logging.getLogger(__name__).warning(
            "The store had format %s and was set aside as %s. The rounds of its systems are in the record%s; all else "
            "is made anew: `bmg rebuild` does it now, or else the night.",
            found,
            place,
            f", but for {'; '.join(lost)}" if lost else "",
        )

    def _found_format(self) -> int:
        """The format of the store; of one that is not there, or whose file of the format is damaged, today's.

        What does not fit its table then is found out when it is read.
        """
        try:
            data = self.folder.read(FORMAT_FILE)
        except (FileNotFoundError, NotADirectoryError):
            return STORE_FORMAT
        try:
            content = json.loads(data)
            found = int(content["store_format"])
        except (ValueError, TypeError, KeyError):
            return STORE_FORMAT
        checksum = sha256(str(found).encode()).hexdigest()
        return found if content.get("sha256", checksum) == checksum else STORE_FORMAT

    def mark_format(self) -> None:
        """Record the format of a store that is new, or whose file of the format is damaged."""
        if self.url in _marked and _was_seen(self.url):
            return
        if not self.folder.exists(FORMAT_FILE) or self.folder.read(FORMAT_FILE) != FORMAT_BYTES:
            write_noted(self.folder, FORMAT_FILE, FORMAT_BYTES)
        _marked.add(self.url)

    def write_table(
        self,
        table: str,
        target_system: str | None,
        frame: pd.DataFrame | Examined,
        part: str | None = None,
        origin: Origin | None = None,
    ) -> str:
        """Replace one partition of a table (None for a table that is not partitioned); the name of its file.

        `part` is one value of the table's part column (`sub_model` of `tuning_trials`) as text, for a table that has
        one. `origin` is written into the file: by which training it was made, and from what.
        Raises TableError if the frame does not fit the table or holds rows of another system or part, FolderError if
        it cannot be written. The earlier content is then unchanged.
        """
        self.check_format()
        definition = system_table(table)
        name = file_name(definition, target_system, part)
        arrow = examined(definition, frame).storable()
        _refuse_foreign_rows(definition, "target_system" if definition.partitioned else None, target_system, arrow)
        _refuse_foreign_rows(definition, definition.part_column, part, arrow)
        self._write(name, to_parquet(arrow, origin), definition, arrow.num_rows)
        return name

    def read_table(self, table: str, target_system: str | None = None, part: str | None = None) -> pd.DataFrame:
        """One partition of a table (None for a table that is not partitioned), typed as in the registry.

        Without `part`, all parts that are there, one below the other. Raises NotInStoreError if there is none,
        StoredRowsError if the file is damaged or has other columns.
        """
        import pyarrow as pa

        self.check_format()
        definition = system_table(table)
        pieces = self._pieces(definition, target_system, part)
        if not pieces:
            raise _missing(definition, target_system)
        return to_frame(pa.concat_tables(pieces, promote_options="default"))

    def read_systems(self, table: str, target_systems: Iterable[str]) -> dict[str, pd.DataFrame]:
        """The partitions that exist among these systems, by system and in the given order."""
        present = set(self.partitions_of(table))
        wanted = [system for system in target_systems if system in present]
        return dict(
            zip(wanted, side_by_side(self.folder, lambda one: self.read_table(table, one), wanted), strict=True)
        )

    def read_all(self, table: str, target_systems: Iterable[str] | None = None) -> pd.DataFrame:
        """The partitions that exist among these systems (all systems without a list), one below the other.

        Typed and without rows if there is none.
        """
        import pyarrow as pa

        definition = system_table(table)
        present = self.partitions_of(table)
        systems = present if target_systems is None else [one for one in target_systems if one in set(present)]
        found = side_by_side(self.folder, lambda system: self._pieces(definition, system), systems)
        pieces = [piece for pieces in found for piece in pieces]
        return to_frame(pa.concat_tables([arrow_schema(definition).empty_table(), *pieces], promote_options="default"))

    def read_what_can_be_read(self, table: str) -> tuple[pd.DataFrame, list[str]]:
        """As `read_all` of all systems, without the files that are damaged; a sentence for each of those."""
        import pyarrow as pa

        definition = system_table(table)

        def read(system: str) -> list[pa.Table] | StoredRowsError:
            try:
                return self._pieces(definition, system)
            except StoredRowsError as error:
                return error

        found = side_by_side(self.folder, read, self.partitions_of(table))
        damaged = [str(one) for one in found if isinstance(one, StoredRowsError)]
        pieces = [arrow_schema(definition).empty_table()]
        pieces += [piece for one in found if not isinstance(one, StoredRowsError) for piece in one]
        return to_frame(pa.concat_tables(pieces, promote_options="default")), damaged

    def damaged_files(self, table: str) -> dict[str, str]:
        """The files of a table that are damaged, each with a sentence; all of them are read for this."""
        self.check_format()
        definition, found = system_table(table), {}
        for name, data in self.folder.read_many(self._table_files(definition)):
            if data is None:  # removed this very moment
                continue
            try:
                from_parquet(data)
            except DamagedFileError as error:
                found[name] = _damaged(definition, name, error)
        return found

    def has_table(self, table: str, target_system: str | None = None, part: str | None = None) -> bool:
        """Whether this partition is there; without `part`, whether any part of it is."""
        self.check_format()
        definition = system_table(table)
        if definition.part_column and part is None:
            return bool(self._parts_of(definition, target_system))
        return self.folder.exists(file_name(definition, target_system, part))

    def partitions_of(self, table: str) -> list[str]:
        """The systems that have a partition of this table, sorted."""
        self.check_format()
        names = self._table_files(system_table(table))
        return sorted({PurePosixPath(name).stem for name in names})

    def write_bytes(self, name: str, data: bytes) -> str:
        """Replace one file, like `models/svr_model/Zr-Al-Cu.zip`; its name. Raises FolderError, the old file then kept.

        The file is found again by `delete_system` if a part of its name, without endings, is the system.
        """
        self.check_format()
        if PurePosixPath(name).parts[:1] and PurePosixPath(name).parts[0] in SYSTEM_TABLES:
            raise FolderError(f"'{name}' lies among the rows of a table: use another folder, like models or reports.")
        self._write(name, data)
        return name

    def read_bytes(self, name: str) -> bytes:
        """One file as a whole; raises NotInStoreError."""
        self.check_format()
        try:
            return self.folder.read(name)
        except FileNotFoundError:
            raise _no_file(self.folder, name) from None

    def has_bytes(self, name: str) -> bool:
        """Whether this file is there."""
        self.check_format()
        return self.folder.exists(name)

    def path_of(self, name: str) -> str:
        """The path or URL of a file of the store, for metadata and other programs."""
        return self.folder.path_of(name)

    def size_of(self, name: str) -> int:
        """Size of a file in bytes; raises NotInStoreError."""
        self.check_format()
        try:
            return self.folder.size(name)
        except FileNotFoundError:
            raise _no_file(self.folder, name) from None

    def delete_system(self, target_system: str) -> list[str]:
        """Remove everything that belongs to one system, whatever its kind; the names of the files removed.

        Tables of a study of this system and its maps of properties other than D_max outlive it.
        Rows of the system in tables that are not partitioned leave when those are next materialized.
        Of a key that is no system nothing is stored.
        """
        self.check_format()
        if not _KEY.fullmatch(target_system):
            return []
        folder = self.folder
        names = folder.files()
        # Notes without a file are what a removal that was killed has left.
        files = sorted({noted_file(name) or name for name in names})
        removed = [name for name in files if _belongs_to(name, target_system) and not _outlives_systems(name)]
        for name in removed:
            remove_noted(folder, name)
        return [name for name in removed if name in set(names)]

    def _write(self, name: str, data: bytes, table: Table | None = None, rows: int | None = None) -> None:
        """Write the file, and see that the views fit, of which there are files only in a local store."""
        self.mark_format()
        folder = self.folder
        write_noted(folder, name, data, rows)
        try:
            if isinstance(folder, LocalFolder):
                refresh_views(folder)
            elif table is not None:
                write_schema_files(folder, [table])
        except (FolderError, _duckdb_error()) as error:
            # The rows are in; the views are a convenience, and the next write tries again.
            logging.getLogger(__name__).warning("The views of the store were not brought up to date: %s", error)

    def _parts_of(self, table: Table, target_system: str | None) -> list[str | None]:
        stem = _stem(table, target_system)
        paths = [PurePosixPath(name) for name in self._table_files(table)]
        return [path.parent.name for path in paths if path.stem == stem]

    def _table_files(self, table: Table) -> list[str]:
        names = self.folder.files(table.name)
        return [name for name in names if name.endswith(".parquet") and not name.endswith(SCHEMA_FILE)]

    def _pieces(self, table: Table, target_system: str | None, part: str | None = None) -> list[pa.Table]:
        """The partition's part, or all of its parts if none is named; raises NotInStoreError."""
        parts = self._parts_of(table, target_system) if table.part_column and part is None else [part]
        return [self._read_piece(table, target_system, one) for one in parts]

    def _read_piece(self, table: Table, target_system: str | None, part: str | None) -> pa.Table:
        name = file_name(table, target_system, part)
        try:
            data = self.folder.read(name)
        except FileNotFoundError:
            raise _missing(table, target_system) from None
        return _as_registered(table, name, data)


def _was_seen(url: str) -> bool:
    """Whether the store has had today's format a moment ago; of a folder that costs nothing to ask, never."""
    if url.partition("://")[0] not in OBJECT_STORES:
        return False
    return time.monotonic() - _seen.get(url, float("-inf")) < SEEN_FOR_S


def file_name(table: Table, target_system: str | None, part: str | None = None) -> str:
    """The name of the file of one partition (and part); raises TableError if either does not suit the table."""
    if (part is None) != (table.part_column is None):
        expected = f"one {table.part_column} at a time" if table.part_column else "in one part"
        raise TableError(f"Table {table.name} is stored {expected}, but the part given is {part!r}: fix the call.")
    return "/".join([table.name, *([part] if part else []), f"{_stem(table, target_system)}.parquet"])


def _stem(table: Table, target_system: str | None) -> str:
    if table.partitioned == (target_system is None):
        expected = "one target system" if table.partitioned else "no target system"
        raise TableError(f"Table {table.name} is stored for {expected}, but {target_system!r} was given: fix the call.")
    return WHOLE_TABLE if target_system is None else _as_key(target_system)


def _as_key(target_system: str) -> str:
    if not _KEY.fullmatch(target_system):
        raise TableError(
            f"'{target_system}' is no target system: expected element symbols joined by '-', like Zr-Al-Cu."
        )
    return target_system


def _duckdb_error() -> type[Exception]:
    import duckdb

    return duckdb.Error


def _refuse_foreign_rows(table: Table, column: str | None, expected: str | None, arrow: pa.Table) -> None:
    if column is None:
        return
    foreign = sorted({str(value) for value in arrow[column].to_pylist() if str(value) != expected})
    if foreign:
        raise TableError(
            f"Table {table.name} was refused for {expected}: column {column} also holds {', '.join(foreign[:3])}, "
            f"expected are rows of {expected} only; fix what makes the rows. Nothing was written."
        )


def _as_registered(table: Table, name: str, data: bytes) -> pa.Table:
    import pyarrow as pa

    try:
        arrow = from_parquet(data)
    except DamagedFileError as error:
        raise StoredRowsError(_damaged(table, name, error)) from error
    try:
        # Columns by name here too: another version may have written them in another order.
        wanted = arrow_schema(table, table.further_columns(arrow.column_names))
        return arrow.select(wanted.names).cast(wanted)
    except (pa.ArrowException, KeyError, ValueError, OSError) as error:
        raise StoredRowsError(
            f"{name} does not hold the columns of table {table.name} ({str(error).splitlines()[0]}): "
            f"{_remedy(table, name)}."
        ) from error


def _damaged(table: Table, name: str, error: DamagedFileError) -> str:
    return f"{name} is damaged ({error}): {_remedy(table, name)}."


def _remedy(table: Table, name: str) -> str:
    """What makes a file anew, in words."""
    if table.partitioned and not table.outlives_system:
        return f"`bmg run {PurePosixPath(name).stem}` makes it anew"
    return f"materialize {table.asset or 'the asset that writes it'} again"


def _missing(table: Table, target_system: str | None) -> NotInStoreError:
    of_whom = f" for {target_system}" if target_system else ""
    command = f"`bmg run {target_system}`" if target_system else "`bmg run`"
    return NotInStoreError(
        f"Table {table.name} is not there{of_whom}: materialize {table.asset or 'the sub-models'} first ({command})."
    )


def _no_file(folder: Folder, name: str) -> NotInStoreError:
    return NotInStoreError(
        f"There is no {name} in the store at {folder.url}: materialize the asset that writes it first."
    )


def _outlives_systems(name: str) -> bool:
    if name.startswith(PROPERTY_PAGES):
        return True
    table = SYSTEM_TABLES.get(PurePosixPath(name).parts[0])
    return table is not None and table.outlives_system


def _belongs_to(name: str, target_system: str) -> bool:
    """Whether a part of the name is the system, alone or followed by an ending."""
    return any(part == target_system or part.startswith(f"{target_system}.") for part in PurePosixPath(name).parts)
