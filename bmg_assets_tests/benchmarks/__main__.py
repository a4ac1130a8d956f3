"""`python -m bmg_assets_tests.benchmarks [names…]`: measure, print, write the table; what `make bench` calls."""

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

from bmg_assets.execution.cores import THREAD_VARIABLES
from bmg_assets.settings import PROJECT, Locations
from bmg_assets_tests.benchmarks.alloys import NEEDED, published_path
from bmg_assets_tests.benchmarks.catalogue import BENCHMARKS
from bmg_assets_tests.benchmarks.line import Line, number
from bmg_assets_tests.benchmarks.report import fill_in, markdown, write
from bmg_assets_tests.benchmarks.size import Size, full_size, tiny_size
from bmg_assets_tests.benchmarks.timing import apart


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmarks that are named, or all, and say how many targets were missed."""
    parser = _parser()
    options = parser.parse_args(arguments)
    chosen = options.names or list(BENCHMARKS)
    everything = set(chosen) == set(BENCHMARKS) and not options.tiny
    if options.results and not everything:
        parser.error("docs/results.md shows the whole table: --results goes with all benchmarks at full size.")
    size = (tiny_size if options.tiny else full_size)(options.out)
    options.out.mkdir(parents=True, exist_ok=True)
    if published_path() is None:
        print(NEEDED)
    lines = [line for name in chosen for line in _measure(name, size)]
    files = write(lines, options.out, "benchmarks" if everything else "-".join(chosen))
    if options.results:
        results = PROJECT / "docs" / "results.md"
        results.write_text(fill_in(results.read_text(encoding="utf-8"), markdown(lines)), encoding="utf-8")
        files.append(results)
    print(f"Written: {', '.join(map(str, files))}")
    judged = [line for line in lines if line.found is not None]
    print(f"{sum(line.is_missed for line in judged)} of {len(judged)} targets missed.")


def _measure(name: str, size: Size) -> list[Line]:
    """Each benchmark in a process of its own, so that none finds what another has loaded."""
    started = time.perf_counter()
    lines, _ = apart(BENCHMARKS[name].run, size)
    print(f"\n{name} ({time.perf_counter() - started:.0f} s; to reach: {BENCHMARKS[name].target})")
    for line in lines:
        print(f"  {line.subject}: {line.ours}")
        if line.reference != "—":
            print(f"      reference: {line.reference}")
        more = [
            None if line.ratio is None else f"{number(line.ratio)} times less",
            None if line.peak_mb is None else f"peak {line.peak_mb:.0f} MB",
            None if line.target is None else f"target {line.target}: {line.verdict}",
        ]
        if any(more):
            print(f"      {'; '.join(filter(None, more))}", flush=True)
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("benchmarks", description="Ours beside the reference, as ratios in one run.")
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--results", action="store_true", help="put the table into docs/results.md")
    parser.add_argument("--tiny", action="store_true", help="seconds for everything, numbers that mean nothing")
    parser.add_argument("--out", type=Path, default=Locations.from_environment().data / "bench", help="folder")
    return parser


if __name__ == "__main__":
    # Libraries read these when they are loaded, which is in the processes started from here.
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    main()
