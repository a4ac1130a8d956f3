"""The tables of properties other than D_max: what is reported, one value per composition, and the maps."""

from dataclasses import replace

from bmg_assets.store.tables.columns import count, number, share, text, texts
from bmg_assets.store.tables.shared import (
    AT_PCT,
    AT_PCT_OF_KEY,
    CHOSEN_ELEMENT_TABLES,
    CITED,
    COMPOSITION,
    ELEMENTS,
    FUSION_WEIGHTS_OF_MODELS,
    POINT,
    REPEATED_COMPOSITION,
    REPORTED_IN,
    SEARCHED,
    SUB_MODELS,
    TARGET_SYSTEM,
)
from bmg_assets.store.tables.table import Column, Table

PROPERTY = text("property", "Name of the property, as declared in properties.yaml.")
UNIT = text("unit", "Unit of all values in the row.")
SUB_DATASET = count(
    "sub_dataset", "Number of the paper's pruned sub-dataset that was trained on; 0: nothing was left out.", maximum=5
)

PROPERTY_REPORTS = Table(
    name="property_reports",
    asset="property_reports",
    description="Every value of a property other than D_max as reported, where it comes from and what became of it.",
    partitioned=False,
    may_be_empty=True,
    columns=(
        PROPERTY,
        *REPORTED_IN,
        text("value_reported", "The value exactly as the source writes it, in the source's unit."),
        replace(REPEATED_COMPOSITION, nullable=True),
        replace(ELEMENTS, nullable=True),
        replace(AT_PCT, nullable=True),
        number("value", "The value in `unit`; empty where it was refused.", nullable=True),
        UNIT,
        *CITED,
        text("status", "Whether the value is used.", allowed=("accepted", "refused")),
        text("fault", "Name of the fault for which it was refused.", nullable=True),
        text("reason", "Why it was refused.", nullable=True),
    ),
)

PROPERTY_VALUES = Table(
    name="property_values",
    asset="property_values",
    description="One row per property and composition, from all accepted reports of it.",
    partitioned=False,
    may_be_empty=True,
    columns=(
        PROPERTY,
        REPEATED_COMPOSITION,
        ELEMENTS,
        AT_PCT,
        number("value", "Mean of the reports, in `unit`."),
        UNIT,
        count("n_reports", "Number of accepted reports.", minimum=1),
        number("spread", "Largest minus smallest report, in `unit`.", minimum=0),
        texts("sources", "Names of the sources that report it."),
    ),
)

PROPERTY_MAPS = Table(
    name="property_maps",
    asset="property_maps",
    description="The map of a property in a system: each sub-model, their fusion, and the nearest alloy that is known.",
    partitioned=True,
    part_column="property",
    outlives_system=True,
    columns=(
        TARGET_SYSTEM,
        PROPERTY,
        POINT,
        REPEATED_COMPOSITION,
        AT_PCT_OF_KEY,
        *(number(model, f"Predicted by the sub-model {model} alone, in `unit`.") for model in SUB_MODELS),
        number("value", "Fused prediction, in `unit`."),
        number("interval_low", "Lower end of the prediction interval, in `unit`."),
        number("interval_high", "Upper end of the prediction interval, in `unit`."),
        UNIT,
        text("nearest_composition", "The nearest alloy of the training set, as a key."),
        number("nearest_value", "What is known of that alloy, in `unit`."),
        number(
            "nearest_at_pct", "How many of a hundred atoms differ from that alloy.", unit="at.%", minimum=0, maximum=100
        ),
    ),
)

PROPERTY_ALLOYS = Table(
    name="property_alloys",
    description="The alloys whose property is known, beside the predictions of models that were not trained on them.",
    partitioned=True,
    part_column="property",
    outlives_system=True,
    columns=(
        TARGET_SYSTEM,
        PROPERTY,
        COMPOSITION,
        ELEMENTS,
        AT_PCT,
        text("category", "How the alloy relates to the system: I to V, unrelated, lab (own cast)."),
        Column("is_trained", "bool", None, "Whether the models of the map were trained on it."),
        number("value", "The known value, in `unit`."),
        number(
            "predicted",
            "Fused prediction, in `unit`: of the fold that held the alloy out, or of the map's models if they were not "
            "trained on it.",
        ),
        number(
            "predicted_without_system",
            "The same from models that were trained on no alloy of the same elements; empty where there are too few "
            "systems for that, or the map's models were not trained on the alloy.",
            nullable=True,
        ),
        UNIT,
    ),
)

PROPERTY_SCORES = Table(
    name="property_scores",
    description="What a map of a property was trained on, its scores, and what it was made from.",
    partitioned=True,
    part_column="property",
    outlives_system=True,
    columns=(
        TARGET_SYSTEM,
        PROPERTY,
        UNIT,
        SUB_DATASET,
        count("n_training", "Alloys that were trained on.", minimum=1),
        count("n_own", "Own casts among them."),
        count("n_of_system", "Alloys of exactly the system's elements among them."),
        count("n_left_out", "Known alloys that the sub-dataset leaves out."),
        count("n_not_described", "Known alloys without descriptors, which take no part."),
        number("lowest_known", "Smallest value that was trained on, in `unit`."),
        number("highest_known", "Largest value that was trained on, in `unit`."),
        *(
            number(
                f"rmse_{model}",
                f"Root-mean-square error of {model} in `unit`, mean over five random folds of what it was trained on.",
                minimum=0,
            )
            for model in SUB_MODELS
        ),
        *FUSION_WEIGHTS_OF_MODELS,
        number("rmse_fusion", "The same error of the fusion.", minimum=0),
        number("rmse_mean", "The same error of predicting the mean of the other alloys.", minimum=0),
        number(
            "rmse_melting_points",
            "The same error of a straight line in the mole-weighted mean of the elements' melting points.",
            minimum=0,
        ),
        number(
            "rmse_fractions",
            "The same error of a sum over the elements, each with a coefficient times its fraction (ridge regression).",
            minimum=0,
        ),
        number("r2_fusion", "R² of the fusion, mean over these folds.", maximum=1),
        number(
            "rmse_without_system",
            "Root-mean-square error in `unit` of the fusion for alloys of systems that were left out whole, with the "
            "hyper-parameters of the random folds; empty where there are too few systems.",
            nullable=True,
            minimum=0,
        ),
        number(
            "rmse_left_out",
            "The same for the alloys that the sub-dataset leaves out; empty if none.",
            nullable=True,
            minimum=0,
        ),
        CHOSEN_ELEMENT_TABLES,
        share("coverage", "Nominal coverage of the intervals."),
        *SEARCHED,
    ),
)
