"""The simulated campaigns in the store: which are there, and the running of the others.

An entry is a few systems that are campaigned in from one fit (see cached_entries.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bmg_assets.execution.search_pool import side_by_side
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import CAMPAIGN_FORECASTS, CAMPAIGN_SCORES
from bmg_assets.studies.cached_entries import CachedEntry

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.campaign_entries import CampaignData, CampaignEntry


def cached_campaign(data: CampaignData, entry: CampaignEntry) -> CachedEntry:
    """An entry in the store, as it is wanted."""
    made_from = f"{data.made_from}; {entry.made_from}"
    return CachedEntry(CAMPAIGN_SCORES.name, None, entry.name, made_from, (CAMPAIGN_FORECASTS.name,))


def run_campaign_entries(
    store: Store, data: CampaignData, entries: Sequence[CampaignEntry], say: Callable[[str], None] = lambda _: None
) -> int:
    """Run the campaigns that are not there, side by side; return the number of entries that were run.

    Args:
        say: is called with a sentence for each entry that is done.
    """
    from bmg_assets.science.evidence.campaign_entries import run_campaigns

    def store_entry(entry: CampaignEntry, result: tuple[pd.DataFrame, pd.DataFrame], progress: str) -> None:
        scores, forecasts = (frame.assign(entry=entry.name) for frame in result)
        cached_campaign(data, entry).write(store, scores.assign(seed=data.seed), campaign_forecasts=forecasts)
        say(f"campaigns in {', '.join(one.target.key for one in entry.systems)}: {progress} parts")

    missing = [entry for entry in entries if not cached_campaign(data, entry).is_in(store)]
    side_by_side(partial(run_campaigns, data), [(entry, entry) for entry in missing], store_entry)
    return len(missing)


def stored_campaigns(
    store: Store, data: CampaignData, entries: Sequence[CampaignEntry]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The scores and the forecasts of all entries."""
    import pandas as pd

    found = [cached_campaign(data, entry) for entry in entries]
    scores, forecasts = (
        pd.concat([one.read(store, table.name) for one in found], ignore_index=True)
        for table in (CAMPAIGN_SCORES, CAMPAIGN_FORECASTS)
    )
    return scores, forecasts
