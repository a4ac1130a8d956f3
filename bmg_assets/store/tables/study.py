"""The tables of the group `study`: the paper's sub-datasets side by side, one row of the study at a time."""

from dataclasses import replace

from bmg_assets.science.evidence.paper_study import PAPER_SUB_MODELS
from bmg_assets.store.tables.prediction import FUSED_DMAX
from bmg_assets.store.tables.shared import (
    AT_PCT_OF_KEY,
    CHOSEN_ELEMENT_TABLES,
    COMPOSITION,
    GLASS_CLASS,
    SUB_MODELS,
    TARGET_SYSTEM,
)
from bmg_assets.store.tables.table import Column, Table

SUB_DATASET = Column(
    "sub_dataset",
    "int64",
    None,
    "Number of the paper's pruned sub-dataset that was trained on, without own casts.",
    minimum=1,
    maximum=5,
)
REPEATED_COMPOSITION = replace(COMPOSITION, unique=False)
CATEGORIES = {
    "i": "exactly one element of the system",
    "ii": "two or more of its elements, but not all, and nothing else",
    "iii": "two or more of its elements, but not all, and something else",
    "iv": "all of its elements and something else",
    "v": "the system itself",
}
SCORE_COLUMNS = (
    TARGET_SYSTEM,
    SUB_DATASET,
    Column("n_training", "int64", None, "Alloys that were trained on.", minimum=1),
    Column("n_removed", "int64", None, "Alloys with a label that the sub-dataset leaves out.", minimum=0),
    *(
        Column(f"removed_{name}", "int64", None, f"Those of category {name.upper()}: {words}.", minimum=0)
        for name, words in CATEGORIES.items()
    ),
    *(
        Column(
            f"rmse_{model}_mm",
            "double",
            "mm",
            f"Best root-mean-square error of {model}, mean over five random folds of what it was trained on.",
            minimum=0,
        )
        for model in SUB_MODELS
    ),
    *(
        Column(f"weight_{model}", "double", None, f"Fusion weight of {model}.", minimum=0, maximum=1)
        for model in SUB_MODELS
    ),
    Column("fusion_rmse_mm", "double", "mm", "Root-mean-square error of the fusion, mean over these folds.", minimum=0),
    Column("fusion_r2", "double", None, "R² of the fusion, mean over these folds.", maximum=1),
    Column("n_reported", "int64", None, "Reported alloys of the system itself that have a label.", minimum=0),
    Column("n_reported_bulk", "int64", None, "Bulk glasses among these.", minimum=0),
    Column(
        "rmse_scaled",
        "double",
        None,
        "The paper's measure: root-mean-square error between prediction (0 to 1 on the map) and report (0 to 1 among "
        "the reported alloys); empty where the reports cannot be scaled (fewer than two, or all equal).",
        nullable=True,
        minimum=0,
    ),
    Column(
        "rmse_scaled_of_mean",
        "double",
        None,
        "What that would be of a map that says the mean of the reports everywhere; empty as there.",
        nullable=True,
        minimum=0,
    ),
    Column("best_predicted_mm", "double", "mm", "Largest predicted critical casting diameter on the map."),
    Column("best_composition", "string", None, "The composition with that prediction, as a key."),
    CHOSEN_ELEMENT_TABLES,
    Column("budget", "string", None, "How long was searched: the name of the budget."),
    Column("seed", "int64", None, "Seed of the searches and models.", minimum=0),
    Column("search_seconds", "double", "s", "Time of all trials together, each on one thread.", minimum=0),
    Column("training_fingerprint", "string", None, "Identity of the rows that were trained on."),
    Column(
        "made_from",
        "string",
        None,
        "Identity of alloys, settings and code versions; a row that has the one wanted is not trained again.",
    ),
    Column("made_at", "timestamp", None, "When the row was finished (UTC)."),
)

STUDIED_MAPS = Table(
    name="studied_maps",
    asset="studied_maps",
    description="The map of a studied system from each sub-dataset (Fig. 3 of the paper).",
    partitioned=True,
    part_column="sub_dataset",
    outlives_system=True,
    columns=(
        TARGET_SYSTEM,
        SUB_DATASET,
        Column("point", "int64", None, "Number of the point on the grid.", minimum=0),
        REPEATED_COMPOSITION,
        AT_PCT_OF_KEY,
        *(
            Column(
                f"{model}_mm", "double", "mm", f"Critical casting diameter predicted by the sub-model {model} alone."
            )
            for model in SUB_MODELS
        ),
        FUSED_DMAX,
        Column(
            "dmax_scaled",
            "double",
            None,
            "The fused prediction scaled to 0 (smallest on this map) to 1 (largest).",
            minimum=0,
            maximum=1,
        ),
    ),
)

STUDIED_ALLOYS = Table(
    name="studied_alloys",
    description="The reported alloys of a studied system beside what each sub-dataset predicts for them.",
    partitioned=True,
    part_column="sub_dataset",
    outlives_system=True,
    may_be_empty=True,
    columns=(
        TARGET_SYSTEM,
        SUB_DATASET,
        REPEATED_COMPOSITION,
        AT_PCT_OF_KEY,
        GLASS_CLASS,
        Column("reported_mm", "double", "mm", "Label: critical casting diameter, 0 for no glass.", minimum=0),
        Column(
            "reported_scaled",
            "double",
            None,
            "The label scaled to 0 (smallest of the system's reports) to 1 (largest).",
            minimum=0,
            maximum=1,
        ),
        Column("predicted_mm", "double", "mm", "Critical casting diameter predicted for this very composition."),
        Column(
            "predicted_scaled",
            "double",
            None,
            "The prediction on the scale of the map; between its points it may lie a little outside 0 to 1.",
        ),
    ),
)

STUDIED_SCORES = Table(
    name="studied_scores",
    description="What a sub-dataset trains a studied system on, its scores, and what it was made from.",
    partitioned=True,
    part_column="sub_dataset",
    outlives_system=True,
    columns=SCORE_COLUMNS,
)

PRUNING_STUDY = Table(
    name="pruning_study",
    asset="pruning_study",
    description="The paper's study: one row per studied system and sub-dataset, beside the paper's scores where known.",
    partitioned=False,
    may_be_empty=True,
    columns=(
        *SCORE_COLUMNS,
        *(
            Column(
                f"paper_rmse_{model}_mm",
                "double",
                "mm",
                f"As rmse_{model}_mm, by the authors.",
                nullable=True,
                minimum=0,
            )
            for model in PAPER_SUB_MODELS
        ),
        Column("paper_fusion_r2", "double", None, "As fusion_r2, by the authors.", nullable=True, maximum=1),
    ),
)
