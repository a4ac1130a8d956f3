"""What a run prints on the terminal: short lines, nothing of Dagster's own talk."""

import logging
from types import SimpleNamespace

import dagster as dg
import pytest

from bmg_assets.execution.console import ProgressFormatter, is_progress, run_console


def record(message: str, level: int = logging.INFO, **meta: object) -> logging.LogRecord:
    made = logging.LogRecord("dagster", level, __file__, 1, f"long prefix - {message}", (), None)
    made.dagster_meta = {"orig_message": message, "step_key": "svr_model", **meta}
    return made


def event(kind: dg.DagsterEventType) -> dict[str, object]:
    return {"dagster_event": SimpleNamespace(event_type=kind)}


def test_a_message_is_one_short_line_with_its_step() -> None:
    line = ProgressFormatter().format(record("trial 1 of at most 60"))
    assert line[8:] == "  svr_model             trial 1 of at most 60"
    assert line[2] == line[5] == ":"


@pytest.mark.parametrize(
    ("kind", "word"), [(dg.DagsterEventType.STEP_START, "started"), (dg.DagsterEventType.STEP_SUCCESS, "done")]
)
def test_the_beginning_and_end_of_a_step_are_shown(kind: dg.DagsterEventType, word: str) -> None:
    shown = record("Started execution of step", logging.DEBUG, **event(kind))
    assert is_progress(shown)
    assert ProgressFormatter().format(shown).split() == [ProgressFormatter().format(shown)[:8], "svr_model", word]


def test_the_rest_is_left_to_the_ui() -> None:
    assert not is_progress(record("Loaded input", logging.DEBUG, **event(dg.DagsterEventType.LOADED_INPUT)))
    assert not is_progress(record("talk", logging.DEBUG))
    assert is_progress(record("trial 1 failed", logging.WARNING))


def test_a_run_prints_its_progress_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    @dg.op
    def measure(context: dg.OpExecutionContext) -> None:
        context.log.info("half of it is done")
        context.log.debug("nobody wants to know")

    @dg.job(logger_defs={"console": run_console})
    def work() -> None:
        measure()

    assert work.execute_in_process(run_config={"loggers": {"console": {}}}).success
    printed = capsys.readouterr()
    assert printed.out == ""
    lines = [line.split(maxsplit=2)[1:] for line in printed.err.splitlines()]
    assert lines == [["measure", "started"], ["measure", "half of it is done"], ["measure", "done"]]
