"""The pool is cast pair by pair, and never twice; blind casting is counted exactly."""

import numpy as np
import pytest

from bmg_assets.science.evidence.pools import (
    first_pair_metrics,
    pair_metrics,
    pairs_to_first_bulk,
    share_found_at_random,
)


def in_order_of(score: np.ndarray):
    """Chooses the two best that have not been cast."""

    def choose(cast: np.ndarray) -> np.ndarray:
        order = np.argsort(-score)
        return order[~np.isin(order, cast)][:2]

    return choose


@pytest.mark.parametrize(("place", "pair"), [(0, 1), (1, 1), (2, 2), (5, 3), (9, 5), (10, None)])
def test_the_pair_that_brings_the_first_bulk_glass(place: int, pair: int | None) -> None:
    bulk = np.arange(11) == place
    assert pairs_to_first_bulk(in_order_of(-np.arange(11.0)), bulk) == pair


def test_a_small_pool_ends() -> None:
    assert pairs_to_first_bulk(in_order_of(np.arange(3.0)), np.zeros(3, dtype=bool)) is None


def test_what_was_cast_cannot_be_chosen_again() -> None:
    with pytest.raises(ValueError, match="had been cast"):
        pairs_to_first_bulk(lambda cast: np.array([0, 1]), np.zeros(8, dtype=bool))


def test_blind_casting_is_counted_exactly() -> None:
    rng = np.random.default_rng(0)
    bulk = np.arange(9) < 2
    drawn = [bulk[rng.permutation(9)[:4]].any() for _ in range(20_000)]
    assert share_found_at_random(9, 2, pairs=2) == pytest.approx(np.mean(drawn), abs=0.02)
    assert share_found_at_random(5, 1, pairs=4) == 1


def test_metrics_of_pairs_tell_by_which_pair() -> None:
    found = pair_metrics(in_order_of(-np.arange(11.0)), np.arange(11) == 3)
    assert found == {"bulk_by_pair_1": 0, "bulk_by_pair_2": 1, "bulk_by_pair_5": 1, "pairs_to_bulk": 2}
    assert pair_metrics(in_order_of(np.arange(3.0)), np.zeros(3, dtype=bool))["pairs_to_bulk"] == 6


def test_the_first_pair_is_the_best_and_the_best_beside_it() -> None:
    at_pct = np.array([[50.0, 50.0], [52.0, 48.0], [90.0, 10.0]] + [[60.0 + n, 40.0 - n] for n in range(6)])
    score = np.array([9.0, 5.0, 8.0, *range(6)], dtype=float)
    # The second best lies far away: the other of the pair is the best of the six nearest.
    assert first_pair_metrics(at_pct, score, np.arange(9) == 2) == {"bulk_by_pair_1": 0}
    assert first_pair_metrics(at_pct, score, np.arange(9) == 1) == {"bulk_by_pair_1": 1}
