"""Are sputtered films a rung of the ladder? What castings tell of films, and films of castings.

A rung must tell something of the next one. So two questions are asked in systems left out: whether the score that is
learnt from castings tells glassy films from crystalline ones, and whether the share of glassy films near a casting
ranks castings by D_max, alone and beside that score.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.metrics import auc, spearman
from bmg_assets.science.evidence.over_systems import mean_over_systems
from bmg_assets.science.evidence.splits import Track
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets.science.surrogates.composite import FittedComposite, uncalibrated_composite

FEWEST = 4
"""Films, or castings, from which a system is looked at."""
NEAR_AT_PCT = 10.0
SAME_AT_PCT = 1.5
"""A casting this near to a film may be the film itself, taken for a casting by a compilation: it is left out."""
FEWEST_NEAR = 2
"""Films that make up a share."""
QUARTER = 0.25
"""Weight of the rank by films beside that by score."""
QUESTIONS = {
    "films_by_castings": "AUC of the score of castings for glassy films",
    "castings_by_score": "Spearman of the score with D_max of castings near films",
    "castings_by_films": "Spearman of the share of glassy films near them with D_max",
    "films_beside_score": "the same for the score with a quarter of the rank by films, less the score alone",
}


@dataclass(frozen=True)
class _Evidence:
    learnt: LearntAlloys
    fitted: FittedComposite
    films: Compositions
    film_systems: NDArray[np.object_]
    is_glass: FloatArray

    def score(self, system: str, compositions: Compositions) -> FloatArray:
        """Scores without any casting of the system."""
        return self.fitted.score_without(self.learnt.hidden_by([system], Track.RELATED_KNOWN), compositions)


def judge_films(alloys: pd.DataFrame, films: pd.DataFrame, seed: int) -> pd.DataFrame:
    """A row per question: `question`, the `mean` over systems with its 95 % interval `low` to `high`, `systems`.

    Args:
        alloys: the table `alloys` of the literature.
        films: the table `films`.
        seed: of the bootstrap.
    """
    elements = tuple(sorted({*alloys["elements"].explode(), *films["elements"].explode()}))
    learnt = LearntAlloys.of(alloys, elements)
    fractions, of_films = fraction_matrix(list(films["elements"]), list(films["at_pct"]))
    evidence = _Evidence(
        learnt,
        uncalibrated_composite(learnt.alloys),
        Compositions(of_films, fractions, np.empty((len(films), 0))).with_elements(elements),
        films["chemical_system"].to_numpy(object),
        films["is_glass"].to_numpy(np.float64),
    )
    values = {"films_by_castings": _films_by_castings(evidence)} | _castings_by_films(evidence)
    means = {name: mean_over_systems(np.array(values[name], dtype=np.float64), seed) for name in QUESTIONS}
    return pd.DataFrame(
        [
            {"question": QUESTIONS[name], "mean": one.value, "low": one.low, "high": one.high, "systems": one.systems}
            for name, one in means.items()
        ]
    )


def _films_by_castings(evidence: _Evidence) -> list[float]:
    """A value per system of films."""
    values = []
    for system in np.unique(evidence.film_systems.astype(str)):
        of_system = evidence.film_systems == system
        is_glass = evidence.is_glass[of_system] > 0
        if len(is_glass) >= FEWEST and 0 < is_glass.sum() < len(is_glass):
            score = evidence.score(system, evidence.films.take(of_system))
            values.append(auc(score, is_glass))
    return values


def _castings_by_films(evidence: _Evidence) -> dict[str, list[float]]:
    """A value per system of castings near films, for each of the other questions."""
    from scipy.stats import rankdata

    alloys = evidence.learnt.alloys
    by_score: list[float] = []
    by_films: list[float] = []
    beside: list[float] = []
    distance = exchanged_at_pct(100 * alloys.compositions.fractions, 100 * evidence.films.fractions)
    near = distance <= NEAR_AT_PCT
    counts = near.sum(axis=1)
    usable = (counts >= FEWEST_NEAR) & (distance.min(axis=1, initial=np.inf) > SAME_AT_PCT)
    shares = near @ evidence.is_glass / np.maximum(counts, 1)
    for system in np.unique(alloys.systems[usable].astype(str)):
        of_system = usable & (alloys.systems == system)
        dmax_mm, share = alloys.dmax_mm[of_system], shares[of_system]
        if len(dmax_mm) < FEWEST or np.ptp(dmax_mm) == 0 or np.ptp(share) == 0:
            continue
        score = evidence.score(system, alloys.compositions.take(of_system))
        both = rankdata(score) + QUARTER * rankdata(share)
        by_score.append(spearman(score, dmax_mm))
        by_films.append(spearman(share, dmax_mm))
        beside.append(spearman(both, dmax_mm) - by_score[-1])
    return {"castings_by_score": by_score, "castings_by_films": by_films, "films_beside_score": beside}
