"""A module run as a service that ends with the process that started it, also where that one was killed.

`python -m bmg_assets.launch.service DESCRIPTOR MODULE ARGUMENTS...`, where the descriptor is the reading end of a pipe
whose writing end the parent alone holds: it is closed when the parent ends, however it ends. A service leads a process
group of its own, so that the runs that it started end with it. Imports no library, to begin at once.
"""

import os
import runpy
import signal
import sys
import threading
import time
from contextlib import suppress

PATIENCE_S = 20.0
"""How long a service and its runs may take to end by themselves."""


def main() -> None:
    """Run the module; watch the pipe beside it."""
    lifeline, module = int(sys.argv[1]), sys.argv[2]
    os.set_inheritable(lifeline, False)
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    # A shell has what it starts in the background ignore Ctrl-C, and so would the runs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [module, *sys.argv[3:]]
    with suppress(KeyboardInterrupt):
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    _wait_for_children()


def _wait_for_children() -> None:
    """Let runs that were interrupted note that, before their group is killed."""
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _end_with_parent(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGINT)
    time.sleep(PATIENCE_S)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
