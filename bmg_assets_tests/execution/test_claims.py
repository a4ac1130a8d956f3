"""Two runs of one system never overlap, whichever machines they are on."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._utils.tags import TagConcurrencyLimitsCounter

from bmg_assets.execution.claim_table import Claim, ClaimError, claim_of
from bmg_assets.execution.claims import (
    RunGivenUpError,
    SystemBusyError,
    claim_system,
    nobody_at_work,
    refuse_overlap,
    refuse_taken_over,
    systems_with_a_run,
)
from bmg_assets.launch.runs import run_system
from bmg_assets.science.casts import iterations
from bmg_assets_tests.deployment import Deployment, sentence_of, started
from bmg_assets_tests.execution.instances import deployed, home, run_of

__all__ = ["deployed", "home"]

ZR, MG = "Zr-Al-Cu", "Mg-Zn-Ca"


@pytest.mark.parametrize("status", ["NOT_STARTED", "STARTING", "STARTED", "CANCELING"])
def test_a_run_at_work_on_a_system_keeps_a_second_one_out(instance: dg.DagsterInstance, status: str) -> None:
    run = instance.add_run(run_of(ZR, dg.DagsterRunStatus[status]))
    assert systems_with_a_run(instance) == {ZR: run.run_id}
    with pytest.raises(SystemBusyError, match=run.run_id):
        refuse_overlap(instance, ZR)
    with pytest.raises(SystemBusyError, match=run.run_id):
        run_system(instance, ZR)
    refuse_overlap(instance, MG)


@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE", "CANCELED"])
def test_a_run_that_ended_keeps_nobody_out(instance: dg.DagsterInstance, status: str) -> None:
    instance.add_run(run_of(ZR, dg.DagsterRunStatus[status]))
    assert systems_with_a_run(instance) == {}
    refuse_overlap(instance, ZR)


def test_of_runs_that_begin_in_the_same_moment_one_goes_on(deployed: dg.DagsterInstance) -> None:
    runs = [deployed.add_run(run_of(ZR, dg.DagsterRunStatus.STARTING)) for _ in range(8)]
    together = threading.Barrier(len(runs))

    def goes_on(run: dg.DagsterRun) -> bool:
        together.wait()
        try:
            claim_system(deployed, ZR, run.run_id)
        except SystemBusyError:
            return False
        return True

    with ThreadPoolExecutor(len(runs)) as pool:
        winners = [run for run, won in zip(runs, pool.map(goes_on, runs), strict=True) if won]
    assert len(winners) == 1
    claim_system(deployed, ZR, winners[0].run_id)
    for run in (run for run in runs if run not in winners):
        with pytest.raises(SystemBusyError, match=winners[0].run_id):
            claim_system(deployed, ZR, run.run_id)


def test_a_claim_ends_with_its_run_and_holds_for_one_system(deployed: dg.DagsterInstance) -> None:
    first, second, third = (deployed.add_run(run_of(ZR, dg.DagsterRunStatus.STARTING)) for _ in range(3))
    claim_system(deployed, ZR, first.run_id)
    claim_system(deployed, MG, second.run_id)
    deployed.report_run_failed(first)
    claim_system(deployed, ZR, second.run_id)
    deployed.delete_run(second.run_id)
    claim_system(deployed, ZR, third.run_id)
    with pytest.raises(RunGivenUpError):
        claim_system(deployed, ZR, first.run_id)


def test_the_run_that_comes_second_changes_nothing(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    before = deployment.files()
    earlier = deployment.instance.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED))
    claim_system(deployment.instance, ZR, earlier.run_id)
    result = deployment.run_system(ZR)
    assert sentence_of(result).startswith(f"Run {earlier.run_id} is at work on {ZR}")
    assert started(result) == {"lab_results"}
    assert deployment.files() == before


def test_a_step_that_outlives_its_run_stores_nothing_beside_the_next_run(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    before = deployment.files()
    next_run = deployment.instance.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED))
    claim_system(deployment.instance, ZR, next_run.run_id)
    result = deployment.run_system(ZR, ["candidates"])
    assert sentence_of(result).startswith(f"Run {next_run.run_id} is at work on {ZR}")
    assert deployment.files() == before
    deployment.instance.report_run_failed(next_run)
    assert deployment.run_system(ZR, ["candidates"]).success


@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE", "CANCELED"])
def test_a_run_that_counts_as_ended_may_not_store(deployed: dg.DagsterInstance, status: str) -> None:
    at_work = deployed.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED))
    refuse_taken_over(deployed, ZR, at_work.run_id)
    ended = deployed.add_run(run_of(ZR, dg.DagsterRunStatus[status]))
    with pytest.raises(RunGivenUpError, match=rf"^Run {ended.run_id} counts as ended \({status.lower()}\)"):
        refuse_taken_over(deployed, ZR, ended.run_id)


def test_a_run_that_is_given_up_while_it_computes_stores_nothing(
    copy_of_finished: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = copy_of_finished
    before, next_number = deployment.files(), iterations.next_number

    def given_up_meanwhile(*given: Any) -> int:
        (run,) = deployment.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
        deployment.instance.report_run_failed(run)
        return next_number(*given)

    monkeypatch.setattr(iterations, "next_number", given_up_meanwhile)
    result = deployment.run_system(ZR, ["iterations"])
    assert "counts as ended (failure) and is still at work" in sentence_of(result)
    assert deployment.files() == before


def test_the_queue_keeps_runs_of_one_system_apart(deployed: dg.DagsterInstance) -> None:
    queue = deployed.get_concurrency_config().run_queue_config
    assert queue is not None
    counter = TagConcurrencyLimitsCounter(queue.tag_concurrency_limits, [run_of(ZR, dg.DagsterRunStatus.STARTED)])
    assert counter.is_blocked(run_of(ZR, dg.DagsterRunStatus.NOT_STARTED))
    assert not counter.is_blocked(run_of(MG, dg.DagsterRunStatus.NOT_STARTED))


def test_a_system_cannot_be_claimed_while_it_is_removed(deployed: dg.DagsterInstance) -> None:
    with nobody_at_work(deployed, ZR):
        with pytest.raises(SystemBusyError, match=f"{ZR} is being removed"):
            claim_system(deployed, ZR, "a run that just begins")
        with pytest.raises(SystemBusyError, match=f"{ZR} is being removed"), nobody_at_work(deployed, ZR):
            pass
        claim_system(deployed, MG, "a run of another system")
    claim_system(deployed, ZR, "a run that just begins")


def test_a_system_at_work_cannot_be_removed(deployed: dg.DagsterInstance) -> None:
    run = deployed.add_run(run_of(MG, dg.DagsterRunStatus.STARTED))
    claim_system(deployed, ZR, run.run_id)  # the claim counts, whatever the tags of the run are
    with pytest.raises(SystemBusyError, match=run.run_id), nobody_at_work(deployed, ZR):
        pass
    deployed.report_run_failed(run)
    with nobody_at_work(deployed, ZR):
        pass


def test_a_removal_that_was_killed_holds_nobody_up_for_long(
    deployed: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = Claim("removal of a process that was killed", age_s=119.0)
    monkeypatch.setattr("bmg_assets.execution.claims.claim_of", lambda *_: killed)
    with pytest.raises(SystemBusyError, match="is being removed"):
        refuse_taken_over(deployed, ZR, "a run")
    monkeypatch.setattr("bmg_assets.execution.claims.claim_of", lambda *_: Claim(killed.owner, age_s=121.0))
    refuse_taken_over(deployed, ZR, "a run")


def test_a_claim_that_cannot_be_written_ends_in_one_sentence(
    deployed: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(deployed.event_log_storage, "index_connection", full)
        with pytest.raises(ClaimError, match=rf"The claim of {ZR} .*database or disk is full.*room"):
            claim_of(deployed, ZR)
    claim_system(deployed, ZR, "a run")
