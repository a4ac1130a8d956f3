"""Campaigns in the store: what was run is not run again, and what an entry is made from tells it from others."""

from pathlib import Path

import pytest

from bmg_assets.execution import search_pool
from bmg_assets.science.evidence import campaign_entries
from bmg_assets.science.evidence.campaign_entries import CampaignEntry, campaign_data
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import CAMPAIGN_FORECASTS, CAMPAIGN_SCORES
from bmg_assets.studies.campaign_entries import CampaignWork
from bmg_assets.studies.evaluations import Part, evaluate_missing
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
    both = Part(CampaignWork(data), [first, second])
    assert evaluate_missing(store, [both.named(["part-0"])]) == 1
    assert [one.key for one in both.missing(store)] == ["campaigns/part-1"]
    assert evaluate_missing(store, [both], told.append) == 1
    assert told == ["campaigns/part-1: 1 of 1 evaluations"]
    scores, forecasts = (both.read(store, table.name) for table in (CAMPAIGN_SCORES, CAMPAIGN_FORECASTS))
    assert set(scores["system"]) == set(forecasts["system"]) == {one.target.key for one in data.systems[:2]}
    assert set(scores["seed"]) == {data.seed}
    assert evaluate_missing(store, [both]) == 0


def test_another_literature_is_campaigned_in_anew() -> None:
    data = learnable_data()
    entry = CampaignEntry("one", data.systems[:1], ("random",))
    table = alloys_table()
    other = campaign_data(table.assign(dmax_mm=table["dmax_mm"] + 0.1), data.seed)
    assert CampaignWork(data).cached(entry).made_from != CampaignWork(other).cached(entry).made_from
