"""Newcomers: systems with a bulk glass that the paper's literature lacks, and where it lies in their maps.

It is the question of a laboratory that takes up a new system: of the compositions that the map praises, is the one that
others found in the end among the first?
"""

from collections.abc import Collection, Sequence

import numpy as np

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.judged_alloys import Judged
from bmg_assets.science.evidence.learners import Learner, rankings
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.literature_scores import LiteratureTest, ScoreRow, score_rows
from bmg_assets.science.evidence.map_place import is_mapped, mapped_points, place_metrics, places
from bmg_assets.science.evidence.splits import Track
from bmg_assets.science.surrogates.alloys import Compositions

FEWEST_ELEMENTS = 3


def newcomers(judged: Judged, known: Collection[str]) -> list[str]:
    """Systems of three to six elements with a bulk glass, of which `known` holds no alloy, by name."""
    return sorted(
        system
        for system in set(judged.systems[judged.is_bulk])
        if system not in known and is_mapped(system) and system.count(SEPARATOR) + 1 >= FEWEST_ELEMENTS
    )


def newcomer_scores(
    learners: Sequence[Learner], learnt: LearntAlloys, judged: Judged, systems: Sequence[str], together: bool
) -> list[ScoreRow]:
    """The place of the best reported alloy of each system in its map, the system being left out.

    Args:
        learners: fitted to `learnt`.
        learnt: alloys of a variant of the literature; those of the system itself are left out.
        judged: alloys of the whole literature.
        systems: the newcomers.
        together: leave unrelated systems out together.
    """
    rows: list[ScoreRow] = []
    is_known = bool(learnt.hidden_by(systems, Track.RELATED_KNOWN).any())
    for system, learner, rank in rankings(learners, learnt, systems, Track.RELATED_KNOWN, together and is_known):
        points = mapped_points(system, judged.compositions.elements)
        found, _ = places(rank, points, best_of(judged.of_system(system)))
        rows += score_rows(
            mean_metrics(found), LiteratureTest.NEWCOMERS, str(Track.RELATED_KNOWN), learner.name, system
        )
    return rows


def best_of(alloys: Judged) -> Compositions:
    """The bulk glass of the largest reported diameter; all of them where several tie or none has a diameter."""
    bulk = alloys.take(alloys.is_bulk)
    largest = np.nanmax(bulk.dmax_mm) if np.isfinite(bulk.dmax_mm).any() else np.nan
    is_best = bulk.dmax_mm == largest if np.isfinite(largest) else np.ones(len(bulk), dtype=bool)
    return bulk.compositions.take(is_best)


def mean_metrics(found: FloatArray) -> dict[str, float]:
    """Metrics of the places of equally good alloys: their means."""
    each = [place_metrics(float(place)) for place in found]
    return {name: float(np.mean([metrics[name] for metrics in each])) for name in each[0]}
