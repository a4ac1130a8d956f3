"""Slots of pools: those of runs that have ended are given back, and a step that waits for one learns who has it.

Dagster gives a slot back when the step's run ends by itself. A run that is killed keeps it, and every later run would
wait for it, for ever and without a word.
"""

import dagster as dg


def free_slots_of_ended_runs(instance: dg.DagsterInstance) -> list[str]:
    """Give back the slots of runs that have ended or were deleted; the ids of these runs."""
    storage = instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        return []
    holders = {run for pool in storage.get_concurrency_keys() for run in _runs_with_a_place(instance, pool)}
    ended = [run_id for run_id in sorted(holders) if _has_ended(instance.get_run_by_id(run_id))]
    for run_id in ended:
        storage.free_concurrency_slots_for_run(run_id)
    return ended


def holders_in_words(instance: dg.DagsterInstance, pool: str, waiting_run: str) -> str | None:
    """Which other runs hold the slots of a pool: `run 0af1… (literature_job)`; None where none does.

    Steps of one run take their turns, which is nothing to be told of.
    """
    slots = instance.event_log_storage.get_concurrency_info(pool).claimed_slots
    others = sorted({slot.run_id for slot in slots} - {waiting_run})
    runs = [(run_id, instance.get_run_by_id(run_id)) for run_id in others]
    return ", ".join(f"run {run_id} ({run.job_name if run else 'deleted'})" for run_id, run in runs) or None


def _runs_with_a_place(instance: dg.DagsterInstance, pool: str) -> set[str]:
    """Runs that hold a slot of the pool or stand in its queue."""
    info = instance.event_log_storage.get_concurrency_info(pool)
    return {slot.run_id for slot in info.claimed_slots} | {step.run_id for step in info.pending_steps}


def _has_ended(run: dg.DagsterRun | None) -> bool:
    return run is None or run.is_finished
