"""What a long command shows on a terminal while it works: a bar for the run, and one for each step that is at work.

If standard error is no terminal, there are no bars and a run prints plain lines (see console.py). The bars show the
news of the run's processes (see progress_channel.py); nothing is guessed from times.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bmg_assets.environment import variable
from bmg_assets.execution.console import STOPPED, line_of
from bmg_assets.execution.progress_channel import listening

BAR_WIDTH = 24
RUN_WORDS = TextColumn("{task.fields[words]}")
LOOKS_PER_SECOND = 4
OVER = {
    "STEP_SUCCESS": "done",
    "STEP_FAILURE": "failed",
    "STEP_SKIPPED": "skipped",
    "STEP_UP_FOR_RETRY": "failed, to be tried again",
    STOPPED: "stopped",
}


def is_on_terminal() -> bool:
    """Whether a person watches standard error; automatic builds can have a terminal without a person."""
    return sys.stderr.isatty() and variable("TERM") != "dumb" and variable("CI") is None


@contextmanager
def showing_runs() -> Iterator[None]:
    """Show the progress of the runs that are started inside the block, if on a terminal."""
    if not is_on_terminal():
        yield
        return
    with (
        _terminal_alone() as terminal,
        _progress(terminal, BarColumn(BAR_WIDTH), RUN_WORDS) as progress,
        listening(RunBars(progress).hear),
    ):
        yield


@contextmanager
def showing_download(title: str) -> Iterator["DownloadBar | None"]:
    """Show the progress of a download, if on a terminal; yields the bar for Pooch."""
    if not is_on_terminal():
        yield None
        return
    with _progress(Console(stderr=True), BarColumn(BAR_WIDTH), DownloadColumn()) as progress:
        yield DownloadBar(progress, title)


@contextmanager
def showing_count(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many of how many files are done, if on a terminal; yields what is to be told both numbers."""
    if not is_on_terminal():
        yield lambda done, of: None
        return
    with _progress(Console(stderr=True), BarColumn(BAR_WIDTH), MofNCompleteColumn()) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


class RunBars:
    """The bars of the run that is at work, from the news of its processes (see `RunTeller`)."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._run = ""
        self._whole = TaskID(0)
        self._steps: dict[str, TaskID] = {}

    def hear(self, news: dict[str, Any]) -> None:
        """Show one piece of news."""
        if "steps" in news:
            self._begin(news["run"], news["steps"])
        elif "trial" in news:
            self._show_trial(**news)
        elif news["event"] == "STEP_START":
            self._start(news["step"])
        else:
            self._print(news)
            if news["event"] in OVER:
                self._end(news["step"], is_done=news["event"] == "STEP_SUCCESS")

    def _begin(self, run: str, steps: int) -> None:
        """Begin with the bars of a run. Every process of the run sends this; the first one counts."""
        if run == self._run:
            return
        for task in self._progress.task_ids:
            self._progress.remove_task(task)
        self._run, self._steps = run, {}
        self._whole = self._progress.add_task("steps", total=steps, words=f"0 of {steps} done")

    def _start(self, step: str) -> None:
        self._end(step, is_done=False)
        self._steps[step] = self._progress.add_task(step, total=None, words="")

    def _end(self, step: str, is_done: bool) -> None:
        task = self._steps.pop(step, None)
        if task is not None:
            self._progress.remove_task(task)
        if is_done:
            whole = self._progress.tasks[0]
            self._progress.update(self._whole, advance=1, words=f"{whole.completed + 1:.0f} of {whole.total:.0f} done")

    def _show_trial(self, step: str, trial: int, of: int, best_rmse_mm: float | None) -> None:
        best = "" if best_rmse_mm is None else f", best RMSE {best_rmse_mm:.4f} mm"
        if step in self._steps:
            words = f"trial {trial} of at most {of}{best}"
            self._progress.update(self._steps[step], total=of, completed=trial, words=words)

    def _print(self, news: dict[str, Any]) -> None:
        words = OVER.get(news["event"], news["message"])
        self._progress.console.print(line_of(news["time"], news["step"], words), markup=False, highlight=False)


class DownloadBar:
    """The bar of a download, with the methods that Pooch calls."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=None)

    @property
    def total(self) -> float | None:
        """Size of the file in bytes; None if the server does not give it."""
        return self._progress.tasks[0].total

    @total.setter
    def total(self, size: int) -> None:
        self._progress.update(self._task, total=size or None)

    def update(self, size: int) -> None:
        """Add bytes that have arrived."""
        self._progress.update(self._task, advance=size)

    def reset(self) -> None:
        """Begin again with no bytes."""
        self._progress.reset(self._task)

    def close(self) -> None:
        """Do nothing: the bar ends with its block."""


@contextmanager
def _terminal_alone() -> Iterator[Console]:
    """Keep the terminal behind standard error for the bars alone.

    Other processes of a run inherit standard error. Their output would break the bars, and helpers of Dagster print a
    traceback each at a Ctrl-C; what matters of it is in the run's log.
    """
    terminal = os.dup(sys.stderr.fileno())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stderr.fileno())
        with open(terminal, "w", encoding=sys.stderr.encoding, closefd=False) as file:
            yield Console(file=file)
    finally:
        os.dup2(terminal, sys.stderr.fileno())
        os.close(nowhere)
        os.close(terminal)


def _progress(console: Console, *columns: Any) -> Progress:
    return Progress(
        TextColumn("{task.description:<22}"),
        *columns,
        TimeElapsedColumn(),
        console=console,
        refresh_per_second=LOOKS_PER_SECOND,
        transient=True,
        # What is printed meanwhile goes above the bars; but an answer that is piped elsewhere goes there.
        redirect_stdout=sys.stdout.isatty(),
    )
