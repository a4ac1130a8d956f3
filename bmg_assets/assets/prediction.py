"""Group `prediction`: the map of a system, what to cast next, and all systems at a glance.

Belongs here: choosing inputs, calling `science`, describing the result. Does not belong here: how a page looks.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import dagster as dg

from bmg_assets.assets.decorators import table_asset
from bmg_assets.assets.ledger import ledger_now, write_ledger_page
from bmg_assets.assets.overview import overview_now, write_overview_page
from bmg_assets.assets.regime_evidence import regime_figures_at_hand
from bmg_assets.assets.types import SUB_MODEL_INPUTS, Frame, Result, SubModelResult, in_order
from bmg_assets.checks.check import table_result
from bmg_assets.checks.prediction import (
    CANDIDATES_CHECKS,
    OVERVIEW_CHECKS,
    PREDICTION_GRID_CHECKS,
    RECOMMENDATIONS_CHECKS,
    TRANSFER_GRID_CHECKS,
)
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.pages.metadata import links_to, metadata_values, picture_of
from bmg_assets.partitions import target_system
from bmg_assets.science.alloys.systems import TargetSystem, parse_system
from bmg_assets.science.proposals.candidate_choice import CandidateChoice, CandidateSettings
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.objectives import numbers_by_objective
from bmg_assets.science.surrogates.catalogue import surrogate_of_grid
from bmg_assets.settings import CandidateChoices, GridChoices, KnowledgeChoices, Locations
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import systems_with_casts
from bmg_assets.store.page_addresses import grid_preview_file, report_file
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets.store.tables.lab import LAB_CASTS, LAB_RESULTS
from bmg_assets.store.tables.prediction import RECOMMENDATIONS

if TYPE_CHECKING:
    from bmg_assets.science.proposals.side_by_side import Known

NOT_OF_PRACTICE = frozenset({"pending", "weights", "at_least", "at_most"})
"""Choices that say nothing of what the laboratory casts."""
FIRST = {"dagster/priority": "1"}
"""Tags of the steps that lead to the recommendations: of the steps that may begin, the executor takes these first."""


@overriding("top_share")
class PredictionGridConfig(GridChoices, dg.Config):
    """How fine the map is, and what counts as its top."""


@overriding("strategy", "top_share", "seed")
class TransferGridConfig(GridChoices, KnowledgeChoices, dg.Config):
    """The surrogate that makes the map, what it may know, its spacing, the share that counts as its top, the seed."""


@overriding(*CandidateSettings.model_fields)
class CandidatesConfig(CandidateChoices, dg.Config):
    """What is recommended and by which rule, how many alloys, how far apart, and the limits.

    Limits, elements and prices of a run override the laboratory's file casting.yaml.
    """


def candidate_choice(
    config: CandidatesConfig, defaults: Defaults, system: TargetSystem | None = None
) -> CandidateChoice:
    """How candidates are chosen: by the config of the run, else by the deployment and the laboratory's file.

    Args:
        system: that of the run; None: whichever.

    Raises:
        CandidateChoiceError, UnknownSurrogateError: there is no such choice, or a limit of the run is on an element
            that the system does not hold.
        ObjectiveError: weights, or least or most values of objectives, cannot be read.
        CastingPracticeError: limits, elements or prices of the config or the file have a value that they cannot have.
    """
    chosen = config.model_dump(include=set(CandidateChoices.model_fields) - NOT_OF_PRACTICE)
    of_run = CastingPractice.read(chosen, "The config of the run")
    choice = CandidateChoice(
        **defaults.overridden_by(config).model_dump(include=set(CandidateSettings.model_fields)),
        practice=Locations.from_environment().casting_practice().overridden_by(of_run),
        pending=tuple(config.pending),
        weights=numbers_by_objective(config.weights),
        at_least=numbers_by_objective(config.at_least),
        at_most=numbers_by_objective(config.at_most),
    )
    if system is not None:
        choice.refuse_foreign(system, of_run.limits_at_pct)
    return choice


@table_asset(
    "prediction",
    PREDICTION_GRID_CHECKS,
    partitions_def=target_system,
    kinds={"parquet"},
    code_version="2",
    ins=SUB_MODEL_INPUTS,
    description=(
        "Predicted critical casting diameter D_max of every composition of the system: by each sub-model and fused, "
        "scaled to 0-1, with an interval, the top region and its connected parts."
    ),
)
def prediction_grid(
    context: dg.AssetExecutionContext,
    config: PredictionGridConfig,
    defaults: Defaults,
    store: Store,
    training_set: Frame,
    fusion_weights: Frame,
    **sub_models: SubModelResult,
) -> Result:
    """Describe the grid, predict, fuse, find the top region."""
    from bmg_assets.science.descriptors.elements import element_tables
    from bmg_assets.science.literature.training_set import learning_data
    from bmg_assets.science.models.pipeline import fuse_sub_models
    from bmg_assets.science.models.prediction import MapSettings, predict_map

    system, settings = parse_system(context.partition_key), defaults.overridden_by(config)
    tuned, data = in_order(sub_models), learning_data(training_set)
    weights = fusion_weights.set_index("model")["weight"].loc[list(tuned)].to_numpy()
    frame = predict_map(
        system,
        fuse_sub_models(tuned, weights, data),
        data.descriptors,
        element_tables(training_set["element_tables"].iloc[0]),
        MapSettings(config.step_at_pct, settings.top_share, settings.coverage),
    )
    best = frame.loc[frame["dmax_mm"].idxmax()]
    return table_result(
        PREDICTION_GRID_CHECKS,
        frame,
        metadata=metadata_values(
            # The page is made by system_report, with which a run of a system ends.
            **links_to({"page": report_file(system.key)}),
            **_shown(store, system, frame, f"{len(training_set):,} alloys in the training set"),
            best_predicted_mm=best["dmax_mm"],
            best_composition=best["composition"],
            interval_of_best=f"{best['interval_low_mm']:.2f} to {best['interval_high_mm']:.2f} mm",
            nominal_coverage=settings.coverage,
            regions=int(frame["region"].max()),
        ),
    )


def _shown(
    store: Store, system: TargetSystem, grid: Frame, rests_on: str, asset: str = "prediction"
) -> dict[str, dg.MetadataValue]:
    """A small picture of this map for the UI; the map with candidates and casts is made by system_report, later."""
    from bmg_assets.pages.grid_preview import preview_of_grid

    picture = preview_of_grid(system, grid, "predicted critical casting diameter", rests_on)
    preview = store.write_bytes(grid_preview_file(system.key, asset), picture)
    return {"map": picture_of(preview, f"Map of {system.key}")}


@table_asset(
    "prediction",
    TRANSFER_GRID_CHECKS,
    partitions_def=target_system,
    kinds={"parquet", "numpy"},
    code_version="6",
    op_tags=FIRST,
    description=(
        "The map of the surrogate in use: a Gaussian process over all known alloys, unless another one is chosen. "
        "Nothing is pruned, and own casts count most. The probability of a bulk glass and the intervals come from "
        "systems that were left out as if nobody had cast them. Each point has the distance of the nearest known alloy."
    ),
)
def transfer_grid(
    context: dg.AssetExecutionContext,
    config: TransferGridConfig,
    defaults: Defaults,
    store: Store,
    literature_alloys: Frame,
    lab_results: Frame,
) -> Result:
    """Gather the known alloys, fit the surrogate in use, draw up its map."""
    from bmg_assets.science.literature.known_alloys import is_of_system, known_to
    from bmg_assets.science.models.prediction import MapSettings
    from bmg_assets.science.proposals.surrogate_map import map_of_surrogate, support_of_elements

    system, settings = parse_system(context.partition_key), defaults.overridden_by(config)
    # Use the same other-system casts as `training_set`, because staleness is computed from those.
    cast = systems_with_casts(context.instance, store)
    others = store.read_all(LAB_RESULTS.name, cast.to_learn_from(system.key, defaults.sub_dataset))
    literature = literature_alloys[~is_of_system(system, literature_alloys)] if config.blind else literature_alloys
    known = known_to(lab_results, others, literature)
    map_settings = MapSettings(config.step_at_pct, settings.top_share, settings.coverage)
    surrogate = surrogate_of_grid(settings.strategy)
    frame = map_of_surrogate(surrogate, system, known, map_settings, settings.seed)
    best, fitted_to = frame.loc[frame["score"].idxmax()], int(frame["n_known"].iloc[0])
    if fitted_to < len(known):
        context.log.warning(
            f"{len(known):,} alloys are known, more than {surrogate.name} can be fitted to; the map rests on "
            f"{fitted_to:,} of them: own casts, alloys with two elements of {system.key}, and some of all others."
        )
    return table_result(
        TRANSFER_GRID_CHECKS,
        frame,
        metadata=metadata_values(
            **_shown(store, system, frame, f"{surrogate.name}, {fitted_to:,} known alloys", "transfer"),
            strategy=surrogate.name,
            alloys=fitted_to,
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


@table_asset(
    "prediction",
    RECOMMENDATIONS_CHECKS,
    partitions_def=target_system,
    kinds={"parquet"},
    code_version="2",
    op_tags=FIRST,
    description=(
        "What to cast next by the surrogate in use, chosen on transfer_grid within the laboratory's limits, with its "
        "prediction and the nearest reported alloy. It needs no model of the paper, so that it is there before "
        "they are trained. Empty where too few bulk glasses are known."
    ),
)
def recommendations(
    context: dg.AssetExecutionContext,
    config: CandidatesConfig,
    defaults: Defaults,
    store: Store,
    transfer_grid: Frame,
    lab_results: Frame,
    literature_alloys: Frame,
) -> Result:
    """Choose on the map of the surrogate, past what the laboratory has settled."""
    from bmg_assets.science.proposals.candidates import CandidateError, UncalibratedMapError
    from bmg_assets.science.proposals.side_by_side import recommendations_of
    from bmg_assets.store.tables.arrow import empty_frame

    known = known_of(parse_system(context.partition_key), store, lab_results, literature_alloys)
    choice, strategy = candidate_choice(config, defaults, known.system), str(transfer_grid["strategy"].iloc[0])
    notes = []
    try:
        known = _with_objectives(context, known, choice, store, transfer_grid)
        frame = recommendations_of(transfer_grid, choice, known).assign(trust=trust_in(store, transfer_grid))
    except CandidateError as error:
        if not (choice.recommends_paper or isinstance(error, UncalibratedMapError)):
            raise
        frame, notes = empty_frame(RECOMMENDATIONS), [str(error)]
        context.log.warning(notes[0])
    _tell(context, known.system, frame[frame["is_recommended"]])
    return table_result(
        RECOMMENDATIONS_CHECKS,
        frame,
        metadata=_described(frame, choice.of_surrogate(strategy), known, notes),
    )


@table_asset(
    "prediction",
    CANDIDATES_CHECKS,
    partitions_def=target_system,
    kinds={"parquet"},
    code_version="6",
    # It chooses on the same map itself, so that it alone can be materialized with other limits or another rule.
    deps=["recommendations"],
    description=(
        "What to cast next: the recommended picks first, and beside them always the paper's pair (the best composition "
        "of the largest top region of its map, the best of the points around it) with the boundary points for "
        "verification. Each has the predictions of both, whether they agree, the nearest reported alloy, its reason, "
        "and how far the laboratory has come with it. All lie within the laboratory's limits."
    ),
)
def candidates(
    context: dg.AssetExecutionContext,
    config: CandidatesConfig,
    defaults: Defaults,
    store: Store,
    prediction_grid: Frame,
    transfer_grid: Frame,
    lab_results: Frame,
    literature_alloys: Frame,
) -> Result:
    """Choose on both maps, the recommended picks first, and say what each predicts of the other's."""
    from bmg_assets.science.proposals.side_by_side import candidates_of

    known = known_of(parse_system(context.partition_key), store, lab_results, literature_alloys)
    choice = candidate_choice(config, defaults, known.system)
    known = _with_objectives(context, known, choice, store, transfer_grid)
    frame, notes = candidates_of(prediction_grid, transfer_grid, choice, known)
    for note in notes:
        context.log.warning(note)
    frame = frame.assign(trust=trust_in(store, transfer_grid))
    return table_result(CANDIDATES_CHECKS, frame, metadata=_described(frame, choice, known, notes))


def trust_in(store: Store, transfer_grid: Frame) -> str:
    """Which surrogate to trust in this system and why, by the evidence where as much was known."""
    from bmg_assets.science.evidence.trust import trust_here

    regime, strategy = transfer_grid[["regime", "strategy"]].iloc[0]
    return trust_here(regime_figures_at_hand(store), str(regime), str(strategy)).because


def _tell(context: dg.AssetExecutionContext, system: TargetSystem, recommended: Frame) -> None:
    """Say the picks in the run's log, so that nobody waits for the paper's models to know them."""
    from bmg_assets.pages.sentences import pick_in_a_line, with_formulas

    picks = with_formulas(recommended[recommended["kind"] == "pick"], system)
    for pick in picks.to_dict("records"):
        context.log.info(f"cast next: {pick_in_a_line(pick)}")


def known_of(system: TargetSystem, store: Store, lab_results: Frame, literature_alloys: Frame) -> "Known":
    """What is known of a system apart from its maps."""
    from bmg_assets.science.casts.candidate_states import standings_of
    from bmg_assets.science.literature.nearest_reported import reported_alloys
    from bmg_assets.science.proposals.rungs import brackets_of
    from bmg_assets.science.proposals.side_by_side import Known

    standings = standings_of(lab_results, store.read_table(LAB_CASTS.name, system.key))
    reported = reported_alloys(lab_results, literature_alloys)
    return Known(system, standings, reported, brackets_of(lab_results))


def with_objectives(known: "Known", choice: CandidateChoice, store: Store, grid: Frame) -> tuple["Known", list[str]]:
    """The same with the objectives of the map, where the choice names some, and a sentence for each map that is older.

    Raises:
        BmgError: a table or file cannot be read.
    """
    from bmg_assets.store.literature_database import LiteratureDatabase
    from bmg_assets.studies.system_objectives import objectives_at_hand

    if not choice.objectives:
        return known, []
    database = LiteratureDatabase(store=store)

    def values() -> "Frame | None":
        return database.read("property_values") if database.has_table("property_values") else None

    places = Locations.from_environment()
    found, notes = objectives_at_hand(store, places, known.system, grid, choice.practice, values)
    return replace(known, objectives=found), notes


def _with_objectives(
    context: dg.AssetExecutionContext, known: "Known", choice: CandidateChoice, store: Store, grid: Frame
) -> "Known":
    found, notes = with_objectives(known, choice, store, grid)
    for note in notes:
        context.log.warning(note)
    return found


def _described(
    frame: Frame, choice: CandidateChoice, known: "Known", notes: Sequence[str]
) -> dict[str, dg.MetadataValue]:
    """Metadata of what is proposed: how it was chosen, and the recommended picks."""
    picks = frame[(frame["kind"] == "pick") & (frame["strategy"] == choice.strategy)]
    return metadata_values(
        strategy=choice.strategy,
        rule=choice.rule,
        limits=choice.limits_in_words(known.system) or "none",
        cast_next=", ".join(picks["composition"]),
        **{f"pick_{pick.rank}_mm": pick.dmax_mm for pick in picks.itertuples()},
        **{f"candidates_{state}": count for state, count in frame["state"].value_counts().items()},
        **({"notes": " ".join(notes)} if notes else {}),
    )


@table_asset(
    "prediction",
    OVERVIEW_CHECKS,
    kinds={"parquet"},
    code_version="2",
    # The page too: a system without it is not finished.
    deps=["iterations", "system_report"],
    description=(
        "One row per registered system: its state, best prediction, best cast, score and age, and whether its models "
        "are older than what they are made from. The page reports/overview.html of the store shows it, with links; "
        "reports/ledger.html sets all casts beside what had been predicted."
    ),
)
def system_overview(
    context: dg.AssetExecutionContext,
    defaults: Defaults,
    store: Store,
    record: Record,
    lab_inbox: LabInbox,
    system_chain: SystemChain,
) -> Result:
    """Systems that are registered, whether trained or not, as a table and as a page, and the page of the ledger."""
    frame, notes = overview_now(context.instance, store, system_chain, defaults)
    ledger = write_ledger_page(store, *ledger_now(record, lab_inbox))
    page = write_overview_page(store, frame, notes)
    return table_result(OVERVIEW_CHECKS, frame, metadata=links_to({"page": page, "ledger": ledger}))
