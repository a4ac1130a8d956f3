"""The entries of the simulated campaigns: a few systems that are campaigned in from one fit each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import CAMPAIGN_FORECASTS, CAMPAIGN_SCORES
from bmg_assets.studies.cached_entries import CachedEntry
from bmg_assets.studies.evaluations import Evaluation, Work

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.campaign_entries import CampaignData, CampaignEntry


@dataclass(frozen=True)
class CampaignWork(Work["CampaignEntry"]):
    """What entries are run with."""

    kind = "campaigns"
    data: CampaignData

    def cached(self, entry: CampaignEntry) -> CachedEntry:
        """An entry in the store, as it is wanted."""
        made_from = f"{self.data.made_from}; {entry.made_from}"
        return CachedEntry(CAMPAIGN_SCORES.name, None, entry.name, made_from, (CAMPAIGN_FORECASTS.name,))

    def name_of(self, entry: CampaignEntry) -> str:
        """The form of the evidence, and a number."""
        return entry.name

    def evaluations(self, entries: Sequence[CampaignEntry]) -> list[Evaluation]:
        """One for each entry."""
        from bmg_assets.science.evidence.campaign_entries import run_campaigns

        return [
            Evaluation(self.kind, (entry.name,), partial(run_campaigns, self.data, entry), partial(self._keep, entry))
            for entry in entries
        ]

    def _keep(self, entry: CampaignEntry, store: Store, result: tuple[pd.DataFrame, pd.DataFrame]) -> None:
        scores, forecasts = (frame.assign(entry=entry.name) for frame in result)
        self.cached(entry).write(store, scores.assign(seed=self.data.seed), campaign_forecasts=forecasts)
