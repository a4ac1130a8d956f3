"""Campaigns in the store: what was run is not run again, and what an entry is made from tells it from others."""

from pathlib import Path

import pytest

from bmg_assets.execution import search_pool
from bmg_assets.science.evidence import campaign_entries
from bmg_assets.science.evidence.campaign_entries import CampaignEntry, campaign_data
from bmg_assets.store.store import Store
from bmg_assets.studies.campaign_entries import cached_campaign, run_campaign_entries, stored_campaigns
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.science.evidence.campaigned import alloys_table, learnable_data


def test_what_was_run_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    monkeypatch.setattr(campaign_entries, "STEP_AT_PCT", 10)
    store, data, told = Store(url=str(tmp_path)), learnable_data(), []
    first, second = (
        CampaignEntry(f"part-{number}", data.systems[number : number + 1], ("expected_gain", "random"))
        for number in range(2)
    )
    assert run_campaign_entries(store, data, [first]) == 1
    assert run_campaign_entries(store, data, [first, second], told.append) == 1
    assert told == [f"campaigns in {data.systems[1].target.key}: 1 of 1 parts"]
    scores, forecasts = stored_campaigns(store, data, [first, second])
    assert set(scores["system"]) == set(forecasts["system"]) == {one.target.key for one in data.systems[:2]}
    assert set(scores["seed"]) == {data.seed}
    assert run_campaign_entries(store, data, [first, second]) == 0


def test_another_literature_is_campaigned_in_anew() -> None:
    data = learnable_data()
    entry = CampaignEntry("one", data.systems[:1], ("random",))
    table = alloys_table()
    other = campaign_data(table.assign(dmax_mm=table["dmax_mm"] + 0.1), data.seed)
    assert cached_campaign(data, entry).made_from != cached_campaign(other, entry).made_from
