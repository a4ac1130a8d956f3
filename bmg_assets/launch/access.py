"""Who may ask the servers of `bmg ui`: under which names, and with which token."""

import ipaddress
import os
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

TOKEN_FILE = "ui_token"
"""In DAGSTER_HOME. Whoever removes it gets a new token at the next start."""
TOKEN_BYTES = 32
WILDCARDS = ("", "0.0.0.0", "::")
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Access:
    """What a request must show.

    Attributes:
        hosts: names and addresses, in lower case and without ports, that a request may be addressed to. The address at
            which it arrives is always allowed beyond loopback.
        token: what it must carry; None: nothing, since only this machine can ask.
        user_header: header in which a reverse proxy names the person that asks, without whom nothing may be changed;
            None: no proxy does.
    """

    hosts: frozenset[str]
    token: str | None = None
    user_header: str | None = None

    @classmethod
    def of(cls, host: str, home: Path, more_hosts: Sequence[str] = (), user_header: str | None = None) -> Self:
        """The access to a server that listens at `host`; beyond loopback with the token of this DAGSTER_HOME.

        Raises:
            OSError: the token can neither be read nor written.
        """
        named = {*LOOPBACK_NAMES, *more_hosts}
        if is_loopback(host):
            return cls(frozenset(name.lower() for name in (*named, host)), None, user_header)
        named |= {socket.gethostname(), socket.getfqdn()} if host in WILDCARDS else {host}
        return cls(frozenset(name.lower() for name in named), token_of(home), user_header)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    if host in WILDCARDS:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback for *_, address in found)


def token_of(home: Path) -> str:
    """The token kept in this DAGSTER_HOME, made where there is none; only its owner can read the file."""
    path = home / TOKEN_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if token := path.read_text().strip():
            return token
        path.unlink()
        return token_of(home)
    with os.fdopen(descriptor, "w") as file:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        file.write(token)
    return token


def reachable(host: str) -> str:
    """A name under which a browser finds a server that listens at `host`."""
    if host in WILDCARDS:
        name = socket.getfqdn()
        # Some machines name themselves only in the file of hosts, as what they are to themselves.
        return socket.gethostname() if name.startswith("localhost") else name
    return "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
