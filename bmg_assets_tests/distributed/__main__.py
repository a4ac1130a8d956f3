"""`python -m bmg_assets_tests.distributed [--systems N]`: what `make cluster-demo` calls.

Starts PostgreSQL, RabbitMQ, a main machine and two workers on this machine, trains twenty systems, and shows the table.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bmg_assets_tests.distributed.machines import running_cluster
from bmg_assets_tests.distributed.servers import NoServersError
from bmg_assets_tests.distributed.work import SYSTEMS, train


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the demonstration; a sentence and exit code 2 where no servers can be had."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[2])
    parser.add_argument("--systems", type=int, default=20, choices=range(1, len(SYSTEMS) + 1), metavar="N")
    count = parser.parse_args(arguments).systems
    began = time.monotonic()

    def say(words: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {words}", flush=True)

    try:
        with tempfile.TemporaryDirectory() as folder, running_cluster(Path(folder), runs=2) as cluster:
            say(f"Two workers wait for runs; the Dagster UI is {cluster.url}")
            train(cluster, list(SYSTEMS[:count]), say)
            print(cluster.main.bmg("list"))
    except NoServersError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
