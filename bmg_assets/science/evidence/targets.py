"""Targets of a mean over systems, and whether they are met."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """Limits within which a mean shall lie."""

    low: float
    high: float = float("inf")

    def verdict(self, value: float) -> str:
        """Whether the mean lies within them, and by how much it misses them."""
        if self.low <= value <= self.high:
            return "met"
        by = abs(value - (self.low if value < self.low else self.high))
        return f"missed by {by:.2f}" if by >= 0.005 else f"missed by {by:.1g}"
