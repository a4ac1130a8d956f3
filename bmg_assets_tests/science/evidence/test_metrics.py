"""Metrics against pairwise counting, all orders of ties, and values known beforehand."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.evidence.metrics import auc, enrichment, is_bulk, spearman

scores = st.lists(st.integers(0, 4), min_size=2, max_size=6)


def test_a_rod_of_one_millimetre_is_bulk() -> None:
    assert is_bulk(np.array([0.0, 0.2, 0.99, 1.0, 12.0])).tolist() == [False, False, False, True, True]


@given(scores, st.data())
def test_auc_is_the_share_of_pairs_in_order(score: list[int], data: st.DataObject) -> None:
    positive = np.array(data.draw(st.lists(st.booleans(), min_size=len(score), max_size=len(score))))
    pairs = [
        (a > b) + 0.5 * (a == b)
        for a, is_a in zip(score, positive, strict=True)
        for b, is_b in zip(score, positive, strict=True)
        if is_a and not is_b
    ]
    found = auc(np.array(score, dtype=float), positive)
    assert found == pytest.approx(np.mean(pairs)) if pairs else np.isnan(found)


@given(scores, st.data())
def test_enrichment_is_the_mean_over_all_orders_of_ties(score: list[int], data: st.DataObject) -> None:
    positive = np.array(data.draw(st.lists(st.booleans(), min_size=len(score), max_size=len(score))))
    if not positive.any():
        assert np.isnan(enrichment(np.array(score, dtype=float), positive))
        return
    chosen = -(-len(score) // 5)
    orders = [order for order in permutations(range(len(score))) if (np.diff(np.array(score)[list(order)]) <= 0).all()]
    hits = np.mean([positive[list(order[:chosen])].mean() for order in orders])
    assert enrichment(np.array(score, dtype=float), positive) == pytest.approx(hits / positive.mean())


def test_enrichment_of_a_score_that_knows_nothing_is_one() -> None:
    assert enrichment(np.zeros(30), np.arange(30) % 5 == 0) == pytest.approx(1)


def test_spearman_follows_ranks_only() -> None:
    dmax_mm = np.array([0, 0.2, 1, 8.0])
    assert spearman(np.array([-5, 0.1, 0.2, 0.3]), dmax_mm) == pytest.approx(1)
    assert spearman(np.array([4.0, 3, 2, 1]), dmax_mm) == pytest.approx(-1)
    assert np.isnan(spearman(np.ones(4), dmax_mm))
