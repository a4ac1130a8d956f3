"""A process of its own for the test of kills: files are taken in until the process is killed, one after the other.

`python -m bmg_assets_tests.intake.takers <root> <record>`: a new process looks at the inbox again and
again, and is killed at a random moment; so it goes on until the inbox is empty.
"""

import os
import random
import signal
import sys
import time

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.science.alloys.compositions import parse_formula
from bmg_assets.science.alloys.systems import known_symbols
from bmg_assets.store.record import Record

LATEST_KILL_S = 0.01
"""Time for a few files on a fast machine; on a slow one the first processes do nothing, and later ones live longer."""
PATIENCE = 1.05
"""Factor by which later processes live longer, so that the last one comes to an end on a busy machine, too."""
LATER_S = 3600.0


def take_in_until_killed(inbox: LabInbox) -> int:
    """The number of processes that were killed before one found the inbox empty."""
    moments = random.Random(5)
    killed = 0
    while any(inbox.inbox.iterdir()):
        child = os.fork()
        if child == 0:
            while True:
                inbox.take_in_complete(time.time() + LATER_S)
        time.sleep(moments.uniform(0, LATEST_KILL_S) * PATIENCE**killed)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        killed += 1
    return killed


if __name__ == "__main__":
    # Here, so that no process is killed while it still imports what these need.
    parse_formula("Zr50Al5Cu45")
    known_symbols()
    print(take_in_until_killed(LabInbox(root=sys.argv[1], record=Record(url=sys.argv[2]))))
