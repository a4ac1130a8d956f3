"""A deployment of several machines, played by processes of separate users with separate folders on this one.

They have nothing in common but the addresses of the database and the broker, and those of the store and the record:
a shared folder, which all of them may write, or a bucket on a server of objects.
"""

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bmg_assets.execution.processes import Process
from bmg_assets.settings import COMMITTED, PROJECT
from bmg_assets_tests.distributed.network import Cable, Network
from bmg_assets_tests.distributed.servers import LOOPBACK, NoServersError, Servers, free_ports, running_servers
from bmg_assets_tests.object_server import ObjectServer

GROUP, FIRST_USER = 61000, 61001
EVERY_NTH = {"starter_alloys.csv": 4, "handbook_alloys.csv": 20, "handbook_compounds.csv": 20}
"""Rows that the small literature keeps, so that a system is trained in seconds."""
LONGEST_START_S = 120.0


@dataclass
class Machine:
    """One of them: a user, a folder that is its own, and what is at work on it."""

    name: str
    user: int
    folder: Path
    variables: Mapping[str, str]
    cable: Cable | None = None
    """Without one it shares name, processes and network of this machine."""
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def log(self) -> Path:
        """What its processes say. It lies beside the folder, so that it is there when the folder is not."""
        return self.folder.with_suffix(".log")

    def environment(self) -> dict[str, str]:
        """All of its variables; none of this process's but those that Python is found by."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {
            **kept,
            "PYTHONPATH": str(PROJECT),
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder / "tmp"),
            "LOGNAME": self.name,
            "BMG_DATA": str(self.folder / "data"),
            "BMG_CORES": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.variables,
        }

    def prepare(self, literature: Path) -> None:
        """Make its folder, with the literature's declarations and tables that every machine has."""
        (self.folder / "tmp").mkdir(parents=True)
        shutil.copytree(literature, self.folder / "data" / "literature")
        for path in (self.folder, *self.folder.rglob("*")):
            _give(path, self.user)

    def start(self, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a module as its user."""
        process = self._popen(module, arguments)
        self.processes.append(process)
        return process

    def bmg(self, *arguments: str) -> str:
        """What a command prints here; raises AssertionError with its output where it fails."""
        done = subprocess.run(
            [*self.as_user(), sys.executable, "-m", "bmg_assets.cli.main", *arguments],
            env=self.environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            umask=0o002,
        )
        if done.returncode:
            raise AssertionError(f"bmg {' '.join(arguments)} on {self.name}: {done.stderr[-2000:]}")
        return done.stdout + done.stderr

    def refused(self, *arguments: str, **variables: str) -> str:
        """What a command that has to fail says, with its exit code; variables may be set for it."""
        done = subprocess.run(
            [*self.as_user(), sys.executable, "-m", "bmg_assets.cli.main", *arguments],
            env={**self.environment(), **variables},
            cwd=self.folder,
            capture_output=True,
            text=True,
            umask=0o002,
        )
        return f"{done.returncode}: {done.stderr.strip()}"

    def said(self) -> str:
        """All that its processes have said."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_for(self, words: str, since: int = 0) -> None:
        """Wait until one of its processes has said these words, after the first letters of its log."""
        latest, ended = time.monotonic() + LONGEST_START_S, False
        while words not in self.said()[since:]:
            if time.monotonic() > latest or ended:
                raise AssertionError(f"{self.name} has not said '{words}': {self.said()[-2000:]}")
            time.sleep(0.2)
            # Before it is read what it said, which may be its last words.
            ended = any(one.poll() is not None for one in self.processes)

    def wait_until_ended(self) -> None:
        """Wait until its processes have ended by themselves; raises TimeoutExpired where they do not."""
        for process in self.processes:
            process.wait(LONGEST_START_S)
        self.processes.clear()

    def kill(self) -> None:
        """SIGKILL to all that is at work here, in the same moment: what a power cut does."""
        for process in self.processes:
            for group in _groups_below(process.pid):
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def vanish(self) -> None:
        """The machine is gone, and so is its disk."""
        self.kill()
        shutil.rmtree(self.folder)

    def end(self) -> None:
        """Ask its processes to end, as Ctrl-C does, and kill those that do not."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            for process in self.processes:
                process.wait(45)
        self.kill()

    def _popen(self, module: str, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*self.as_user(), sys.executable, "-m", module, *arguments],
                env=self.environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o002,
            )

    def as_user(self) -> list[str]:
        """How its commands begin; where this process may not become another user, all of them are one user's."""
        if os.geteuid() != 0:
            return []
        inside = [] if self.cable is None else self.cable.inside(self.name)
        return [*inside, "setpriv", f"--reuid={self.user}", f"--regid={GROUP}", "--clear-groups", *_reading_python()]

    def runs(self, process: Process) -> bool:
        """Whether a process is at work here."""
        if self.cable is not None:
            return process.host.startswith(f"{self.name} ")
        with suppress(FileNotFoundError):
            return not process.is_gone() and Path(f"/proc/{process.pid}").stat().st_uid == self.user
        return False


@dataclass
class Cluster:
    """The main machine, the others, and their servers."""

    folder: Path
    servers: Servers
    common: Mapping[str, str]
    """The variables that all machines have."""
    main: Machine
    workers: list[Machine]
    url: str
    """The Dagster UI."""
    network: Network | None = None

    def new_machine(self) -> Machine:
        """A further machine; it does nothing yet."""
        number = len(self.workers) + 1
        name, cable = f"bench{number}", None if self.network is None else self.network.join()
        machine = Machine(name, FIRST_USER + number, self.folder / name, self.common, cable)
        machine.prepare(self.folder / "literature")
        self.workers.append(machine)
        return machine

    def start_ui(self) -> None:
        """`bmg ui` begins on the main machine, which has none at work."""
        port, before = int(self.url.rpartition(":")[2]), len(self.main.said())
        self.main.start("bmg_assets.cli.main", "ui", "--port", str(port), "--pages-port", str(port + 1))
        self.main.wait_for("works for the deployment", since=before)

    def join(self) -> Machine:
        """A further machine joins."""
        machine = self.new_machine()
        machine.start("bmg_assets.cli.main", "worker")
        machine.wait_for("works for the deployment")
        return machine


@contextmanager
def running_cluster(
    folder: Path, runs: int, workers: int = 2, objects: ObjectServer | None = None, network: Network | None = None
) -> Iterator[Cluster]:
    """A deployment whose literature is read, with workers that wait for runs.

    Args:
        objects: where store and record lie, in a bucket that is made there; without one they are in a shared folder.
        network: what joins the machines, each with a name of its own; without one all are this machine.

    Raises:
        NoServersError: there are no servers here, and none can be installed.
    """
    folder.chmod(0o755)
    address = LOOPBACK if network is None else network.address
    with running_servers(folder / "servers", address) as servers:
        _small_literature(folder / "literature")
        places = _shared_folder(folder / "shared") if objects is None else _bucket(objects)
        common = {"BMG_DATABASE": servers.database, "BMG_BROKER": servers.broker, **places}
        own = {"BMG_BUDGET": "quick", "BMG_RUNS": str(runs)}
        cable = None if network is None else network.cables[0]
        main = Machine("main", FIRST_USER, folder / "main", {**common, **own}, cable)
        main.prepare(folder / "literature")
        cluster = Cluster(folder, servers, common, main, [], f"http://localhost:{free_ports(2)}", network)
        try:
            main.bmg("literature")
            cluster.start_ui()
            for _ in range(workers):
                cluster.join()
            yield cluster
        finally:
            for machine in (*cluster.workers, main):
                machine.end()


@cache
def _reading_python() -> Sequence[str]:
    """What another user needs to find this Python: nothing, or the right to read where it lies in a home folder."""
    ask = [sys.executable, "-c", "import os; print(os.__file__)"]
    for rights in ((), ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")):
        user = ["setpriv", f"--reuid={FIRST_USER}", f"--regid={GROUP}", "--clear-groups", *rights]
        done = subprocess.run([*user, *ask], capture_output=True, text=True, cwd="/")
        if done.stdout.strip() == os.__file__:
            return rights
    raise NoServersError(f"Other users cannot run {sys.executable}, so several machines cannot be played here.")


def _shared_folder(folder: Path) -> dict[str, str]:
    folder.mkdir()
    _give(folder, FIRST_USER)
    folder.chmod(0o2775)
    return {"BMG_STORE": str(folder / "store"), "BMG_RECORD": str(folder / "record")}


def _bucket(objects: ObjectServer) -> dict[str, str]:
    bucket = objects.make_bucket("laboratory")
    return {"BMG_STORE": f"{bucket}/store", "BMG_RECORD": f"{bucket}/record", **objects.variables()}


def _small_literature(folder: Path) -> None:
    shutil.copytree(COMMITTED / "literature", folder)
    for name, nth in EVERY_NTH.items():
        with (folder / name).open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows[::nth]])


def _give(path: Path, user: int) -> None:
    if os.geteuid() == 0:
        os.chown(path, user, GROUP)


def _groups_below(pid: int) -> set[int]:
    """The process groups of a process and of all that it started; `bmg ui` gives each of its services one."""
    children: dict[int, list[tuple[int, int]]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append((int(entry.name), int(fields[2])))
    found, left = {os.getpgid(pid)} if _is_there(pid) else set(), [pid]
    while left:
        for child, group in children.get(left.pop(), []):
            found.add(group)
            left.append(child)
    return found - {os.getpgid(0)}


def _is_there(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.getpgid(pid)
        return True
    return False
