"""What the event log tells of the last training of many systems."""

import time

import dagster as dg
import pytest

from bmg_assets.defaults import Defaults
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import stale_systems
from bmg_assets_tests.automation.night import CHAIN, report, report_literature, report_training

SHORT = {"lab_results": [], "training_set": ["lab_results"], "candidates": ["training_set"]}


def test_the_chain_leads_from_the_literature_and_the_casts_to_the_record_of_rounds() -> None:
    assert list(CHAIN.parents)[:2] == ["lab_results", "training_set"]
    assert list(CHAIN.parents)[-2:] == ["candidates", "iterations"]
    assert "system_report" not in CHAIN.parents
    assert "svr_model" in CHAIN.parents["fusion_weights"]
    assert CHAIN.literature == ["literature_alloys", "alloy_descriptors"]
    assert set(CHAIN.code_versions) == set(CHAIN.parents)


def test_the_last_training_counts_not_an_earlier_one(instance: dg.DagsterInstance) -> None:
    report_literature(instance)
    report_training(instance, "Zr-Al-Cu", Defaults(budget="quick"))
    report_training(instance, "Zr-Al-Cu", Defaults(budget="paper"))
    assert stale_systems(instance, CHAIN, Defaults(budget="paper"), ["Zr-Al-Cu"]) == {"Zr-Al-Cu": []}
    assert stale_systems(instance, CHAIN, Defaults(budget="quick"), ["Zr-Al-Cu"]) == {
        "Zr-Al-Cu": ["setting budget was paper, is quick"]
    }


def test_a_training_that_stopped_before_its_round_was_recorded_is_not_finished(instance: dg.DagsterInstance) -> None:
    report_literature(instance)
    report_training(instance, "Zr-Al-Cu")
    report(instance, "candidates", "Zr-Al-Cu")
    assert stale_systems(instance, CHAIN, Defaults(), ["Zr-Al-Cu"]) == {
        "Zr-Al-Cu": ["candidates is newer than iterations"]
    }


@pytest.mark.slow
def test_two_thousand_systems_are_looked_through_in_seconds(instance: dg.DagsterInstance) -> None:
    chain = SystemChain(parents=SHORT, literature=CHAIN.literature, code_versions=dict.fromkeys(SHORT, "1"))
    report_literature(instance)
    systems = [f"Zr-Al-{number}" for number in range(2000)]
    for system in systems:
        report_training(instance, system, chain=chain)
    report(instance, "lab_results", systems[7])
    began = time.perf_counter()
    reasons = stale_systems(instance, chain, Defaults(), systems)
    seconds = time.perf_counter() - began
    assert seconds < 5
    assert [system for system, why in reasons.items() if why] == [systems[7]]
