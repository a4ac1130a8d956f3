"""Starting the platform's jobs from Python: the same jobs, instance and store as in the Dagster UI."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dagster as dg

from bmg_assets.assets.prediction import CandidatesConfig, candidate_choice
from bmg_assets.assets.training import SUB_MODEL_ASSETS
from bmg_assets.automation.jobs import (
    EVIDENCE_JOB,
    LITERATURE_JOB,
    PROPERTY_JOB,
    PROPERTY_VALUES_JOB,
    STUDY_JOB,
    SYSTEM_JOB,
)
from bmg_assets.build import build_definitions, build_resources
from bmg_assets.execution.claims import PARTITION_TAG, refuse_overlap
from bmg_assets.execution.console import is_ctrl_c_error
from bmg_assets.execution.fork_server import start_fork_server
from bmg_assets.partitions import STUDY_DIMENSION, register_property_map, register_system
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.properties import NOTHING_LEFT_OUT, Property
from bmg_assets.science.literature.pruning import EXCLUDED, excluded_categories
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.proposals.candidate_choice import candidate_rule
from bmg_assets.science.surrogates.map_strategies import map_strategy
from bmg_assets.settings import PROJECT, Defaults, Locations
from bmg_assets.studies.pruning_rows import StudySettings, unfinished_systems

INSTANCE_SETTINGS = "dagster.yaml"
WILL_RETRY_TAG = "dagster/will_retry"
"""By which Dagster's daemon knows whether to run a failed run again."""


class RunFailedError(BmgError):
    """A run that ended without its result."""


@dataclass(frozen=True)
class SystemOptions:
    """What a person chooses for one run of a system; None leaves it to the deployment."""

    budget: str | None = None
    sub_dataset: int | None = None
    seed: int | None = None
    start_from_last_best: bool | None = None
    strategy: str | None = None
    rule: str | None = None
    picks: int | None = None
    apart_at_pct: float | None = None
    limits: list[str] | None = None
    """Of elements, each as 'Al 0-20'."""
    pending: list[str] | None = None
    """Alloys in the furnace, as formulas."""

    def __post_init__(self) -> None:
        """Refuse a choice that does not exist.

        Raises UnknownBudgetError, SubDatasetError, UnknownMapStrategyError or CandidateChoiceError.
        """
        if self.budget is not None:
            budget_named(self.budget)
        if self.sub_dataset is not None:
            excluded_categories(self.sub_dataset)
        if self.strategy is not None:
            map_strategy(self.strategy)
        if self.rule is not None:
            candidate_rule(self.rule)

    def run_config(self) -> dict[str, Any]:
        """The run config of the system job."""
        sub_model = {
            "config": _given(budget=self.budget, seed=self.seed, start_from_last_best=self.start_from_last_best)
        }
        training_set = {"config": _given(sub_dataset=self.sub_dataset)}
        transfer_grid = {"config": _given(seed=self.seed)}
        candidates = {"config": self.of_candidates()}
        return {
            "ops": {"training_set": training_set, "transfer_grid": transfer_grid, "candidates": candidates}
            | dict.fromkeys(SUB_MODEL_ASSETS.values(), sub_model)
        }

    def of_candidates(self) -> dict[str, Any]:
        """What of it concerns candidates."""
        return _given(
            strategy=self.strategy,
            rule=self.rule,
            picks=self.picks,
            apart_at_pct=self.apart_at_pct,
            limits=self.limits,
            pending=self.pending,
        )


@dataclass(frozen=True)
class StudyOptions:
    """What a person chooses for the paper's study; None leaves it to the deployment."""

    sub_datasets: tuple[int, ...] = tuple(EXCLUDED)
    budget: str | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        """Refuse a choice that does not exist; raises UnknownBudgetError or SubDatasetError."""
        if self.budget is not None:
            budget_named(self.budget)
        for number in self.sub_datasets:
            excluded_categories(number)

    def run_config(self) -> dict[str, Any]:
        """The run config of the study job."""
        chosen = _given(sub_datasets=list(self.sub_datasets), budget=self.budget, seed=self.seed)
        return {"ops": {"studied_maps": {"config": chosen}}}


@dataclass(frozen=True)
class EvidenceOptions:
    """What a person chooses for the contest of strategies; None and empty leave it to the deployment."""

    contest: str = "standard"
    strategies: tuple[str, ...] = ()
    with_release: bool = False
    seed: int | None = None

    def __post_init__(self) -> None:
        """Refuse a choice that does not exist; raises UnknownContestError or UnknownStrategyError."""
        from bmg_assets.science.evidence.benchmark import contest_named
        from bmg_assets.science.surrogates.catalogue import strategy_named

        contest_named(self.contest, seed=0)
        for name in self.strategies:
            strategy_named(name)

    def run_config(self) -> dict[str, Any]:
        """The run config of the evidence job."""
        chosen = _given(
            contest=self.contest, strategies=list(self.strategies), with_release=self.with_release, seed=self.seed
        )
        return {"ops": {"strategy_benchmark": {"config": chosen}}}


@dataclass(frozen=True)
class PropertyOptions:
    """What a person chooses for the map of a property; None leaves it to the property or the deployment."""

    budget: str | None = None
    sub_dataset: int | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        """Refuse a choice that does not exist; raises UnknownBudgetError or SubDatasetError."""
        if self.budget is not None:
            budget_named(self.budget)
        if self.sub_dataset not in (None, NOTHING_LEFT_OUT):
            excluded_categories(self.sub_dataset)

    def run_config(self) -> dict[str, Any]:
        """The run config of the property job."""
        chosen = _given(budget=self.budget, sub_dataset=self.sub_dataset, seed=self.seed)
        return {"ops": {"property_maps": {"config": chosen}}}


@contextmanager
def deployment_instance() -> Iterator[dg.DagsterInstance]:
    """The Dagster instance of the deployment."""
    prepare_home()
    with dg.DagsterInstance.get() as instance:
        yield instance


def prepare_home() -> str:
    """DAGSTER_HOME, or the one in the data folder, with the project's settings where it has none yet."""
    home = os.environ.setdefault("DAGSTER_HOME", str(Locations.from_environment().dagster_home))
    os.makedirs(home, exist_ok=True)
    settings = os.path.join(home, INSTANCE_SETTINGS)
    if not os.path.exists(settings):
        shutil.copy(PROJECT / "data" / "dagster_home" / INSTANCE_SETTINGS, settings)
    return home


def run_literature(
    instance: dg.DagsterInstance, sources: list[str] | None = None, element_tables: str | None = None
) -> None:
    """Materialize the literature.

    Raises:
        RunFailedError: the run failed; the message is the failure's.
        KeyboardInterrupt: a person stopped it.
    """
    config = {
        "literature_reports": {"config": _given(sources=sources)},
        "alloy_descriptors": {"config": _given(element_tables=element_tables)},
    }
    _execute(instance, dg.reconstructable(_literature_job), {"ops": config}, {})


def run_system(instance: dg.DagsterInstance, key: str, options: SystemOptions) -> None:
    """Materialize one registered system from its training set to its candidates and page.

    Raises:
        RunFailedError: the run failed; the message is the failure's.
        SystemBusyError: a run is at work on this system.
        CandidateChoiceError, CastingPracticeError, NotCastError, FormulaError: see `check_candidates`.
        KeyboardInterrupt: a person stopped it.
    """
    check_candidates(key, options)
    refuse_overlap(instance, key)
    _execute(instance, dg.reconstructable(_system_job), options.run_config(), {PARTITION_TAG: key})


def check_candidates(key: str, options: SystemOptions) -> None:
    """Refuse, before anything is trained, a run that could propose nothing in the end.

    Raises:
        CandidateChoiceError, CastingPracticeError: options, deployment or casting.yaml say what cannot be.
        NotCastError: of this system nothing is cast.
        FormulaError: a pending alloy cannot be read.
    """
    choice = candidate_choice(CandidatesConfig(**options.of_candidates()), Defaults.from_environment())
    choice.check_system(parse_system(key))


def run_study(
    instance: dg.DagsterInstance,
    systems: Sequence[str],
    options: StudyOptions,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Study the systems one after the other, those that are not finished; interrupted, the same call goes on.

    The systems are registered for the study alone. The literature is there.

    Args:
        say: is told of the beginning of each system.

    Raises:
        SystemKeyError: a key cannot be used, or its elements are studied in another order.
        TrainingSetError: a system that cannot be studied, before anything is trained.
        RunFailedError, SystemBusyError, KeyboardInterrupt: as `run_system`.
    """
    resources = build_resources()
    settings = StudySettings.chosen(resources["defaults"], resources["system_chain"], options.budget, options.seed)
    targets = [parse_system(key) for key in dict.fromkeys(systems)]
    unfinished = unfinished_systems(resources["store"], targets, options.sub_datasets, settings)
    for target in targets:
        register_system(instance, target.key, STUDY_DIMENSION)
    for number, target in enumerate(unfinished, start=1):
        say(f"{target.key}, {number} of {len(unfinished)} systems to study")
        refuse_overlap(instance, target.key)
        job = dg.reconstructable(_study_job)
        _execute(instance, job, options.run_config(), {PARTITION_TAG: target.key})
    if not unfinished:
        say("All of it is there already; the table and the page are written anew.")
        _execute(instance, dg.reconstructable(_study_job), {}, {}, ["pruning_study"])


def run_evidence(instance: dg.DagsterInstance, options: EvidenceOptions) -> None:
    """Judge strategies on systems left out; interrupted, the same call goes on. The literature is there.

    Raises:
        RunFailedError, KeyboardInterrupt: as `run_system`.
    """
    _execute(instance, dg.reconstructable(_evidence_job), options.run_config(), {})


def run_property_values(instance: dg.DagsterInstance) -> None:
    """Take in what sources at hand report of properties other than D_max; raises as `run_literature`."""
    _execute(instance, dg.reconstructable(_property_values_job), {}, {})


def run_property(instance: dg.DagsterInstance, prop: Property, system: str, options: PropertyOptions) -> None:
    """Register the map of a property in a system, and materialize it. The values are there.

    Raises:
        SystemKeyError: the key cannot be used, or the property is mapped with its elements in another order.
        RunFailedError, SystemBusyError, KeyboardInterrupt: as `run_system`.
    """
    key = register_property_map(instance, prop, system)
    refuse_overlap(instance, key)
    _execute(instance, dg.reconstructable(_property_job), options.run_config(), {PARTITION_TAG: key})


def _literature_job() -> dg.JobDefinition:
    return build_definitions().resolve_job_def(LITERATURE_JOB)


def _system_job() -> dg.JobDefinition:
    return build_definitions().resolve_job_def(SYSTEM_JOB)


def _evidence_job() -> dg.JobDefinition:
    return build_definitions().resolve_job_def(EVIDENCE_JOB)


def _property_values_job() -> dg.JobDefinition:
    return build_definitions().resolve_job_def(PROPERTY_VALUES_JOB)


def _property_job() -> dg.JobDefinition:
    return build_definitions().resolve_job_def(PROPERTY_JOB)


def _study_job() -> dg.JobDefinition:
    return build_definitions().resolve_job_def(STUDY_JOB)


def _execute(
    instance: dg.DagsterInstance,
    job: Any,
    run_config: Mapping[str, Any],
    tags: Mapping[str, str],
    assets: Sequence[str] | None = None,
) -> None:
    run_config = {**run_config, "loggers": {"console": {}}}
    if job.get_definition().executor_def.name == dg.multiprocess_executor.name:
        start_fork_server()
    # Entering the result as a context would set up all resources once more, and raise what failed the run.
    selection = [dg.AssetKey(name) for name in assets] if assets is not None else None
    result = dg.execute_job(job, instance, run_config=run_config, tags=dict(tags), asset_selection=selection)
    if _was_stopped(result):
        # Dagster holds a Ctrl-C back until its steps have ended, counts the run as failed, and would try it again.
        instance.add_run_tags(result.run_id, {WILL_RETRY_TAG: "false"})
        raise KeyboardInterrupt
    if not result.success:
        raise RunFailedError(f"Run {result.run_id} failed. {_first_failure(result)}")


def _was_stopped(result: Any) -> bool:
    """Whether the run ended because a person pressed Ctrl-C."""
    return any(is_ctrl_c_error(event.job_failure_data.error) for event in result.all_events if event.is_job_failure)


def _first_failure(result: Any) -> str:
    """What went wrong in the words of the step that failed first."""
    for event in result.all_events:
        if event.is_step_failure:
            failure = event.step_failure_data
            if failure.user_failure_data and failure.user_failure_data.description:
                return str(failure.user_failure_data.description)
            return f"Step {event.step_key}: {_root_cause(failure.error)}"
        if event.is_job_failure and event.job_failure_data.error:
            return _root_cause(event.job_failure_data.error)
    return "Look into its log in the Dagster UI."


def _root_cause(error: Any) -> str:
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return "no reason was recorded."
    # An error of ours is a sentence; its class, which stands before it, would tell the reader nothing.
    return re.sub(r"^bmg_assets\.[\w.]+: ", "", error.message.strip())


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
