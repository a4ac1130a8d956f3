"""What an alloy is wanted for beside its diameter: objectives, least and most values, weights, and the Pareto front."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.errors import BmgError
from bmg_assets.science.proposals.pareto import ParetoFront, pareto_front

WISH = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*=\s*([-+]?\d+(?:\.\d+)?)")
DIRECTIONS = {"max": True, "min": False}


class ObjectiveError(BmgError):
    """An objective that does not exist for a system, or a wish that cannot be read."""


@dataclass(frozen=True)
class Objective:
    """A number of each of n compositions.

    Attributes:
        name: short, as it is typed.
        values: NaN where it is not known, shape (n,).
        low, high: ends of its interval, shape (n,); None where it has none.
        about: what there is to know of its errors, as a sentence; empty if nothing.
    """

    name: str
    title: str
    unit: str
    more_is_better: bool
    values: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None
    about: str = ""

    @property
    def axis(self) -> str:
        """Title with unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def take(self, rows: FloatArray) -> "Objective":
        """At other compositions: rows of this one, NaN for one that it has not, shape (m,)."""

        def taken(values: FloatArray | None) -> FloatArray | None:
            if values is None:
                return None
            is_there = ~np.isnan(rows)
            found = np.full(len(rows), np.nan)
            found[is_there] = values[rows[is_there].astype(np.int64)]
            return found

        return replace(self, values=np.asarray(taken(self.values)), low=taken(self.low), high=taken(self.high))


@dataclass(frozen=True)
class ObjectiveTable:
    """The objectives of the compositions of a system.

    Attributes:
        absent: why a name is no objective here, as a sentence with what would change that.
    """

    system: str
    compositions: Sequence[str]
    objectives: Mapping[str, Objective]
    absent: Mapping[str, str] = field(default_factory=dict)

    def named(self, name: str) -> Objective:
        """The objective of a name, in small or capital letters, with or without `_`.

        Raises:
            ObjectiveError: there is none here.
        """
        wanted = name.replace("_", "").lower()
        if wanted in self.objectives:
            return self.objectives[wanted]
        if wanted in self.absent:
            raise ObjectiveError(self.absent[wanted])
        raise ObjectiveError(
            f"There is no objective '{name}' in {self.system}; choose among {', '.join(self.objectives)}."
        )

    def aligned(self, compositions: Sequence[str]) -> "ObjectiveTable":
        """The same for other compositions, which have no values where they are none of these."""
        place = {composition: float(row) for row, composition in enumerate(self.compositions)}
        rows = np.array([place.get(one, np.nan) for one in compositions], dtype=np.float64)
        taken = {name: one.take(rows) for name, one in self.objectives.items()}
        return replace(self, compositions=list(compositions), objectives=taken)

    def within(self, at_least: Mapping[str, float], at_most: Mapping[str, float]) -> BoolArray:
        """Marks the compositions that have at least and at most these values; one without a value is out, shape (n,).

        Raises:
            ObjectiveError: see `named`.
        """
        marked = np.ones(len(self.compositions), dtype=bool)
        for name, least in at_least.items():
            marked &= np.nan_to_num(self.named(name).values, nan=-np.inf) >= least
        for name, most in at_most.items():
            marked &= np.nan_to_num(self.named(name).values, nan=np.inf) <= most
        return marked

    def weighted(self, weights: Mapping[str, float], among: BoolArray) -> FloatArray:
        """Sum of the objectives, each in standard deviations from its mean, times its weight, shape (n,).

        A weight below zero wants less. NaN where an objective is not known.

        Args:
            among: compositions over which the standard deviation is taken, shape (n,).

        Raises:
            ObjectiveError: see `named`.
        """
        total = np.zeros(len(self.compositions))
        for name, weight in weights.items():
            values = self.named(name).values
            chosen = values[among & ~np.isnan(values)]
            spread = float(chosen.std()) if len(chosen) else 0.0
            total += np.where(np.isnan(values), np.nan, weight * (values - chosen.mean()) / spread if spread else 0.0)
        return total

    def front(self, wanted: Sequence["Wanted"], among: BoolArray) -> ParetoFront:
        """The Pareto front of some of the compositions.

        Args:
            wanted: the objectives, one or more.
            among: those that count, shape (n,); the others are neither on the front nor incomplete.

        Raises:
            ObjectiveError: see `named`.
        """
        values = np.column_stack([self.named(one.name).values for one in wanted])
        found = pareto_front(values[among], [one.more_is_better(self) for one in wanted])
        is_on_front = np.zeros(len(self.compositions), dtype=bool)
        is_on_front[among] = found.is_on_front
        return replace(found, is_on_front=is_on_front)


@dataclass(frozen=True)
class Wanted:
    """An objective of a front, and what is wanted of it; None is what it is usually wanted for."""

    name: str
    maximise: bool | None = None

    def more_is_better(self, table: ObjectiveTable) -> bool:
        """Whether more is better; raises ObjectiveError."""
        return table.named(self.name).more_is_better if self.maximise is None else self.maximise


def read_wanted(texts: Sequence[str]) -> tuple[Wanted, ...]:
    """Objectives of a front as people type them: `dmax`, `min:density`, or several with commas.

    Raises:
        ObjectiveError: a direction that is none, one objective twice, or none at all.
    """
    wanted: dict[str, Wanted] = {}
    for text in _apart(texts):
        direction, colon, name = text.rpartition(":")
        if colon and direction.strip().lower() not in DIRECTIONS:
            raise ObjectiveError(f"'{text}' is no objective; expected a name, or `min:` or `max:` and a name.")
        name = name.strip().replace("_", "").lower()
        if name in wanted:
            raise ObjectiveError(f"{name} stands twice among the objectives; name it once.")
        wanted[name] = Wanted(name, DIRECTIONS[direction.strip().lower()] if colon else None)
    if not wanted:
        raise ObjectiveError("No objective is named; name one or more, like dmax.")
    return tuple(wanted.values())


def numbers_by_objective(given: Any) -> dict[str, float]:
    """Numbers by objective as people type them: texts such as `tg=700`, several with commas; or a mapping.

    Raises:
        ObjectiveError: anything else, or one objective twice.
    """
    if isinstance(given, Mapping):
        given = [f"{name}={value}" for name, value in given.items()]
    found: dict[str, float] = {}
    for text in _apart([given] if isinstance(given, str) else given):
        read = WISH.fullmatch(text)
        if read is None:
            raise ObjectiveError(f"'{text[:50]}' is no wish; expected an objective and a number, like tg=700.")
        name = read[1].replace("_", "").lower()
        if name in found:
            raise ObjectiveError(f"{name} stands twice ({text}); say it once.")
        found[name] = float(read[2])
    return found


def wishes_in_words(at_least: Mapping[str, float], at_most: Mapping[str, float]) -> list[str]:
    """Least and most values, each in words."""
    return [
        *(f"{name} at least {value:g}" for name, value in at_least.items()),
        *(f"{name} at most {value:g}" for name, value in at_most.items()),
    ]


def _apart(texts: Sequence[str]) -> list[str]:
    return [one.strip() for text in texts for one in str(text).split(",") if one.strip()]
