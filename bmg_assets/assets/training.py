"""Group `training`: the training set of a system, the tuned sub-models, and their fusion.

Belongs here: choosing inputs, calling `science`, describing the result. Does not belong here: the method itself.
"""

import json
from typing import Any

import dagster as dg

from bmg_assets.assets.decorators import RETRY_ENDED_WORKER, table_asset
from bmg_assets.assets.types import SUB_MODEL, SUB_MODEL_INPUTS, Frame, Result, SubModelResult, in_order
from bmg_assets.checks.check import check_results, check_specs, stored_if_it_passes, table_result
from bmg_assets.checks.training import FUSION_CHECKS, SUB_MODEL_CHECKS, TRAINING_SET_CHECKS
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.execution.trial_log import TrialLog
from bmg_assets.pages.metadata import metadata_values
from bmg_assets.partitions import system_of_run, target_system
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.models.budgets import Budget, budget_named
from bmg_assets.science.models.sub_models.base import SubModel
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS, SUB_MODELS
from bmg_assets.settings import SearchChoices, TrainingSetChoices
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import record_of_training, systems_with_casts
from bmg_assets.store.literature_database import identity_of
from bmg_assets.store.origins import RECORD, origin_of_output
from bmg_assets.store.store import NotInStoreError, Store, StoredRowsError
from bmg_assets.store.tables.lab import LAB_RESULTS
from bmg_assets.store.tables.training import TUNING_TRIALS

SMALL_CHANGE = 0.01
"""Share of alloys that may be new for a search near the last best point to be enough."""
DESCRIPTOR_CHOICES = ("paper", "selected")


@overriding("sub_dataset")
class TrainingSetConfig(TrainingSetChoices, dg.Config):
    """Which literature a system is trained on."""


@overriding("budget", "seed", "threads")
class SubModelConfig(SearchChoices, dg.Config):
    """How a sub-model is tuned."""


@table_asset(
    "training",
    TRAINING_SET_CHECKS,
    partitions_def=target_system,
    kinds={"parquet", "pandas"},
    code_version="2",
    description=(
        "The alloys that a system is trained on. Literature that is too close to the target is pruned by the paper's "
        "categories (I-V), so that the model does not fall back on what everybody has cast; own casts always stay. "
        "Casts of other systems that share elements count as literature; the nightly schedule takes new ones in."
    ),
)
def training_set(
    context: dg.AssetExecutionContext,
    config: TrainingSetConfig,
    defaults: Defaults,
    store: Store,
    system_chain: SystemChain,
    literature_alloys: Frame,
    alloy_descriptors: Frame,
    lab_results: Frame,
) -> Result:
    """Take in the casts of other systems, prune, join with the descriptors, add own casts."""
    from bmg_assets.science.descriptors.elements import element_tables
    from bmg_assets.science.literature.other_casts import with_other_casts
    from bmg_assets.science.literature.training_set import assemble_training_set, check_describable, learning_data

    target = system_of_run(context)
    literature = {
        "literature_alloys": identity_of(literature_alloys),
        "alloy_descriptors": identity_of(alloy_descriptors),
    }
    tables = element_tables(alloy_descriptors["element_tables"].iloc[0])
    chosen = _chosen_descriptors(config, alloy_descriptors)
    check_describable(target, tables, chosen)
    settings = defaults.overridden_by(config)
    cast = systems_with_casts(context.instance, store)
    others = store.read_all(LAB_RESULTS.name, cast.to_learn_from(target.key, settings.sub_dataset))
    alloys, descriptors = with_other_casts(literature_alloys, alloy_descriptors, others, tables, chosen)
    frame = assemble_training_set(
        target, alloys, descriptors, lab_results, tables, settings.sub_dataset, chosen, settings.own_cast_weight
    )
    by_category = frame["category"].value_counts()
    return table_result(
        TRAINING_SET_CHECKS,
        frame,
        metadata=metadata_values(
            sub_dataset=settings.sub_dataset,
            element_tables=tables.variant,
            descriptors=len(chosen),
            training_fingerprint=learning_data(frame).fingerprint,
            alloys_left_out=len(alloys) - int((frame["category"] != "lab").sum()),
            casts_of_other_systems=int(frame["composition"].isin(others["composition"]).sum()),
            **{f"alloys_{category}": count for category, count in by_category.items()},
            # The table is stored with it, and the nightly schedule compares it with what there is.
            **{RECORD: record_of_training(target.key, system_chain, defaults, literature, cast)},
        ),
    )


def build_sub_model_asset(model: SubModel) -> dg.AssetsDefinition:
    """The asset of one sub-model; all are made alike, so that a system's chain is one selection and one run."""
    name = SUB_MODEL_ASSETS[model.name]

    @dg.asset(
        name=name,
        group_name="training",
        partitions_def=target_system,
        io_manager_key="sub_models",
        dagster_type=SUB_MODEL,
        kinds=set(model.kinds),
        code_version=model.version,
        check_specs=check_specs(name, SUB_MODEL_CHECKS),
        retry_policy=RETRY_ENDED_WORKER,
        description=(
            f"{model.title}, tuned by Hyperopt's TPE on the mean RMSE of five folds and fitted to the whole training "
            "set. Every trial is kept in the table tuning_trials."
        ),
    )
    @ends_in_one_sentence
    @stored_if_it_passes
    def sub_model_asset(
        context: dg.AssetExecutionContext, config: SubModelConfig, defaults: Defaults, store: Store, training_set: Frame
    ) -> Result:
        from bmg_assets.science.literature.training_set import learning_data
        from bmg_assets.science.models.tuning import tune

        system = context.partition_key
        data = learning_data(training_set)
        settings = defaults.overridden_by(config)
        budget = budget_named(settings.budget)
        last_best = _last_best(store, model, system) if config.start_from_last_best else []
        if last_best and _hardly_changed(context, len(data.y), budget):
            budget = budget.warm()
        tuned = tune(
            model,
            data.X,
            data.y,
            budget,
            seed=settings.seed,
            weight=data.weight,
            threads=settings.threads_of_sub_model(),
            first_points=last_best,
            on_trial=TrialLog(context.log, name, model.title, budget.max_evaluations),
        )
        origin = origin_of_output(context, store, system, {})
        store.write_table(TUNING_TRIALS.name, system, _trials_table(system, tuned), part=model.name, origin=origin)
        return dg.MaterializeResult(
            value=tuned,
            metadata=metadata_values(
                cv_rmse_mm=tuned.loss,
                budget=budget.name,
                warm_start=budget.near_first_point,
                alloys=len(data.y),
                trials=len(tuned.trials),
                trials_given_up=sum(trial.status == "stopped_early" for trial in tuned.trials),
                search_seconds=sum(trial.seconds for trial in tuned.trials),
                seed=tuned.seed,
                hyper_parameters=tuned.params,
                training_fingerprint=tuned.training_fingerprint,
            ),
            check_results=check_results(SUB_MODEL_CHECKS, tuned, training_set),
        )

    return sub_model_asset


sub_model_assets = [build_sub_model_asset(model) for model in SUB_MODELS.values()]


@table_asset(
    "training",
    FUSION_CHECKS,
    partitions_def=target_system,
    kinds={"parquet"},
    code_version="1",
    ins=SUB_MODEL_INPUTS,
    description=(
        "The weight of each sub-model in the fused prediction (eq. 1 of the paper), chosen for the mean R² of the "
        "fusion over the five folds, beside the exact optimum and the scores of the parts. The folds are random: the "
        "scores do not measure how good the prediction is for a system that nobody has cast."
    ),
)
def fusion_weights(training_set: Frame, **sub_models: SubModelResult) -> Result:
    """Fuse the stored out-of-fold predictions; nothing is refitted."""
    import pandas as pd

    from bmg_assets.science.literature.training_set import learning_data
    from bmg_assets.science.models.pipeline import find_weights

    fusion = find_weights(in_order(sub_models), learning_data(training_set))
    scores = [*fusion.part_scores, fusion.scores]
    frame = pd.DataFrame(
        {
            "target_system": training_set["target_system"].iloc[0],
            "model": [*SUB_MODELS, "fusion"],
            "weight": [*fusion.weights, None],
            "weight_exact": [*fusion.exact_weights, None],
            "r2_mean": [score.r2_mean for score in scores],
            "rmse_mean_mm": [score.rmse_mean_mm for score in scores],
        }
    ).astype({"weight": "float64", "weight_exact": "float64"})
    return table_result(
        FUSION_CHECKS,
        frame,
        metadata=metadata_values(
            fusion_r2=fusion.scores.r2_mean,
            fusion_r2_exact_optimum=fusion.exact_scores.r2_mean,
            fusion_rmse_mm=fusion.scores.rmse_mean_mm,
            **{f"weight_{name}": weight for name, weight in zip(SUB_MODELS, fusion.weights, strict=True)},
        ),
    )


def _chosen_descriptors(config: TrainingSetConfig, alloy_descriptors: Frame) -> tuple[str, ...]:
    from bmg_assets.science.literature.training_set import TrainingSetError

    if config.descriptors not in DESCRIPTOR_CHOICES:
        raise TrainingSetError(
            f"There is no choice of descriptors '{config.descriptors}'; use one of {', '.join(DESCRIPTOR_CHOICES)}."
        )
    if config.descriptors == "paper":
        return PAPER_DESCRIPTORS
    from bmg_assets.science.descriptors.describe import selection_of

    return selection_of(alloy_descriptors).kept


def _last_best(store: Store, model: SubModel, system: str) -> list[dict[str, Any]]:
    """The best point of the system's last search, if one that can be read was in the space that is searched today."""
    try:
        trials = store.read_table(TUNING_TRIALS.name, system, part=model.name)
    except (NotInStoreError, StoredRowsError):
        return []
    # The last trial of a search that compares at few rounds is the best one, evaluated at all of them.
    complete = trials[trials["status"] == "ok"].sort_values(["loss_rmse_mm", "trial"], ascending=[True, False])
    return [point for point in map(json.loads, complete["params"].head(1)) if model.space.covers(point)]


def _hardly_changed(context: dg.AssetExecutionContext, alloys: int, budget: Budget) -> bool:
    """Whether the last training had the same budget and as many alloys but for a few."""
    last = context.instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=context.asset_key, asset_partitions=[context.partition_key]), limit=1
    ).records
    materialization = last[0].asset_materialization if last else None
    if materialization is None:
        return False
    metadata = {name: entry.value for name, entry in materialization.metadata.items()}
    return (
        metadata.get("budget") == budget.name and abs(alloys - int(metadata.get("alloys", 0))) <= SMALL_CHANGE * alloys
    )


def _trials_table(system: str, tuned: SubModelResult) -> Frame:
    import pandas as pd

    return pd.DataFrame(
        {
            "target_system": system,
            "sub_model": tuned.name,
            "trial": [trial.number for trial in tuned.trials],
            "params": [json.dumps(trial.params) for trial in tuned.trials],
            "loss_rmse_mm": pd.Series([trial.loss for trial in tuned.trials], dtype="float64"),
            "fold_rmse_mm": [list(trial.fold_rmse) for trial in tuned.trials],
            "status": [trial.status for trial in tuned.trials],
            "seconds": [trial.seconds for trial in tuned.trials],
        }
    )
