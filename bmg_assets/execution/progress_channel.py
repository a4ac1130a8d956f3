"""How the processes of a run send their progress to the command that started it.

Each step of a run is a process of its own. It sends its news as a short JSON text to a local socket, whose place an
environment variable names. If it is absent, nobody listens and nothing is sent. A run never waits for a listener.
"""

import json
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bmg_assets.environment import variable, with_variables

VARIABLE = "BMG_PROGRESS_SOCKET"
PATIENCE_S = 1.0
MOST_BYTES = 65_536
END = b""


def somebody_listens() -> bool:
    """Whether the command that started this process shows progress itself."""
    return variable(VARIABLE) is not None


def tell(**news: Any) -> None:
    """Send news to the listener. News that takes too long is lost, since a display must never hold up a run."""
    address = variable(VARIABLE)
    if address is not None:
        with suppress(OSError):
            _send(address, json.dumps(news).encode())


@contextmanager
def listening(hear: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Call `hear` with all news of this process and of those that it starts meanwhile, in a thread of its own.

    All news that was sent inside the block has been heard when the block is left.
    """
    with tempfile.TemporaryDirectory(prefix="bmg_") as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
        address = str(Path(folder) / "news")
        own.bind(address)
        thread = threading.Thread(target=_hear_all, args=(own, hear), daemon=True)
        thread.start()
        try:
            with with_variables({VARIABLE: address}):
                yield
        finally:
            with suppress(OSError):
                _send(address, END)
            thread.join(PATIENCE_S)


def _hear_all(own: socket.socket, hear: Callable[[dict[str, Any]], None]) -> None:
    while (data := own.recv(MOST_BYTES)) != END:
        hear(json.loads(data))


def _send(address: str, data: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
        own.settimeout(PATIENCE_S)
        own.sendto(data, address)
