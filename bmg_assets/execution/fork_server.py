"""The server from which the processes of a run's steps are forked: what it loads, and how it is started early."""

from multiprocessing import forkserver

PRELOADED = [
    "dagster._core.executor.multiprocess",
    "bmg_assets.execution.preload",
    "bmg_assets.launch.preload",
]
"""Modules that the server imports, in this order: the libraries before the platform that uses them."""


def start_fork_server() -> None:
    """Start the server, which loads its modules while the run is being prepared.

    Otherwise the first step starts it, and waits for it. A second call does no harm. The processes of the steps have
    the environment of this moment.
    """
    forkserver.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()
