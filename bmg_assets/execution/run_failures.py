"""Why a run ended without its result, in the words of the step that failed first."""

import re
from collections.abc import Iterable
from typing import Any

import dagster as dg

from bmg_assets.execution.console import is_ctrl_c_error

WILL_RETRY_TAG = "dagster/will_retry"
"""Dagster's daemon reads from this tag whether to run a failed run again."""
RETRY_FAILED_STEP_TAG = "dagster/retry_on_asset_or_op_failure"
"""With this tag a run is tried again also if one of its steps has failed."""


def was_stopped(events: Iterable[dg.DagsterEvent]) -> bool:
    """Whether the run ended because a person stopped it."""
    return any(map(_is_stop, events))


def _is_stop(event: dg.DagsterEvent) -> bool:
    # Interrupted before its first step, a run has nobody yet who notes that it was a person.
    is_failure = event.is_job_failure and is_ctrl_c_error(getattr(event.event_specific_data, "error", None))
    return is_failure or event.event_type == dg.DagsterEventType.PIPELINE_CANCELED


def first_failure(events: Iterable[dg.DagsterEvent]) -> str:
    """The sentence of the step that failed first."""
    lost = None
    for event in events:
        if event.is_engine_event and _is_lost_database(event.engine_event_data.error):
            lost = event.engine_event_data.error
        if event.is_step_failure:
            failure = event.step_failure_data
            if failure.user_failure_data and failure.user_failure_data.description:
                return str(failure.user_failure_data.description)
            cause = _root_cause(failure.error)
            return _database_lost(cause) if is_of_database(event) else f"Step {event.step_key}: {cause}"
        if event.is_job_failure:
            # Of a run that was ended from outside there is no error, but a sentence.
            data = event.event_specific_data
            error = getattr(data, "error", None)
            if error is None and lost is not None:
                return _database_lost(_root_cause(lost))
            if error is not None or event.message:
                return _root_cause(error) if error is not None else str(event.message)
    return "Look into its log in the Dagster UI."


def first_failure_of(instance: dg.DagsterInstance, run_id: str) -> str:
    """The same of a run that another process executed."""
    return first_failure(entry.dagster_event for entry in instance.all_logs(run_id) if entry.dagster_event)


def is_of_database(event: dg.DagsterEvent) -> bool:
    """Whether a step failed because the PostgreSQL of several machines went away, and not because of what it did."""
    return event.is_step_failure and _is_lost_database(event.step_failure_data.error)


def _is_lost_database(error: Any) -> bool:
    while error is not None:
        is_lost = error.cls_name in ("OperationalError", "InterfaceError") and "(psycopg2." in error.message
        if is_lost or error.cls_name == "DagsterPostgresException":
            return True
        error = error.cause or error.context
    return False


def _database_lost(cause: str) -> str:
    why = re.sub(r"^psycopg2[\w.]*: ", "", cause.splitlines()[0])
    return (
        f"The database was away for longer than a run waits for it ({why}): see that PostgreSQL stays up and that the "
        "machine of the run reaches it. The run is tried again, and goes on with what is left."
    )


def _root_cause(error: Any) -> str:
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return "no reason was recorded."
    # Our errors are sentences; the name of the class before them means nothing to the reader, and no statement does.
    return re.sub(r"^bmg_assets\.[\w.]+: ", "", error.message.partition("\n[SQL: ")[0].strip())
