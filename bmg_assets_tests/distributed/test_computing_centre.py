"""Workers as jobs of Slurm, submitted by docs/deployment.md's own line: what the end of a job's time does to a run."""

import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.settings import PROJECT
from bmg_assets_tests.deployment_page import the_block, the_line
from bmg_assets_tests.distributed.machines import Cluster, Machine, running_cluster
from bmg_assets_tests.distributed.servers import NoServersError
from bmg_assets_tests.distributed.slurm import Slurm, running_slurm
from bmg_assets_tests.distributed.work import SYSTEMS, predictions, seen_from_outside, train

pytestmark = pytest.mark.slow

ENOUGH = 7
"""Systems that keep two workers busy for longer than the shortest time that Slurm gives a job."""
OF_A_JOB = ("BMG_CORES", "BMG_DATA", "OMP_NUM_THREADS", "HOME", "TMPDIR", "PATH")
"""What the environment of a job says otherwise than that of a machine."""


@dataclass(frozen=True)
class Centre:
    """A deployment whose only workers are jobs of one user."""

    cluster: Cluster
    slurm: Slurm
    home: Machine

    def submit(self, **options: str) -> str:
        """Submit the page's line once, with other values of some of its options; its number."""
        _, *given = shlex.split(the_line("sbatch --time"))
        asked = [
            one for one in given if not one.startswith(("--array=", "--signal=", *(f"--{name}=" for name in options)))
        ]
        assert len(given) == len(asked) + 2 + len(options)  # the page has each of them
        arguments = [f"--{name}={value}" for name, value in options.items()] + asked
        return self.slurm.sbatch(arguments, {"HOME": str(self.home.folder)}, self.home.folder)

    def said(self, job: str) -> str:
        """What a job has written; nothing before it has begun."""
        output = self.home.folder / f"slurm-{job}.out"
        return output.read_text(errors="replace") if output.exists() else ""

    def wait_for_worker(self, job: str) -> None:
        latest = time.monotonic() + 120
        while "works for the deployment" not in self.said(job):
            assert time.monotonic() < latest, (self.slurm.state(job), self.said(job))
            time.sleep(0.5)


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    """A main machine, and a node with two cores on which nothing is at work."""
    try:
        with (
            _folder_of_all() as name,
            running_slurm(Path(name) / "slurm") as slurm,
            running_cluster(Path(name) / "cluster", runs=2, workers=0) as cluster,
        ):
            yield Centre(cluster, slurm, _home(cluster))
    except NoServersError as error:
        pytest.skip(str(error))


@contextmanager
def _folder_of_all() -> Iterator[str]:
    """A folder that every user can pass through."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        (Path(name) / "cluster").mkdir()
        yield name


def _home(cluster: Cluster) -> Machine:
    """The home of who submits: the page's `bmg.env`, and `bmg` where it says; Slurm starts jobs as root here."""
    machine = cluster.new_machine()
    environment = {name: text for name, text in machine.environment().items() if name not in OF_A_JOB}
    lines = [f"{name}={shlex.quote(text)}" for name, text in environment.items()]
    own = the_block("", "SLURM_JOB_ID")
    literature = machine.folder / "data" / "literature"
    copied = f"umask 002; mkdir -p $BMG_DATA; cp -r {literature} $BMG_DATA; chown -R {machine.user} $BMG_DATA\n"
    (machine.folder / "bmg.env").write_text("\n".join(lines) + f"\nTMPDIR={machine.folder}/tmp\n{own}{copied}")
    program = machine.folder / "bmg" / ".venv" / "bin" / "bmg"
    program.parent.mkdir(parents=True)
    command = shlex.join([*machine.as_user(), sys.executable, "-m", "bmg_assets.cli.main"])
    program.write_text(f'#!/bin/sh\nexport PYTHONPATH={PROJECT}\nexec {command} "$@"\n')
    program.chmod(0o755)
    return machine


def test_a_run_whose_job_has_no_time_left_is_finished_by_another_job(centre: Centre) -> None:
    systems = list(SYSTEMS[:ENOUGH])
    short, long = (centre.submit(**{"time": minutes, "cpus-per-task": "1"}) for minutes in ("1", "30"))
    for job in (short, long):
        centre.wait_for_worker(job)
        assert "one run at a time, on 1 cores" in centre.said(job)
    train(centre.cluster, systems, lambda words: print(time.strftime("%T"), words, flush=True))
    assert centre.slurm.state(short) == "TIMEOUT"
    assert {system: predictions(centre.cluster, system) for system in systems} == dict.fromkeys(systems, 1)
    with seen_from_outside(centre.cluster) as instance:
        failed = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], job_name="system_job"))
    assert len(failed) == 1  # the run of the job whose time was over, and no other
    folders = sorted(path.name for path in (centre.home.folder / "tmp").glob("bmg-*"))
    assert folders == sorted(f"bmg-{job}" for job in (short, long))

    assert centre.slurm.state(long) == "RUNNING"
    centre.slurm.command("scancel", "--batch", "--signal=TERM", long)  # what the page's --signal does by the clock
    assert centre.slurm.wait_for(long) == "COMPLETED"
