"""PostgreSQL and RabbitMQ of a test, in folders and at ports of their own; `apt-get` installs servers where it can.

Neither is a service of the machine: they run below one folder, as users without rights, and end with the block.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

PACKAGES = ("postgresql", "rabbitmq-server")
POSTGRES_BIN = Path("/usr/lib/postgresql")
RABBIT_BIN = Path("/usr/lib/rabbitmq/bin")
LONGEST_START_S = 90.0
LONGEST_END_S = 30.0
LONGEST_RUN_MS = 9 * 3600 * 1000
"""RabbitMQ closes a connection that holds a message for longer; a run may take eight hours."""
PASSWORD = "glass"
LOOPBACK = "127.0.0.1"
PORTS = (20_000, 32_000)
CLOSE_BUSY = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE state = 'active' AND backend_type = 'client backend' AND pid != pg_backend_pid()
"""


class NoServersError(Exception):
    """The servers can be neither found nor installed here."""


class ServerError(Exception):
    """A server that is installed cannot be prepared or started."""


@dataclass
class Servers:
    """Both servers, and how to stop and start them."""

    folder: Path
    database_port: int
    broker_port: int
    address: str = LOOPBACK
    """Where both listen."""
    _processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def database(self) -> str:
        """What BMG_DATABASE is."""
        return f"postgresql://bmg:{PASSWORD}@{self.address}:{self.database_port}/bmg"

    @property
    def broker(self) -> str:
        """What BMG_BROKER is."""
        return f"amqp://bmg:{PASSWORD}@{self.address}:{self.broker_port}//"

    def start_database(self) -> None:
        """Start PostgreSQL on what its folder holds."""
        data = self.folder / "postgres"
        options = ["-D", str(data), "-p", str(self.database_port), "-k", str(self.folder), "-h", self.address]
        self._start("database", "postgres", [str(_postgres("postgres")), *options], self.database_port)
        _wait(lambda: self._answers_queries(), "PostgreSQL")

    def stop_database(self) -> None:
        """Stop PostgreSQL as a restart of its machine does: who is connected is sent away."""
        self._stop("database", signal.SIGINT)

    @contextmanager
    def session(self) -> Iterator[Any]:
        """A connection to PostgreSQL, whose statements count at once; what it is asked by."""
        with closing(psycopg2.connect(self.database)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            yield cursor

    def close_busy_connections(self, seconds: float) -> None:
        """Close connections on which a statement is under way, as a restart does, again and again for so long."""
        with self.session() as cursor:
            latest = time.monotonic() + seconds
            while time.monotonic() < latest:
                cursor.execute(CLOSE_BUSY)
                time.sleep(0.05)

    def start_broker(self) -> None:
        """Start RabbitMQ on what its folder holds."""
        self._start("broker", "rabbitmq", [str(RABBIT_BIN / "rabbitmq-server")], self.broker_port)

    def stop_broker(self) -> None:
        """Stop RabbitMQ; messages stay on its disk."""
        self._stop("broker", signal.SIGTERM)

    def end(self) -> None:
        """End both."""
        for name in list(self._processes):
            self._stop(name, signal.SIGINT if name == "database" else signal.SIGTERM)
        # The port mapper of Erlang outlives its nodes.
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                [*as_user("rabbitmq"), "epmd", "-kill"], env=self.environment(), timeout=10, capture_output=True
            )

    def environment(self) -> dict[str, str]:
        """The variables of RabbitMQ's server and its tools."""
        broker = self.folder / "rabbit"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(broker),
            "ERL_EPMD_PORT": str(self.broker_port + 1),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"bmg{self.broker_port}@localhost",
            "RABBITMQ_DIST_PORT": str(self.broker_port + 2),
            "RABBITMQ_MNESIA_BASE": str(broker / "mnesia"),
            "RABBITMQ_LOG_BASE": str(broker / "log"),
            "RABBITMQ_CONFIG_FILE": str(broker / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(broker / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(broker / "pid"),
        }

    def prepare(self) -> None:
        """Make what both need in their folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o1777)
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        data = self.folder / "postgres"
        _owned(data, "postgres")
        make = [str(_postgres("initdb")), "-D", str(data), "-U", "bmg", "--auth=scram-sha-256", "-E", "UTF8"]
        _done([*as_user("postgres"), *make, "--locale=C.UTF-8", f"--pwfile={password}", "--no-sync"])
        with (data / "pg_hba.conf").open("a") as rights:
            rights.write(f"host all all {self.address}/24 scram-sha-256\n")
        broker = self.folder / "rabbit"
        _owned(broker, "rabbitmq")
        (broker / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = {self.address}:{self.broker_port}\n"
            f"default_user = bmg\ndefault_pass = {PASSWORD}\nconsumer_timeout = {LONGEST_RUN_MS}\n"
        )
        (broker / "enabled_plugins").write_text("[].\n")

    def create_database(self) -> None:
        """Make the database of the deployment."""
        import psycopg2

        with closing_connection(self._address("postgres")) as connection:
            connection.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
            connection.cursor().execute("CREATE DATABASE bmg")

    def _address(self, name: str) -> str:
        return self.database.rpartition("/")[0] + f"/{name}"

    def _answers_queries(self) -> bool:
        import psycopg2

        with suppress(psycopg2.OperationalError), closing_connection(self._address("postgres")):
            return True
        return False

    def _start(self, name: str, user: str, command: Sequence[str], port: int) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [*as_user(user), *command],
                env=self.environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _wait(lambda: _listens(self.address, port) or self._processes[name].poll() is not None, name)
        if self._processes[name].poll() is not None:
            raise ServerError(f"The {name} ended at once; its last lines are in {self.folder / f'{name}.log'}.")

    def _stop(self, name: str, number: int) -> None:
        end_process(self._processes.pop(name), number)


def end_process(process: "subprocess.Popen[bytes]", number: int) -> None:
    """Ask a server to end by a signal, and kill its process group where it does not."""
    with suppress(ProcessLookupError):
        process.send_signal(number)
    try:
        process.wait(LONGEST_END_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def running_servers(folder: Path, address: str = LOOPBACK) -> Iterator[Servers]:
    """Both servers, new and empty, below a folder, at an address of this machine.

    Raises:
        NoServersError: they are not here and cannot be installed.
    """
    install_servers()
    servers = Servers(folder, free_port(), free_ports(3), address)
    servers.prepare()
    try:
        servers.start_database()
        servers.create_database()
        servers.start_broker()
        yield servers
    finally:
        servers.end()


def install_servers() -> None:
    """Install PostgreSQL and RabbitMQ where they are missing; raises as `install_packages`."""
    is_there = _postgres("postgres").exists() and (RABBIT_BIN / "rabbitmq-server").exists()
    install_packages("PostgreSQL and RabbitMQ", PACKAGES, is_there)


def install_packages(what: str, packages: Sequence[str], is_there: bool) -> None:
    """Install with apt-get what is not there, without starting services of the machine.

    Raises:
        NoServersError: this machine has no apt-get, or another user, or no network.
    """
    if is_there:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise NoServersError(f"{what} cannot be found here: as root, apt-get install {' '.join(packages)}.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _no_services():
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
            done = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True)
            if done.returncode:
                raise NoServersError(f"apt-get {command[0]} failed: {(done.stderr or done.stdout).strip()[-300:]}")


@contextmanager
def _no_services() -> Iterator[None]:
    """Debian's own way to say that packages start nothing while they are installed."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def as_user(name: str | int) -> list[str]:
    """How a command begins that another user runs; a process of an ordinary user stays that user's."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--clear-groups"]


@contextmanager
def closing_connection(address: str) -> Iterator["object"]:
    """A connection to a database."""
    import psycopg2

    connection = psycopg2.connect(address, connect_timeout=3)
    try:
        yield connection
    finally:
        connection.close()


def free_port() -> int:
    """A port that nothing listens at."""
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of several free ports in a row, below those that the system gives to connections."""
    while True:
        first = random.randrange(*PORTS)
        if all(map(_is_free, range(first, first + count))):
            return first


def _postgres(program: str) -> Path:
    versions = sorted(POSTGRES_BIN.glob("*"), key=lambda path: int(path.name))
    return (versions[-1] if versions else POSTGRES_BIN / "none") / "bin" / program


def _owned(folder: Path, user: str) -> None:
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)


def _done(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise ServerError(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _listens(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((address, port)) == 0


def _wait(is_there: Callable[[], bool], what: str) -> None:
    latest = time.monotonic() + LONGEST_START_S
    while not is_there():
        if time.monotonic() > latest:
            raise ServerError(f"The {what} has not come up within {LONGEST_START_S:.0f} s.")
        time.sleep(0.2)
