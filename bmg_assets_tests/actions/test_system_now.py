"""Where a system stands: before its first run, while one is asked for, and trained."""

import pytest

from bmg_assets.actions.system_now import proposed, registered_system, system_now
from bmg_assets.build import build_resources
from bmg_assets.launch.queueing import queue_system
from bmg_assets.partitions import register_system
from bmg_assets.science.alloys.systems import SystemKeyError
from bmg_assets_tests.deployment import Deployment

SYSTEM = "Zr-Al-Cu"


def test_before_its_first_run_nothing_is_known_of_a_system(fresh: Deployment) -> None:
    with fresh.environment():
        register_system(fresh.instance, SYSTEM)
        now = system_now(fresh.instance, fresh.store, build_resources()["lab_inbox"], SYSTEM)
    assert (now.candidates, now.own, now.rounds, now.run, now.has_page) == (None, None, None, None, False)


def test_the_registered_key_of_the_same_elements_is_named(fresh: Deployment) -> None:
    register_system(fresh.instance, SYSTEM)
    with pytest.raises(SystemKeyError, match=SYSTEM):
        registered_system(fresh.instance, "Cu-Al-Zr")
    with pytest.raises(SystemKeyError, match="'Zr-Al-Ni' is not a registered system; add it first"):
        registered_system(fresh.instance, "Zr-Al-Ni")


def test_a_trained_system_knows_what_to_cast_and_that_a_run_is_asked_for(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    with deployment.environment():
        inbox = build_resources()["lab_inbox"]
        now = system_now(deployment.instance, deployment.store, inbox, SYSTEM)
        assert now.candidates is not None
        assert now.candidates.equals(deployment.store.read_table("candidates", SYSTEM))
        assert (now.run, now.has_page, len(now.rounds if now.rounds is not None else [])) == (None, True, 1)
        queue_system(deployment.instance, SYSTEM, {"budget": "quick"})
        asked = system_now(deployment.instance, deployment.store, inbox, SYSTEM).run
    assert asked is not None
    assert asked.run_id == ""
    assert "begins within a minute, but nobody starts it" in asked.words


def test_why_the_last_training_failed_is_told_until_one_ends_well(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    assert not deployment.run_system(
        SYSTEM, ["candidates"], {"ops": {"candidates": {"config": {"limits": ["Be 0-5"]}}}}
    ).success
    with deployment.environment():
        notes = system_now(deployment.instance, deployment.store, build_resources()["lab_inbox"], SYSTEM).notes
    assert notes[0].startswith("The last training failed (A limit is set on Be, which Zr-Al-Cu does not hold")
    assert deployment.run_system(SYSTEM, ["candidates"]).success
    with deployment.environment():
        notes = system_now(deployment.instance, deployment.store, build_resources()["lab_inbox"], SYSTEM).notes
    assert not [one for one in notes if "failed" in one]


def test_recommendations_stand_for_candidates_until_these_are_there(copy_of_finished: Deployment) -> None:
    store = copy_of_finished.store
    for name in ("candidates", "recommendations"):
        found = proposed(store, SYSTEM)
        assert found is not None
        assert found.equals(store.read_table(name, SYSTEM))
        for file in store.folder.files():
            if file.startswith(f"{name}/") and SYSTEM in file:
                store.folder.delete(file)
    assert proposed(store, SYSTEM) is None
