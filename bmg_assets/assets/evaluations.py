"""Group `study`, one entry of the evidence to a partition, for deployments of several machines.

Belongs here: which entry a partition is, and having it evaluated; how the evidences have all of theirs evaluated. Does
not belong here: what entries there are and how they are computed (`studies`), and asking for the runs (`launch`).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import dagster as dg

from bmg_assets.assets.decorators import RETRY_ENDED_WORKER
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.pages.metadata import metadata_values
from bmg_assets.partitions import evaluation, forget_evaluations
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.store import Store
from bmg_assets.studies.evaluations import Part, evaluate_missing
from bmg_assets.studies.evidence_parts import part_of_key


@overriding("seed")
class EvaluationsConfig(dg.Config):
    """With what an entry is evaluated."""


@dg.asset(
    group_name="study",
    partitions_def=evaluation,
    deps=["literature_reports", "literature_alloys", "alloy_descriptors"],
    kinds={"parquet"},
    code_version="1",
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "One entry of an evidence, such as a surrogate learnt from one literature: the same that the evidence itself "
        "evaluates if it is missing, stored where it looks for it. `bmg evidence --spread` registers the keys of those "
        "that are missing and queues a run for each; their evidence removes the keys when it sums up."
    ),
)
@ends_in_one_sentence
def evaluations(
    context: dg.AssetExecutionContext, config: EvaluationsConfig, defaults: Defaults, store: Store
) -> dg.MaterializeResult[Any]:
    """Evaluate the entry of this partition, if it is not there."""
    seed = defaults.overridden_by(config).seed
    part = part_of_key(context.partition_key, cache(LiteratureDatabase(store=store).read), seed)
    missing = part.missing(store)
    for one in missing:
        one.make(store)
    return dg.MaterializeResult(metadata=metadata_values(seed=seed, evaluated=sum(len(one.names) for one in missing)))


def evaluate_all(context: dg.AssetExecutionContext, store: Store, parts: Sequence[Part[Any]]) -> dict[str, int]:
    """Evaluate what is not there, and remove the keys of entries that are to be summed up now; counts as metadata."""
    evaluated = evaluate_missing(store, parts, context.log.info)
    forget_evaluations(context.instance, {part.work.kind for part in parts})
    entries = sum(len(part.entries) for part in parts)
    return {"entries_evaluated": evaluated, "entries_there_before": entries - evaluated}
