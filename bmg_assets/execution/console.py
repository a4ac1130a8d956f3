"""What a run prints on the terminal: progress and warnings in short lines; the rest is in the Dagster UI.

If the command that started the run shows progress bars (see progress_bars.py), the run sends it the news instead.
"""

import logging
import sys
import time
from typing import Any

import dagster as dg
from dagster import DagsterEventType

from bmg_assets.execution.progress_channel import somebody_listens, tell

SHOWN_EVENTS = {DagsterEventType.STEP_START: "started", DagsterEventType.STEP_SUCCESS: "done"}
ENDS = frozenset({DagsterEventType.STEP_FAILURE, DagsterEventType.STEP_SKIPPED, DagsterEventType.STEP_UP_FOR_RETRY})
"""Other events that end a step."""
STOPPING = "stopping; the steps that are at work end first"
STOPPED = "STOPPED"
"""Event of a step that a person's Ctrl-C ended."""
CTRL_C_ERRORS = frozenset({"DagsterExecutionInterruptedError", "KeyboardInterrupt"})
CTRL_C_METADATA = "steps_interrupted"
"""Metadata of the event by which Dagster logs a Ctrl-C."""
TRIAL_MARK = "is_of_a_trial"
"""Attribute of records that repeat the news of a trial."""


class ProgressFormatter(logging.Formatter):
    """Time, step and message."""

    def format(self, record: logging.LogRecord) -> str:
        """One line for a message of ours or the beginning and end of a step."""
        meta = _meta(record)
        event = meta.get("dagster_event")
        message = SHOWN_EVENTS[event.event_type] if event is not None else meta.get("orig_message", record.getMessage())
        return line_of(record.created, meta.get("step_key"), message)


class RunTeller(logging.Handler):
    """Sends the command that started the run our messages, and the beginning and end of each step."""

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record's news."""
        meta = _meta(record)
        event = meta.get("dagster_event")
        message = meta.get("orig_message", record.getMessage())
        if event is not None and _is_ctrl_c(event):
            message = STOPPING
        kind = None if event is None else _kind_of(event)
        tell(step=meta.get("step_key"), event=kind, message=message, time=record.created)


def is_progress(record: logging.LogRecord) -> bool:
    """Whether a record is a message of an asset, or the beginning or end of a step."""
    event = _meta(record).get("dagster_event")
    return event.event_type in SHOWN_EVENTS if event is not None else record.levelno >= logging.INFO


def is_news(record: logging.LogRecord) -> bool:
    """Whether a record holds more than the bars show already."""
    event = _meta(record).get("dagster_event")
    if event is not None and (event.event_type in ENDS or _is_ctrl_c(event)):
        return True
    return is_progress(record) and not hasattr(record, TRIAL_MARK)


def is_ctrl_c_error(error: Any) -> bool:
    """Whether an error, as Dagster keeps it, comes from a person's Ctrl-C; None is no error."""
    while error is not None and error.cls_name not in CTRL_C_ERRORS:
        error = error.cause
    return error is not None


def line_of(seconds: float, step: str | None, message: str) -> str:
    """A line with the time of day (from seconds since 1970), the step and the message."""
    return f"{time.strftime('%H:%M:%S', time.localtime(seconds))}  {step or '':<22}{message}"


@dg.logger({}, description="Progress in short lines on standard error.")
def run_console(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger of its own for each run, so that nothing is printed twice."""
    logger = logging.getLogger(f"bmg_assets.run.{id(context)}")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    if somebody_listens() and context.job_def is not None:
        # Each asset of a job is one step of its run.
        tell(run=context.run_id, steps=len(context.job_def.nodes))
    logger.addHandler(_teller() if somebody_listens() else _printer())
    return logger


def _teller() -> logging.Handler:
    handler = RunTeller()
    handler.addFilter(is_news)
    return handler


def _printer() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ProgressFormatter())
    handler.addFilter(is_progress)
    return handler


def _kind_of(event: dg.DagsterEvent) -> str:
    is_stopped = event.event_type in ENDS and is_ctrl_c_error(getattr(event.event_specific_data, "error", None))
    return STOPPED if is_stopped else event.event_type.value


def _is_ctrl_c(event: dg.DagsterEvent) -> bool:
    is_engine = event.event_type == DagsterEventType.ENGINE_EVENT
    return is_engine and CTRL_C_METADATA in event.engine_event_data.metadata and event.engine_event_data.error is None


def _meta(record: logging.LogRecord) -> dict[str, Any]:
    return getattr(record, "dagster_meta", None) or {}
