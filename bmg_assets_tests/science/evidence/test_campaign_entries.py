"""Campaigns as pieces of work: which systems, what is stored of them, and a literature that gives none."""

import numpy as np
import pytest

from bmg_assets.science.evidence import campaign_entries as entries
from bmg_assets.science.evidence.campaign_entries import (
    CampaignEntry,
    NoCampaignError,
    campaign_data,
    run_campaigns,
)
from bmg_assets.science.evidence.campaign_names import BULK_METRIC, REFERENCE, ROUNDS, SHARE_METRICS, Start, Truth
from bmg_assets.science.evidence.campaign_rules import RULES
from bmg_assets.science.evidence.campaigns import STOP_GAINS_MM
from bmg_assets_tests.science.evidence.campaigned import SYSTEM, alloys_table, learnable_data


def test_every_system_is_in_one_entry_and_the_quick_form_is_smaller() -> None:
    data = learnable_data()
    whole = entries.campaign_entries(data, quick=False)
    keys = [one.target.key for entry in whole for one in entry.systems]
    assert sorted(keys) == sorted(one.target.key for one in data.systems)
    assert SYSTEM in keys
    (quick,) = entries.campaign_entries(data, quick=True)
    assert len(quick.systems) <= entries.QUICK_SYSTEMS
    assert REFERENCE in quick.rules
    assert set(quick.rules) < set(RULES)


def test_what_an_entry_is_made_from_tells_it_from_others() -> None:
    table, data = alloys_table(), learnable_data()
    assert campaign_data(table.assign(dmax_mm=table["dmax_mm"] + 0.1), 0).made_from != data.made_from
    assert campaign_data(table, 1).made_from != data.made_from
    first = CampaignEntry("a", data.systems[:1], (REFERENCE,))
    assert first.made_from != CampaignEntry("a", data.systems[:1], ("random",)).made_from
    assert first.made_from != CampaignEntry("a", data.systems[1:2], (REFERENCE,)).made_from


def test_a_literature_without_such_a_system_is_refused_in_one_sentence() -> None:
    table = alloys_table()
    with pytest.raises(NoCampaignError, match=r"no ternary of the development systems .* take in a larger"):
        campaign_data(table[table["chemical_system"] == "Ag-Al-Zr"], 0)


def test_without_bulk_glasses_elsewhere_nothing_is_calibrated_and_so_said() -> None:
    table = alloys_table()
    few = table[(table["chemical_system"] == SYSTEM) | (table["dmax_mm"] < 1)]
    data = campaign_data(few, 0)
    with pytest.raises(NoCampaignError, match="Campaigns need a calibrated surrogate"):
        run_campaigns(data, CampaignEntry("one", data.systems[:1], ("random",)))


def test_all_starts_and_truths_are_campaigned_by_every_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "STEP_AT_PCT", 10)
    data = learnable_data()
    system = next(one for one in data.systems if one.target.key == SYSTEM)
    scores, forecasts = run_campaigns(data, CampaignEntry("one", (system,), (REFERENCE, "random")))
    assert set(scores["rule"]) == {REFERENCE, "random"}
    assert set(scores["truth"]) == set(map(str, Truth))
    assert set(scores["start"]) == set(map(str, Start))
    assert set(scores["metric"]) == {*SHARE_METRICS, BULK_METRIC}
    shares = scores.loc[scores["metric"].isin(SHARE_METRICS), "value"]
    assert shares.between(0, 1).all()
    assert scores.loc[scores["metric"] == BULK_METRIC, "value"].dropna().between(0, ROUNDS + 1).all()
    assert len(scores) == 2 * len(Truth) * len(Start) * (len(SHARE_METRICS) + 1)
    assert set(forecasts["gain_mm"]) == set(STOP_GAINS_MM)
    assert forecasts["share"].between(0, 1).all()
    final = scores[(scores["metric"] == SHARE_METRICS[-1]) & (scores["truth"] != "reported")]
    means = final.groupby("rule")["value"].mean()
    assert means[REFERENCE] >= means["random"]
    assert np.isfinite(scores["value"].dropna()).all()
