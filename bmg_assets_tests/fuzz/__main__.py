"""`python -m bmg_assets_tests.fuzz [COUNT]`: is any input answered by a traceback? What `make fuzz` calls."""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from bmg_assets_tests.fuzz.targets import MILLION, Target, targets

PIECE = 5_000
"""Inputs that a process tries at a time."""
SHOWN = 5
AT_ONCE = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Try all kinds of input, print a line for each, and the failures with the numbers that try them again."""
    parser = argparse.ArgumentParser(prog="python -m bmg_assets_tests.fuzz", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=MILLION, help="inputs of all kinds together")
    parser.add_argument("--only", help="one kind of input")
    parser.add_argument("--number", type=int, help="the one input of this number")
    options = parser.parse_args(arguments)
    chosen = [one for one in targets() if options.only in (None, one.name)]
    if not chosen:
        sys.exit(f"There is no kind {options.only!r}; kinds are {', '.join(one.name for one in targets())}.")
    if options.number is not None:
        sys.exit(chosen[0].try_number(options.number))
    sys.exit(1 if _tried(chosen, options.count) else 0)


def _tried(chosen: Sequence[Target], count: int) -> int:
    """Try so many inputs; returned is how many failed."""
    failed, tried, started = 0, 0, time.monotonic()
    with ProcessPoolExecutor(AT_ONCE) as pool:
        for target in chosen:
            total = target.count(count)
            starts = range(0, total, PIECE)
            pieces = pool.map(_try_piece, [target.name] * len(starts), starts, [min(s + PIECE, total) for s in starts])
            failures = [one for piece in pieces for one in piece]
            print(f"{target.name:<22} {total:>8} inputs, {len(failures)} failed", flush=True)
            for number, what in failures[:SHOWN]:
                print(f"  --only {target.name!r} --number {number}: {what}", flush=True)
            failed, tried = failed + len(failures), tried + total
    print(f"{'together':<22} {tried:>8} inputs, {failed} failed, in {time.monotonic() - started:.0f} s")
    return failed


def _try_piece(name: str, start: int, end: int) -> list[tuple[int, str]]:
    target = next(one for one in targets() if one.name == name)
    found = ((number, target.try_number(number)) for number in range(start, end))
    return [(number, what) for number, what in found if what is not None]


if __name__ == "__main__":
    main()
