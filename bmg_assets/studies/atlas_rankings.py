"""The entries of the evidence on the atlas: one test each, learnt from the literature as the test knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bmg_assets.store.store import Store
from bmg_assets.store.tables.atlas import ATLAS_RANKINGS
from bmg_assets.studies.atlas_shards import ATLAS_VERSION
from bmg_assets.studies.cached_entries import CachedEntry
from bmg_assets.studies.evaluations import Evaluation, Work
from bmg_assets.studies.literature_entries import LiteratureWork

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.literature_entries import LiteratureData
    from bmg_assets.science.evidence.system_rankings import SystemTest


@dataclass(frozen=True)
class AtlasRankingWork(Work["SystemTest"]):
    """What the tests are made with."""

    kind = "atlas-rankings"
    data: LiteratureData
    literature: str
    """Identity of the reports and of the systems that are judged."""

    @classmethod
    def on(cls, data: LiteratureData) -> AtlasRankingWork:
        """Work on these reports."""
        return cls(data, LiteratureWork.on(data).literature)

    def name_of(self, entry: SystemTest) -> str:
        """Name of the test."""
        return entry.name

    def cached(self, entry: SystemTest) -> CachedEntry:
        """A test in the store, as it is wanted."""
        from bmg_assets.science.atlas.fitted_atlas import SURROGATE

        made_from = (
            f"{self.literature}; version {ATLAS_VERSION}; {SURROGATE.name} {SURROGATE.version}; "
            f"{entry.variant.made_from}"
        )
        return CachedEntry(ATLAS_RANKINGS.name, None, entry.name, made_from)

    def evaluations(self, entries: Sequence[SystemTest]) -> list[Evaluation]:
        """One for each test."""
        from bmg_assets.science.evidence.literature_entries import learnt_from
        from bmg_assets.science.evidence.system_rankings import evaluate_system_test

        return [
            Evaluation(
                self.kind,
                (test.name,),
                partial(evaluate_system_test, test, learnt_from(self.data, test.variant), self.data.judge),
                partial(self._keep, test),
            )
            for test in entries
        ]

    def _keep(self, test: SystemTest, store: Store, rows: pd.DataFrame) -> None:
        self.cached(test).write(store, rows.assign(test=test.name, entry=test.name))
