"""What was predicted for a system before its casts were known, as the record keeps it: one entry for each training.

The tables `iterations`, `iteration_maps` and `proposals` follow from these entries alone. An entry of a training says
in `about` what the row of `iterations` is and what the training was made from; its files are the map of
`prediction_grid`, that of the surrogate in use, and what was proposed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bmg_assets.store.parquet import from_parquet, to_parquet
from bmg_assets.store.record import Entry, Record, RecordedFile, Stream, content_name
from bmg_assets.store.tables.arrow import empty_frame, to_frame
from bmg_assets.store.tables.iterations import ITERATIONS, PROPOSALS
from bmg_assets.store.tables.validation import examined

if TYPE_CHECKING:
    import pandas as pd

MAP, SURROGATE_MAP, PROPOSED = "map", "surrogate_map", "proposals"
SURROGATE_MAP_COLUMNS = (
    "composition",
    "strategy",
    "score",
    "dmax_mm",
    "interval_low_mm",
    "interval_high_mm",
    "probability_bulk",
)
"""Columns of `transfer_grid` that the record keeps."""
_PARQUET = ".parquet"


@dataclass(frozen=True)
class RecordedTraining:
    """One training of a system, as it was recorded before its casts were known."""

    entry: Entry
    stream: Stream

    @property
    def iteration(self) -> int:
        """Number of the round that it belongs to; a later training with the same number took its place."""
        return int(self.entry.about["iteration"])

    @property
    def row(self) -> dict[str, Any]:
        """Its row of the table `iterations`; columns that the version which wrote it did not know are empty."""
        row = self.entry.about["row"]
        found = {name: row.get(name) for name in ITERATIONS.column_names}
        return {**found, "trained_at": datetime.fromisoformat(found["trained_at"])}

    @property
    def is_prospective(self) -> bool:
        """Whether the record itself was written before the casts; not so for what was taken over from a store."""
        return "taken_over" not in self.entry.about

    def file(self, kind: str) -> RecordedFile | None:
        """The file of this kind (MAP, SURROGATE_MAP, PROPOSED); None without one."""
        name = self.entry.about["files"].get(kind)
        return next((one for one in self.entry.files if one.name == name), None)

    def rows(self, kind: str, columns: Collection[str]) -> list[dict[str, Any]]:
        """Some columns of the table of this kind, those that it has, at a fraction of the time that `frame` takes.

        Raises:
            RecordDamagedError: as `frame`.
        """
        file = self.file(kind)
        if file is None:
            return []
        table = from_parquet(self.stream.read(file))
        rows: list[dict[str, Any]] = table.select([name for name in table.column_names if name in columns]).to_pylist()
        return rows

    def frame(self, kind: str) -> pd.DataFrame | None:
        """The table of this kind; None without one. Raises RecordDamagedError."""
        file = self.file(kind)
        return None if file is None else to_frame(from_parquet(self.stream.read(file)))


@dataclass(frozen=True)
class Rounds:
    """All trainings of one system, and the tables that follow."""

    system: str
    stream: Stream
    trainings: tuple[RecordedTraining, ...]

    @classmethod
    def of(cls, record: Record, system: str) -> Rounds:
        """What the record knows of a system.

        Raises:
            RecordDamagedError, RecordFormatError: as `Stream.entries`.
        """
        stream = record.predictions(system)
        return cls(system, stream, tuple(RecordedTraining(entry, stream) for entry in stream.entries()))

    def last_of_each(self) -> dict[int, RecordedTraining]:
        """The training that counts for each round, by its number: the last one."""
        return dict(sorted({one.iteration: one for one in self.trainings}.items()))

    def iterations(self) -> pd.DataFrame:
        """The table `iterations`."""
        rows = [training.row for training in self.last_of_each().values()]
        return _typed(rows)

    def proposals(self) -> pd.DataFrame:
        """The table `proposals`, with the states that were known when each was proposed."""
        from bmg_assets.science.casts.iterations import with_proposals

        proposals = empty_frame(PROPOSALS)
        for training in self.trainings:
            proposed = training.frame(PROPOSED)
            if proposed is None:
                continue
            if "is_recommended" not in proposed:  # an older version, which proposed what it recommended
                proposed = proposed.assign(is_recommended=True)
            columns = [name for name in PROPOSALS.column_names if name in proposed]
            proposals = with_proposals(proposals, proposed[columns], training.iteration)
            if "by_last_training" in proposed:  # taken over from a store, where several trainings had one table
                of_last = proposed.loc[proposed["by_last_training"].astype(bool), "composition"]
                earlier = (proposals["iteration"] == training.iteration) & ~proposals["composition"].isin(of_last)
                proposals = proposals.assign(by_last_training=proposals["by_last_training"] & ~earlier)
        return proposals[[name for name in PROPOSALS.column_names if name in proposals]]

    def map_of(self, iteration: int) -> pd.DataFrame | None:
        """The rows of `iteration_maps` of one round; None where they were not kept."""
        training = self.last_of_each().get(iteration)
        return None if training is None else training.frame(MAP)


def record_training(
    stream: Stream,
    row: Mapping[str, Any],
    frames: Mapping[str, pd.DataFrame],
    about: Mapping[str, Any],
    repeats: Collection[str] = (),
) -> Entry:
    """Record one training; from then on its predictions are kept, whatever happens to the store.

    Args:
        row: its row of the table `iterations`.
        frames: by kind, see MAP, SURROGATE_MAP and PROPOSED.
        about: what it was made from, as JSON; `training` is the run.
        repeats: runs that this one tries again. If one of them was ended after it had recorded the same, its entry
            counts, and no second one is written.

    Raises:
        FolderError: it could not be written; nothing was recorded.
        RecordDamagedError, RecordFormatError: as `Stream.append`.
    """
    contents = {kind: _parquet(frame) for kind, frame in frames.items()}
    names = {kind: content_name(data, _PARQUET) for kind, data in contents.items()}
    files = {names[kind]: data for kind, data in contents.items()}
    values = {name: _as_json(value) for name, value in row.items()}
    described = {**about, "iteration": values["iteration"], "row": values, "files": names}
    last = stream.last_readable() if repeats else None
    if (
        last is not None
        and last.about.get("training") in repeats
        and _without_run(last.about) == _without_run(described)
    ):
        return last
    return stream.append(files, described)


def _without_run(about: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says but for the run and the time, as it is read back."""
    about = json.loads(json.dumps(about))
    row = {name: value for name, value in about["row"].items() if name != "trained_at"}
    return {**about, "training": None, "row": row}


def _typed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    if not rows:
        return empty_frame(ITERATIONS)
    return to_frame(examined(ITERATIONS, pd.DataFrame(rows)).storable())


def _parquet(frame: pd.DataFrame) -> bytes:
    """The frame as Parquet; columns without a gap are marked so, and come back with the types they had."""
    import pyarrow as pa

    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [field.with_nullable(arrow[field.name].null_count > 0) for field in arrow.schema]
    return to_parquet(arrow.cast(pa.schema(fields)))


def _as_json(value: Any) -> Any:
    """The value as JSON: times in ISO 8601, nothing for what is missing."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return [_as_json(one) for one in value] if isinstance(value, list | tuple) else value
