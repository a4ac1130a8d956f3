"""Which system to start in, asked of what was known: does the atlas rank the systems that turned out to hold glass?

Three tests. Left out: each system of the literature as if none of its alloys had been reported; are those with a bulk
glass above those without one? Time split: learnt is what was reported until a year, asked is for the systems in which
bulk glasses were found later. Newcomers: learnt is the paper's table, asked is for systems with a bulk glass that it
lacks. The last two rank among random systems of the same elements, in most of which nobody has looked.

Beside the atlas stand what anybody would do without a model: the likeness to the most similar system with a known bulk
glass, the number of related systems with one, and a coin.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.atlas.best import best_of_scan, log_dmax_of
from bmg_assets.science.atlas.chance import BestOfSystems, SystemChance
from bmg_assets.science.atlas.fitted_atlas import FittedAtlas
from bmg_assets.science.atlas.lattice import lattice_of
from bmg_assets.science.atlas.left_out import (
    SIZES,
    chance_by,
    left_out_systems,
    systems_to_leave_out,
    with_chances,
)
from bmg_assets.science.atlas.scan import scan_all
from bmg_assets.science.evidence.judged_alloys import Judged
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.literature_entries import QUICK_YEARS, Judge
from bmg_assets.science.evidence.literature_variants import PAPER, PAPER_SOURCE, WHOLE, Variant
from bmg_assets.science.evidence.system_ranking_names import FOUND, LEFT_OUT, NEWCOMERS, NOT_FOUND, RANDOM
from bmg_assets.science.evidence.time_split import YEARS, known_systems, later_alloys

BACKGROUND = 1_000
"""Random systems of each number of elements."""
SHARED = 2
"""Elements that related systems have in common."""
LEAST = -1e9
"""Score of a system whose elements the atlas does not have."""


@dataclass(frozen=True)
class AskedSystems:
    """The systems of a test by name."""

    found: Sequence[str]
    not_found: Sequence[str]


@dataclass(frozen=True)
class SystemTest:
    """A test, and the literature that is learnt for it."""

    name: str
    variant: Variant


def system_tests(sources: Sequence[str], quick: bool) -> list[SystemTest]:
    """All tests, the longest first.

    Args:
        sources: of the literature at hand.
        quick: one year.
    """
    whole = Variant(WHOLE, tuple(sources))
    years = QUICK_YEARS if quick else YEARS
    later = [SystemTest(f"until_{year}", replace(whole, until=year)) for year in years]
    return [SystemTest(NEWCOMERS, Variant(PAPER, (PAPER_SOURCE,))), *later, SystemTest(LEFT_OUT, whole)]


def evaluate_system_test(test: SystemTest, learnt: LearntAlloys, judge: Judge) -> pd.DataFrame:
    """Learn, and rank the systems of a test; see `_ranked` for the columns."""
    atlas = FittedAtlas.of_alloys(learnt.alloys, judge.seed, test.variant.made_from)
    if test.name == LEFT_OUT:
        return rank_left_out(atlas, judge.seed)
    if test.variant.until is None:
        of_size = [name for name in judge.newcomers if name.count(SEPARATOR) + 1 in SIZES]
        return rank_later(atlas, AskedSystems(of_size, ()), judge.seed)
    known = known_systems(judge.judged, learnt, test.variant.until)
    return rank_later(atlas, systems_found_later(judge.judged, known, test.variant.until), judge.seed)


def rank_left_out(atlas: FittedAtlas, seed: int) -> pd.DataFrame:
    """Every system of the literature, left out; see `_ranked` for the columns."""
    left_out = with_chances(left_out_systems(atlas, systems_to_leave_out(atlas.rows_of_systems)), seed)
    score = _with_fallback(left_out["chance_bulk"].to_numpy(np.float64), left_out["score"].to_numpy(np.float64))
    kinds = np.where(left_out["has_bulk"], FOUND, NOT_FOUND)
    return _ranked(atlas, list(left_out["system"]), kinds.tolist(), score, seed)


def rank_later(atlas: FittedAtlas, asked: AskedSystems, seed: int) -> pd.DataFrame:
    """Systems that nothing was learnt of, among random ones; see `_ranked` for the columns.

    A system of elements that the atlas does not have is ranked last by it, and like any other by the rest.
    """
    left_out = left_out_systems(atlas, systems_to_leave_out(atlas.rows_of_systems))
    chance = chance_by(left_out)
    random = [name for size in SIZES for name in _drawn(atlas, size, {*asked.found, *asked.not_found}, seed)]
    names = [*asked.found, *asked.not_found, *random]
    kinds = [FOUND] * len(asked.found) + [NOT_FOUND] * len(asked.not_found) + [RANDOM] * len(random)
    return _ranked(atlas, names, kinds, _scores(atlas, names, chance), seed)


def systems_found_later(judged: Judged, known: Collection[str], year: int) -> AskedSystems:
    """Systems of which nothing was known in a year, with a bulk glass found later and with other alloys alone."""
    later = later_alloys(judged, year, ())
    new = {name for name in map(str, set(later.systems)) if name not in known and name.count(SEPARATOR) + 1 in SIZES}
    with_bulk = new & set(map(str, later.systems[later.is_bulk]))
    return AskedSystems(sorted(with_bulk), sorted(new - with_bulk))


def _drawn(atlas: FittedAtlas, size: int, asked: Collection[str], seed: int) -> list[str]:
    """BACKGROUND random systems of the atlas of which nothing is known, or all of them where they are fewer."""
    names = map(SEPARATOR.join, combinations(sorted(atlas.supported.elements), size))
    unknown = [name for name in names if name not in atlas.rows_of_systems and name not in asked]
    rows = np.random.default_rng([seed, size]).permutation(len(unknown))[:BACKGROUND]
    return sorted(unknown[row] for row in rows.tolist())


def _scores(atlas: FittedAtlas, names: Sequence[str], chance: SystemChance) -> FloatArray:
    """By what the atlas ranks, shape (n,); lowest of all where it does not have the elements."""
    scores = np.full(len(names), -np.inf)
    elements = [tuple(name.split(SEPARATOR)) for name in names]
    for size in SIZES:
        rows = [row for row, of in enumerate(elements) if len(of) == size and set(of) <= set(atlas.supported.elements)]
        scans = scan_all(atlas.scorer, [elements[row] for row in rows], lattice_of(size))
        best = [best_of_scan(scan, log_dmax_of(atlas.fitted, scan)) for scan in scans]
        log_odds = chance.log_odds(BestOfSystems.of(best))
        scores[rows] = _with_fallback(log_odds, np.array([one.score for one in best]))
    return scores


def _with_fallback(told: FloatArray, score: FloatArray) -> FloatArray:
    """What is told, and the highest score of the map where nothing is told of any system of its size."""
    return np.where(np.isnan(told), score, told)


def _ranked(
    atlas: FittedAtlas, names: Sequence[str], kinds: Sequence[str], scores: FloatArray, seed: int
) -> pd.DataFrame:
    """Columns `system`, `n_elements`, `kind`, and the score of each of RANKED_BY; more is better."""
    with_bulk = [
        frozenset(name.split(SEPARATOR))
        for name, rows in atlas.rows_of_systems.items()
        if atlas.alloys.dmax_mm[rows].max() >= BULK_FROM_MM
    ]
    elements = [frozenset(name.split(SEPARATOR)) for name in names]
    return pd.DataFrame(
        {
            "system": names,
            "n_elements": [len(of) for of in elements],
            "kind": kinds,
            "atlas": np.maximum(scores, LEAST),
            "likeness": [_likeness(of, with_bulk) for of in elements],
            "relatives": [float(_relatives(of, with_bulk)) for of in elements],
            "coin": np.random.default_rng(seed).random(len(names)),
        }
    )


def _likeness(of: frozenset[str], others: Sequence[frozenset[str]]) -> float:
    """Share of all elements of two systems that they have in common, for the most similar other one."""
    return max((len(of & other) / len(of | other) for other in others if other != of), default=0.0)


def _relatives(of: frozenset[str], others: Sequence[frozenset[str]]) -> int:
    return sum(len(of & other) >= SHARED for other in others if other != of)
