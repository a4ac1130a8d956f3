"""What to do first with an alloy, and what after either outcome, as one sentence for the person at the furnace."""

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.labels import RIBBON_LABEL_MM
from bmg_assets.science.proposals.agreement import chance_in_words
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.rungs import (
    WEDGE_FACTOR,
    Bracket,
    Rung,
    RungKind,
    brackets_of,
    chance_of_glass,
    next_rung,
    possible_rungs,
)
from bmg_assets.science.proposals.surrogate_map import next_cast_of
from bmg_assets.science.surrogates.base import LogNormal

if TYPE_CHECKING:
    import pandas as pd

WITHOUT_PREDICTION = "spin a ribbon first, then rods from 1 mm upwards: no prediction to be trusted says better"
NOTHING_KNOWN = Bracket()
RUNGS_TO_PLAN = 3
"""The first, and one for each of its outcomes."""


def first_rung(cast: LogNormal | None, practice: CastingPractice, known: Bracket = NOTHING_KNOWN) -> str:
    """The rung that tells most per hour, and the plan after its outcome, without a full stop.

    Args:
        cast: predictive distribution of this one composition, shapes (1,); None where there is none to be trusted.
        practice: hours of the rungs, and the largest mould.
        known: what own casts of the composition have shown.
    """
    rung = next(possible_rungs(practice, known), None) if cast is None else next_rung(cast, practice, known)
    if rung is None:
        return _end(practice, known)
    if cast is None:
        return WITHOUT_PREDICTION if known == NOTHING_KNOWN else f"{_do(rung)} next: the ladder's own step"
    if rung.kind is RungKind.WEDGE:
        return f"cast a wedge first: it reads D_max within a factor of {WEDGE_FACTOR:g}; then rods around its reading"
    chance = chance_in_words(chance_of_glass(cast, rung, known))
    when = "next" if known != NOTHING_KNOWN else "first" if rung.kind is RungKind.RIBBON else "at once"
    if_glassy, if_not = (_then(cast, practice, known.after(rung, is_glass)) for is_glass in (True, False))
    return f"{_do(rung)} {when} (glass with a chance of {chance}); if glassy, {if_glassy}; if not, {if_not}"


def rungs_to_plan(cast: LogNormal | None, practice: CastingPractice, known: Bracket = NOTHING_KNOWN) -> list[Rung]:
    """The rung of `first_rung`, then those that follow if it is glass and if it is not; fewer where there are none.

    Without a prediction, and after a wedge, which says nothing before it is read, the lowest rungs stand there.
    Args as of `first_rung`.
    """
    if cast is None:
        return list(islice(possible_rungs(practice, known), RUNGS_TO_PLAN))
    first = next_rung(cast, practice, known)
    if first is None:
        return []
    if first.kind is RungKind.WEDGE:
        rods = (rung for rung in possible_rungs(practice, known) if rung.kind is RungKind.ROD)
        return [first, *islice(rods, RUNGS_TO_PLAN - 1)]
    after = (next_rung(cast, practice, known.after(first, is_glass)) for is_glass in (True, False))
    return list(dict.fromkeys([first, *(rung for rung in after if rung is not None)]))


def next_rungs(results: "pd.DataFrame", grid: "pd.DataFrame", practice: CastingPractice) -> dict[str, str]:
    """What to do next with each own alloy whose ladder is open or has a gap, by its composition; see `first_rung`.

    Args:
        results: the table `lab_results` of a system.
        grid: its table `transfer_grid`; alloys between its points go by the ladder alone.
        practice: hours of the rungs, and the largest mould.
    """
    cast, place = next_cast_of(grid), {composition: row for row, composition in enumerate(grid["composition"])}
    is_trusted = grid["is_trusted"].to_numpy(bool)
    words = {}
    for composition, known in brackets_of(results).items():
        row = place.get(composition)
        if next(possible_rungs(practice, known), None) is not None:
            one = None if cast is None or row is None or not is_trusted[row] else cast.take(np.array([row]))
            words[composition] = first_rung(one, practice, known)
    return words


def _do(rung: Rung) -> str:
    return "spin a ribbon" if rung.kind is RungKind.RIBBON else f"cast {rung.size_mm:g} mm"


def _then(cast: LogNormal, practice: CastingPractice, known: Bracket) -> str:
    """What comes next, or what is known then."""
    rung = next_rung(cast, practice, known)
    return _end(practice, known) if rung is None else _do(rung)


def _end(practice: CastingPractice, known: Bracket) -> str:
    """Why nothing is left to cast."""
    if known.low_mm >= practice.largest_rod_mm:
        return f"the ladder ends at the largest mould, {practice.largest_rod_mm:g} mm"
    if known.low_mm > RIBBON_LABEL_MM:
        return f"the ladder is closed at {known.low_mm:g} mm"
    if known.low_mm > 0:
        return "the ladder is closed: glass as a ribbon only"
    if known.high_mm > RIBBON_LABEL_MM:
        return f"nothing thinner than {known.high_mm:g} mm is made here"
    return "the ladder is closed: no glass even as a ribbon"
