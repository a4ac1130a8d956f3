"""Failed runs that Dagster was to try again, and has passed over.

Its daemon reads the event of a failure first, and the run second. A run that is not yet marked as failed in between
counts as none, and the daemon does not come back to it.
"""

import time

import dagster as dg
from dagster._core.execution.backfill import BULK_ACTION_TERMINAL_STATUSES
from dagster._core.storage.tags import AUTO_RETRY_RUN_ID_TAG, BACKFILL_ID_TAG

from bmg_assets.execution.run_failures import WILL_RETRY_TAG

CURSOR = "EVENT_LOG_CONSUMER_CURSOR-PIPELINE_FAILURE"
"""Under which Dagster's daemon notes how far it has read failures."""
SOON_S = 20.0
"""Within which the daemon tries a run again; it looks every five seconds."""
LONGEST_S = 600.0
"""After which a run is left as it is, and the night or a person makes up for it."""
LAST_FAILURES = 50


def look_again(instance: dg.DagsterInstance) -> list[str]:
    """Have the daemon read failures again that it has passed over; the ids of those runs.

    That does no harm to others, since the daemon tries no run twice.
    """
    failures = instance.fetch_run_status_changes(dg.DagsterEventType.RUN_FAILURE, limit=LAST_FAILURES).records
    recent = [one for one in failures if SOON_S < time.time() - one.timestamp < LONGEST_S]
    lost = [one for one in recent if _is_lost(instance, one.run_id)]
    if lost:
        before = min(one.storage_id for one in lost) - 1
        instance.daemon_cursor_storage.set_cursor_values({CURSOR: str(before)})
    return [one.run_id for one in lost]


def is_passed_over(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether the daemon has read the failure of a run that was to be tried again, and has not tried it again."""
    failures = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records
    at = instance.daemon_cursor_storage.get_cursor_values({CURSOR}).get(CURSOR)
    if at is None or any(one.storage_id > int(at) for one in failures):
        return False
    # It notes how far it has read when all that it has read is tried again: so the run is read last.
    run = instance.get_run_by_id(run_id)
    return run is not None and AUTO_RETRY_RUN_ID_TAG not in run.tags


def _is_lost(instance: dg.DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)
    if run is None or run.tags.get(WILL_RETRY_TAG) != "true" or AUTO_RETRY_RUN_ID_TAG in run.tags:
        return False
    if BACKFILL_ID_TAG not in run.tags:
        return True
    # Dagster tries none again whose backfill has ended; who follows the backfill asks anew (launch/spread.py).
    backfill = instance.get_backfill(run.tags[BACKFILL_ID_TAG])
    return backfill is not None and backfill.status not in BULK_ACTION_TERMINAL_STATUSES
