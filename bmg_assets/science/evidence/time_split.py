"""Time split: what was known in a year is learnt, and what was found later is asked for.

Alloys of which no report has a year are neither learnt nor judged. Two questions: are the systems in which bulk glasses
were found later ranked above those in which only other alloys were, by the highest score of their maps; and where in
its map does the best alloy found later lie.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.judged_alloys import Judged
from bmg_assets.science.evidence.learners import Learner
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.left_out_literature import ranking_metrics
from bmg_assets.science.evidence.literature_scores import (
    KNOWN_SYSTEM,
    NEW_SYSTEM,
    JudgedBy,
    LiteratureTest,
    ScoreRow,
    score_rows,
)
from bmg_assets.science.evidence.map_place import is_mapped, mapped_points, places
from bmg_assets.science.evidence.newcomers import best_of, mean_metrics

YEARS = (2000, 2005, 2010)
RANKS_SYSTEMS = "ranks_systems"
RANKS_ALIKE = "ranks_systems_alike"
"""The same among systems of as many elements."""


@dataclass(frozen=True)
class MappedSystem:
    """The map of one system by one learner, reduced to what is asked of it."""

    name: str
    highest: float
    """Highest score of its map."""
    has_bulk: bool
    is_easy: bool
    """All that was found later in it are easy negatives."""


def later_alloys(judged: Judged, year: int, hidden_systems: Collection[str]) -> Judged:
    """Alloys first reported after the year, in systems that can be mapped and are not among the hidden ones."""
    usable = {system for system in set(judged.systems) if is_mapped(system) and system not in hidden_systems}
    in_usable = np.array([system in usable for system in judged.systems], dtype=bool)
    return judged.take((judged.first_year > year) & in_usable)


def known_systems(judged: Judged, learnt: LearntAlloys, year: int) -> set[str]:
    """Systems with an alloy that was reported by the year, or whose year nobody knows."""
    return set(judged.systems[~(judged.first_year > year)]) | set(learnt.alloys.systems)


def time_split_scores(
    learners: Sequence[Learner], learnt: LearntAlloys, later: Judged, known: Collection[str], year: int
) -> list[ScoreRow]:
    """Judge what was learnt by the year by what was found later.

    Args:
        learners: fitted to `learnt`.
        learnt: alloys of a variant of the literature as of the year.
        later: alloys of the whole literature that were found later, see `later_alloys`.
        known: systems that are not new, see `known_systems`.
        year: labels the rows.
    """
    rows: list[ScoreRow] = []
    nothing = np.zeros(len(learnt.alloys), dtype=bool)
    for learner in learners:
        rank, mapped = learner.without(nothing), []
        for system in sorted(set(later.systems)):
            alloys, track = later.of_system(system), KNOWN_SYSTEM if system in known else NEW_SYSTEM
            if track == KNOWN_SYSTEM and not alloys.is_bulk.any():
                continue
            points = mapped_points(system, later.compositions.elements)
            asked = best_of(alloys) if alloys.is_bulk.any() else alloys.compositions.take(np.zeros(len(alloys), bool))
            found, scores = places(rank, points, asked)
            metrics = mean_metrics(found) if len(found) else {}
            metrics |= ranking_metrics(rank(alloys.compositions), alloys)
            rows += score_rows(metrics, LiteratureTest.TIME_SPLIT, track, learner.name, system, year=year)
            if track == NEW_SYSTEM:
                is_easy = bool(alloys.is_easy.all())
                mapped.append(MappedSystem(system, float(scores.max()), bool(alloys.is_bulk.any()), is_easy))
        if learner.is_comparable:
            rows += _rank_systems(mapped, learner.name, year)
    return rows


def _rank_systems(mapped: Sequence[MappedSystem], strategy: str, year: int) -> list[ScoreRow]:
    """For each new system with a bulk glass, the share of those without one that lie below it; their mean is an AUC."""
    rows: list[ScoreRow] = []
    for judged_by in JudgedBy:
        without = [
            one for one in mapped if not one.has_bulk and not (judged_by is JudgedBy.WITHOUT_EASY and one.is_easy)
        ]
        for system in (one for one in mapped if one.has_bulk):
            alike = [one for one in without if one.name.count(SEPARATOR) == system.name.count(SEPARATOR)]
            metrics = {RANKS_SYSTEMS: _share_below(system, without), RANKS_ALIKE: _share_below(system, alike)}
            rows += score_rows(metrics, LiteratureTest.TIME_SPLIT, NEW_SYSTEM, strategy, system.name, judged_by, year)
    return rows


def _share_below(system: MappedSystem, others: Sequence[MappedSystem]) -> float:
    """Share of the others with a lower highest score, ties counting one half; NaN without others."""
    highest: FloatArray = np.array([one.highest for one in others])
    if len(highest) == 0:
        return float("nan")
    return float((highest < system.highest).mean() + (highest == system.highest).mean() / 2)
