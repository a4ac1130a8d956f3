"""A slot of a pool that a killed run holds is given back, and that of a run at work is not."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.assets.literature import WRITER
from bmg_assets.execution.dead_runs import end_dead_runs
from bmg_assets.execution.pools import free_slots_of_ended_runs, holders_in_words
from bmg_assets.execution.processes import tag_of_own_process
from bmg_assets.launch.instance import INSTANCE_SETTINGS
from bmg_assets.settings import PROJECT
from bmg_assets_tests.execution.test_dead_runs import named_by_another_process

STEP = "literature_reports"


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """One with the project's settings and with its pool."""
    settings = PROJECT / "data" / "dagster_home" / INSTANCE_SETTINGS
    (tmp_path / INSTANCE_SETTINGS).write_text(settings.read_text())
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        instance.event_log_storage.initialize_concurrency_limit_to_default(WRITER)
        yield instance


def run_with_slot(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, **tags: str) -> str:
    run_id = instance.add_run(dg.DagsterRun("literature_job", status=status, tags=tags)).run_id
    assert claims(instance, run_id)
    return run_id


def claims(instance: dg.DagsterInstance, run_id: str) -> bool:
    return instance.event_log_storage.claim_concurrency_slot(WRITER, run_id, STEP).is_claimed


def test_what_a_run_at_work_holds_is_its_own(instance: dg.DagsterInstance) -> None:
    holder = run_with_slot(instance, dg.DagsterRunStatus.STARTED, **tag_of_own_process())
    assert not claims(instance, "another run")
    assert holders_in_words(instance, WRITER, "another run") == f"run {holder} (literature_job)"
    assert end_dead_runs(instance) == []
    assert holders_in_words(instance, WRITER, "another run") == f"run {holder} (literature_job)"


def test_a_step_that_waits_for_another_one_of_its_run_is_nothing_to_be_told_of(instance: dg.DagsterInstance) -> None:
    assert holders_in_words(instance, WRITER, "a run") is None
    holder = run_with_slot(instance, dg.DagsterRunStatus.STARTED, **tag_of_own_process())
    assert holders_in_words(instance, WRITER, holder) is None


def test_a_killed_run_gives_its_slot_to_the_next_one(instance: dg.DagsterInstance) -> None:
    holder = run_with_slot(instance, dg.DagsterRunStatus.STARTED, **named_by_another_process())
    assert not claims(instance, "another run")
    assert end_dead_runs(instance) == [holder]
    assert claims(instance, "a third run")


def test_so_does_a_run_that_ended_otherwise_or_that_nobody_knows(instance: dg.DagsterInstance) -> None:
    failed = run_with_slot(instance, dg.DagsterRunStatus.FAILURE)
    assert free_slots_of_ended_runs(instance) == [failed]
    assert claims(instance, "of a lost history")
    assert free_slots_of_ended_runs(instance) == ["of a lost history"]
    assert claims(instance, "a third run")


def test_the_daemon_gives_slots_back_too(instance: dg.DagsterInstance) -> None:
    assert instance.run_monitoring_settings["free_slots_after_run_end_seconds"] > 0
