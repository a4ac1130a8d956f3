"""`python -m bmg_assets_tests.faults [--kills N] [--others N] [--short]`: what `make test-faults` calls."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from bmg_assets.execution import preload  # noqa: F401  # so that every fork has the libraries
from bmg_assets_tests.faults.catalogue import LANES, NOT_IN_SHORT, Scale
from bmg_assets_tests.faults.counting import Counts, Outcome, State, collected
from bmg_assets_tests.finished import finished_deployment, wait_for_no_disk

KILLS, OTHERS = 200, 300
SHORT_KILLS, SHORT_OTHERS = 14, 24


def main(arguments: Sequence[str] | None = None) -> None:
    """Inject, print a line for each fault that was not survived, and the table; exit code 1 if there is such a line."""
    options = _parser().parse_args(arguments)
    wait_for_no_disk()
    if options.lane:
        for outcome in _outcomes(options, options.lane):
            print(json.dumps({**asdict(outcome), "state": outcome.state.name}), flush=True)
        return
    with tempfile.TemporaryDirectory(prefix="bmg-faults-") as scratch:
        options.folder = options.folder or scratch
        options.finished = options.finished or str(Path(options.folder) / "finished")
        _make_finished(Path(options.finished))
        counts = Counts(tuple(outcome for lane in _side_by_side(options) for outcome in lane))
    print(
        f"{counts.table()}\n\n{counts.kills} kills and {len(counts.outcomes) - counts.kills} other faults.", flush=True
    )
    if counts.bad:
        sys.exit(f"{len(counts.bad)} of them were not survived.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bmg_assets_tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, help=f"processes to kill, {KILLS} by default")
    parser.add_argument("--others", type=int, help=f"files to harm, {OTHERS} by default")
    parser.add_argument("--short", action="store_true", help="about a minute: no whole runs, few of each kind")
    parser.add_argument("--only", nargs="+", help=f"of {', '.join(name for lane in LANES for name in lane)}")
    parser.add_argument("--seed", type=int, default=0, help="of moments and places")
    parser.add_argument("--folder", help="where the deployments are made; a temporary folder by default")
    parser.add_argument("--finished", help="a deployment made by `python -m bmg_assets_tests.finished`")
    parser.add_argument("--lane", type=int, default=0, help=argparse.SUPPRESS)
    return parser


def _outcomes(options: argparse.Namespace, lane: int) -> Iterator[Outcome]:
    """All faults of a lane; a part that breaks down is one, too."""
    kills, others = (SHORT_KILLS, SHORT_OTHERS) if options.short else (KILLS, OTHERS)
    scale = Scale(
        folder=Path(options.folder) / f"lane {lane}",
        finished=Path(options.finished),
        kills=kills if options.kills is None else options.kills,
        others=others if options.others is None else options.others,
        seed=options.seed,
        short=options.short,
    )
    for name, part in LANES[lane - 1].items():
        if (options.only and name not in options.only) or (options.short and name in NOT_IN_SHORT):
            continue
        try:
            yield from part(scale)
        except Exception as error:
            yield Outcome(name, "broke down", State.UNCLEAR, f"{type(error).__name__}: {error}")


def _side_by_side(options: argparse.Namespace) -> list[tuple[Outcome, ...]]:
    """The outcomes of all lanes, each in a process of its own."""
    found: list[tuple[Outcome, ...]] = [()] * len(LANES)

    def follow(number: int) -> None:
        found[number] = collected(_of_process(options, number + 1), lambda words: print(words, flush=True)).outcomes

    threads = [threading.Thread(target=follow, args=(number,)) for number in range(len(LANES))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _of_process(options: argparse.Namespace, lane: int) -> Iterator[Outcome]:
    given = {name: value for name, value in vars(options).items() if value and name not in ("lane", "short", "only")}
    command = [sys.executable, "-m", __package__, "--lane", str(lane), *(["--short"] if options.short else [])]
    command += [word for name, value in given.items() for word in (f"--{name}", str(value))]
    command += ["--only", *options.only] if options.only else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told = json.loads(line)
            yield Outcome(**{**told, "state": State[told["state"]]})
    if process.returncode:
        yield Outcome(f"lane {lane}", "broke down", State.UNCLEAR, f"exit code {process.returncode}")


def _make_finished(folder: Path) -> None:
    """In a process of its own, since nothing may be open or at work when processes fork."""
    if not (folder / "done").exists():
        command = [sys.executable, "-m", finished_deployment.__module__, str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))


if __name__ == "__main__":
    main()
