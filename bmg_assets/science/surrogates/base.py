"""What every strategy offers: to learn from known alloys, and to say of compositions how promising they are."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.proposals.acquisition import PairRule, best_two
from bmg_assets.science.surrogates.alloys import Alloys, Compositions


@dataclass(frozen=True)
class Promise:
    """What a strategy says of compositions."""

    score: FloatArray
    """By which it ranks them, shape (n,), more is better; of no unit."""
    dmax_mm: FloatArray
    """Its estimate of the critical casting diameter in mm, shape (n,)."""
    probability_bulk: FloatArray | None = None
    """Probability of a bulk glass, shape (n,), where the strategy knows one."""


class Learnt(Protocol):
    """A strategy that has learnt."""

    def promise(self, compositions: Compositions) -> Promise:
        """What it says of these."""

    def interval(self, promise: Promise, coverage: float) -> tuple[FloatArray, FloatArray] | None:
        """Bounds of the diameter in mm, two of shape (n,), that shall hold this share; None where it knows none."""

    def relearn(self, alloys: Alloys) -> "Learnt":
        """The same strategy with the same settings, learnt from a few alloys more."""


class Strategy(ABC):
    """A way to learn. It holds no data."""

    name: str
    title: str
    """In figures and text."""
    version: str = "1"
    """To be raised where it gives other numbers than before, so that it is judged anew."""
    pairs: PairRule = staticmethod(best_two)
    """How it chooses the two alloys that are cast at once."""

    @abstractmethod
    def learn(self, alloys: Alloys, target: frozenset[str], seed: int) -> Learnt:
        """Learn from alloys what to cast in a system of these elements; all that is tuned, is tuned on these alone."""
