"""A program of its own for tests of the bars: a run of two steps, one of them a search, shown as commands show it."""

import logging
import os
import signal
import sys
import time

import dagster as dg

from bmg_assets.cli.terminal.progress_bars import showing_runs
from bmg_assets.execution.console import run_console
from bmg_assets.execution.trial_log import TrialLog
from bmg_assets.science.models.tuning import Trial

TRIALS = 3
LONGER_THAN_A_REFRESH_S = 0.4


@dg.op
def svr_model(context: dg.OpExecutionContext) -> None:
    """A search of three trials."""
    log = TrialLog(context.log, "svr_model", "SVR", 40)
    for number in range(TRIALS):
        log(Trial(number, {}, 1.5, (), "ok", 0.1, None), 1.5 - number / 8)
        time.sleep(LONGER_THAN_A_REFRESH_S)


@dg.op
def lab_results(context: dg.OpExecutionContext) -> None:
    """A step that warns, and may be stopped."""
    context.log.warning("a row was refused")
    os.write(sys.__stderr__.fileno(), b"noise of a library\n")
    if "--stop" in sys.argv:
        os.kill(os.getpid(), signal.SIGINT)


@dg.job(logger_defs={"console": run_console})
def work() -> None:
    """Both."""
    lab_results()
    svr_model()


if __name__ == "__main__":
    logging.getLogger("dagster").setLevel(logging.ERROR)
    with showing_runs():
        print("printed meanwhile", flush=True)
        work.execute_in_process(run_config={"loggers": {"console": {}}})
    print("the answer")
