"""A run of a system that a person asks for and does not wait for: Dagster's daemon starts it, in `bmg ui`."""

from collections.abc import Sequence

import dagster as dg

from bmg_assets.automation.jobs import SYSTEM_JOB, chosen_assets
from bmg_assets.automation.queueing import queue_training
from bmg_assets.build import build_resources
from bmg_assets.launch.choices import Choices, check_system_choices, run_config_of
from bmg_assets.launch.runs import NOTHING_CHOSEN, job_named


def queue_system(
    instance: dg.DagsterInstance,
    key: str,
    choices: Choices = NOTHING_CHOSEN,
    reason: str = "",
    assets: Sequence[str] | None = None,
) -> str:
    """Queue one run of a registered system, as `run_system` would do it now; the id of its backfill.

    The run carries that id as the tag `dagster/backfill`. Whether a daemon is at work that starts it, `is_started` of
    `automation/queueing.py` tells.

    Args:
        reason: why, for the tag of the run.
        assets: names of those that are made; None: all of them.

    Raises:
        BmgError: nothing could be proposed, see `check_system_choices`.
        SystemKeyError, NoLiteratureError, SystemBusyError: see `queue_training`.
    """
    check_system_choices(key, choices)
    resources = build_resources()
    chosen = chosen_assets(key, assets)
    run_config = run_config_of(job_named(SYSTEM_JOB), choices, chosen)
    return queue_training(instance, resources["store"], resources["system_chain"], key, run_config, reason, chosen)
