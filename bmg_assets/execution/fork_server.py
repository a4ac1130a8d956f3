"""The server from which the processes of a run's steps are forked: what it loads beforehand, and an early beginning."""

from multiprocessing import forkserver

PRELOADED = [
    "dagster._core.executor.multiprocess",
    "bmg_assets.execution.preload",
    "bmg_assets.launch.preload",
]
"""Named, not imported: the server loads them in this order, the libraries before the platform that uses them."""


def start_fork_server() -> None:
    """Let the server load its libraries already; by itself it would begin with the first step, which waits for it.

    To be called while a run is being prepared. A second time does no harm.
    """
    forkserver.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()
