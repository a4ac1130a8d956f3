"""The job with two fields: a system is registered and its training queued, or one sentence says why not."""

from typing import Any

import dagster as dg
import pytest

from bmg_assets.automation.queueing import queue_training
from bmg_assets.partitions import registered_systems
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS
from bmg_assets_tests.automation.night import CHAIN, report_literature
from bmg_assets_tests.deployment import Deployment, configured, sentence_of

ZR = "Zr-Al-Cu"


@pytest.fixture
def place(fresh: Deployment) -> Deployment:
    report_literature(fresh)
    return fresh


def job(place: Deployment, key: str, **budget: Any) -> dg.ExecuteInProcessResult:
    return place.run("add_and_train_job", run_config=configured(add_and_train={"target_system": key, **budget}))


def queued(place: Deployment) -> list[tuple[list[str], Any]]:
    return [(list(one.partition_names or ()), one.run_config) for one in place.instance.get_backfills()]


def test_a_system_is_registered_and_its_training_queued(place: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    assert job(place, ZR, budget="quick").success
    assert registered_systems(place.instance) == [ZR]
    config = {asset: {"config": {"budget": "quick"}} for asset in SUB_MODEL_ASSETS.values()}
    assert queued(place) == [([ZR], {"ops": config})]
    assert job(place, "Mg-Zn-Ca").success
    assert queued(place)[0] == (["Mg-Zn-Ca"], {"ops": {}})


@pytest.mark.parametrize(
    ("key", "budget", "words"),
    [
        ("Zr-Xx-Cu", "quick", "Xx"),
        ("zr-al-cu", "quick", "'zr'"),
        ("", "quick", "''"),
        (ZR, "endless", "endless"),
    ],
)
def test_what_cannot_be_used_registers_nothing_and_is_answered(
    place: Deployment, key: str, budget: str, words: str
) -> None:
    assert words in sentence_of(job(place, key, budget=budget))
    assert (registered_systems(place.instance), queued(place)) == ([], [])


def test_the_same_elements_in_another_order_are_refused(place: Deployment) -> None:
    assert job(place, ZR).success
    assert ZR in sentence_of(job(place, "Cu-Al-Zr"))
    assert registered_systems(place.instance) == [ZR]


def test_a_system_that_cannot_be_queued_stays_registered_and_the_sentence_says_so(fresh: Deployment) -> None:
    told = sentence_of(job(fresh, ZR))
    assert told.startswith(f"{ZR} is registered, but no training was queued: There is no literature to train on")
    assert registered_systems(fresh.instance) == [ZR]
    report_literature(fresh)
    queue_training(fresh.instance, fresh.store, CHAIN, ZR, {})
    assert "is asked for already" in sentence_of(job(fresh, ZR))
    (fresh.folder / "lab_results").mkdir(exist_ok=True)
    (fresh.folder / "lab_results" / "casting.yaml").write_text("not_cast: [Be]\n")
    assert "Zr-Ti-Be holds Be" in sentence_of(job(fresh, "Zr-Ti-Be"))
    assert len(queued(fresh)) == 1
