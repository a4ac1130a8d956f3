"""The store made anew from what cannot be computed again: tables from the record first, then whatever is trained."""

from collections.abc import Iterator

import dagster as dg

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.lab_tables import lab_tables_of
from bmg_assets.intake.record import fingerprint_of, wanted_casts
from bmg_assets.partitions import register_system, registered_systems
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.origin import Origin
from bmg_assets.store.record import Record
from bmg_assets.store.round_tables import write_rounds
from bmg_assets.store.rounds import Rounds
from bmg_assets.store.store import Store
from bmg_assets.store.tables.iterations import ITERATIONS
from bmg_assets.store.tables.lab import LAB_CASTS, LAB_RESULTS


def register_recorded_systems(instance: dg.DagsterInstance, record: Record) -> list[str]:
    """Register the systems that the record knows, where none is registered any more; those that were.

    Where some are, the others were removed by somebody, and stay so.
    """
    if registered_systems(instance):
        return []
    return [register_system(instance, system).key for system in record.systems_predicted()]


def rebuild_history(store: Store, record: Record, inbox: LabInbox) -> Iterator[str]:
    """Write the tables of casts and rounds of each system that has predictions in the record; its key, when done.

    Raises:
        InboxBusyError, RecordDamagedError, RecordFormatError, FolderError, LostCorrectionError
    """
    accepted = inbox.accepted()
    for key in record.systems_predicted():
        system = parse_system(key)
        accepted.refuse_lost_corrections(system.elements)
        results, casts = lab_tables_of(system, accepted.history)
        recorded = Rounds.of(record, key)
        origin = Origin(fingerprint_of(wanted_casts(accepted.records), system.elements))
        store.write_table(LAB_RESULTS.name, key, results, origin=origin)
        store.write_table(LAB_CASTS.name, key, casts, origin=origin)
        write_rounds(store, recorded, results, casts)
        store.write_table(ITERATIONS.name, key, recorded.iterations())
        yield key
