"""The tables of a system's rounds: what each knew, predicted and proposed, and what the casts turned out to be.

Unlike the tables of the group `prediction`, which hold the last training alone, these keep every round.
"""

from dataclasses import replace

from bmg_assets.science.casts.lab_tables import CastState
from bmg_assets.science.casts.ladder import LadderState
from bmg_assets.store.tables.columns import count, millimetres, number, text, texts
from bmg_assets.store.tables.prediction import (
    CANDIDATE_KINDS,
    CHANCE_OF_MORE,
    CHOSEN_POINT,
    FUSED_DMAX,
    IS_RECOMMENDED,
    MORE_THAN,
    REGION,
    STATE_BECAUSE,
    STATE_OF_CANDIDATE,
    TOP_SHARE,
)
from bmg_assets.store.tables.shared import (
    AT_PCT_OF_KEY,
    COMPOSITION,
    DMAX_HIGH_OF_LADDER,
    DMAX_LOW_OF_LADDER,
    GLASS_CLASS,
    INTERVAL_HIGH,
    INTERVAL_LOW,
    POINT,
    REPEATED_COMPOSITION,
    SAMPLE_IDS,
    TARGET_SYSTEM,
)
from bmg_assets.store.tables.table import Column, Table

ITERATION = count("iteration", "Number of the round; 0 is the first training, normally before any own cast.")

ITERATIONS = Table(
    name="iterations",
    asset="iterations",
    description=(
        "The rounds of a system, one for each set of own casts that it was trained with: what went in, and what came "
        "out. A training with the same casts replaces the last round."
    ),
    partitioned=True,
    columns=(
        TARGET_SYSTEM,
        replace(ITERATION, unique=True),
        Column("trained_at", "timestamp", None, "When the models of this round were trained (UTC)."),
        count("n_literature", "Literature alloys in the training set."),
        count("n_lab", "Own alloys in the training set."),
        text("lab_fingerprint", "Identity of the own casts that this round knew."),
        count("n_candidates", "Compositions proposed for casting, recommended or not."),
        texts("picks", "Those recommended to be cast next, the first pick first, as keys of compositions."),
        millimetres("best_predicted_mm", "Largest predicted critical casting diameter on the grid."),
        text("best_composition", "The composition with that prediction."),
        replace(AT_PCT_OF_KEY, name="best_at_pct", description=f"best_composition. {AT_PCT_OF_KEY.description}"),
        number(
            "moved_at_pct",
            "How far best_composition lies from that of the iteration before: the largest difference in any element; "
            "empty for the first.",
            unit="at.%",
            nullable=True,
            minimum=0,
            maximum=100,
        ),
        number("fusion_r2", "Cross-validated R² of the fused prediction.", maximum=1),
        texts("known_compositions", "Own alloys that this round was trained with."),
        Column("known_dmax_mm", "list<double>", "mm", "The labels with which it knew them, in their order.", minimum=0),
        texts("known_sample_ids", "The samples behind these alloys."),
        texts("new_compositions", "Those of them that the iteration before did not know."),
        texts("new_sample_ids", "The samples that the iteration before did not know."),
        count("n_new_casts", "Number of these samples."),
        millimetres(
            "mean_error_of_new_casts_mm",
            "Mean absolute difference between the labels of new_compositions and what had been predicted for them; "
            "empty without a prediction.",
            nullable=True,
            minimum=0,
        ),
        millimetres("best_cast_mm", "Largest label among the known own alloys.", nullable=True, minimum=0),
        text("best_cast_composition", "The own alloy with that label.", nullable=True),
        millimetres(
            "best_known_mm", "Largest D_max known of the system's alloys, own or reported.", nullable=True, minimum=0
        ),
        CHANCE_OF_MORE,
        replace(MORE_THAN, nullable=True),
    ),
)

ITERATION_MAPS = Table(
    name="iteration_maps",
    description="The map of every iteration: what each had predicted, kept when prediction_grid is replaced.",
    partitioned=True,
    part_column="iteration",
    columns=(
        TARGET_SYSTEM,
        ITERATION,
        POINT,
        REPEATED_COMPOSITION,
        AT_PCT_OF_KEY,
        FUSED_DMAX,
        INTERVAL_LOW,
        INTERVAL_HIGH,
        TOP_SHARE,
        REGION,
    ),
)

PROPOSALS = Table(
    name="proposals",
    description="Everything that was ever proposed for casting, by iteration, with what has become of it.",
    partitioned=True,
    may_be_empty=True,
    columns=(
        TARGET_SYSTEM,
        ITERATION,
        *CHOSEN_POINT,
        IS_RECOMMENDED,
        Column(
            "by_last_training",
            "bool",
            None,
            "Whether the iteration's last training proposes it, not only an earlier one with the same casts.",
        ),
        STATE_OF_CANDIDATE,
        STATE_BECAUSE,
    ),
)

CAST_OUTCOMES = Table(
    name="cast_outcomes",
    description=(
        "Every own alloy that has, or had, a label, beside what had been predicted for it before its casts were known. "
        "The prediction is empty for alloys that the first training knew already."
    ),
    partitioned=True,
    may_be_empty=True,
    columns=(
        TARGET_SYSTEM,
        COMPOSITION,
        AT_PCT_OF_KEY,
        replace(SAMPLE_IDS, description="Samples behind the label; none if no report counts any more."),
        replace(GLASS_CLASS, nullable=True),
        millimetres(
            "dmax_mm",
            "Label that follows from its casts today; empty where they give none any more.",
            nullable=True,
            minimum=0,
        ),
        DMAX_LOW_OF_LADDER,
        DMAX_HIGH_OF_LADDER,
        text(
            "state",
            "How far the ladder has come, as in lab_results; withdrawn if no report of the alloy counts any more.",
            allowed=(*(state.value for state in LadderState), CastState.WITHDRAWN.value),
        ),
        count("first_known_in", "First iteration that was trained with it."),
        count(
            "predicted_in",
            "The iteration before that: the last one that did not know it; empty if there is none.",
            nullable=True,
        ),
        millimetres("predicted_mm", "What that iteration had predicted.", nullable=True),
        replace(INTERVAL_LOW, nullable=True),
        replace(INTERVAL_HIGH, nullable=True),
        text("grid_composition", "The grid point nearest to it: its prediction.", nullable=True),
        number(
            "grid_distance_at_pct",
            "How far that point is from it, largest difference in any element; 0 on the grid.",
            unit="at.%",
            nullable=True,
            minimum=0,
            maximum=100,
        ),
        millimetres("error_mm", "predicted_mm less dmax_mm.", nullable=True),
        Column(
            "within_interval",
            "bool",
            None,
            "Whether the label lies within the prediction interval; of an open ladder, whose label is the least that "
            "D_max can be, whether the interval reaches that far.",
            nullable=True,
        ),
        count(
            "proposed_in", "Last iteration that had proposed it before it was known; empty if none had.", nullable=True
        ),
        text("proposed_as", "As what.", nullable=True, allowed=CANDIDATE_KINDS),
        count("proposed_rank", "Its rank among these.", nullable=True, minimum=1),
    ),
)
