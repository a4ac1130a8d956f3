"""Dagster's own share: loading the definitions, and what a system's run spends outside our functions.

The run goes through the real executor, in a deployment of its own, on the starter table with the smallest budget.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import dagster as dg

from bmg_assets.launch.instance import deployment_instance
from bmg_assets.launch.runs import run_literature
from bmg_assets.partitions import register_system
from bmg_assets.replay.run import own_deployment
from bmg_assets_tests.benchmarks.line import Line, at_most, seconds
from bmg_assets_tests.benchmarks.size import Size

SYSTEM = "Zr-Al-Cu"
BEFORE_COMPUTING = (
    dg.DagsterEventType.STEP_START,
    dg.DagsterEventType.LOADED_INPUT,
    dg.DagsterEventType.STEP_INPUT,
)
COMMAND = (sys.executable, "-m", "bmg_assets.cli.main")
LOADINGS = 3
LOADING = "import time; import bmg_assets.definitions; print(time.process_time())"
"""CPU time since the interpreter was started."""


def run(size: Size) -> list[Line]:
    """Loading, and a run."""
    del size  # there is nothing smaller than one run
    return [_loading(), _run_share()]


def _loading() -> Line:
    spent = min(
        float(subprocess.run([sys.executable, "-c", LOADING], capture_output=True, check=True, text=True).stdout)
        for _ in range(LOADINGS)
    )
    what = "loading the definitions, the interpreter included"
    return Line(what, seconds(spent), target=at_most(2, "s"), found=spent)


def _run_share() -> Line:
    with (
        tempfile.TemporaryDirectory() as folder,
        own_deployment(Path(folder) / "deployment"),
        deployment_instance() as instance,
    ):
        run_literature(instance, {"sources": ["starter"]})
        register_system(instance, SYSTEM)
        # A process of its own: the literature's run has left a server behind in which libraries are loaded already.
        started = time.perf_counter()
        subprocess.run([*COMMAND, "run", SYSTEM, "--budget", "quick"], capture_output=True, check=True)
        whole_s = time.perf_counter() - started
        (record,) = instance.get_run_records(limit=1)
        ours_s = covered(computing_spans(instance, record.dagster_run.run_id))
    return Line(
        f"`bmg run {SYSTEM}` outside our functions, the interpreter included",
        f"{seconds(whole_s - ours_s)} of {seconds(whole_s)} by the clock",
        target=at_most(15, "s"),
        found=whole_s - ours_s,
    )


def computing_spans(instance: dg.DagsterInstance, run_id: str) -> list[tuple[float, float]]:
    """When our functions were at work: for each step, from its last loaded input to its first output."""
    began: dict[str, float] = {}
    spans: dict[str, tuple[float, float]] = {}
    for entry in instance.all_logs(run_id):
        event = entry.dagster_event
        if event is None or event.step_key is None or event.step_key in spans:
            continue
        if event.event_type in BEFORE_COMPUTING:
            began[event.step_key] = entry.timestamp
        elif event.event_type == dg.DagsterEventType.STEP_OUTPUT:
            spans[event.step_key] = began[event.step_key], entry.timestamp
    return list(spans.values())


def covered(spans: Iterable[tuple[float, float]]) -> float:
    """Seconds in which at least one of these spans of time runs."""
    total, reached = 0.0, float("-inf")
    for begin, end in sorted(spans):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total
