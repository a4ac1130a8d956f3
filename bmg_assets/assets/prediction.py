"""Group `prediction`: the map of a system, what to cast next, and all systems at a glance.

Belongs here: choosing inputs, calling `science`, describing the result. Does not belong here: how a page looks.
"""

import dagster as dg
from pydantic import Field

from bmg_assets.assets.overview import overview_now, write_overview_page
from bmg_assets.assets.types import TABLE, Frame, Result, SubModelResult
from bmg_assets.checks.check import check_specs, stored_if_it_passes, table_result
from bmg_assets.checks.prediction import (
    CANDIDATES_CHECKS,
    OVERVIEW_CHECKS,
    PREDICTION_GRID_CHECKS,
    TRANSFER_GRID_CHECKS,
)
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.pages.metadata import links_to, metadata_values, picture_of
from bmg_assets.partitions import target_system
from bmg_assets.science.alloys.systems import TargetSystem, parse_system
from bmg_assets.science.proposals.candidate_choice import CandidateChoice
from bmg_assets.science.proposals.casting_practice import KEYS as PRACTICE_KEYS
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.surrogates.map_strategies import TRANSFER
from bmg_assets.settings import Defaults, Locations
from bmg_assets.sources.casting_file import read_casting_practice
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import systems_with_casts
from bmg_assets.store.page_addresses import prediction_preview_file, report_file
from bmg_assets.store.store import Store
from bmg_assets.store.tables.lab import LAB_CASTS, LAB_RESULTS


class PredictionGridConfig(dg.Config):
    """How fine the map is, and what counts as its top."""

    step_at_pct: int | None = Field(
        default=None,
        description="Distance of neighbouring grid points in at.% (1, 2, 4, 5 or 10). None: 1 for a ternary, coarser "
        "with more elements.",
    )
    top_share: float | None = Field(
        default=None, description="Share of the grid in the top region. None: the deployment's default.", gt=0, le=1
    )


class TransferGridConfig(dg.Config):
    """How fine the map is, what counts as its top, and the seed."""

    step_at_pct: int | None = Field(
        default=None, description="Distance of neighbouring grid points in at.%, as of prediction_grid."
    )
    top_share: float | None = Field(
        default=None, description="Share of the grid in the top region. None: the deployment's default.", gt=0, le=1
    )
    seed: int | None = Field(default=None, description="Seed of the calibration. None: the deployment's.")


class CandidatesConfig(dg.Config):
    """By which map and rule alloys are proposed, how many, how far apart, and what is out of the question.

    None leaves it to the deployment; what is said of limits, elements and prices stands above the laboratory's file
    casting.yaml.
    """

    strategy: str | None = Field(
        default=None,
        description="'pruned' (the paper's, by prediction_grid) or 'transfer' (all alloys by likeness, by "
        "transfer_grid).",
    )
    rule: str | None = Field(
        default=None,
        description="'paper' (best of the largest top region, and around it), or with the strategy transfer the "
        "highest 'expected_gain' over the best known D_max, 'chance_of_better', or 'gain_per_price'.",
    )
    pair_distance_at_pct: int | None = Field(
        default=None,
        description="Distance of the second pick and the boundary points from the first by the paper's rule, in at.%, "
        "a multiple of the grid's step.",
        gt=0,
    )
    picks: int | None = Field(default=None, description="Alloys to cast at once; the paper's rule casts two.", ge=1)
    apart_at_pct: float | None = Field(
        default=None,
        description="Least difference in at.% of the picks of the other rules, and of all from pending alloys.",
        ge=0,
        le=100,
    )
    least_explained: float | None = Field(
        default=None,
        description="Pass over compositions of which the known alloys explain a smaller share (0 to 1).",
        ge=0,
        le=1,
    )
    pending: list[str] = Field(
        default=[], description="Alloys in the furnace, without a result yet, as formulas: Zr50Al5Cu45."
    )
    limits: list[str] = Field(default=[], description="Lowest and highest at.% of elements, each as 'Al 0-20'.")
    not_cast: list[str] = Field(default=[], description="Elements that are not cast at all, beside the file's.")
    prices: dict[str, float] = Field(default={}, description="Prices of elements per kg, all in one currency.")
    highest_price: float | None = Field(default=None, description="Highest price of an alloy per kg.", gt=0)


def candidate_choice(config: CandidatesConfig, defaults: Defaults) -> CandidateChoice:
    """What a run says of candidates, and for the rest the deployment and the laboratory's file.

    Raises:
        CandidateChoiceError, UnknownMapStrategyError: there is no such choice.
        CastingPracticeError: the config or the file says of limits, elements or prices what cannot be meant.
    """
    chosen = {
        name: getattr(defaults if getattr(config, name) is None else config, name)
        for name in ("strategy", "rule", "pair_distance_at_pct", "picks", "apart_at_pct", "least_explained")
    }
    said = config.model_dump(include=set(PRACTICE_KEYS))
    practice = read_casting_practice(Locations.from_environment().lab)
    return CandidateChoice(
        **chosen,
        practice=practice.overridden_by(CastingPractice.read(said, "The config of the run")),
        pending=tuple(config.pending),
    )


@dg.asset(
    group_name="prediction",
    partitions_def=target_system,
    io_manager_key="system_tables",
    dagster_type=TABLE,
    kinds={"parquet"},
    code_version="1",
    check_specs=check_specs("prediction_grid", PREDICTION_GRID_CHECKS),
    description=(
        "Predicted critical casting diameter D_max of every composition of the system: by each sub-model and fused, "
        "scaled to 0-1, with an interval, the top region and its connected parts."
    ),
)
@ends_in_one_sentence
@stored_if_it_passes
def prediction_grid(
    context: dg.AssetExecutionContext,
    config: PredictionGridConfig,
    defaults: Defaults,
    store: Store,
    training_set: Frame,
    svr_model: SubModelResult,
    random_forest_model: SubModelResult,
    xgboost_model: SubModelResult,
    lightgbm_model: SubModelResult,
    fusion_weights: Frame,
) -> Result:
    """Describe the grid, predict, fuse, find the top region."""
    from bmg_assets.science.descriptors.elements import element_tables
    from bmg_assets.science.literature.training_set import learning_data
    from bmg_assets.science.models.prediction import MapSettings, predict_map

    system = parse_system(context.partition_key)
    models = {model.name: model for model in (svr_model, random_forest_model, xgboost_model, lightgbm_model)}
    weights = fusion_weights.set_index("model")["weight"].loc[list(models)].to_numpy()
    frame = predict_map(
        system,
        models,
        weights,
        learning_data(training_set),
        element_tables(training_set["element_tables"].iloc[0]),
        MapSettings(config.step_at_pct, config.top_share or defaults.top_share, defaults.coverage),
    )
    best = frame.loc[frame["dmax_mm"].idxmax()]
    return table_result(
        PREDICTION_GRID_CHECKS,
        frame,
        metadata=metadata_values(
            # The page is made by system_report, with which a run of a system ends.
            **links_to({"page": report_file(system.key)}),
            **(_shown_prediction(store, system, frame, len(training_set)) if system.is_ternary else {}),
            best_predicted_mm=best["dmax_mm"],
            best_composition=best["composition"],
            interval_of_best=f"{best['interval_low_mm']:.2f} to {best['interval_high_mm']:.2f} mm",
            nominal_coverage=defaults.coverage,
            regions=int(frame["region"].max()),
        ),
    )


def _shown_prediction(store: Store, system: TargetSystem, grid: Frame, alloys: int) -> dict[str, dg.MetadataValue]:
    """A small picture of this map for the UI; the map with candidates and casts is made by system_report, later."""
    from bmg_assets.pages.drawing import preview_of
    from bmg_assets.pages.surface_maps import draw_prediction

    drawn = draw_prediction(system, grid, f"{alloys:,} alloys in the training set")
    preview = store.write_bytes(prediction_preview_file(system.key), preview_of(drawn["png"]))
    return {"map": picture_of(preview, f"Map of {system.key}")}


@dg.asset(
    group_name="prediction",
    partitions_def=target_system,
    io_manager_key="system_tables",
    dagster_type=TABLE,
    kinds={"parquet", "numpy"},
    code_version="2",
    deps=["training_set"],  # which sees that the system can be described at all
    check_specs=check_specs("transfer_grid", TRANSFER_GRID_CHECKS),
    description=(
        "What all known alloys say of every composition of the system, by how alike they are in composition and melt; "
        "nothing is pruned, own casts count most. The probability of a bulk glass and the intervals come from systems "
        "that were left out as if nobody had cast them; beside them stands how far away the nearest known alloy is."
    ),
)
@ends_in_one_sentence
@stored_if_it_passes
def transfer_grid(
    context: dg.AssetExecutionContext,
    config: TransferGridConfig,
    defaults: Defaults,
    store: Store,
    literature_alloys: Frame,
    lab_results: Frame,
) -> Result:
    """Gather what is known, learn, map."""
    from bmg_assets.science.literature.other_casts import systems_to_learn_from
    from bmg_assets.science.models.prediction import MapSettings
    from bmg_assets.science.proposals.surrogate_map import known_to, map_by_likeness, support_of_elements

    system = parse_system(context.partition_key)
    # Of other systems' casts the same as the training set has: by these it is judged whether a system is stale.
    cast = systems_with_casts(context.instance)
    others = store.read_all(LAB_RESULTS.name, systems_to_learn_from(system.key, cast, defaults.sub_dataset))
    known = known_to(lab_results, others, literature_alloys)
    settings = MapSettings(config.step_at_pct, config.top_share or defaults.top_share, defaults.coverage)
    frame = map_by_likeness(system, known, settings, defaults.seed if config.seed is None else config.seed)
    best = frame.loc[frame["score"].idxmax()]
    return table_result(
        TRANSFER_GRID_CHECKS,
        frame,
        metadata=metadata_values(
            alloys=len(known),
            own_alloys=int(known["is_own"].sum()),
            best_composition=best["composition"],
            best_expected_mm=best["dmax_mm"],
            best_probability_bulk=best["probability_bulk"],
            best_known_mm=best["best_known_mm"],
            highest_expected_gain_mm=frame["expected_gain_mm"].max(),
            nearest_known_at_pct=best["nearest_at_pct"],
            **{f"alloys_with_{symbol}": count for symbol, count in support_of_elements(system, known).items()},
        ),
    )


@dg.asset(
    group_name="prediction",
    partitions_def=target_system,
    io_manager_key="system_tables",
    dagster_type=TABLE,
    kinds={"parquet"},
    code_version="4",
    check_specs=check_specs("candidates", CANDIDATES_CHECKS),
    description=(
        "What to cast next, on the map of the strategy in use: by the paper's rule the best composition of the largest "
        "top region, the best of the points around it, and the boundary points for verification; by the others what "
        "may add most to the best known alloy. Within the laboratory's limits, each with its reason and how far the "
        "laboratory has come with it."
    ),
)
@ends_in_one_sentence
@stored_if_it_passes
def candidates(
    context: dg.AssetExecutionContext,
    config: CandidatesConfig,
    defaults: Defaults,
    store: Store,
    prediction_grid: Frame,
    transfer_grid: Frame,
    lab_results: Frame,
) -> Result:
    """Choose on the map, past what the laboratory has settled."""
    from bmg_assets.science.casts.candidate_states import standings_of
    from bmg_assets.science.proposals.candidates import propose_on_map

    system = parse_system(context.partition_key)
    choice = candidate_choice(config, defaults)
    frame = propose_on_map(
        transfer_grid if choice.strategy == TRANSFER else prediction_grid,
        system,
        choice,
        standings=standings_of(lab_results, store.read_table(LAB_CASTS.name, system.key)),
    )
    picks = frame[frame["kind"] == "pick"]
    return table_result(
        CANDIDATES_CHECKS,
        frame,
        metadata=metadata_values(
            strategy=choice.strategy,
            rule=choice.rule,
            limits=choice.limits_in_words(system) or "none",
            cast_next=", ".join(picks["composition"]),
            **{f"pick_{pick.rank}_mm": pick.dmax_mm for pick in picks.itertuples()},
            **{f"candidates_{state}": count for state, count in frame["state"].value_counts().items()},
        ),
    )


@dg.asset(
    group_name="prediction",
    io_manager_key="system_tables",
    dagster_type=TABLE,
    kinds={"parquet"},
    code_version="2",
    deps=["iterations"],
    check_specs=check_specs("system_overview", OVERVIEW_CHECKS),
    description=(
        "One row per registered system: its state, best prediction, best cast, score and age, and whether its models "
        "are older than what they are made from. The page reports/overview.html of the store shows it, with links."
    ),
)
@ends_in_one_sentence
@stored_if_it_passes
def system_overview(
    context: dg.AssetExecutionContext, defaults: Defaults, store: Store, system_chain: SystemChain
) -> Result:
    """Systems that are registered, whether trained or not, as a table and as a page."""
    frame = overview_now(context.instance, store, system_chain, defaults)
    page = write_overview_page(store, frame)
    return table_result(
        OVERVIEW_CHECKS,
        frame,
        metadata=links_to({"page": page}),
    )
