"""What is tried, and how much of it: shares of the inputs, and how often each example of a lab file is damaged."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bmg_assets_tests.fuzz.lab_examples import examples
from bmg_assets_tests.fuzz.lab_files import damaged, failure
from bmg_assets_tests.fuzz.texts import (
    casting_failure,
    cell_failure,
    formula_failure,
    key_failure,
    reading_failure,
    sources_failure,
)

COPIES_OF_EXAMPLE = 1_000
"""Damaged copies of each example of a lab file, for a million inputs."""
MILLION = 1_000_000


@dataclass(frozen=True)
class Target:
    """One kind of input. share: its part of all inputs. attempt: judges one input; None where nothing is wrong."""

    name: str
    share: float
    attempt: Callable[[Random], str | None]

    def count(self, of: int) -> int:
        """How many inputs of this kind there are among `of`."""
        return max(1, round(self.share * of))

    def try_number(self, number: int) -> str | None:
        """What is wrong with how the input of this number is judged; an exception is wrong in any case."""
        try:
            return self.attempt(Random(f"{self.name} {number}"))
        except Exception:  # the very thing that is looked for
            return traceback.format_exc(limit=-3)


def targets() -> list[Target]:
    """All kinds of input; their shares sum to one."""
    files = [Target(name, COPIES_OF_EXAMPLE / MILLION, _attempt_on(name)) for name in examples()]
    rest = 1 - sum(one.share for one in files)
    texts = (
        ("formulas", 0.46, formula_failure),
        ("keys", 0.25, key_failure),
        ("cells of lab files", 0.22, cell_failure),
        ("casting.yaml", 0.03, casting_failure),
        ("reading.yaml", 0.02, reading_failure),
        ("sources.yaml", 0.02, sources_failure),
    )
    return [*(Target(name, share * rest, attempt) for name, share, attempt in texts), *files]


def _attempt_on(name: str) -> Callable[[Random], str | None]:
    def attempt(random: Random) -> str | None:
        data = damaged(name, random)
        return failure(name, data)

    return attempt
