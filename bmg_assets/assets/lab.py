"""Group `lab`: what the group itself has cast.

Belongs here: the casts of a system as they enter training. Does not belong here: reading files out of the inbox.
"""

import dagster as dg

from bmg_assets.assets.decorators import table_asset
from bmg_assets.assets.types import Result
from bmg_assets.checks.check import check_results, table_result
from bmg_assets.checks.lab import ACCEPTED_ROWS_CHECKS, LAB_RESULTS_CHECKS
from bmg_assets.execution.claims import claim_system
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.lab_tables import lab_tables_of
from bmg_assets.intake.record import fingerprint_of, wanted_casts
from bmg_assets.pages.metadata import metadata_values
from bmg_assets.partitions import system_of_run, target_system
from bmg_assets.science.casts.ladder import RULE_SET_VERSION
from bmg_assets.store.origin import Origin
from bmg_assets.store.origins import IDENTITY
from bmg_assets.store.store import Store
from bmg_assets.store.tables.lab import LAB_CASTS


@table_asset(
    "lab",
    (*LAB_RESULTS_CHECKS, *ACCEPTED_ROWS_CHECKS),
    partitions_def=target_system,
    kinds={"parquet"},
    # Other rules give other labels, which is a reason to train again.
    code_version=f"2, rules {RULE_SET_VERSION}",
    description=(
        "The group's own casts of this system, accepted rows only, one row per composition with the label derived from "
        "its casting ladder. Empty until the first cast is reported. Each cast is a row of the table lab_casts."
    ),
)
def lab_results(context: dg.AssetExecutionContext, store: Store, lab_inbox: LabInbox) -> Result:
    """Rebuild the tables of a system: they follow from the accepted files and the rules alone."""
    from bmg_assets.science.casts.lab_tables import what_to_cast
    from bmg_assets.science.casts.neighbours import neighbours_that_contradict

    system = system_of_run(context)
    claim_system(context.instance, system.key, context.run_id)
    lab_inbox.check_there()
    found = lab_inbox.accepted()
    found.refuse_lost_corrections(system.elements)
    frame, casts = lab_tables_of(system, found.history)
    contradictions = neighbours_that_contradict(frame)
    for words in contradictions:
        context.log.warning(words)
    fingerprint = fingerprint_of(wanted_casts(found.records), system.elements)
    store.write_table(LAB_CASTS.name, system.key, casts, origin=Origin(fingerprint))
    return table_result(
        LAB_RESULTS_CHECKS,
        frame,
        data_version=dg.DataVersion(fingerprint),
        metadata=metadata_values(
            # The table is stored with it, and the inbox sensor compares it with the accepted files.
            **{IDENTITY: fingerprint},
            casts=len(casts),
            compositions=len(frame),
            cast_next=what_to_cast(frame),
            contradictions=contradictions,
            best_cast_mm=frame["dmax_mm"].max() if frame["dmax_mm"].notna().any() else None,
            **{f"casts_{state}": count for state, count in casts["state"].value_counts().items()},
            **{f"ladders_{state}": count for state, count in frame["state"].value_counts().items()},
        ),
        further=check_results(ACCEPTED_ROWS_CHECKS, found.lost),
    )
