"""The tables of the group `training`: what is trained on, how the sub-models were tuned, and how they are fused."""

from bmg_assets.store.tables.columns import count, millimetres, number, share, text
from bmg_assets.store.tables.shared import (
    AT_PCT,
    CHOSEN_ELEMENT_TABLES,
    ELEMENTS,
    GLASS_CLASS,
    REPEATED_COMPOSITION,
    SUB_MODELS,
    TARGET_SYSTEM,
)
from bmg_assets.store.tables.table import Column, Table

TRAINING_SET = Table(
    name="training_set",
    asset="training_set",
    description="The training set of a system: pruned literature and own casts. Descriptors are further columns.",
    partitioned=True,
    further_float_columns=True,
    columns=(
        TARGET_SYSTEM,
        # Literature and lab may both know a composition, so it is no key here.
        REPEATED_COMPOSITION,
        ELEMENTS,
        AT_PCT,
        millimetres("dmax_mm", "Label: critical casting diameter, 0 for no glass.", minimum=0),
        GLASS_CLASS,
        text(
            "category",
            "How the alloy is related to the target system (categories I to V of the paper), or an own cast.",
            allowed=("unrelated", "I", "II", "III", "IV", "V", "lab"),
        ),
        count(
            "sub_dataset", "Number of the paper's pruned sub-dataset that was used for training.", minimum=1, maximum=5
        ),
        CHOSEN_ELEMENT_TABLES,
        number("weight", "Weight of the row in training.", minimum=0),
    ),
)

TUNING_TRIALS = Table(
    name="tuning_trials",
    description="The search for hyper-parameters: every setting that was tried, with its cross-validated error.",
    partitioned=True,
    part_column="sub_model",
    columns=(
        TARGET_SYSTEM,
        text("sub_model", "The sub-model that was tuned.", allowed=SUB_MODELS),
        count("trial", "Number of the trial, in the order in which they were run."),
        text("params", "The hyper-parameters tried, as JSON."),
        millimetres(
            "loss_rmse_mm",
            "Mean root-mean-square error over the folds; empty for a failed trial.",
            nullable=True,
            minimum=0,
        ),
        Column("fold_rmse_mm", "list<double>", "mm", "Root-mean-square error of each fold that was run.", minimum=0),
        text("status", "How the trial ended.", allowed=("ok", "stopped_early", "failed")),
        number("seconds", "Wall time of the trial.", unit="s", minimum=0),
    ),
)

FUSION_WEIGHTS = Table(
    name="fusion_weights",
    asset="fusion_weights",
    description="The weights of the fusion of the sub-models, and their scores beside that of the fusion.",
    partitioned=True,
    columns=(
        TARGET_SYSTEM,
        text("model", "A sub-model, or the fusion of all.", unique=True, allowed=(*SUB_MODELS, "fusion")),
        share("weight", "Fusion weight, as searched on the paper's steps; empty for the fusion itself.", nullable=True),
        share("weight_exact", "Fusion weight at the exact optimum; empty for the fusion itself.", nullable=True),
        number("r2_mean", "Cross-validated R², mean over the repetitions.", maximum=1),
        millimetres("rmse_mean_mm", "Cross-validated root-mean-square error, mean over the repetitions.", minimum=0),
    ),
)
