"""How cost grows: descriptors with alloys, a grid with elements, a search with trials, the ticks with systems."""

import logging
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from itertools import accumulate
from math import log
from pathlib import Path

import numpy as np

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.table import compute_descriptors
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.sub_models.catalogue import sub_model
from bmg_assets.science.models.tuning import tune
from bmg_assets_tests.benchmarks.alloys import alloys, learning_data
from bmg_assets_tests.benchmarks.growth_figure import draw_growth
from bmg_assets_tests.benchmarks.line import Line, number, seconds
from bmg_assets_tests.benchmarks.many_systems import tick_cost
from bmg_assets_tests.benchmarks.size import Size
from bmg_assets_tests.benchmarks.timing import timed
from bmg_assets_tests.science.descriptors.reference import as_matrix

MOST_WITH_CASTS = 100
SEARCH_ROWS = 1500
SEARCHED = "svr"


@dataclass(frozen=True)
class Growth:
    """A cost at several sizes."""

    what: str
    unit: str
    """What the size counts."""
    sizes: list[int]
    cost_s: list[float]

    @property
    def exponent(self) -> float | None:
        """p where cost ~ size^p from the smallest to the largest size."""
        if len(self.sizes) < 2:
            return None
        return log(self.cost_s[-1] / self.cost_s[0]) / log(self.sizes[-1] / self.sizes[0])

    def line(self) -> Line:
        """The first and the last of it, and how it grows."""
        power = self.exponent
        grows = "" if power is None else f", as the power {power:.2f}"
        points = (0, -1) if power is not None else (0,)
        at = "; ".join(f"{seconds(self.cost_s[i])} at {number(self.sizes[i])} {self.unit}" for i in points)
        return Line(f"growth: {self.what}", f"{at}{grows}")


def run(size: Size) -> list[Line]:
    """Four kinds of growth, and their figure."""
    growths = [with_alloys(size), with_elements(size), with_trials(size), *with_systems(size)]
    draw_growth([(growth.what, growth.unit, growth.sizes, growth.cost_s) for growth in growths], size.folder)
    return [growth.line() for growth in growths]


def with_alloys(size: Size) -> Growth:
    """Descriptors of so many alloys of the literature; beyond its number they are taken again."""
    matrix, elements = as_matrix(alloys().amounts)
    order = np.random.default_rng(size.seed).permutation(len(matrix))
    tables = element_tables("current")
    compute_descriptors(matrix[:1], elements, tables)
    costs = [timed(compute_descriptors, np.resize(matrix[order], (n, len(elements))), elements, tables)[1]
             for n in size.growth_alloys]  # fmt: skip
    return Growth("descriptors with alloys", "alloys", list(size.growth_alloys), costs)


def with_elements(size: Size) -> Growth:
    """Descriptors of a thousand points of a grid of so many elements."""
    counts = Counter(element for alloy in alloys().amounts for element in alloy)
    common = [element for element, _ in counts.most_common(max(size.growth_elements))]
    tables = element_tables("current")
    costs = []
    for n in size.growth_elements:
        points = composition_grid(n)
        chosen = np.resize(points, (1000, n)) / 100
        costs.append(timed(compute_descriptors, chosen, common[:n], tables)[1])
    return Growth("1,000 grid points with elements", "elements", list(size.growth_elements), costs)


def with_trials(size: Size) -> Growth:
    """A search of that many trials, by the clock."""
    data = learning_data(min(size.rows or SEARCH_ROWS, SEARCH_ROWS))
    budget = replace(budget_named(size.budget), max_evaluations=size.growth_trials, patience=size.growth_trials)
    tuned = tune(sub_model(SEARCHED), data.X, data.y, budget, size.seed)
    costs = list(accumulate(trial.seconds for trial in tuned.trials))
    what = f"a search of {sub_model(SEARCHED).title} with trials, {len(data.y):,} alloys"
    return Growth(what, "trials", list(range(1, len(costs) + 1)), costs)


def with_systems(size: Size) -> list[Growth]:
    """A tick of the nightly schedule and one of the inbox sensor, nothing being new."""
    nightly, sensor = [], []
    logging.disable(logging.INFO)  # a line for each system
    for n in size.growth_systems:
        with tempfile.TemporaryDirectory() as folder:
            cost = tick_cost(n, min(n, MOST_WITH_CASTS), Path(folder))
        nightly.append(cost.nightly.cpu_s)
        sensor.append(cost.sensor.cpu_s)
    logging.disable(logging.NOTSET)
    sizes = list(size.growth_systems)
    return [
        Growth("what is stale, each night, with systems", "systems", sizes, nightly),
        Growth("a look into the inbox with systems", "systems", sizes, sensor),
    ]
