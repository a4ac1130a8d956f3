"""What the store tells of the last training of many systems."""

import time

import pytest

from bmg_assets.defaults import Defaults
from bmg_assets.science.alloys.systems import known_symbols
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import stale_systems, why_no_literature
from bmg_assets.store.literature_database import LITERATURE_FILE
from bmg_assets.store.origins import asset_file
from bmg_assets_tests.automation.night import CASTS, CHAIN, add_systems, report, report_literature, report_training
from bmg_assets_tests.deployment import Deployment

ZR = "Zr-Al-Cu"
SHORT = {"lab_results": [], "training_set": ["lab_results"], "candidates": ["training_set"]}


def reasons(place: Deployment, defaults: Defaults | None = None) -> list[str]:
    return stale_systems(place.instance, place.store, CHAIN, defaults or Defaults(), [ZR])[ZR]


@pytest.fixture
def trained(fresh: Deployment) -> Deployment:
    report_literature(fresh)
    add_systems(fresh, [ZR])
    report_training(fresh, ZR)
    assert reasons(fresh) == []
    return fresh


def test_the_chain_leads_from_the_casts_to_the_page() -> None:
    assert list(CHAIN.parents)[:2] == ["lab_results", "training_set"]
    assert list(CHAIN.parents)[-3:] == ["candidates", "iterations", "system_report"]
    assert "svr_model" in CHAIN.parents["fusion_weights"]
    assert CHAIN.literature == ["literature_alloys", "alloy_descriptors"]
    assert set(CHAIN.code_versions) == set(CHAIN.parents) - {"system_report"}


def test_the_last_training_counts_not_an_earlier_one(fresh: Deployment) -> None:
    report_literature(fresh)
    report_training(fresh, ZR, Defaults(budget="quick"))
    report_training(fresh, ZR, Defaults(budget="paper"))
    assert reasons(fresh, Defaults(budget="paper")) == []
    assert reasons(fresh, Defaults(budget="quick")) == ["setting budget was paper, is quick"]


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (["candidates"], "candidates is newer than iterations, system_report"),
        (["candidates", "iterations"], "candidates is newer than system_report"),
        (["prediction_grid"], "prediction_grid is newer than candidates, iterations, system_report"),
    ],
)
def test_what_was_made_anew_on_the_same_training_is_newer(trained: Deployment, made: list[str], told: str) -> None:
    for asset in made:
        report(trained, asset, ZR)
    assert reasons(trained) == [told]


def test_a_training_that_was_killed_is_told_by_what_is_of_an_earlier_one(trained: Deployment) -> None:
    """Killed at every step: each asset that was made from what is another by now is named once."""
    record, chain = "another training", list(CHAIN.parents)
    for reached, asset in enumerate(chain):
        report(trained, asset, ZR, record=record if asset == "training_set" else "")
        told = [one for one in reasons(trained) if "earlier training" in one]
        assert bool(told) == (0 < reached < len(chain) - 1)
        named = [name for one in told for name in one.split(" are of ")[0].split(" is of ")[0].split(", ")]
        # The map of the surrogate belongs to no training of the paper's models, and neither do its picks.
        named += ["recommendations"] * ("transfer_grid is newer than recommendations" in reasons(trained))
        anew = set(chain[1 : reached + 1])
        expected = [one for one in chain[reached + 1 :] if anew & set(CHAIN.parents[one])]
        assert sorted(named) == sorted(expected)
        if asset == "transfer_grid":
            assert "candidates are of an earlier training than prediction_grid" in told
        if asset == "iterations":
            assert told == ["system_report is of an earlier training than training_set"]


def test_casts_that_were_taken_in_again_and_are_the_same_are_no_reason(trained: Deployment) -> None:
    report(trained, "lab_results", ZR)
    assert reasons(trained) == []
    report(trained, "lab_results", ZR, CASTS)
    (told,) = reasons(trained)
    assert told.startswith("lab_results is newer than training_set")


def test_a_system_that_was_removed_and_added_again_was_never_trained(trained: Deployment) -> None:
    trained.store.delete_system(ZR)
    assert reasons(trained) == ["never trained"]


def test_a_run_history_that_is_lost_is_no_reason(trained: Deployment) -> None:
    """What is stored counts."""
    trained.instance.wipe()
    add_systems(trained, [ZR])
    assert reasons(trained) == []


def test_a_store_that_was_lost_is_told(trained: Deployment) -> None:
    for name in trained.store.folder.files():
        trained.store.folder.delete(name)
    assert reasons(trained) == ["never trained"]
    told = why_no_literature(trained.store, CHAIN)
    assert told is not None
    assert "literature_alloys, alloy_descriptors" in told
    assert "`bmg literature`" in told


@pytest.mark.parametrize("asset", ["candidates", "svr_model", "system_report", "training_set", "lab_results"])
@pytest.mark.parametrize("harm", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: bytes(len(data))])
def test_a_file_that_is_damaged_is_a_reason(trained: Deployment, asset: str, harm: object) -> None:
    folder, name = trained.store.folder, asset_file(asset, ZR)
    assert name is not None
    folder.write(name, harm(folder.read(name)))  # type: ignore[operator]
    assert f"damaged, or without its origin: {asset}" in reasons(trained)


def test_damaged_literature_is_told_with_what_replaces_it(trained: Deployment) -> None:
    trained.store.folder.write(LITERATURE_FILE, b"no database")
    told = why_no_literature(trained.store, CHAIN)
    assert told is not None
    assert "is damaged" in told
    assert "`bmg literature`" in told


@pytest.mark.slow
def test_two_thousand_systems_are_looked_through_in_seconds(fresh: Deployment) -> None:
    chain = SystemChain(parents=SHORT, literature=CHAIN.literature, code_versions=dict.fromkeys(SHORT, "1"))
    report_literature(fresh)
    symbols = sorted(known_symbols())[:60]
    systems = [f"{one}-{two}-Zr" for one in symbols for two in symbols if "Zr" not in (one, two) and one < two]
    add_systems(fresh, systems)
    for system in systems:
        report_training(fresh, system, chain=chain)
    report(fresh, "lab_results", systems[7], CASTS)
    for seconds in (5, 2):
        began = time.perf_counter()
        found = stale_systems(fresh.instance, fresh.store, chain, Defaults(sub_dataset=5), systems)
        assert time.perf_counter() - began < seconds
    assert len(systems) > 1700
    assert [system for system, why in found.items() if "lab_results is newer than training_set" in why] == [systems[7]]
