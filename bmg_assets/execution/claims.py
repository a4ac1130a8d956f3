"""Which systems a run is at work on, so that two runs of one system never overlap.

The queue keeps runs of one partition apart (`tag_concurrency_limits` in dagster.yaml). Runs that are started beside the
queue are refused here while another one is at work. If two begin in the same moment, on one machine or on two, the one
that claims the system first goes on.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from bmg_assets.execution.claim_table import Claim, claim_of, give_up, take_over
from bmg_assets.execution.dead_runs import AT_WORK, end_dead_runs
from bmg_assets.science.errors import BmgError

PARTITION_TAG = "dagster/partition"
REMOVAL = "removal "
"""Beginning of the owner of a system that is being removed; any other owner is a run."""
LONGEST_REMOVAL_S = 120.0
"""Age after which a removal counts as killed; it takes a second."""


class SystemBusyError(BmgError):
    """A system is being trained already, or removed."""


class RunGivenUpError(BmgError):
    """A run has ended by what Dagster knows, and is at work all the same."""


def systems_with_a_run(instance: dg.DagsterInstance) -> dict[str, str]:
    """Systems that a run is at work on or waiting for in the queue, each with the run's id."""
    return _runs_by_system(instance, [*AT_WORK, dg.DagsterRunStatus.QUEUED])


def refuse_overlap(instance: dg.DagsterInstance, system: str) -> None:
    """Refuse a system that a run is at work on; a run that waits in the queue will wait for the new one.

    Raises:
        SystemBusyError: a run of this system has not ended.
    """
    end_dead_runs(instance)
    run_id = _runs_by_system(instance, AT_WORK).get(system)
    if run_id is not None:
        raise _busy(system, run_id)


def claim_system(instance: dg.DagsterInstance, system: str, run_id: str) -> None:
    """Make a system this run's own until it ends. Call it at the beginning of the run; a second call does no harm.

    Looking for other runs and then beginning is not safe: another run may do the same in between. A claim holds while
    its run is at work, so nobody has to take it back.

    Raises:
        RunGivenUpError: Dagster takes this run for ended.
        SystemBusyError: another run claimed the system and has not ended; it goes on, and this one is to stop.
        ClaimError: the claim cannot be written.
    """
    end_dead_runs(instance)
    _refuse_ended(instance, system, run_id)
    _claim(instance, system, run_id)


def refuse_taken_over(instance: dg.DagsterInstance, system: str, run_id: str) -> None:
    """Refuse to store what a run made of a system after it was given up, or while another run has claimed the system.

    A step may outlive the process of its run, or its machine may have been cut off: then the run counts as dead and is
    repeated, and what it stored would mix two trainings, or count as a second one.

    Raises:
        RunGivenUpError: Dagster takes the run for ended.
        SystemBusyError: the other run is at work.
        ClaimError: the claim cannot be read.
    """
    _refuse_ended(instance, system, run_id)
    _check_owner(instance, system, claim_of(instance, system), run_id)


@contextmanager
def nobody_at_work(instance: dg.DagsterInstance, system: str) -> Iterator[None]:
    """Keep runs of a system from claiming it while the block removes it.

    Raises:
        SystemBusyError: a run of this system has not ended.
        ClaimError: the claim cannot be written.
    """
    removal = f"{REMOVAL}{uuid.uuid4().hex}"
    refuse_overlap(instance, system)
    _claim(instance, system, removal)
    try:
        refuse_overlap(instance, system)
        yield
    finally:
        give_up(instance, system, removal)


def _claim(instance: dg.DagsterInstance, system: str, owner: str) -> None:
    while True:
        seen = claim_of(instance, system)
        _check_owner(instance, system, seen, owner)
        if take_over(instance, system, seen, owner):
            return


def _check_owner(instance: dg.DagsterInstance, system: str, claim: Claim | None, owner: str) -> None:
    if claim is None or claim.owner == owner:
        return
    if claim.owner.startswith(REMOVAL):
        if claim.age_s < LONGEST_REMOVAL_S:
            raise SystemBusyError(f"{system} is being removed; to have it again, register it when that is done.")
        return
    run = instance.get_run_by_id(claim.owner)
    if run is not None and run.status in AT_WORK:
        raise _busy(system, run.run_id)


def _refuse_ended(instance: dg.DagsterInstance, system: str, run_id: str) -> None:
    run = instance.get_run_by_id(run_id)
    if run is not None and run.is_finished:
        raise RunGivenUpError(
            f"Run {run_id} counts as ended ({run.status.value.lower()}) and is still at work: it was terminated, its "
            f"process was killed, or its machine was cut off. What it makes of {system} is not stored. Unless it was "
            "terminated, another run makes it; see in the Dagster UI that there is one."
        )


def _busy(system: str, run_id: str) -> SystemBusyError:
    return SystemBusyError(
        f"Run {run_id} is at work on {system}, and two runs of a system must not overlap: wait until it has ended, "
        "or terminate it in the Dagster UI."
    )


def _runs_by_system(instance: dg.DagsterInstance, statuses: list[dg.DagsterRunStatus]) -> dict[str, str]:
    runs = instance.get_runs(dg.RunsFilter(statuses=statuses))
    return {run.tags[PARTITION_TAG]: run.run_id for run in runs if PARTITION_TAG in run.tags}
