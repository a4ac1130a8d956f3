"""Group `prediction`, the record of a system's rounds: what each knew, predicted and proposed, and what came of it.

Belongs here: choosing inputs, calling `science`, keeping what the other assets of the group replace. What is kept lies
in the record; the tables of the store follow from it.
"""

from datetime import UTC, datetime

import dagster as dg

from bmg_assets.assets.decorators import table_asset
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.check import table_result
from bmg_assets.checks.prediction import ITERATIONS_CHECKS
from bmg_assets.defaults import Defaults
from bmg_assets.pages.metadata import metadata_values
from bmg_assets.partitions import target_system
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.fingerprints import fingerprint_parts, fingerprint_table
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.older_stores import take_over_rounds_of
from bmg_assets.store.origins import origin_of_output
from bmg_assets.store.preview import frame_preview
from bmg_assets.store.record import Record
from bmg_assets.store.round_tables import outcomes_of, write_rounds
from bmg_assets.store.rounds import (
    MAP,
    PROPOSED,
    SURROGATE_MAP,
    SURROGATE_MAP_COLUMNS,
    Rounds,
    record_training,
)
from bmg_assets.store.store import STORE_FORMAT, Store
from bmg_assets.store.tables.lab import LAB_CASTS

CURVES = (
    "best_predicted_mm", "best_cast_mm", "moved_at_pct", "mean_error_of_new_casts_mm", "n_lab", "fusion_r2",
    "chance_of_more",
)  # fmt: skip
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
        "be against what had been predicted. Each training is kept in the record, before its casts are known; the "
        "tables iteration_maps, proposals and cast_outcomes show it."
    ),
)
def iterations(
    context: dg.AssetExecutionContext,
    store: Store,
    record: Record,
    defaults: Defaults,
    system_chain: SystemChain,
    lab_results: Frame,
    training_set: Frame,
    fusion_weights: Frame,
    prediction_grid: Frame,
    transfer_grid: Frame,
    candidates: Frame,
) -> Result:
    """Record the round, its maps and its proposals, and compare the casts with what was predicted."""
    from bmg_assets.science.casts import iterations as rounds

    system = parse_system(context.partition_key)
    take_over_rounds_of(store.folder, system.key, STORE_FORMAT, record)
    recorded = Rounds.of(record, system.key)
    earlier = rounds.iterations_before(recorded.iterations(), lab_results)
    number = rounds.next_number(earlier)
    knew = rounds.what_was_known(earlier, lab_results)
    outcomes = outcomes_of(recorded, lab_results, recorded.proposals())
    own = training_set["category"] == "lab"
    entry = {
        "target_system": system.key,
        "iteration": number,
        "trained_at": datetime.now(UTC),
        "n_literature": int((~own).sum()),
        "n_lab": int(own.sum()),
        "fusion_r2": float(fusion_weights.set_index("model")["r2_mean"]["fusion"]),
        "mean_error_of_new_casts_mm": rounds.mean_error_of(outcomes, knew["new_compositions"]),
        **knew,
        **rounds.what_was_found(earlier, prediction_grid, candidates),
        **rounds.whether_to_go_on(transfer_grid, candidates),
    }
    origin = origin_of_output(context, store, system.key, {})
    record_training(
        recorded.stream,
        entry,
        {
            MAP: rounds.map_of_iteration(prediction_grid, number),
            SURROGATE_MAP: transfer_grid[list(SURROGATE_MAP_COLUMNS)],
            PROPOSED: candidates,
        },
        {
            "training": context.run_id,
            "training_set": fingerprint_table(training_set),
            "known_alloys": transfer_grid["known_fingerprint"].iloc[0],
            "settings": fingerprint_parts(sorted(defaults.of_systems().items())),
            "code": fingerprint_parts(sorted(system_chain.code_versions.items())),
            "coverage": defaults.coverage,
        },
        repeats=[one for one in (context.run.parent_run_id, context.run.root_run_id) if one is not None],
    )
    recorded = Rounds.of(record, system.key)
    lab_casts = store.read_table(LAB_CASTS.name, system.key)
    outcomes = write_rounds(store, recorded, lab_results, lab_casts, renewed=number, origin=origin)
    return table_result(
        ITERATIONS_CHECKS,
        recorded.iterations(),
        metadata=metadata_values(
            iteration=number,
            **{name: entry[name] for name in CURVES if entry[name] is not None},
            outcomes=dg.MetadataValue.md(frame_preview(outcomes[SHOWN_OUTCOMES].iloc[::-1])),
        ),
    )
