"""Group `lab`: what the group itself has cast.

Belongs here: the casts of a system as they enter training. Does not belong here: reading files out of the inbox.
"""

import dagster as dg
import pandas as pd

from bmg_assets.failures import ends_in_one_sentence
from bmg_assets.partitions import system_of_run, target_system
from bmg_assets.resources.store import Store
from bmg_assets.tables.arrow import empty_frame
from bmg_assets.tables.lab import LAB_RESULTS


@dg.asset(
    group_name="lab",
    partitions_def=target_system,
    io_manager_key="system_tables",
    kinds={"parquet"},
    code_version="1",
    description=(
        "The group's own casts of this system, accepted rows only, one row per composition with the label derived from "
        "its casting ladder. Empty until the first cast is reported."
    ),
)
@ends_in_one_sentence
def lab_results(context: dg.AssetExecutionContext, store: Store) -> pd.DataFrame:
    """Casts that are known already stay; a system without any gets an empty table."""
    system = system_of_run(context)
    if store.has_table(LAB_RESULTS.name, system.key):
        return store.read_table(LAB_RESULTS.name, system.key)
    return empty_frame(LAB_RESULTS)
