"""Group `lab`: what the group itself has cast.

Belongs here: the casts of a system as they enter training. Does not belong here: reading files out of the inbox.
"""

import dagster as dg

from bmg_assets.assets.types import TABLE
from bmg_assets.checks.check import check_results, check_specs, stored_if_it_passes
from bmg_assets.checks.lab import LAB_RESULTS_CHECKS
from bmg_assets.failures import ends_in_one_sentence
from bmg_assets.partitions import system_of_run, target_system
from bmg_assets.resources.store import Store
from bmg_assets.tables.arrow import empty_frame
from bmg_assets.tables.lab import LAB_RESULTS


@dg.asset(
    group_name="lab",
    partitions_def=target_system,
    io_manager_key="system_tables",
    dagster_type=TABLE,
    kinds={"parquet"},
    code_version="1",
    check_specs=check_specs("lab_results", LAB_RESULTS_CHECKS),
    description=(
        "The group's own casts of this system, accepted rows only, one row per composition with the label derived from "
        "its casting ladder. Empty until the first cast is reported."
    ),
)
@ends_in_one_sentence
@stored_if_it_passes
def lab_results(context: dg.AssetExecutionContext, store: Store) -> dg.MaterializeResult:
    """Casts that are known already stay; a system without any gets an empty table."""
    system = system_of_run(context)
    known = store.has_table(LAB_RESULTS.name, system.key)
    frame = store.read_table(LAB_RESULTS.name, system.key) if known else empty_frame(LAB_RESULTS)
    return dg.MaterializeResult(value=frame, check_results=check_results(LAB_RESULTS_CHECKS, frame))
