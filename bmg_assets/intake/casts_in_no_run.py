"""Casts that were accepted since a system's last run, or before its first."""

from typing import Any

from bmg_assets.intake.lab_inbox import LabInbox
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.lab_tables import lab_casts_rows
from bmg_assets.store.store import Store
from bmg_assets.store.tables.lab import LAB_CASTS

IDENTITY = ("sample_id", "source_file", "line")
"""Columns of `lab_casts` that name a report."""


def casts_in_no_run(store: Store, inbox: LabInbox, system: TargetSystem) -> list[dict[str, Any]]:
    """Rows of the table `lab_casts` that the stored one does not hold yet, in the order of intake.

    Raises:
        InboxBusyError, ChangedFileError: as `LabInbox.accepted`.
    """
    if not inbox.accepted_folder.is_dir():  # the store is here, the laboratory elsewhere
        return []
    known = set()
    if store.has_table(LAB_CASTS.name, system.key):
        stored = store.read_table(LAB_CASTS.name, system.key)
        known = {tuple(row[name] for name in IDENTITY) for row in stored.to_dict("records")}
    rows = lab_casts_rows(system, inbox.accepted().history)
    return [row for row in rows if tuple(row[name] for name in IDENTITY) not in known]
