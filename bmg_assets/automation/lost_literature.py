"""The sensor of lost literature: what was taken in and is gone from the store is taken in again.

The store is a cache. A new format sets it aside, and a disk can lose it; then the systems would wait for ever for a
person who reads why. Literature that was never taken in is the user's choice.
"""

import dagster as dg

from bmg_assets.automation.jobs import literature_job
from bmg_assets.automation.schedules import REASON_TAG
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import why_no_literature
from bmg_assets.store.store import Store

SECONDS_BETWEEN_LOOKS = 60


@dg.sensor(
    job=literature_job,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Takes the literature in again where it was taken in before and the store has lost it.",
)
def lost_literature_sensor(
    context: dg.SensorEvaluationContext, store: Store, system_chain: SystemChain
) -> dg.RunRequest | dg.SkipReason:
    """One request for each loss; a run that fails is retried by Dagster, not asked for again."""
    no_literature = why_no_literature(store, system_chain)
    if no_literature is None:
        return dg.SkipReason("The literature is there.")
    taken_in = dg.AssetKey(system_chain.literature[-1])
    records = context.instance.fetch_materializations(taken_in, limit=1).records
    if not records:
        return dg.SkipReason(no_literature)
    return dg.RunRequest(run_key=f"lost after {records[0].storage_id}", tags={REASON_TAG: no_literature})
