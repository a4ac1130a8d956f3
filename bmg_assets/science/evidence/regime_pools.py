"""Casting from pools by a Gaussian process in closed form: its own casts join a system that was left out.

It gives what `condition_on` gives, but for the means of the targets, without a fit for each pair of casts.
"""

import numpy as np

from bmg_assets.science.arrays import FloatArray, IntArray
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.left_out_predictors import ProcessPredictor
from bmg_assets.science.evidence.metrics import is_bulk
from bmg_assets.science.evidence.pools import Choose, pair_metrics
from bmg_assets.science.evidence.regime_cases import Case
from bmg_assets.science.proposals.acquisition import paper_pair
from bmg_assets.science.surrogates.transfer import OWN_NOISE


def pool_metrics(learnt: LearntAlloys, case: Case, predictor: ProcessPredictor) -> dict[str, float]:
    """See `pair_metrics`; the pool is what a case asks for, all alloys of a system that has bulk glasses."""
    return pair_metrics(choosing_in_closed_form(learnt, case, predictor), is_bulk(learnt.alloys.dmax_mm[case.asked]))


def choosing_in_closed_form(learnt: LearntAlloys, case: Case, predictor: ProcessPredictor) -> Choose:
    """As `pools.choosing`, for the alloys that a case asks for as the pool."""
    at_pct = 100 * learnt.alloys.compositions.fractions[case.asked]
    process = predictor.process
    means, covariance = process.joint_without(case.hidden, np.searchsorted(case.hidden, case.asked))
    covariance -= np.diag(predictor.noise[case.asked])
    targets = process.residuals[case.asked] + process.mean

    def scores_after(cast: IntArray) -> FloatArray:
        of_cast = covariance[np.ix_(cast, cast)] + OWN_NOISE * np.eye(len(cast))
        return predictor.score_of(means + covariance[:, cast] @ np.linalg.solve(of_cast, (targets - means)[cast]))

    def choose(cast: IntArray) -> IntArray:
        free = np.ones(len(means), dtype=bool)
        free[cast] = False
        return paper_pair(at_pct, scores_after(cast), free)

    return choose
