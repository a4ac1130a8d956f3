"""`python -m bmg_assets_tests.mutants [150|all]`: are faults in the science noticed? What `make mutants` calls."""

import argparse
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import islice, zip_longest

from bmg_assets_tests.mutants.mutations import Mutant, mutants_of
from bmg_assets_tests.mutants.named import NAMED
from bmg_assets_tests.mutants.targets import TARGETS, noticing_tests
from bmg_assets_tests.mutants.trial import Outcome, TestsFailError, preload, run_all, seconds_without_fault

SAMPLE = 150
LEAST_KILLED = 0.85
AT_ONCE = 2
PATIENCE = 5.0
SPARE_SECONDS = 20.0
"""A mutant may take this many times as long as the module without a fault, and these seconds more."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Mutate, test, print a line for each module and the mutants that survived."""
    options = _parser().parse_args(arguments)
    targets = [target for target in TARGETS if not options.only or any(part in target for part in options.only)]
    named = [mutant for mutant in NAMED if mutant.target in targets]
    if not targets:
        sys.exit(f"No module matches {' or '.join(options.only)}; modules are {', '.join(TARGETS)}.")
    sample = [] if options.mutants == "named" else _sample(targets, options.mutants, options.seed)
    preload()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped before the end."))  # so that nothing is left running
    try:
        seconds = {tests: seconds_without_fault(tests) for tests in dict.fromkeys(map(noticing_tests, targets))}
    except TestsFailError as error:
        sys.exit(str(error))
    limits = {target: PATIENCE * seconds[noticing_tests(target)] + SPARE_SECONDS for target in targets}
    print(f"{len(sample)} mutants of {len(targets)} modules, and {len(named)} named faults", flush=True)
    outcomes: list[Outcome] = []

    def keep(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if not outcome.is_killed:
            print(f"survived: {outcome.mutant.target}, {outcome.mutant.what}\n{outcome.mutant.diff}\n", flush=True)

    try:
        run_all([*named, *sample], limits, options.at_once, keep)
    finally:
        print(_table(outcomes), flush=True)
    named_alive = [one.mutant.what for one in outcomes if not one.is_killed and one.mutant in named]
    if named_alive:
        sys.exit(f"Named faults that no test notices: {'; '.join(named_alive)}.")
    drawn = [one.is_killed for one in outcomes if one.mutant not in named]
    if drawn and sum(drawn) < LEAST_KILLED * len(drawn):
        sys.exit(f"Of {len(drawn)} mutants {sum(drawn) / len(drawn):.0%} were killed, expected {LEAST_KILLED:.0%}.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bmg_assets_tests.mutants", description=__doc__)
    parser.add_argument("mutants", nargs="?", default=str(SAMPLE), help="how many to draw, `all`, or only the `named`")
    parser.add_argument("--only", nargs="+", default=[], help="modules whose path holds one of these, like transfer")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="processes side by side")
    return parser


def _sample(targets: Sequence[str], how_many: str, seed: int) -> list[Mutant]:
    """Mutants in turn from each module, until there are enough."""
    if how_many != "all" and not how_many.isdigit():
        sys.exit(f"Found '{how_many}'; give a number of mutants, `all`, or `named`.")
    in_turn = zip_longest(*(mutants_of(target, seed) for target in targets))
    mutants = (mutant for one_of_each in in_turn for mutant in one_of_each if mutant is not None)
    return list(islice(mutants, None if how_many == "all" else int(how_many)))


def _table(outcomes: Sequence[Outcome]) -> str:
    tested = Counter(outcome.mutant.target for outcome in outcomes)
    killed = Counter(outcome.mutant.target for outcome in outcomes if outcome.is_killed)
    rows = [*((name, killed[name], number) for name, number in sorted(tested.items()))]
    rows.append(("all", killed.total(), tested.total()))
    return "\n".join(
        [
            f"{'module':<32} {'killed':>6} {'of':>5}",
            *(f"{name:<32} {dead:>6} {number:>5} {dead / number:>6.0%}" for name, dead, number in rows),
        ]
    )


if __name__ == "__main__":
    main()
