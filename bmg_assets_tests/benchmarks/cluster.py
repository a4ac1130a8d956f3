"""Throughput of a deployment of several machines: systems an hour with 1, 2 and 4 workers of one core each.

The machines are processes of separate users on this one, with PostgreSQL and RabbitMQ between them. More workers than
cores tell what the deployment costs, not what more machines would bring. Where the servers are not here it says so.
As a program: python -m bmg_assets_tests.benchmarks.cluster WORKERS SYSTEMS
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import dagster as dg

from bmg_assets.automation.jobs import SYSTEM_JOB
from bmg_assets_tests.benchmarks.dagster_share import computing_spans, covered
from bmg_assets_tests.benchmarks.line import Line, number, seconds
from bmg_assets_tests.benchmarks.size import Size
from bmg_assets_tests.distributed.machines import running_cluster
from bmg_assets_tests.distributed.servers import POSTGRES_BIN, RABBIT_BIN, NoServersError
from bmg_assets_tests.distributed.work import SYSTEMS, seen_from_outside, train

SUBJECT = "systems an hour on several machines"


@dataclass(frozen=True)
class Throughput:
    """What so many workers did."""

    workers: int
    systems: int
    systems_an_hour: float
    """From the beginning of the first run to the end of the last."""
    run_s: float
    """Median of the runs, from the first event of its process to the last."""
    outside_share: float
    """Share of all runs' time in which none of our functions was at work."""
    between_runs_s: float
    """Time of a worker between the end of a run and the beginning of the next: the queue, the broker, the process."""
    first_begins_s: float
    """From asking for the work to the beginning of the first run."""
    launch_s: float | None
    """From one launch of the daemon to the next, while workers are free; None for one worker."""


def run(size: Size) -> list[Line]:
    """A deployment for each number of workers, one after the other."""
    if not (POSTGRES_BIN.is_dir() and (RABBIT_BIN / "rabbitmq-server").exists()):
        return [Line(SUBJECT, "not measured: no servers here, which `make cluster-demo` would install")]
    try:
        found = [throughput(workers, systems) for workers, systems in size.cluster.items()]
    except NoServersError as reason:
        return [Line(SUBJECT, f"not measured: {reason}")]
    return [_line(one, found[0]) for one in found]


def throughput(workers: int, systems: int) -> Throughput:
    """Train so many systems, by so many workers; raises NoServersError."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_cluster(Path(folder), runs=workers, workers=workers) as cluster,
    ):
        asked = time.time()
        train(cluster, list(SYSTEMS[:systems]), lambda _: None)
        with seen_from_outside(cluster) as instance:
            return _found(instance, workers, asked)


def _found(instance: dg.DagsterInstance, workers: int, asked: float) -> Throughput:
    records = instance.get_run_records(dg.RunsFilter(job_name=SYSTEM_JOB, statuses=[dg.DagsterRunStatus.SUCCESS]))
    spans = [(float(one.start_time or 0), float(one.end_time or 0)) for one in records]
    stats = [instance.get_run_stats(one.dagster_run.run_id) for one in records]
    launches = sorted(float(one.launch_time or 0) for one in stats)[:workers]
    ours = sum(covered(computing_spans(instance, one.dagster_run.run_id)) for one in records)
    return summed_up(workers, asked, spans, ours, launches)


def summed_up(
    workers: int, asked: float, spans: Sequence[tuple[float, float]], ours_s: float, launches: Sequence[float]
) -> Throughput:
    """Figures from when each run was at work, how long our functions were in all of them, and the first launches."""
    first, last = min(begin for begin, _ in spans), max(end for _, end in spans)
    taken = [end - begin for begin, end in spans]
    # The last runs do not end together, so the workers' time counts until the first of them has nothing more to do.
    idle_from = sorted(end for _, end in spans)[-min(workers, len(spans))]
    busy = sum(min(end, idle_from) - begin for begin, end in spans if begin < idle_from)
    gaps = max(1, len(spans) - workers)
    return Throughput(
        workers=workers,
        systems=len(spans),
        systems_an_hour=3600 * len(spans) / (last - first),
        run_s=median(taken),
        outside_share=1 - ours_s / sum(taken),
        between_runs_s=(workers * (idle_from - first) - busy) / gaps,
        first_begins_s=first - asked,
        launch_s=(launches[-1] - launches[0]) / (len(launches) - 1) if len(launches) > 1 else None,
    )


def _line(one: Throughput, single: Throughput) -> Line:
    times = "" if one is single else f", {number(one.systems_an_hour / single.systems_an_hour)} times one worker"
    return Line(
        f"systems an hour, {one.workers} worker{'s' if one.workers > 1 else ''} of one core, {one.systems} systems",
        f"{number(one.systems_an_hour)}{times}; {seconds(one.run_s)} a run, {one.outside_share:.0%} of it outside our "
        f"functions; {seconds(one.between_runs_s)} between two runs, {seconds(one.first_begins_s)} before the first",
    )


if __name__ == "__main__":
    print(throughput(int(sys.argv[1]), int(sys.argv[2])))
