"""The job that registers a system and has it trained: what two commands do, for who works in the Dagster UI alone."""

import dagster as dg

from bmg_assets.assets.prediction import CandidatesConfig, candidate_choice
from bmg_assets.automation.jobs import SystemKey, assets_of_run
from bmg_assets.automation.queueing import is_started, queue_training
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.partitions import register_system
from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS
from bmg_assets.science.surrogates.possible import possible_for
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.store import Store


@overriding("budget")
class SystemAndBudget(SystemKey):
    """Which system, and how long its search runs."""


class NotQueuedError(BmgError):
    """The system is registered, and no run was queued."""


@dg.op
@ends_in_one_sentence
def add_and_train(
    context: dg.OpExecutionContext, config: SystemAndBudget, defaults: Defaults, store: Store, system_chain: SystemChain
) -> None:
    """Register a target system and queue its training; a key or budget that cannot be used registers nothing."""
    budget = {} if config.budget is None else {"budget": config.budget}  # type: ignore[attr-defined]
    defaults.overridden_by(budget)
    choice = candidate_choice(CandidatesConfig(), defaults)
    system = register_system(context.instance, config.target_system)
    trained = SUB_MODEL_ASSETS.values() if budget and assets_of_run(system.key) is None else ()
    run_config = {"ops": {asset: {"config": budget} for asset in trained}}
    try:
        choice.check_system(system)
        backfill = queue_training(context.instance, store, system_chain, system.key, run_config, "asked for by a job")
    except BmgError as error:
        raise NotQueuedError(f"{system.key} is registered, but no training was queued: {error}") from error
    words = [f"{system.key} is registered, and its training waits in the queue as backfill {backfill}."]
    if not is_started(context.instance):
        words.append("Nobody starts what is queued: Dagster's daemon is not at work; `bmg ui` starts it.")
    context.log.info(" ".join([*words, *possible_for(system.elements).sentences]))


@dg.job(description="Register a target system, and queue its training: `bmg add` and `bmg run` in one.")
def add_and_train_job() -> None:
    """Job of the op `add_and_train`."""
    add_and_train()
