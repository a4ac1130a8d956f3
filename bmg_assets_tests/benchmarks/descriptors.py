"""Descriptors: ours against matminer's featurizers, on the alloys of the literature and on a ternary grid."""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.descriptors.describe import describe_alloys
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.packing import DISTANCE_NAMES
from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS, compute_descriptors
from bmg_assets_tests.benchmarks.alloys import ZR_AL_CU, alloys
from bmg_assets_tests.benchmarks.line import Line, at_least, at_most, seconds
from bmg_assets_tests.benchmarks.size import Size
from bmg_assets_tests.benchmarks.timing import best_of, timed
from bmg_assets_tests.science.descriptors.reference import as_matrix, featurized, matminer_featurizers

Amounts = Mapping[str, float]

SYSTEMS_KEPT_BY_MATMINER = 128
"""matminer keeps the clusters of so many sets of elements (`functools.lru_cache`)."""
LOADING: Amounts = {"Cu": 1.0}
"""Described before anything is timed, so that libraries and tables are loaded."""
EQUAL_TO = 1e-9
TOUCHING = 1e-7
"""Distances below this are those of an alloy to its own composition, where matminer's have rounding errors of 2e-8."""
FLAT = 1.2


@dataclass(frozen=True)
class Sample:
    """Alloys timed one by one with matminer."""

    alloys: list[Amounts]
    values: NDArray[np.float64]
    """matminer's descriptors, shape (n, 86)."""
    first_s: dict[int, list[float]]
    """CPU seconds of alloys whose set of elements was new, by number of elements."""
    again_s: dict[int, list[float]]
    """CPU seconds of alloys whose set had been seen."""

    @property
    def spent_s(self) -> float:
        """CPU seconds of all of it."""
        return sum(sum(times) for times in (*self.first_s.values(), *self.again_s.values()))

    def whole_s(self, first: Mapping[int, int], again: Mapping[int, int]) -> float:
        """CPU seconds of so many alloys of new and seen sets, by number of elements.

        A number of elements that the sample lacks costs what the nearest one that it has costs.
        """

        def mean(times: Mapping[int, list[float]], count: int) -> float:
            return float(np.mean(times[min(times, key=lambda measured: abs(measured - count))]))

        new = sum(mean(self.first_s, count) * alloys for count, alloys in first.items())
        return new + sum(mean(self.again_s, count) * alloys for count, alloys in again.items())


def run(size: Size) -> list[Line]:
    """The whole table, a grid, the memory."""
    return [*_table(size), _grid(size), _memory(size), _new_alloys(size)]


def _table(size: Size) -> list[Line]:
    known = alloys()
    sample = time_matminer(draw_sample(known.amounts, size))
    difference = largest_difference(ours(sample.alloys), sample.values)
    first, again = matminer_looks_up(known.amounts)
    reference_s = sample.whole_s(first, again)
    (ours_s, _), peak = size.apart(describe_many, known.amounts[: size.rows], 1)
    judged = known.published
    return [
        Line(
            f"descriptors of the {known.name}",
            seconds(ours_s),
            f"{seconds(reference_s)}, matminer, one core: {len(sample.alloys)} alloys took {seconds(sample.spent_s)}, "
            f"{sum(map(len, sample.first_s.values()))} of them of a new set of elements",
            reference_s / ours_s,
            peak,
            at_least(200, "times"),
            reference_s / ours_s if judged else None,
        ),
        Line(
            f"largest difference to matminer, {len(sample.alloys)} alloys × {len(ALL_DESCRIPTORS)}",
            f"{difference:.1e}",
            target=at_most(EQUAL_TO, "relative, or absolute below 1"),
            found=difference,
        ),
    ]


def _grid(size: Size) -> Line:
    points = composition_grid(len(ZR_AL_CU))
    rng = np.random.default_rng(size.seed)
    drawn = [dict(zip(ZR_AL_CU, map(float, point), strict=True)) for point in rng.choice(points, size.grid_sample)]
    sample = time_matminer(drawn)
    difference = largest_difference(ours(drawn), sample.values)
    if difference > EQUAL_TO:
        raise ArithmeticError(f"On the grid, a descriptor is {difference:.1e} from matminer's.")
    reference_s = sample.whole_s({len(ZR_AL_CU): 1}, {len(ZR_AL_CU): len(points) - 1})
    ours_s = best_of(3, compute_descriptors, points / 100, ZR_AL_CU, element_tables("current"))
    return Line(
        f"descriptors of a ternary grid ({len(points):,} points)",
        seconds(ours_s),
        f"{seconds(reference_s)}, matminer, from {size.grid_sample} points",
        reference_s / ours_s,
        target=at_least(100, "times"),
        found=reference_s / ours_s,
    )


def _memory(size: Size) -> Line:
    amounts, factor = alloys().amounts[: size.rows], size.memory_factor
    (_, small_table), small = size.apart(describe_many, amounts, 1)
    (_, large_table), large = size.apart(describe_many, amounts, factor)
    grown = (large - large_table) / (small - small_table)
    return Line(
        f"memory for {factor} × as many alloys, fractions and descriptors themselves left out",
        f"{grown:.2f} × ({large - large_table:.0f} instead of {small - small_table:.0f} MB)",
        peak_mb=large,
        target=at_most(FLAT, "times"),
        found=grown,
    )


def _new_alloys(size: Size) -> Line:
    known = alloys().amounts[: size.rows]
    table = pd.DataFrame(
        {
            "composition": [composition_key(alloy) for alloy in known],
            "elements": [list(alloy) for alloy in known],
            "at_pct": [[100 * amount / sum(alloy.values()) for amount in alloy.values()] for alloy in known],
        }
    ).drop_duplicates("composition", ignore_index=True)
    old = np.random.default_rng(size.seed).permutation(len(table)) >= size.new_alloys
    before, all_s = timed(describe_alloys, table, "current")
    again, new_s = timed(describe_alloys, table, "current", before.table[old])
    if not again.table.equals(before.table):
        raise ArithmeticError("Descriptors taken from the table of before are not those computed anew.")
    return Line(
        f"descriptors when {size.new_alloys} of {len(table):,} alloys are new",
        f"{seconds(new_s)}, {again.n_computed} computed",
        f"{seconds(all_s)}, all computed",
        all_s / new_s,
        target=at_most(size.new_alloys, "computed"),
        found=again.n_computed,
    )


def draw_sample(known: Sequence[Amounts], size: Size) -> list[Amounts]:
    """Alloys of sets of elements drawn at random, for each number of elements; those of a set one after the other."""
    rng = np.random.default_rng(size.seed)
    by_set: dict[tuple[str, ...], list[Amounts]] = {}
    for alloy in known:
        by_set.setdefault(tuple(sorted(alloy)), []).append(alloy)
    drawn = []
    for count, systems in size.systems_of_elements.items():
        sets = [alloys for elements, alloys in by_set.items() if len(elements) == count]
        for place in rng.permutation(len(sets))[:systems]:
            chosen = rng.permutation(len(sets[place]))[: size.alloys_of_system]
            drawn += [sets[place][index] for index in chosen]
    return drawn


def time_matminer(sample: Sequence[Amounts]) -> Sample:
    """Describe alloys with matminer, the first of each set of elements twice: new, and seen."""
    describe = partial(featurized, featurizers=matminer_featurizers())
    describe(LOADING)
    seen: set[frozenset[str]] = set()
    rows, first, again = [], dict[int, list[float]](), dict[int, list[float]]()
    for alloy in sample:
        elements = frozenset(alloy)
        if elements not in seen:
            seen.add(elements)
            first.setdefault(len(elements), []).append(timed(describe, alloy)[1])
        row, spent = timed(describe, alloy)
        again.setdefault(len(elements), []).append(spent)
        rows.append(row)
    return Sample(list(sample), np.array(rows, dtype=np.float64), first, again)


def matminer_looks_up(known: Sequence[Amounts]) -> tuple[Counter[int], Counter[int]]:
    """How many alloys, by number of elements, matminer meets with a set it has to list the clusters of, and without."""
    kept: OrderedDict[frozenset[str], None] = OrderedDict()
    first, again = Counter[int](), Counter[int]()
    for alloy in known:
        elements = frozenset(alloy)
        (again if elements in kept else first)[len(elements)] += 1
        kept[elements] = None
        kept.move_to_end(elements)
        if len(kept) > SYSTEMS_KEPT_BY_MATMINER:
            kept.popitem(last=False)
    return first, again


def ours(sample: Sequence[Amounts]) -> NDArray[np.float64]:
    """Our descriptors, shape (n, 86)."""
    return compute_descriptors(*as_matrix(sample), element_tables("current")).values


def describe_many(known: Sequence[Amounts], times: int) -> tuple[float, float]:
    """Our descriptors of alloys, each taken so many times; libraries and element tables are loaded before.

    Returns:
        CPU seconds, and MB of the fractions and the descriptors.
    """
    matrix, elements = as_matrix(known)
    compute_descriptors(matrix[:1], elements, element_tables("current"))
    matrix = np.repeat(matrix, times, axis=0)
    block, spent = timed(compute_descriptors, matrix, elements, element_tables("current"))
    return spent, (matrix.nbytes + block.values.nbytes) / 1e6


def largest_difference(found: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    """The largest |found - expected| / max(1, |expected|); infinite where one has a value and the other has none."""
    if (np.isnan(found) != np.isnan(expected)).any():
        return float("inf")
    difference = np.abs(found - expected) / np.maximum(1, np.abs(expected))
    columns = [ALL_DESCRIPTORS.index(name) for name in DISTANCE_NAMES]
    touching = np.flatnonzero(found[:, columns[0]] < TOUCHING)
    difference[touching[:, np.newaxis], columns] = 0
    return float(np.nanmax(difference))
