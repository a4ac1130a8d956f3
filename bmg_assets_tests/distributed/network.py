"""A network whose cables can be pulled: then no machine hears of it, as it does when a process there is killed.

Each machine is a namespace of Linux's network on one bridge, with a name and processes of its own. Needs root.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bmg_assets_tests.distributed.servers import NoServersError, install_packages

PACKAGES = ("iproute2",)
NUMBERS = range(1, 255)
"""Of networks, each with addresses of its own."""


class NetworkError(Exception):
    """A command on the network failed."""


@dataclass(frozen=True)
class Cable:
    """What joins a machine to the network."""

    name: str
    """Of the machine's namespace, and of the cable's end at the bridge."""

    def pull(self) -> None:
        """Nothing passes any more, and neither end is told."""
        _ip("link", "set", self.name, "down")

    def plug(self) -> None:
        """It passes again."""
        _ip("link", "set", self.name, "up")

    def inside(self, host: str) -> list[str]:
        """How a command begins that runs at the machine's end, on a machine of this name."""
        own = ["unshare", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"]
        return ["ip", "netns", "exec", self.name, *own, "sh", "-c", f'hostname {host}; "$@"', "sh"]


@dataclass
class Network:
    """A bridge. Servers that listen at its address are reached from all machines that have joined."""

    number: int
    cables: list[Cable] = field(default_factory=list)

    @property
    def bridge(self) -> str:
        return f"bmg{self.number}"

    @property
    def address(self) -> str:
        """That of the servers."""
        return self._address(1)

    def join(self) -> Cable:
        """A further machine's cable."""
        cable = Cable(f"{self.bridge}-{len(self.cables) + 2}")
        _ip("netns", "add", cable.name)
        self.cables.append(cable)
        _ip("link", "add", cable.name, "type", "veth", "peer", "name", "eth0", "netns", cable.name)
        _ip("link", "set", cable.name, "master", self.bridge, "up")
        _ip("-n", cable.name, "address", "add", f"{self._address(len(self.cables) + 1)}/24", "dev", "eth0")
        for end in ("lo", "eth0"):
            _ip("-n", cable.name, "link", "set", end, "up")
        return cable

    def begin(self) -> None:
        """Make the bridge."""
        # One with an address of its own keeps it when a machine joins: others would look for the one of before.
        _ip("link", "add", self.bridge, "address", f"02:62:6d:67:00:{self.number:02x}", "type", "bridge")
        _ip("address", "add", f"{self.address}/24", "dev", self.bridge)
        _ip("link", "set", self.bridge, "up")

    def end(self) -> None:
        """Take away all of it."""
        for cable in self.cables:
            with suppress(NetworkError):
                _ip("netns", "delete", cable.name)
        with suppress(NetworkError):
            _ip("link", "delete", self.bridge)

    def _address(self, machine: int) -> str:
        return f"10.77.{self.number}.{machine}"


@contextmanager
def running_network() -> Iterator[Network]:
    """A network without machines.

    Raises:
        NoServersError: this process may not make one.
    """
    install_packages("The command ip", PACKAGES, shutil.which("ip") is not None)
    if os.geteuid() != 0:
        raise NoServersError("Only root can make a network of several machines on this one.")
    network = Network(next(filter(_is_free, NUMBERS)))
    try:
        network.begin()
        # The first machine shows whether there can be others.
        _done([*network.join().inside("probe"), "true"])
    except NetworkError as error:
        network.end()
        raise NoServersError(f"A network of several machines cannot be made on this one: {error}") from error
    try:
        yield network
    finally:
        network.end()


def _is_free(number: int) -> bool:
    """Whether no network has this number, and none has left anything behind."""
    left = Path("/run/netns").glob(f"bmg{number}-*")
    return not Path(f"/sys/class/net/bmg{number}").exists() and not any(left)


def _ip(*arguments: str) -> None:
    _done(["ip", *arguments])


def _done(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NetworkError(f"{' '.join(command)}: {done.stderr.strip()}")
