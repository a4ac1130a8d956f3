"""What a person chooses for one run: settings by name. A setting that is absent is left to the deployment.

Belongs here: refusing a choice that does not exist before anything is run, and the run config that passes it on. Does
not belong here: what can be chosen (settings.py).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import dagster as dg

from bmg_assets.assets.prediction import CandidatesConfig, candidate_choice
from bmg_assets.defaults import Defaults
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.literature.pruning import excluded_categories
from bmg_assets.settings import Locations, Settings
from bmg_assets.store.store import Store
from bmg_assets.studies.system_objectives import check_objectives

Choices = Mapping[str, Any]


def check_choices(choices: Choices, other_sub_datasets: Collection[int] = ()) -> None:
    """Refuse a choice that does not exist.

    Args:
        other_sub_datasets: numbers that may be chosen beside those of the paper's sub-datasets.

    Raises:
        SettingError, UnknownBudgetError, UnknownSurrogateError, CandidateChoiceError: see `Settings.overridden_by`.
        SubDatasetError, UnknownBenchmarkError: there is no such sub-dataset, benchmark or surrogate.
    """
    from bmg_assets.science.evidence.benchmark import benchmark_named
    from bmg_assets.science.surrogates.catalogue import surrogate_named

    Settings().overridden_by(choices)
    for number in (*choices.get("sub_datasets", ()), *([choices["sub_dataset"]] if "sub_dataset" in choices else ())):
        if number not in other_sub_datasets:
            excluded_categories(number)
    if "contest" in choices:
        benchmark_named(choices["contest"], seed=0)
    for name in choices.get("strategies", ()):
        surrogate_named(name)


def check_system_choices(key: str, choices: Choices) -> None:
    """Refuse, before anything is trained, a run of a system that could propose nothing in the end.

    Raises:
        SettingError, UnknownBudgetError, UnknownSurrogateError, SubDatasetError: see `check_choices`.
        CandidateChoiceError, CastingPracticeError: choices, deployment or casting.yaml hold what is not allowed.
        NotCastError: nothing of this system is cast.
        ObjectiveError: an objective by which alloys are to be chosen does not exist here.
        FormulaError: a pending alloy cannot be read.
    """
    check_choices(choices)
    of_candidates = {name: value for name, value in choices.items() if name in CandidatesConfig.model_fields}
    system = parse_system(key)
    choice = candidate_choice(CandidatesConfig(**of_candidates), Defaults.from_environment(), system)
    choice.check_system(system)
    places = Locations.from_environment()
    check_objectives(Store.at(places), places, system, choice.practice, choice.objectives)


def run_config_of(
    job: dg.JobDefinition, choices: Choices, assets: Sequence[dg.AssetKey] | None = None
) -> dict[str, Any]:
    """The run config of a job: each asset gets those of the choices that it has in its config.

    Args:
        assets: those that are run; all of the job by default.
    """
    run = None if assets is None else {asset.to_python_identifier() for asset in assets}
    configs = {}
    for node in job.nodes:
        schema = node.definition.config_schema.config_type if isinstance(node.definition, dg.OpDefinition) else None
        if run is None or node.name in run:
            configs[node.name] = {name: choices[name] for name in getattr(schema, "fields", {}) if name in choices}
    return {"ops": {name: {"config": config} for name, config in configs.items() if config}}
