"""Pairs of casts in closed form are those of a fit that is conditioned on them."""

import numpy as np

from bmg_assets.science.evidence.left_out_predictors import ProcessPredictor
from bmg_assets.science.evidence.pools import choosing
from bmg_assets.science.evidence.regime_cases import cases_of
from bmg_assets.science.evidence.regime_pools import choosing_in_closed_form, pool_metrics
from bmg_assets.science.surrogates.transfer import uncalibrated
from bmg_assets_tests.science.evidence.learnable import LEARNT


def test_pairs_are_those_of_a_conditioned_fit() -> None:
    alloys = LEARNT.alloys
    for system in ("Al-Cu-Zr", "Al-Ni-Ti-Zr"):
        case = cases_of(LEARNT, system, seed=1)[1]
        pool, known = alloys.take(case.asked), alloys.take(np.setdiff1d(np.arange(len(alloys)), case.hidden))
        ours = choosing_in_closed_form(LEARNT, case, ProcessPredictor("transfer", uncalibrated(alloys), LEARNT))
        theirs = choosing(uncalibrated(known), known, pool)
        cast = np.empty(0, dtype=np.int64)
        for _ in range(3):
            pair = ours(cast)
            assert pair.tolist() == theirs(cast).tolist()
            cast = np.concatenate([cast, pair])


def test_a_pool_whose_glasses_are_seen_at_once_needs_one_pair() -> None:
    case = cases_of(LEARNT, "Al-Cu-Zr", seed=1)[1]
    found = pool_metrics(LEARNT, case, ProcessPredictor("transfer", uncalibrated(LEARNT.alloys), LEARNT))
    assert found == {"bulk_by_pair_1": 1, "bulk_by_pair_2": 1, "bulk_by_pair_5": 1, "pairs_to_bulk": 1}
