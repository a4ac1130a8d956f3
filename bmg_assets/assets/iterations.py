"""Group `prediction`, the record of a system's rounds: what each knew, predicted and proposed, and what came of it.

Belongs here: choosing inputs, calling `science`, keeping what the other assets of the group replace.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import dagster as dg

from bmg_assets.assets.decorators import table_asset
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.check import table_result
from bmg_assets.checks.prediction import ITERATIONS_CHECKS
from bmg_assets.pages.metadata import metadata_values
from bmg_assets.partitions import target_system
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.preview import frame_preview
from bmg_assets.store.store import Store
from bmg_assets.store.tables.arrow import empty_frame
from bmg_assets.store.tables.iterations import CAST_OUTCOMES, ITERATION_MAPS, ITERATIONS, PROPOSALS
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets.store.tables.table import Table

CURVES = ("best_predicted_mm", "best_cast_mm", "moved_at_pct", "mean_error_of_new_casts_mm", "n_lab", "fusion_r2")
"""Columns of `iterations` of which the UI draws a curve."""
SHOWN_OUTCOMES = ["composition", "dmax_mm", "predicted_mm", "error_mm", "within_interval", "state", "first_known_in"]


@table_asset(
    "prediction",
    ITERATIONS_CHECKS,
    partitions_def=target_system,
    kinds={"parquet"},
    code_version="1",
    description=(
        "The rounds of the system: which casts each knew, how far the maximum moved, and what the casts turned out to "
        "be against what had been predicted. The tables iteration_maps, proposals and cast_outcomes keep what the "
        "other assets of this group replace."
    ),
)
def iterations(
    context: dg.AssetExecutionContext,
    store: Store,
    lab_results: Frame,
    training_set: Frame,
    fusion_weights: Frame,
    prediction_grid: Frame,
    candidates: Frame,
) -> Result:
    """Take note of the round, its map and its proposals, and compare the casts with what was predicted."""
    from bmg_assets.science.casts import iterations as rounds
    from bmg_assets.science.casts.candidate_states import standings_of, with_states
    from bmg_assets.science.casts.cast_outcomes import cast_outcomes_rows, maps_needed
    from bmg_assets.science.casts.lab_tables import as_frame

    system = parse_system(context.partition_key)
    earlier = rounds.iterations_before(_kept(store, ITERATIONS, system.key), lab_results)
    number = rounds.next_number(earlier)
    proposed = candidates[[name for name in PROPOSALS.column_names if name in candidates]]
    proposals = rounds.with_proposals(_kept(store, PROPOSALS, system.key), proposed, number)
    proposals = with_states(proposals, standings_of(lab_results, store.read_table(LAB_CASTS.name, system.key)))
    known = rounds.first_known(earlier, lab_results)
    maps = _maps(store, system.key, maps_needed(known))
    outcomes = as_frame(cast_outcomes_rows(system, lab_results, known, maps, proposals), empty_frame(CAST_OUTCOMES))
    knew = rounds.what_was_known(earlier, lab_results)
    own = training_set["category"] == "lab"
    entry = {
        "target_system": system.key,
        "trained_at": datetime.now(UTC),
        "n_literature": int((~own).sum()),
        "n_lab": int(own.sum()),
        "fusion_r2": float(fusion_weights.set_index("model")["r2_mean"]["fusion"]),
        "mean_error_of_new_casts_mm": rounds.mean_error_of(outcomes, knew["new_compositions"]),
        **knew,
        **rounds.what_was_found(earlier, prediction_grid, candidates),
    }
    frame = rounds.with_iteration(earlier, entry)
    this_map = rounds.map_of_iteration(prediction_grid, number)
    store.write_table(ITERATION_MAPS.name, system.key, this_map, part=str(number))
    store.write_table(PROPOSALS.name, system.key, proposals)
    store.write_table(CAST_OUTCOMES.name, system.key, outcomes)
    return table_result(
        ITERATIONS_CHECKS,
        frame,
        metadata=metadata_values(
            iteration=number,
            **{name: entry[name] for name in CURVES if entry[name] is not None},
            outcomes=dg.MetadataValue.md(frame_preview(outcomes[SHOWN_OUTCOMES].iloc[::-1])),
        ),
    )


def _kept(store: Store, table: Table, system: str) -> Frame:
    """What a table of rounds holds so far."""
    return store.read_table(table.name, system) if store.has_table(table.name, system) else empty_frame(table)


def _maps(store: Store, system: str, numbers: Iterable[int]) -> dict[int, Frame]:
    """Those of the maps of earlier iterations that are there."""
    there = [number for number in numbers if store.has_table(ITERATION_MAPS.name, system, part=str(number))]
    return {number: store.read_table(ITERATION_MAPS.name, system, part=str(number)) for number in there}
