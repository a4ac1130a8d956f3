"""The server that steps are forked from has loaded what it promises; it keeps silent about an import that fails."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import gc
import multiprocessing
import sys

from bmg_assets.execution.fork_server import start_fork_server


def say(queue):
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000
    wanted = ("skops.io", "xgboost", "lightgbm", "bmg_assets.launch.preload")
    queue.put([name for name in wanted if name in sys.modules])


if __name__ == "__main__":
    start_fork_server()
    start_fork_server()
    context = multiprocessing.get_context("forkserver")
    queue = context.Queue()
    context.Process(target=say, args=(queue,)).start()
    print(*queue.get(timeout=60))
"""


def test_a_forked_process_finds_the_libraries_loaded(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    command = [sys.executable, str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["skops.io", "xgboost", "lightgbm", "bmg_assets.launch.preload"]
