"""What became of each injected fault, and the table of counts."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """What is there after a fault."""

    OLD = "old state"
    """All is as it was before, or has been brought back."""
    NEW = "new state"
    """All is as it should be after the operation, or was made anew."""
    LOST = "lost"
    """Something that was there is not, or is other than it was written."""
    DOUBLED = "doubled"
    """Something counts twice."""
    UNCLEAR = "unclear"
    """No sentence with file and remedy, a remedy or a repeat that does not work, or files that do not fit."""


GOOD = (State.OLD, State.NEW)


@dataclass(frozen=True)
class Outcome:
    """One injected fault."""

    kind: str
    fault: str
    """What was done."""
    state: State
    why: str = ""
    """What is wrong, for a state that is not good."""
    is_kill: bool = False


@dataclass(frozen=True)
class Counts:
    """All faults that were injected."""

    outcomes: tuple[Outcome, ...]

    @property
    def bad(self) -> tuple[Outcome, ...]:
        """Those after which something was lost, doubled or unclear."""
        return tuple(one for one in self.outcomes if one.state not in GOOD)

    @property
    def kills(self) -> int:
        """Processes that were killed."""
        return sum(one.is_kill for one in self.outcomes)

    def table(self) -> str:
        """Markdown: a row for each kind in the order of their first fault, and one for all."""
        states = list(State)
        titles = ["kind", "injected", *(state.value for state in states)]
        rows = [self._row(kind, [one for one in self.outcomes if one.kind == kind]) for kind in self._kinds()]
        rows.append(self._row("all", self.outcomes))
        lines = [titles, ["---", *("---:" for _ in titles[1:])], *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _kinds(self) -> list[str]:
        return list(dict.fromkeys(one.kind for one in self.outcomes))

    @staticmethod
    def _row(name: str, outcomes: Iterable[Outcome]) -> list[str]:
        counted = Counter(one.state for one in outcomes)
        return [name, str(counted.total()), *(str(counted[state]) for state in State)]


def collected(found: Iterable[Outcome], say: Callable[[str], None]) -> Counts:
    """Count the faults as they are injected; each bad one is said at once."""
    outcomes = []
    for one in found:
        outcomes.append(one)
        if one.state not in GOOD:
            say(f"{one.state.value}: {one.kind}, {one.fault}: {one.why}")
    return Counts(tuple(outcomes))
