"""The executor of the platform's runs: Dagster's own, which says whose work a run is and what its steps wait for.

A run that a person stops is canceled, not failed (stopping.py).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from bmg_assets.execution.pools import free_slots_of_ended_runs, holders_in_words
from bmg_assets.execution.processes import tag_of_own_process
from bmg_assets.execution.run_failures import RETRY_FAILED_STEP_TAG, is_of_database
from bmg_assets.execution.stopping import stopped_by_person

SCHEMA: Any = dg.multiprocess_executor.config_schema


class NamedExecutor(dg.Executor):
    """Names the process of a run before its first step, and says who holds up a step that waits for a pool."""

    def __init__(self, inner: dg.Executor) -> None:
        self._inner = inner

    @property
    def retries(self) -> Any:
        """Whether steps are tried again, as the inner executor has it."""
        return self._inner.retries

    @property
    def step_dependency_config(self) -> Any:
        """When a step may begin, as the inner executor has it."""
        return self._inner.step_dependency_config

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[dg.DagsterEvent]:
        """The events of the inner executor."""
        instance = plan_context.instance
        instance.add_run_tags(plan_context.run_id, tag_of_own_process())
        with stopped_by_person(instance, plan_context.run_id):
            for event in self._inner.execute(plan_context, execution_plan):
                if is_of_database(event):
                    instance.add_run_tags(plan_context.run_id, {RETRY_FAILED_STEP_TAG: "true"})
                yield event
                pool = _pool_waited_for(event)
                # Who held the slot may have been killed since this run began.
                if pool and not free_slots_of_ended_runs(instance):
                    holders = holders_in_words(instance, pool, plan_context.run_id)
                    if holders:
                        plan_context.log.info(f"{event.step_key} waits for the pool {pool}, which {holders} holds")


@dg.executor(
    name=dg.multiprocess_executor.name,
    config_schema=SCHEMA,
    requirements=dg.multiprocess_executor.get_requirements,
)
def multiprocess(context: dg.InitExecutorContext) -> dg.Executor:
    """Each step in a process of its own."""
    create = dg.multiprocess_executor.executor_creation_fn
    assert create is not None
    return NamedExecutor(create(context))


def _pool_waited_for(event: dg.DagsterEvent) -> str | None:
    is_engine = event.event_type == dg.DagsterEventType.ENGINE_EVENT and event.step_key is not None
    pool = event.engine_event_data.metadata.get("pool") if is_engine else None
    return str(pool.value) if pool is not None else None
