"""The tables of the group `study`: the paper's sub-datasets side by side, one row of the study at a time."""

from bmg_assets.science.evidence.paper_study import PAPER_SUB_MODELS
from bmg_assets.store.tables.columns import count, millimetres, number, share, text
from bmg_assets.store.tables.prediction import FUSED_DMAX
from bmg_assets.store.tables.shared import (
    AT_PCT_OF_KEY,
    CHOSEN_ELEMENT_TABLES,
    FUSION_WEIGHTS_OF_MODELS,
    GLASS_CLASS,
    POINT,
    REPEATED_COMPOSITION,
    SEARCHED,
    SUB_MODELS,
    TARGET_SYSTEM,
)
from bmg_assets.store.tables.table import Table

SUB_DATASET = count(
    "sub_dataset",
    "Number of the paper's pruned sub-dataset that was trained on, without own casts.",
    minimum=1,
    maximum=5,
)
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
    count("n_training", "Alloys that were trained on.", minimum=1),
    count("n_removed", "Alloys with a label that the sub-dataset leaves out."),
    *(count(f"removed_{name}", f"Those of category {name.upper()}: {words}.") for name, words in CATEGORIES.items()),
    *(
        millimetres(
            f"rmse_{model}_mm",
            f"Best root-mean-square error of {model}, mean over five random folds of what it was trained on.",
            minimum=0,
        )
        for model in SUB_MODELS
    ),
    *FUSION_WEIGHTS_OF_MODELS,
    millimetres("fusion_rmse_mm", "Root-mean-square error of the fusion, mean over these folds.", minimum=0),
    number("fusion_r2", "R² of the fusion, mean over these folds.", maximum=1),
    count("n_reported", "Reported alloys of the system itself that have a label."),
    count("n_reported_bulk", "Bulk glasses among these."),
    number(
        "rmse_scaled",
        "The paper's measure: root-mean-square error between prediction (0 to 1 on the map) and report (0 to 1 among "
        "the reported alloys); empty where the reports cannot be scaled (fewer than two, or all equal).",
        nullable=True,
        minimum=0,
    ),
    number(
        "rmse_scaled_of_mean",
        "The same measure for a map that predicts the mean of the reports everywhere; empty as there.",
        nullable=True,
        minimum=0,
    ),
    millimetres("best_predicted_mm", "Largest predicted critical casting diameter on the map."),
    text("best_composition", "The composition with that prediction, as a key."),
    CHOSEN_ELEMENT_TABLES,
    *SEARCHED,
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
        POINT,
        REPEATED_COMPOSITION,
        AT_PCT_OF_KEY,
        *(
            millimetres(f"{model}_mm", f"Critical casting diameter predicted by the sub-model {model} alone.")
            for model in SUB_MODELS
        ),
        FUSED_DMAX,
        share("dmax_scaled", "The fused prediction scaled to 0 (smallest on this map) to 1 (largest)."),
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
        millimetres("reported_mm", "Label: critical casting diameter, 0 for no glass.", minimum=0),
        share("reported_scaled", "The label scaled to 0 (smallest of the system's reports) to 1 (largest)."),
        millimetres("predicted_mm", "Critical casting diameter predicted for this very composition."),
        number(
            "predicted_scaled",
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
            millimetres(f"paper_rmse_{model}_mm", f"As rmse_{model}_mm, by the authors.", nullable=True, minimum=0)
            for model in PAPER_SUB_MODELS
        ),
        number("paper_fusion_r2", "As fusion_r2, by the authors.", nullable=True, maximum=1),
    ),
)
