"""Stores of older formats: what cannot be computed again goes into the record, then the store is set aside.

Formats 2 to 4 kept the rounds of a system (`iterations`, `iteration_maps`, `proposals`) in the store alone; format 1
kept none. Everything else in a store can be made anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import filelock

from bmg_assets.science.errors import BmgError
from bmg_assets.store.folder import Folder, LocalFolder
from bmg_assets.store.parquet import DamagedFileError, from_parquet
from bmg_assets.store.record import Record
from bmg_assets.store.remote_folder import RemoteFolder
from bmg_assets.store.rounds import MAP, PROPOSED, Rounds, record_training
from bmg_assets.store.tables.arrow import to_frame
from bmg_assets.store.tables.iterations import ITERATION_MAPS, ITERATIONS, PROPOSALS

if TYPE_CHECKING:
    import pandas as pd

LONGEST_WAIT_S = 600.0
STRATEGY_BEFORE_FORMAT_3 = "pruned"
"""The paper's map was the only one."""


class SetAsideError(BmgError):
    """A store of an older format could not be set aside."""


def take_over_rounds(folder: Folder, found_format: object, record: Record) -> list[str]:
    """Record the rounds of all systems in a store that are not recorded yet; a sentence for each that is lost.

    Raises:
        FolderError, RecordDamagedError, RecordFormatError: the record cannot be written; the store is as it was.
    """
    lost: list[str] = []
    for name in folder.files(ITERATIONS.name):
        system = PurePosixPath(name).stem
        if name.endswith(".parquet") and not system.startswith("_"):
            lost += take_over_rounds_of(folder, system, found_format, record)
    return lost


def take_over_rounds_of(folder: Folder, system: str, found_format: object, record: Record) -> list[str]:
    """Record the rounds of one system, if the store has any; raises as `take_over_rounds`."""
    if not folder.exists(f"{ITERATIONS.name}/{system}.parquet"):
        return []
    rounds = Rounds.of(record, system)
    recorded = {training.iteration for training in rounds.trainings}
    lost: list[str] = []
    iterations = _read(folder, f"{ITERATIONS.name}/{system}.parquet", lost)
    proposals = _read(folder, f"{PROPOSALS.name}/{system}.parquet", lost)
    rows = [] if iterations is None else iterations.to_dict("records")
    for row in ({str(name): value for name, value in one.items()} for one in rows):
        number = int(row["iteration"])
        missing = [name for name in _required() if name not in row]
        if missing:
            lost.append(f"round {number} of {system} (its row has no {', '.join(missing)})")
        elif number not in recorded:
            frames = dict(_frames(folder, system, number, proposals, lost))
            record_training(rounds.stream, row, frames, {"taken_over": {"from_store_format": found_format}})
    return lost


def set_aside(folder: Folder, found_format: object) -> str:
    """Move a store whole to a name that says its format; the new place. Its own place is free then.

    Raises:
        SetAsideError: it cannot be moved; it is as it was.
    """
    try:
        if isinstance(folder, RemoteFolder):
            target = f"{folder.url}-format-{found_format}"
            folder.filesystem.mv(folder.url, target, recursive=True)
            return target
        if isinstance(folder, LocalFolder):
            free = (folder.root.with_name(f"{folder.root.name}-format-{found_format}{end}") for end in _endings())
            place = next(path for path in free if not path.exists())
            folder.root.rename(place)
            return str(place)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SetAsideError(
            f"The store at {folder.url} has format {found_format} and could not be set aside ({reason}): move it away "
            "by hand, then run again. Its rounds are in the record; nothing else was changed."
        ) from error
    raise TypeError(f"a folder of another kind: {folder!r}")


def only_one_sets_aside(folder: Folder) -> filelock.BaseFileLock | None:
    """A lock beside a local store, so that of several processes one sets it aside; None where there are no locks."""
    if not isinstance(folder, LocalFolder):
        return None
    return filelock.FileLock(folder.root.with_name(f".{folder.root.name}.lock"), timeout=LONGEST_WAIT_S)


def _frames(
    folder: Folder, system: str, number: int, proposals: pd.DataFrame | None, lost: list[str]
) -> Iterator[tuple[str, pd.DataFrame]]:
    drawn = _read(folder, f"{ITERATION_MAPS.name}/{number}/{system}.parquet", lost)
    if drawn is not None:
        yield MAP, drawn
    if proposals is not None:
        yield PROPOSED, _with_strategy(proposals[proposals["iteration"] == number])


def _with_strategy(proposals: pd.DataFrame) -> pd.DataFrame:
    known = {} if "strategy" in proposals else {"strategy": STRATEGY_BEFORE_FORMAT_3}
    return proposals.drop(columns="iteration").assign(**known)


def _read(folder: Folder, name: str, lost: list[str]) -> pd.DataFrame | None:
    """A table as it lies there; None, and a line among the lost ones, if it cannot be read."""
    try:
        return to_frame(from_parquet(folder.read(name)))
    except (DamagedFileError, OSError) as error:
        reason = "it is missing" if isinstance(error, FileNotFoundError) else "it is damaged"
        logging.getLogger(__name__).warning("%s was not taken over: %s", name, reason)
        lost.append(f"{name} ({reason})")
        return None


def _required() -> list[str]:
    return [column.name for column in ITERATIONS.columns if not column.nullable]


def _endings() -> Iterator[str]:
    yield ""
    for number in range(2, 1000):
        yield f"-{number}"
