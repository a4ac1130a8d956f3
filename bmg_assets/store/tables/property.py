"""The tables of properties other than D_max: what is reported, one value per composition, and the maps."""

from dataclasses import replace

from bmg_assets.science.literature.properties import Choice, Scale
from bmg_assets.science.literature.property_values import ONLY_REPORT
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
SCALE = text(
    "scale",
    "Scale on which it is mapped: linear, or log (decimal logarithm).",
    allowed=tuple(scale.value for scale in Scale),
)
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
        text(
            "value_reported",
            "The value exactly as the source writes it, in the source's unit; empty where it follows from others.",
            nullable=True,
        ),
        replace(REPEATED_COMPOSITION, nullable=True),
        replace(ELEMENTS, nullable=True),
        replace(AT_PCT, nullable=True),
        number("value", "The value in `unit`; empty where it was refused.", nullable=True),
        UNIT,
        text("derived_from", "The values of the same row from which it follows; empty if reported.", nullable=True),
        *CITED,
        count("year", "Year of the publication; empty where it is not known.", nullable=True, minimum=1900),
        text(
            "status",
            "Whether the value is used: accepted, copied (it repeats another report, which counts), or refused.",
            allowed=("accepted", "copied", "refused"),
        ),
        text("fault", "Name of the fault for which it was refused.", nullable=True),
        text("reason", "Why it was refused.", nullable=True),
        text("copy_of", "The report that counts in its place, as source and row.", nullable=True),
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
        number("value", "The value that is mapped, in `unit`."),
        text(
            "value_is",
            "What it is of several reports, as properties.yaml says; or the only report.",
            allowed=(ONLY_REPORT, *(choice.value for choice in Choice)),
        ),
        number("mean", "Mean of the reports, in `unit`; of a property with a log scale the geometric one."),
        number("smallest", "Smallest report, in `unit`."),
        number("largest", "Largest report, in `unit`."),
        UNIT,
        count("n_reports", "Number of independent reports.", minimum=1),
        count("n_copies", "Number of values elsewhere that repeat one of these."),
        number("spread", "Largest minus smallest report, in `unit`.", minimum=0),
        text(
            "conflict",
            "Whether the reports lie further apart than agrees_within in properties.yaml, as measurements do not.",
            allowed=("none", "value"),
        ),
        count("first_year", "Year of the earliest report; empty where none has a year.", nullable=True, minimum=1900),
        texts("reported", "Who reported what and when, one text for each report."),
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
        SCALE,
        text("error_unit", "Unit of all errors in the row: that of the values, or decades on a log scale."),
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
                f"Root-mean-square error of {model} in `error_unit`, mean over five random folds of the training set.",
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
            "Root-mean-square error in `error_unit` of the fusion for alloys of systems that were left out whole, with "
            "the hyper-parameters of the random folds; empty where there are too few systems.",
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
