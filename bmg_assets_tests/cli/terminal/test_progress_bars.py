"""What a long command shows: bars on a terminal and nothing of them elsewhere, and what they say follows the run."""

import io
import os
import pty
import subprocess
import sys

import pytest
from rich.console import Console
from rich.progress import Progress

from bmg_assets.cli.terminal import progress_bars
from bmg_assets.cli.terminal.progress_bars import RUN_WORDS, DownloadBar, RunBars
from bmg_assets.execution.progress_channel import VARIABLE, listening, tell

PROGRAM = [sys.executable, "-m", "bmg_assets_tests.cli.terminal.on_terminal"]
ESCAPE = "\x1b"
SHOW_CURSOR = f"{ESCAPE}[?25h"
NOON = 1_767_268_800.0


def environment() -> dict[str, str]:
    hidden = {VARIABLE, "CI", "NO_COLOR", "FORCE_COLOR"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"TERM": "xterm", "COLUMNS": "100"}


def seen_on_a_terminal(*arguments: str) -> str:
    """All that a terminal is sent."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stdin=slave, stdout=slave, stderr=slave, env=environment(), start_new_session=True
    )
    os.close(slave)
    received = b""
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:  # how a terminal ends on Linux
            data = b""
        if not data:
            break
        received += data
    os.close(master)
    process.wait()
    return received.decode()


class Shown:
    """Bars on a terminal that is a text."""

    def __init__(self) -> None:
        self.screen = io.StringIO()
        console = Console(file=self.screen, force_terminal=True, width=100)
        self.progress = Progress(
            "{task.description}", RUN_WORDS, console=console, auto_refresh=False, disable=False, transient=True
        )
        self.bars = RunBars(self.progress)

    def lines(self) -> list[str]:
        return [f"{task.description}: {task.fields['words']}".removesuffix(": ") for task in self.progress.tasks]

    def event(self, step: str, kind: str) -> None:
        self.bars.hear({"step": step, "event": kind, "message": kind, "time": NOON})


@pytest.fixture
def shown() -> Shown:
    shown = Shown()
    shown.bars.hear({"run": "a", "steps": 12})
    return shown


def test_a_run_is_so_many_of_its_steps_and_a_line_for_each_at_work(shown: Shown) -> None:
    assert shown.lines() == ["steps: 0 of 12 done"]
    shown.event("svr_model", "STEP_START")
    shown.event("xgboost_model", "STEP_START")
    shown.bars.hear({"step": "svr_model", "trial": 7, "of": 40, "best_rmse_mm": 0.62761})
    search = "svr_model: trial 7 of at most 40, best RMSE 0.6276 mm"
    assert shown.lines() == ["steps: 0 of 12 done", search, "xgboost_model"]
    assert (shown.progress.tasks[1].completed, shown.progress.tasks[1].total) == (7, 40)
    shown.event("xgboost_model", "STEP_SUCCESS")
    assert shown.lines() == ["steps: 1 of 12 done", search]


def test_before_a_trial_succeeds_there_is_no_best(shown: Shown) -> None:
    shown.event("svr_model", "STEP_START")
    shown.bars.hear({"step": "svr_model", "trial": 1, "of": 40, "best_rmse_mm": None})
    assert shown.lines()[1] == "svr_model: trial 1 of at most 40"


@pytest.mark.parametrize(("kind", "word"), [("STEP_FAILURE", "failed"), ("STOPPED", "stopped")])
def test_a_step_that_did_not_succeed_is_not_counted(shown: Shown, kind: str, word: str) -> None:
    shown.event("svr_model", "STEP_START")
    shown.event("svr_model", kind)
    assert shown.lines() == ["steps: 0 of 12 done"]
    assert shown.screen.getvalue().split()[1:] == ["svr_model", word]


def test_the_next_run_begins_anew_and_processes_of_one_run_do_not(shown: Shown) -> None:
    shown.event("svr_model", "STEP_START")
    shown.bars.hear({"run": "a", "steps": 12})
    assert len(shown.lines()) == 2
    shown.bars.hear({"run": "b", "steps": 4})
    assert shown.lines() == ["steps: 0 of 4 done"]


def test_markup_in_a_message_is_text(shown: Shown) -> None:
    shown.bars.hear({"step": None, "event": None, "message": "row [bold]7[/] refused", "time": NOON})
    assert "row [bold]7[/] refused" in shown.screen.getvalue()


def test_on_a_terminal_there_are_bars_and_above_them_what_is_done() -> None:
    seen = seen_on_a_terminal()
    assert "of 2 done" in seen
    assert "trial 3 of at most 40, best RMSE 1.2500 mm" in seen
    assert "lab_results           a row was refused" in seen
    assert "svr_model             done" in seen
    assert "noise of a library" not in seen
    assert "printed meanwhile" in seen
    # The bars are gone, the cursor is back, and what follows stands at the beginning of its line.
    assert seen.rindex(SHOW_CURSOR) > seen.rindex("of 2 done")
    assert seen.splitlines()[-1].split(ESCAPE)[-1].endswith("the answer")


def test_stopped_by_ctrl_c_the_terminal_is_as_before() -> None:
    seen = seen_on_a_terminal("--stop")
    assert seen.rindex(SHOW_CURSOR) > seen.rindex("of 2 done")


def test_in_a_pipe_there_are_plain_lines_alone() -> None:
    done = subprocess.run(PROGRAM, env=environment(), capture_output=True, text=True)
    assert ESCAPE not in done.stdout + done.stderr
    assert "\r" not in done.stderr
    assert done.stdout.split("\n") == ["printed meanwhile", "the answer", ""]
    lines = [line[10:].split(maxsplit=1) for line in done.stderr.splitlines() if line[2:3] == ":"]
    assert [words.split(" mm, ")[0] for step, words in lines if step == "svr_model"] == [
        "started",
        "SVR: trial 1 of at most 40, best CV RMSE 1.5000",
        "SVR: trial 2 of at most 40, best CV RMSE 1.3750",
        "SVR: trial 3 of at most 40, best CV RMSE 1.2500",
        "done",
    ]
    assert "noise of a library" in done.stderr


@pytest.mark.parametrize(("variable", "value"), [("CI", "true"), ("TERM", "dumb")])
def test_an_automatic_build_is_no_person(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert progress_bars.is_on_terminal()
    monkeypatch.setenv(variable, value)
    assert not progress_bars.is_on_terminal()


def test_other_processes_are_heard() -> None:
    news: list[dict[str, object]] = []
    with listening(news.append):
        tell(step="here")
        code = "from bmg_assets.execution.progress_channel import tell; tell(step='there', trial=1)"
        subprocess.run([sys.executable, "-c", code], check=True)
    assert news == [{"step": "here"}, {"step": "there", "trial": 1}]
    assert VARIABLE not in os.environ


def test_news_for_a_listener_that_is_gone_are_lost_without_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/nowhere/news")
    tell(step="svr_model")


def test_a_download_is_so_many_bytes_of_all() -> None:
    progress = Progress(console=Console(file=io.StringIO()), auto_refresh=False)
    bar = DownloadBar(progress, "ml_bmg_gfa")
    bar.total = 4096
    bar.update(1024)
    bar.update(1024)
    (task,) = progress.tasks
    assert (task.description, task.completed, task.total) == ("ml_bmg_gfa", 2048, 4096)


def test_a_download_of_unknown_size_has_no_end() -> None:
    progress = Progress(console=Console(file=io.StringIO()), auto_refresh=False)
    bar = DownloadBar(progress, "ml_bmg_gfa")
    bar.total = 0
    bar.update(1024)
    assert (progress.tasks[0].completed, bar.total) == (1024, None)
