"""A computing centre of one node: Debian's Slurm below one folder, at ports of its own, no service of the machine."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bmg_assets_tests.distributed.servers import (
    NoServersError,
    ServerError,
    as_user,
    end_process,
    free_ports,
    install_packages,
)

PACKAGES = ("slurmctld", "slurmd", "slurm-client", "munge")
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin"
LONGEST_START_S = 60.0
KILL_WAIT_S = 2
"""Seconds from SIGTERM to SIGKILL at the end of a job's time; Slurm has 30 by itself."""
ENDED = frozenset({"COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "NODE_FAIL"})
SETTINGS = """ClusterName=bmg
SlurmctldHost={node}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
SlurmUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/affinity
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
MinJobAge=3600
KillWait={kill_wait}
MailProg=/bin/true
NodeName={node} NodeAddr=127.0.0.1 CPUs={cores} RealMemory=2000
PartitionName=all Nodes={node} Default=YES MaxTime=INFINITE State=UP
"""


@dataclass
class Slurm:
    """The controller, the node, and their authentication."""

    folder: Path
    _processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def sbatch(self, arguments: Sequence[str], variables: Mapping[str, str], cwd: Path) -> str:
        """Submit a job as this user; its number."""
        said = self.command("sbatch", *arguments, variables=variables, cwd=cwd)
        found = re.search(r"Submitted batch job (\d+)", said)
        assert found, said
        return found[1]

    def state(self, job: str) -> str:
        """The state of a job, like RUNNING."""
        return self._facts(job)["JobState"]

    def wait_for(self, job: str, states: frozenset[str] = ENDED, longest_s: float = 120.0) -> str:
        """Wait until a job has one of these states; which."""
        latest = time.monotonic() + longest_s
        while (state := self.state(job)) not in states:
            if time.monotonic() > latest:
                raise AssertionError(f"job {job} is {state} after {longest_s:g} s, expected {sorted(states)}")
            time.sleep(0.5)
        return state

    def command(self, *command: str, variables: Mapping[str, str] | None = None, cwd: Path = Path("/")) -> str:
        """What a command of Slurm says."""
        environment = {"PATH": os.environ["PATH"], **(variables or {}), **self._variables()}
        done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True)
        if done.returncode:
            raise ServerError(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
        return done.stdout

    def start(self) -> None:
        """Start all three, and wait for the node."""
        munge = self.folder / "munge"
        munge.mkdir(parents=True, mode=0o755)
        for place in ("state", "spool"):
            (self.folder / place).mkdir()
        key = munge / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        for path in (munge, key):
            shutil.chown(path, "munge", "munge")
        places = {name: str(munge / name) for name in ("socket", "pid-file", "log-file", "seed-file")}
        options = [f"--key-file={key}", *(f"--{name}={path}" for name, path in places.items())]
        self._start("munged", *as_user("munge"), _program("munged"), "--foreground", *options)
        self._wait(Path(places["socket"]).exists, "munged")
        first, node = free_ports(2), os.uname().nodename.partition(".")[0]
        settings = {"folder": self.folder, "node": node, "controller_port": first, "node_port": first + 1}
        cores = os.cpu_count() or 1
        self._settings.write_text(SETTINGS.format(**settings, cores=cores, kill_wait=KILL_WAIT_S))
        self._start("slurmctld", _program("slurmctld"), "-D", "-f", str(self._settings))
        self._start("slurmd", _program("slurmd"), "-D", "-f", str(self._settings), "-N", node)
        self._wait(self._is_idle, "node of Slurm")

    def end(self) -> None:
        """End all jobs, then the servers."""
        with suppress(ServerError, OSError):
            self.command("scancel", "--user=root")
            time.sleep(KILL_WAIT_S + 2)
        for process in reversed(self._processes):
            end_process(process, signal.SIGTERM)

    @property
    def _settings(self) -> Path:
        return self.folder / "slurm.conf"

    def _variables(self) -> dict[str, str]:
        return {"SLURM_CONF": str(self._settings)}

    def _facts(self, job: str) -> dict[str, str]:
        words = self.command("scontrol", "show", "job", job, "--oneliner").split()
        return dict(one.split("=", 1) for one in words if "=" in one)

    def _is_idle(self) -> bool:
        try:
            return self.command("sinfo", "--noheader", "--format=%T").strip() == "idle"
        except ServerError:
            return False

    def _wait(self, is_there: Callable[[], bool], what: str) -> None:
        latest = time.monotonic() + LONGEST_START_S
        while not is_there():
            if time.monotonic() > latest or any(process.poll() is not None for process in self._processes):
                said = "".join(log.read_text(errors="replace")[-500:] for log in sorted(self.folder.glob("*.log")))
                raise ServerError(f"The {what} has not come up within {LONGEST_START_S:.0f} s: {said}")
            time.sleep(0.2)

    def _start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    command,
                    cwd="/",
                    env={"PATH": os.environ["PATH"], **self._variables()},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )


@contextmanager
def running_slurm(folder: Path) -> Iterator[Slurm]:
    """A computing centre of one node while the block runs.

    Raises:
        NoServersError: Slurm is not here and cannot be installed, or this process may not start jobs of others.
    """
    if os.geteuid() != 0:
        raise NoServersError("Slurm starts jobs as root alone.")
    install_packages("Slurm", PACKAGES, all(shutil.which(one, path=SEARCHED) for one in ("slurmd", "munged", "sbatch")))
    slurm = Slurm(folder)
    folder.mkdir()
    try:
        slurm.start()
        yield slurm
    finally:
        slurm.end()


def _program(name: str) -> str:
    found = shutil.which(name, path=SEARCHED)
    if found is None:
        raise NoServersError(f"{name} is not installed.")
    return found
