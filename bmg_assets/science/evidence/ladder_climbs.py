"""Which way up the ladder takes the fewest hours, on alloys that were left out: by the prediction, or by a fixed order.

Each alloy has a prediction that was made without it, calibrated on other systems, and the D_max that was reported. The
ladder is climbed on paper: a ribbon is glass if the alloy is one, a rod if D_max is its diameter or more. It ends where
the step of the ladder is known, or the largest mould was glass. A gap is closed from below in all ways, by the ladder's
own rule.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.labels import BULK_FROM_MM, RIBBON_LABEL_MM
from bmg_assets.science.arrays import IntArray
from bmg_assets.science.casts.ladder import next_rod_mm
from bmg_assets.science.evidence.cross_calibration import FOLDS, folds_of
from bmg_assets.science.evidence.drawn_splits import SYSTEMS_OF
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.over_systems import mean_over_systems, paired_difference
from bmg_assets.science.evidence.splits import Split
from bmg_assets.science.models.interval_calibration import IntervalCalibration, LeftOutAlloys
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.rungs import Bracket, Rung, RungKind, next_rung, possible_rungs
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.base import LogNormal
from bmg_assets.science.surrogates.composite import uncalibrated_composite
from bmg_assets.science.surrogates.composite_left_out import left_out_alloys

Choose = Callable[[Bracket], Rung | None]
"""The next rung by what is known; None where nothing is left."""
BY_INFORMATION = "most information per hour"
PER_SYSTEM = 3
"""Alloys of a system that are climbed in each regime, drawn."""
ALL, BULK = "all alloys", "bulk glasses"


def judge_ladders(alloys: pd.DataFrame, practice: CastingPractice, seed: int) -> pd.DataFrame:
    """Hours of each way up on the alloys of a literature, see `summarise_climbs`.

    Args:
        alloys: the table `alloys`.
        practice: hours of the rungs, and the largest mould.
        seed: of halves, folds, draws and bootstrap.

    Raises:
        CalibrationError: the literature has too few bulk glasses.
    """
    learnt = LearntAlloys.of(alloys, tuple(sorted(set(alloys["elements"].explode()))))
    return summarise_climbs(climb_ladders(left_out_of(learnt.alloys, seed), practice, seed), seed)


def left_out_of(alloys: Alloys, seed: int) -> LeftOutAlloys:
    """All alloys that can be left out, as `composite` predicts them in each regime; none of the release split."""
    fitted = uncalibrated_composite(alloys)
    left_out = left_out_alloys(alloys, fitted.embedding, fitted.process.process, frozenset(), seed)
    return left_out.take(~np.isin(left_out.systems.astype(str), sorted(SYSTEMS_OF[Split.RELEASE])))


def climb_ladders(left_out: LeftOutAlloys, practice: CastingPractice, seed: int) -> pd.DataFrame:
    """A row per alloy and way up: `regime`, `system`, `dmax_mm`, `way`, `hours_to_step`, `hours_to_class`.

    The class is known when the alloy is known to be no glass, a glass as ribbon only, or a bulk glass.

    Raises:
        CalibrationError: too few bulk glasses to calibrate without a fifth of the systems.
    """
    # A wedge has no verdict on paper.
    practice = practice.model_copy(update={"hours": practice.hours.model_copy(update={"wedge": None})})
    rows: list[dict[str, object]] = []
    for alloy, cast in _predicted(left_out, seed):
        dmax_mm = float(left_out.dmax_mm[alloy])
        ways = {BY_INFORMATION: partial(next_rung, cast, practice)} | fixed_ways(practice)
        for way, choose in ways.items():
            to_step, to_class = climb(choose, dmax_mm)
            rows.append(
                {
                    "regime": str(left_out.regimes[alloy]),
                    "system": str(left_out.systems[alloy]),
                    "dmax_mm": dmax_mm,
                    "way": way,
                    "hours_to_step": to_step,
                    "hours_to_class": to_class,
                }
            )
    return pd.DataFrame(rows)


def summarise_climbs(climbs: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Mean hours over systems, each of which counts alike, with 95 % intervals, by regime, kind of alloy and way.

    `more_hours` is the mean difference to the way of most information per hour on the same systems, `p_value` its p.

    Args:
        climbs: see `climb_ladders`.
        seed: of the bootstrap.
    """
    rows = []
    for kind, chosen in ((ALL, climbs), (BULK, climbs[climbs["dmax_mm"] >= BULK_FROM_MM])):
        means = chosen.groupby(["regime", "way", "system"], sort=False)[["hours_to_step", "hours_to_class"]].mean()
        by_way = {key: of_way.droplevel([0, 1]) for key, of_way in means.groupby(level=[0, 1], sort=False)}
        for (regime, way), of_way in by_way.items():
            ours = by_way[regime, BY_INFORMATION]
            hours = mean_over_systems(of_way["hours_to_step"].to_numpy(), seed)
            more, p_value = paired_difference(of_way["hours_to_step"], ours["hours_to_step"], seed)
            rows.append(
                {
                    "regime": regime,
                    "alloys": kind,
                    "way": way,
                    "hours": hours.value,
                    "low": hours.low,
                    "high": hours.high,
                    "systems": hours.systems,
                    "more_hours": more,
                    "p_value": p_value if way != BY_INFORMATION else None,
                    "hours_to_class": float(of_way["hours_to_class"].mean()),
                }
            )
    return pd.DataFrame(rows)


def climb(choose: Choose, dmax_mm: float) -> tuple[float, float]:
    """Hours until the ladder of an alloy ends, and until its class is known.

    Args:
        choose: the way up.
        dmax_mm: of the alloy, 0 where not even a ribbon is glass.
    """
    known, hours, to_class = Bracket(), 0.0, None
    while (rung := choose(known)) is not None:
        hours += rung.hours
        least_mm = RIBBON_LABEL_MM if rung.kind is RungKind.RIBBON else rung.size_mm
        known = known.after(rung, dmax_mm >= least_mm)
        if to_class is None and _class_is_known(known):
            to_class = hours
    return hours, hours if to_class is None else to_class


def fixed_ways(practice: CastingPractice) -> dict[str, Choose]:
    """Ways up that no prediction has a part in, by their names."""
    return {
        "ribbon, then 1 mm and up": partial(_fixed, practice, None, False),
        "1 mm, then up": partial(_fixed, practice, 1.0, False),
        "2 mm, then up": partial(_fixed, practice, 2.0, False),
        "1 mm, then doubled": partial(_fixed, practice, 1.0, True),
    }


def _fixed(practice: CastingPractice, first_mm: float | None, doubled: bool, known: Bracket) -> Rung | None:
    """Begin with a rod (None: a ribbon); up by half millimetres or twofold; the thinnest rod after a failed one."""
    rungs = list(possible_rungs(practice, known))
    if len(rungs) < 2:
        return rungs[0] if rungs else None
    if known == Bracket():
        wanted_mm = 0.0 if first_mm is None else first_mm
    elif known.low_mm == 0:
        wanted_mm = BULK_FROM_MM
    else:
        wanted_mm = max(next_rod_mm(known.low_mm), 2 * known.low_mm if doubled else 0.0)
    return next((rung for rung in rungs if rung.size_mm >= wanted_mm), rungs[-1])


def _class_is_known(known: Bracket) -> bool:
    is_ribbon = known.low_mm > 0 and known.high_mm <= BULK_FROM_MM
    return known.low_mm >= BULK_FROM_MM or is_ribbon or known.high_mm <= RIBBON_LABEL_MM


def _predicted(left_out: LeftOutAlloys, seed: int) -> Iterator[tuple[int, LogNormal]]:
    """Some alloys of each system and regime, by their rows, with predictions calibrated on other systems."""
    folds = folds_of(left_out.systems, seed)
    drawn = _drawn(left_out, seed)
    for fold in range(FOLDS):
        calibration = IntervalCalibration.fit(left_out.take(folds != fold))
        for alloy in drawn[folds[drawn] == fold]:
            one = left_out.take(np.arange(len(folds)) == alloy)
            log_dmax = calibration.predict(one.score, one.uncertainty, one.flags)
            cast = LogNormal(log_dmax.mean, log_dmax.spread, 0.0, calibration.largest_mm, calibration.ribbon_mm)
            yield int(alloy), cast


def _drawn(left_out: LeftOutAlloys, seed: int) -> IntArray:
    """Rows of PER_SYSTEM alloys of each system in each regime, fewer where there are fewer."""
    shuffled = pd.DataFrame({"regime": left_out.regimes, "system": left_out.systems}).sample(frac=1, random_state=seed)
    return np.sort(shuffled.groupby(["regime", "system"]).head(PER_SYSTEM).index.to_numpy(np.int64))
