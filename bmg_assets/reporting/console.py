"""What a run prints on the terminal: progress and warnings in short lines, the rest is in the Dagster UI."""

import logging
import sys
from typing import Any

import dagster as dg
from dagster import DagsterEventType

SHOWN_EVENTS = {DagsterEventType.STEP_START: "started", DagsterEventType.STEP_SUCCESS: "done"}


class ProgressFormatter(logging.Formatter):
    """Time, step and message."""

    def format(self, record: logging.LogRecord) -> str:
        """One line for a message of ours or the beginning and end of a step."""
        meta = _meta(record)
        event = meta.get("dagster_event")
        message = SHOWN_EVENTS[event.event_type] if event is not None else meta.get("orig_message", record.getMessage())
        return f"{self.formatTime(record, '%H:%M:%S')}  {meta.get('step_key') or '':<22}{message}"


def is_progress(record: logging.LogRecord) -> bool:
    """Whether a record is a message of an asset, or the beginning or end of a step."""
    event = _meta(record).get("dagster_event")
    return event.event_type in SHOWN_EVENTS if event is not None else record.levelno >= logging.INFO


@dg.logger({}, description="Progress in short lines on standard error.")
def run_console(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger of its own for each run, so that nothing is printed twice."""
    logger = logging.getLogger(f"bmg_assets.run.{id(context)}")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ProgressFormatter())
    handler.addFilter(is_progress)
    logger.addHandler(handler)
    return logger


def _meta(record: logging.LogRecord) -> dict[str, Any]:
    return getattr(record, "dagster_meta", None) or {}
