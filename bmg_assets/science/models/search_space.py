"""Ranges of hyper-parameters as (start, end, step), and points in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Params = dict[str, float]
"""One point of a search space: name of the hyper-parameter to value (whole numbers are stored as such)."""


@dataclass(frozen=True)
class Dimension:
    """One hyper-parameter: values start, start + step, ... up to end."""

    name: str
    start: float
    end: float
    step: float

    @property
    def is_integer(self) -> bool:
        """Whether only whole numbers lie in the range."""
        return float(self.start).is_integer() and float(self.step).is_integer()

    def snap(self, value: float) -> float:
        """The value of the range nearest to `value`; rounding errors are removed."""
        steps = round((min(max(value, self.start), self.end) - self.start) / self.step)
        snapped = round(self.start + steps * self.step, 10)
        if snapped > self.end:
            snapped = round(snapped - self.step, 10)
        return round(snapped) if self.is_integer else snapped


@dataclass(frozen=True)
class SearchSpace:
    """The hyper-parameters that a search varies together."""

    dimensions: tuple[Dimension, ...]

    def points(self, *values: tuple[float, ...]) -> tuple[Params, ...]:
        """Points by their values in the order of the dimensions."""
        names = [d.name for d in self.dimensions]
        return tuple(dict(zip(names, of_point, strict=True)) for of_point in values)

    def snap(self, point: Mapping[str, float]) -> Params:
        """The point of the space nearest to `point`; names that the space does not have are left out."""
        return {d.name: d.snap(point[d.name]) for d in self.dimensions}

    def covers(self, point: Mapping[str, float]) -> bool:
        """Whether the point names every hyper-parameter; one of an older search may lack some."""
        return all(d.name in point for d in self.dimensions)

    def neighbours(self, point: Mapping[str, float], count: int, seed: int) -> list[Params]:
        """Points near `point`: each hyper-parameter moved by up to a twentieth of its range, at least a step.

        Args:
            point: it names every hyper-parameter of the space.
            count: how many; some may be equal to each other, or to `point`.
            seed: of the moves.
        """
        rng = np.random.default_rng(seed)
        reach = {d.name: max(d.step, (d.end - d.start) / 20) for d in self.dimensions}
        return [
            self.snap({name: point[name] + rng.uniform(-1, 1) * reach[name] for name in reach}) for _ in range(count)
        ]

    def for_hyperopt(self) -> dict[str, Any]:
        """The space in Hyperopt's terms. `quniform` counts its steps from zero, so the step number is what is drawn."""
        from hyperopt import hp

        return {d.name: hp.quniform(d.name, 0, round((d.end - d.start) / d.step), 1) for d in self.dimensions}

    def from_steps(self, steps: Mapping[str, float]) -> Params:
        """The point with these step numbers."""
        return {d.name: d.snap(d.start + steps[d.name] * d.step) for d in self.dimensions}

    def to_steps(self, point: Mapping[str, float]) -> dict[str, float]:
        """Step numbers of the point of the space nearest to `point`."""
        snapped = self.snap(point)
        return {d.name: float(round((snapped[d.name] - d.start) / d.step)) for d in self.dimensions}
