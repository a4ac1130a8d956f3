"""One line of the table of benchmarks: ours, the reference, their ratio, the memory, the target and its verdict."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A limit that a measured number has to keep."""

    limit: float
    unit: str
    at_least: bool
    """Whether more is better."""

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {number(self.limit)} {self.unit}"

    def verdict(self, found: float) -> str:
        """Whether the limit is kept, and by how much it is missed."""
        if (found >= self.limit) if self.at_least else (found <= self.limit):
            return "met"
        return f"missed: {number(found)} {self.unit}, {abs(found / self.limit - 1):.0%} off"


def at_least(limit: float, unit: str) -> Target:
    """More is better."""
    return Target(limit, unit, at_least=True)


def at_most(limit: float, unit: str) -> Target:
    """Less is better."""
    return Target(limit, unit, at_least=False)


@dataclass(frozen=True)
class Line:
    """What one measurement found."""

    subject: str
    ours: str
    reference: str = "—"
    ratio: float | None = None
    """The reference's cost over ours."""
    peak_mb: float | None = None
    """Peak memory of the process that computed ours, its libraries included."""
    target: Target | None = None
    found: float | None = None
    """The number that the target is about; none where this run cannot tell."""

    @property
    def verdict(self) -> str:
        """Whether the target is met."""
        if self.target is None:
            return "—"
        return "not judged" if self.found is None else self.target.verdict(self.found)

    @property
    def is_missed(self) -> bool:
        """Whether there is a target and it is not kept."""
        return self.verdict.startswith("missed")


def number(value: float) -> str:
    """Three digits that count, thousands separated."""
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def seconds(value: float) -> str:
    """A time in the unit that people would choose."""
    if value >= 5400:
        return f"{value / 3600:.2g} h"
    return f"{value / 60:.3g} min" if value >= 180 else f"{value:.3g} s"
