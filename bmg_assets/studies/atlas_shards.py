"""The shards of the atlas as pieces of work: all systems of a shard, scanned by the surrogate that was fitted once.

A process fits the surrogate when it takes its first shard, and keeps it for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from bmg_assets.execution.search_pool import side_by_side
from bmg_assets.science.alloys.compositions import chemical_system
from bmg_assets.science.alloys.systems import TERNARY
from bmg_assets.science.atlas.shards import AtlasError, Shard, shards_of
from bmg_assets.store.store import Store
from bmg_assets.store.tables.arrow import empty_frame
from bmg_assets.store.tables.atlas import SYSTEM_ATLAS
from bmg_assets.studies.cached_entries import CachedEntry
from bmg_assets.studies.evaluations import Evaluation, Work

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.atlas.chance import SystemChance
    from bmg_assets.science.atlas.fitted_atlas import FittedAtlas
    from bmg_assets.science.atlas.rows import AtlasSettings

ATLAS_VERSION = "2"
"""It is raised when rows come out otherwise than before; the surrogate has a version of its own."""
LEFT_OUT_AT_ONCE = 16
"""Systems to a piece of work of the calibration."""


@dataclass(frozen=True)
class KnownAlloys:
    """What the surrogate is fitted to."""

    fingerprint: str
    seed: int
    table: pd.DataFrame = field(compare=False)
    """See `known_to`."""

    @classmethod
    def of(cls, table: pd.DataFrame, seed: int) -> KnownAlloys:
        """These alloys."""
        from bmg_assets.science.atlas.fitted_atlas import identity_of_known

        return cls(identity_of_known(table), seed, table)


@dataclass(frozen=True)
class Ternaries:
    """The best compositions of the ternaries."""

    fingerprint: str
    table: pd.DataFrame = field(compare=False)
    """See `faces_as_quaternaries`."""


@dataclass(frozen=True)
class AtlasWork(Work[Shard]):
    """What shards are made with."""

    kind = "atlas"
    known: KnownAlloys
    chance: SystemChance
    settings: AtlasSettings
    calibration: str
    """Identity of what the chance was calibrated on."""
    ternaries: Ternaries | None = None
    """The faces with which quaternaries are compared."""

    @classmethod
    def on(cls, known: KnownAlloys, calibration: pd.DataFrame, settings: AtlasSettings) -> AtlasWork:
        """Work on these alloys, with the table `atlas_calibration`."""
        from bmg_assets.science.atlas.left_out import chance_by
        from bmg_assets.science.fingerprints import fingerprint_frame

        return cls(known, chance_by(calibration), settings, fingerprint_frame(calibration))

    def beside(self, ternaries: Ternaries) -> AtlasWork:
        """The same, with the ternary faces of quaternaries."""
        return replace(self, ternaries=ternaries)

    def name_of(self, entry: Shard) -> str:
        """The partition key."""
        return entry.name

    def cached(self, entry: Shard) -> CachedEntry:
        """A shard in the store, as it is wanted."""
        from bmg_assets.science.atlas.fitted_atlas import SURROGATE
        from bmg_assets.science.atlas.rows import REFINED_OF_A_SHARD

        made_from = (
            f"{self.known.fingerprint}; seed {self.known.seed}; {SURROGATE.name} {SURROGATE.version}; version "
            f"{ATLAS_VERSION}; calibration {self.calibration}; {self.settings}"
        )
        if entry.n_elements > TERNARY:
            made_from += f"; the best {REFINED_OF_A_SHARD} refined"
        # Fewer systems than shards leave some of them empty; other literature may have more.
        return CachedEntry(SYSTEM_ATLAS.name, None, entry.name, made_from, may_be_empty=False)

    def evaluations(self, entries: Sequence[Shard]) -> list[Evaluation]:
        """One for each shard."""
        return [
            Evaluation(self.kind, (shard.name,), partial(self._rows, shard), partial(self._keep, shard))
            for shard in entries
        ]

    def _rows(self, shard: Shard) -> pd.DataFrame:
        from bmg_assets.science.atlas.rows import atlas_rows

        atlas = _fitted(self.known)
        systems = shard.systems_of(atlas.supported.elements)
        faces_mm = {} if self.ternaries is None else _faces_mm(self.known, self.ternaries)
        return atlas_rows(atlas, systems, self.chance, self.settings, faces_mm)

    def _keep(self, shard: Shard, store: Store, rows: pd.DataFrame) -> None:
        rows = rows if len(rows) else empty_frame(SYSTEM_ATLAS)
        self.cached(shard).write(store, rows.assign(shard=shard.name))


def ternaries_at_hand(store: Store) -> Ternaries:
    """The ternaries in the store.

    Raises:
        AtlasError: a shard of the ternaries is not there.
    """
    import pandas as pd

    from bmg_assets.science.atlas.faces import FACE_COLUMNS
    from bmg_assets.science.fingerprints import fingerprint_frame

    missing = [one.name for one in shards_of(TERNARY) if not store.has_table(SYSTEM_ATLAS.name, None, one.name)]
    if missing:
        raise AtlasError(
            f"Quaternaries are compared with their ternary faces, and {len(missing)} shards of the ternaries are not "
            f"there ({missing[0]} first); make those first (`bmg atlas --renew`)."
        )
    tables = [store.read_table(SYSTEM_ATLAS.name, None, one.name) for one in shards_of(TERNARY)]
    table = pd.concat([one[list(FACE_COLUMNS)] for one in tables], ignore_index=True)
    return Ternaries(fingerprint_frame(table), table)


def calibrated_on(known: KnownAlloys) -> pd.DataFrame:
    """The table `atlas_calibration`: every system of the literature left out, side by side in processes.

    Raises:
        AtlasError: no alloy with a D_max is known, or of too few elements.
        WorkerEndedError: a process was ended from outside.
    """
    import pandas as pd

    from bmg_assets.science.atlas.fitted_atlas import labelled
    from bmg_assets.science.atlas.left_out import systems_to_leave_out, with_chances

    systems = systems_to_leave_out(map(chemical_system, labelled(known.table)["elements"]))
    pieces = [systems[start : start + LEFT_OUT_AT_ONCE] for start in range(0, len(systems), LEFT_OUT_AT_ONCE)]
    found: dict[str, pd.DataFrame] = {}

    def keep(name: str, rows: pd.DataFrame, _: str) -> None:
        found[name] = rows

    side_by_side(_left_out, [(piece[0], (known, piece)) for piece in pieces], keep)
    rows = pd.concat([found[name] for name in sorted(found)], ignore_index=True)
    return with_chances(rows, known.seed).assign(known_fingerprint=known.fingerprint)


def _left_out(job: tuple[KnownAlloys, Sequence[str]]) -> pd.DataFrame:
    from bmg_assets.science.atlas.left_out import left_out_systems

    known, systems = job
    return left_out_systems(_fitted(known), systems)


@lru_cache(maxsize=1)
def _fitted(known: KnownAlloys) -> FittedAtlas:
    from bmg_assets.science.atlas.fitted_atlas import FittedAtlas

    return FittedAtlas.fit(known.table, known.seed)


@lru_cache(maxsize=1)
def _faces_mm(known: KnownAlloys, ternaries: Ternaries) -> dict[str, float]:
    from bmg_assets.science.atlas.faces import faces_as_quaternaries

    return faces_as_quaternaries(_fitted(known), ternaries.table)
