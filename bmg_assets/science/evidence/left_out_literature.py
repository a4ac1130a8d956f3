"""Left-out systems: the alloys of a system are ranked from what a literature says of all others."""

from collections.abc import Sequence

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.judged_alloys import Judged
from bmg_assets.science.evidence.learners import Learner, rankings
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.literature_scores import JudgedBy, LiteratureTest, ScoreRow, score_rows
from bmg_assets.science.evidence.metrics import auc, enrichment, spearman
from bmg_assets.science.evidence.splits import Track


def left_out_scores(
    learners: Sequence[Learner], learnt: LearntAlloys, judged: Judged, systems: Sequence[str], together: bool
) -> list[ScoreRow]:
    """Rank the alloys of each system on both tracks.

    Args:
        learners: fitted to `learnt`.
        learnt: alloys of a variant of the literature.
        judged: alloys of the whole literature.
        systems: those to leave out.
        together: with related alloys known, leave unrelated systems out together.
    """
    rows: list[ScoreRow] = []
    for track in Track:
        is_grouped = together and track is Track.RELATED_KNOWN
        for system, learner, rank in rankings(learners, learnt, systems, track, is_grouped):
            alloys = judged.of_system(system)
            score = rank(alloys.compositions)
            for judged_by in JudgedBy:
                kept = alloys.kept_by(judged_by)
                metrics = ranking_metrics(score[kept], alloys.take(kept))
                rows += score_rows(
                    metrics, LiteratureTest.LEFT_OUT, str(track), learner.name, system, judged_by=judged_by
                )
    return rows


def ranking_metrics(score: FloatArray, alloys: Judged) -> dict[str, float]:
    """How well the alloys of one system are ranked; NaN where they do not define a metric."""
    has_number = np.isfinite(alloys.dmax_mm)
    return {
        "auc": auc(score, alloys.is_bulk),
        "enrichment": enrichment(score, alloys.is_bulk),
        "spearman": spearman(score[has_number], alloys.dmax_mm[has_number]),
    }
