"""The atlas: systems scanned, against computing every composition, against each system by itself, against matminer."""

import time
from dataclasses import dataclass
from math import comb

import numpy as np

from bmg_assets.science.atlas.chance import SystemChance
from bmg_assets.science.atlas.fitted_atlas import SURROGATE, FittedAtlas
from bmg_assets.science.atlas.lattice import lattice_of
from bmg_assets.science.atlas.rows import AtlasSettings, atlas_rows
from bmg_assets.science.atlas.shards import SHARDS
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets_tests.benchmarks.alloys import alloys
from bmg_assets_tests.benchmarks.line import Line, at_most, number, seconds
from bmg_assets_tests.benchmarks.size import Size
from bmg_assets_tests.benchmarks.surrogate import known_alloys, timed_by_the_clock
from bmg_assets_tests.science.descriptors.reference import featurized, matminer_featurizers

LONGEST_H, CORES = 2.0, 2
EVERY, ALONE = 8, 1
"""One of so many scanned systems is computed at every composition, and so many are fitted by themselves."""


@dataclass(frozen=True)
class Times:
    """Seconds of one core for a ternary system, but for the fit."""

    elements: int
    scan_s: float
    every_s: float
    """Its score at every composition."""
    alone_s: float
    """Fitted and mapped by itself, with what is left open everywhere."""
    matminer_s: float
    """Its compositions described by matminer."""
    same_best: int
    compared: int
    """Systems whose best composition is that of all compositions, of those that were compared."""


def run(size: Size) -> list[Line]:
    """A sample of systems, in a process of its own."""
    n = len(alloys().y) if size.rows is None else size.rows
    found, peak = size.apart(measure, n, size.atlas_systems, size.grid_sample, size.seed)
    systems = comb(found.elements, 3)
    whole_h = found.scan_s * systems / CORES / 3600
    naive = found.alone_s + found.matminer_s
    return [
        Line(
            f"all {systems:,} ternaries of {found.elements} elements at 1 at.%, {CORES} cores",
            f"{seconds(3600 * whole_h)} ({number(found.scan_s * 1000)} ms a system)",
            f"{seconds(naive * systems / CORES)}, each described by matminer, fitted and mapped by itself",
            naive / found.scan_s,
            peak,
            at_most(LONGEST_H, "h"),
            whole_h if alloys().published and size.rows is None else None,
        ),
        Line(
            "the same with the score computed at every composition",
            f"best composition the same in {found.same_best} of {found.compared} systems",
            f"{seconds(found.every_s * systems / CORES)}",
            found.every_s / found.scan_s,
        ),
    ]


def measure(n: int, count: int, described: int, seed: int) -> Times:
    """Scan some systems of an atlas fitted to n alloys, and do some of them the other ways."""
    known = known_alloys(n, seed)
    atlas = FittedAtlas.of_alloys(known, seed, "benchmark")
    every = [system for shard in SHARDS[:4] for system in shard.systems_of(atlas.supported.elements)]
    systems = [every[row] for row in np.random.default_rng(seed).choice(len(every), count, replace=False)]
    settings = AtlasSettings(coverage=0.9, top_share=0.05)
    atlas_rows(atlas, systems[:1], SystemChance({}), settings, {})  # loads the libraries
    rows, scan_s = timed_by_the_clock(atlas_rows, atlas, systems, SystemChance({}), settings, {})
    chosen, same, every_s = range(0, count, EVERY), 0, 0.0
    for row in chosen:
        grid = _grid(systems[row], atlas)
        scores, spent = timed_by_the_clock(atlas.scorer.scores, grid)
        every_s += spent
        best = 100 * grid.fractions[int(scores.argmax())][[atlas.scorer.elements.index(one) for one in systems[row]]]
        same += bool(np.allclose(best, rows["at_pct"].iloc[row]))
    started = time.perf_counter()
    for system in systems[:ALONE]:
        SURROGATE.fit(known, frozenset(system), seed).predict(_grid(system, atlas))
    alone_s = (time.perf_counter() - started) / ALONE
    points = len(lattice_of(3).points)
    return Times(
        elements=len(atlas.supported.elements),
        scan_s=scan_s / count,
        every_s=every_s / len(chosen),
        alone_s=alone_s,
        matminer_s=_described_by_matminer(systems[0], described) * points,
        same_best=same,
        compared=len(chosen),
    )


def _grid(system: tuple[str, ...], atlas: FittedAtlas) -> Compositions:
    points = lattice_of(len(system)).points / 100
    return Compositions(system, points, np.empty((len(points), 0))).with_elements(atlas.scorer.elements)


def _described_by_matminer(system: tuple[str, ...], count: int) -> float:
    """Seconds for one composition."""
    points = lattice_of(len(system)).points
    rows = np.linspace(0, len(points) - 1, count).astype(int)
    amounts = [dict(zip(system, map(float, point), strict=True)) for point in points[rows]]
    featurizers = matminer_featurizers()
    featurized(amounts[0], featurizers)  # looks up the elements
    started = time.perf_counter()
    for alloy in amounts:
        featurized(alloy, featurizers)
    return (time.perf_counter() - started) / count
