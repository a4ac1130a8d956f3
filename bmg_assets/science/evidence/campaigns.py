"""Simulated campaigns: pairs are cast on a map whose truth is known, and the surrogate learns from each.

A campaign begins with what the literature says without the system, alone or with a few casts drawn blindly. A cast
answers as a laboratory does: a ribbon, then rods in steps of 0.5 mm, so that D_max is known as an interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bmg_assets.science.alloys.labels import BULK_FROM_MM, MOULD_STEP_MM, RIBBON_LABEL_MM
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.evidence.campaign_names import ROUNDS, Start
from bmg_assets.science.evidence.campaign_rules import Round, Rule
from bmg_assets.science.evidence.map_process import MapProcess
from bmg_assets.science.proposals.stopping import sampled_share
from bmg_assets.science.surrogates.alloys import Alloys, Compositions

DRAWN_CASTS = 6
STOP_GAINS_MM = (0.5, 1.0, 2.0)
"""Gains whose chances are predicted before each round."""
GLASS_FROM_MM = RIBBON_LABEL_MM / 2
"""A truth is a mean of reports, 0.2 mm for a ribbon and 0 for no glass: above this most of them are of ribbons."""


@dataclass(frozen=True)
class Field:
    """A map or a pool of reported alloys, with its truth."""

    at_pct: FloatArray
    """Compositions, shape (n, k)."""
    step_at_pct: int | None
    """Step of the grid; None for a pool."""
    truth_mm: FloatArray
    """Shape (n,)."""


@dataclass(frozen=True)
class StopForecast:
    """What was predicted before a round, and what the truth was."""

    round: int
    """From 1."""
    gain_mm: float
    best_mm: float
    """Best cast so far."""
    share: float
    """Share of drawn maps with an uncast composition that is better by more than the gain."""
    is_more: bool
    """Whether there was one."""


@dataclass(frozen=True)
class Campaign:
    """What came of a campaign."""

    best_mm: tuple[float, ...]
    """True D_max of the best cast after each round."""
    bulk_in_round: int
    """Round that brought the first bulk glass, 0 if a cast before them was one, ROUNDS + 1 if none did."""
    forecasts: tuple[StopForecast, ...]


def ladder(truth_mm: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What casts say: the label in mm, shape (n,), and the bounds of D_max, shape (n, 2)."""
    rod = np.floor(truth_mm / MOULD_STEP_MM + 1e-9) * MOULD_STEP_MM
    is_bulk, is_glass = truth_mm >= BULK_FROM_MM, truth_mm >= GLASS_FROM_MM
    label = np.where(is_bulk, rod, np.where(is_glass, RIBBON_LABEL_MM, 0.0))
    above = np.where(is_bulk, rod + MOULD_STEP_MM, np.where(is_glass, BULK_FROM_MM, RIBBON_LABEL_MM))
    return label, np.column_stack([label, above])


def as_casts(compositions: Compositions, truth_mm: FloatArray) -> Alloys:
    """Own casts of compositions whose D_max is known."""
    label, bounds = ladder(truth_mm)
    systems = np.full(len(compositions), "", dtype=object)
    return Alloys(compositions, label, systems, np.ones(len(label), dtype=bool), bounds)


def run_campaign(
    field: Field, process: MapProcess, drawn: IntArray, rule: Rule, seed: int, with_forecasts: bool = True
) -> Campaign:
    """Cast ROUNDS pairs by a rule.

    Args:
        field: n compositions and their truth.
        process: on these compositions, before any of them is cast.
        drawn: rows that were cast before, shape (k,).
        rule: how pairs are chosen.
        seed: of rules that draw.
        with_forecasts: predict before each round whether there is more to find.
    """
    rng = np.random.default_rng(seed)
    cast, best, forecasts = drawn, [], []
    is_bulk = field.truth_mm >= BULK_FROM_MM
    bulk_in_round = 0 if is_bulk[drawn].any() else ROUNDS + 1
    for number in range(1, ROUNDS + 1):
        free = np.ones(len(field.truth_mm), dtype=bool)
        free[cast] = False
        if free.any():
            known = _known(field, process, cast, free)
            if with_forecasts:
                forecasts += [_forecast(number, gain, known, field.truth_mm) for gain in STOP_GAINS_MM]
            cast = np.concatenate([cast, rule(known, rng)])
        best.append(float(field.truth_mm[cast].max()))
        if is_bulk[cast].any():
            bulk_in_round = min(bulk_in_round, number)
    return Campaign(tuple(best), bulk_in_round, tuple(forecasts))


def _known(field: Field, process: MapProcess, cast: IntArray, free: BoolArray) -> Round:
    own = as_casts(process.compositions.take(cast), field.truth_mm[cast])
    best = float(own.dmax_mm.max(initial=0.0))
    return Round(field.at_pct, field.step_at_pct, process.after(cast, own), free, best)


def _forecast(number: int, gain_mm: float, known: Round, truth_mm: FloatArray) -> StopForecast:
    above_mm = known.best_mm + gain_mm
    share = sampled_share(known.process.next_cast, known.process.factors, above_mm, known.free)
    return StopForecast(number, gain_mm, known.best_mm, share, bool((truth_mm[known.free] > above_mm).any()))


def drawn_casts(n: int, start: Start, seed: Sequence[int]) -> IntArray:
    """Rows that are cast before a campaign begins, the same for every rule."""
    count = DRAWN_CASTS if start is Start.SIX_CASTS else 0
    return np.asarray(np.random.default_rng(list(seed)).permutation(n)[:count], dtype=np.int64)
