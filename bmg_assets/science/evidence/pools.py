"""How soon casting finds a bulk glass: the alloys of a left-out system are a pool, cast pair by pair.

The pairs are chosen by the paper's rule, by which surrogates can be compared that know nothing of their errors;
campaigns.py compares rules. After each pair the surrogate is conditioned on the reported D_max of the pair, which
stands for the result of the casting.
"""

from collections.abc import Callable
from math import comb

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.proposals.acquisition import paper_pair
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.base import FittedSurrogate

PAIR = 2
MOST_PAIRS = 5
PAIRS_REPORTED = (1, 2, MOST_PAIRS)

Choose = Callable[[IntArray], IntArray]
"""Gives the rows of the pool to cast next, from the rows that have been cast, in their order."""


def pairs_to_first_bulk(choose: Choose, bulk: BoolArray) -> int | None:
    """Number of the pair that brings the first bulk glass, from 1; None where `MOST_PAIRS` pairs bring none.

    Args:
        choose: gives rows that have not been cast, two of them while there are so many.
        bulk: which alloys of the pool are bulk glasses, shape (n,).

    Raises:
        ValueError: `choose` gives no row, or one that has been cast.
    """
    cast = np.empty(0, dtype=np.int64)
    for pair in range(1, MOST_PAIRS + 1):
        if len(cast) == len(bulk):
            return None
        chosen = choose(cast)
        if np.isin(chosen, cast).any() or len(chosen) == 0:
            raise ValueError(f"rows {chosen.tolist()} were chosen after {cast.tolist()} had been cast")
        if bulk[chosen].any():
            return pair
        cast = np.concatenate([cast, chosen])
    return None


def pair_metrics(choose: Choose, bulk: BoolArray) -> dict[str, float]:
    """Whether a bulk glass was found by so many pairs, and the pair that found it; arguments as above."""
    pair = pairs_to_first_bulk(choose, bulk)
    found = {f"bulk_by_pair_{count}": float(pair is not None and pair <= count) for count in PAIRS_REPORTED}
    return found | {"pairs_to_bulk": float(pair or MOST_PAIRS + 1)}


def first_pair_metrics(at_pct: FloatArray, score: FloatArray, bulk: BoolArray) -> dict[str, float]:
    """Whether the first pair holds a bulk glass, by the scores of n alloys; see `paper_pair`."""
    first = paper_pair(at_pct, score, np.ones(len(score), dtype=bool))
    return {"bulk_by_pair_1": float(bulk[first].any())}


def share_found_at_random(n_alloys: int, n_bulk: int, pairs: int) -> float:
    """Exact probability that so many pairs, drawn blindly, hold a bulk glass: one minus the hypergeometric P(none).

    Args:
        n_alloys: alloys of the pool, one or more.
        n_bulk: bulk glasses among them.
        pairs: pairs that are drawn.
    """
    drawn = min(PAIR * pairs, n_alloys)
    return 1 - comb(n_alloys - n_bulk, drawn) / comb(n_alloys, drawn)


def choosing(fitted: FittedSurrogate, known: Alloys, pool: Alloys) -> Choose:
    """Choose pairs of the pool by the paper's rule, on the scores of a surrogate conditioned on what was cast.

    Args:
        fitted: fitted to `known`.
        known: alloys known before any of the pool is cast.
        pool: n alloys to cast, with the elements and descriptors of `known`.
    """
    at_pct = pool.compositions.fractions * 100

    def choose(cast: IntArray) -> IntArray:
        informed = fitted.condition_on(known.followed_by(pool.take(cast).as_own())) if len(cast) else fitted
        free = np.ones(len(pool), dtype=bool)
        free[cast] = False
        return paper_pair(at_pct, informed.predict(pool.compositions).score, free)

    return choose
