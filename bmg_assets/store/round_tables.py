"""The tables of a system's rounds in the store, made from the record and the casts of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.rounds import Rounds
from bmg_assets.store.tables.arrow import empty_frame
from bmg_assets.store.tables.iterations import CAST_OUTCOMES, ITERATION_MAPS, PROPOSALS

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.store.origin import Origin
    from bmg_assets.store.store import Store


def outcomes_of(recorded: Rounds, lab_results: pd.DataFrame, proposals: pd.DataFrame) -> pd.DataFrame:
    """The table `cast_outcomes`: the casts of today beside what had been predicted before they were known.

    Args:
        proposals: the table `proposals` of the recorded rounds.

    Raises:
        RecordDamagedError: a map of the record is damaged.
    """
    from bmg_assets.science.casts.cast_outcomes import cast_outcomes_rows, maps_needed
    from bmg_assets.science.casts.iterations import first_known, iterations_before
    from bmg_assets.science.casts.lab_tables import as_frame

    known = first_known(iterations_before(recorded.iterations(), lab_results), lab_results)
    maps = {one: drawn for one in maps_needed(known) if (drawn := recorded.map_of(one)) is not None}
    rows = cast_outcomes_rows(parse_system(recorded.system), lab_results, known, maps, proposals)
    return as_frame(rows, empty_frame(CAST_OUTCOMES))


def write_rounds(
    store: Store,
    recorded: Rounds,
    lab_results: pd.DataFrame,
    lab_casts: pd.DataFrame,
    renewed: int | None = None,
    origin: Origin | None = None,
) -> pd.DataFrame:
    """Write `iteration_maps`, `proposals` and `cast_outcomes` of a system; the last of them.

    Args:
        renewed: number of the round whose map is written anew; of the others only those that are missing.
        origin: by which training the tables are made.

    Raises:
        FolderError, RecordDamagedError
    """
    from bmg_assets.science.casts.candidate_states import standings_of, with_states

    for number in recorded.last_of_each():
        if number == renewed or not store.has_table(ITERATION_MAPS.name, recorded.system, part=str(number)):
            drawn = recorded.map_of(number)
            if drawn is not None:
                store.write_table(ITERATION_MAPS.name, recorded.system, drawn, part=str(number), origin=origin)
    proposals = with_states(recorded.proposals(), standings_of(lab_results, lab_casts))
    outcomes = outcomes_of(recorded, lab_results, proposals)
    store.write_table(PROPOSALS.name, recorded.system, proposals, origin=origin)
    store.write_table(CAST_OUTCOMES.name, recorded.system, outcomes, origin=origin)
    return outcomes
