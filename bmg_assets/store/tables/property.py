"""The tables of properties other than D_max: what is reported, one value per composition, and the maps."""

from dataclasses import replace

from bmg_assets.store.tables.shared import (
    AT_PCT,
    AT_PCT_OF_KEY,
    CHOSEN_ELEMENT_TABLES,
    COMPOSITION,
    ELEMENTS,
    SUB_MODELS,
    TARGET_SYSTEM,
)
from bmg_assets.store.tables.table import Column, Table

PROPERTY = Column("property", "string", None, "Name of the property, as declared in properties.yaml.")
UNIT = Column("unit", "string", None, "Unit of all values in the row.")
REPEATED_COMPOSITION = replace(COMPOSITION, unique=False)
SUB_DATASET = Column(
    "sub_dataset",
    "int64",
    None,
    "Number of the paper's pruned sub-dataset that was trained on; 0: nothing was left out.",
    minimum=0,
    maximum=5,
)

PROPERTY_REPORTS = Table(
    name="property_reports",
    asset="property_reports",
    description="Every value of a property other than D_max as reported, where it comes from and what became of it.",
    partitioned=False,
    may_be_empty=True,
    columns=(
        PROPERTY,
        Column("source", "string", None, "Name of the source, as declared beside the data."),
        Column("source_row", "int64", None, "Row of the source's data, counted from 1.", minimum=1),
        Column("formula_reported", "string", None, "The formula exactly as the source writes it."),
        Column("value_reported", "string", None, "The value exactly as the source writes it, in the source's unit."),
        replace(REPEATED_COMPOSITION, nullable=True),
        replace(ELEMENTS, nullable=True),
        replace(AT_PCT, nullable=True),
        Column("value", "double", None, "The value in `unit`; empty where it was refused.", nullable=True),
        UNIT,
        Column("reference", "string", None, "Publication or data set to cite for this row."),
        Column("licence", "string", None, "Licence under which the source may be used."),
        Column("status", "string", None, "Whether the value is used.", allowed=("accepted", "refused")),
        Column("fault", "string", None, "Name of the fault for which it was refused.", nullable=True),
        Column("reason", "string", None, "Why it was refused.", nullable=True),
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
        Column("value", "double", None, "Mean of the reports, in `unit`."),
        UNIT,
        Column("n_reports", "int64", None, "Number of accepted reports.", minimum=1),
        Column("spread", "double", None, "Largest minus smallest report, in `unit`.", minimum=0),
        Column("sources", "list<string>", None, "Names of the sources that report it."),
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
        Column("point", "int64", None, "Number of the point on the grid.", minimum=0),
        REPEATED_COMPOSITION,
        AT_PCT_OF_KEY,
        *(
            Column(model, "double", None, f"Predicted by the sub-model {model} alone, in `unit`.")
            for model in SUB_MODELS
        ),
        Column("value", "double", None, "Fused prediction, in `unit`."),
        Column("interval_low", "double", None, "Lower end of the prediction interval, in `unit`."),
        Column("interval_high", "double", None, "Upper end of the prediction interval, in `unit`."),
        UNIT,
        Column("nearest_composition", "string", None, "The nearest alloy of the training set, as a key."),
        Column("nearest_value", "double", None, "What is known of that alloy, in `unit`."),
        Column(
            "nearest_at_pct",
            "double",
            "at.%",
            "How many of a hundred atoms differ from that alloy.",
            minimum=0,
            maximum=100,
        ),
    ),
)

PROPERTY_ALLOYS = Table(
    name="property_alloys",
    description="The alloys whose property is known, beside what models say that were not trained on them.",
    partitioned=True,
    part_column="property",
    outlives_system=True,
    columns=(
        TARGET_SYSTEM,
        PROPERTY,
        COMPOSITION,
        ELEMENTS,
        AT_PCT,
        Column("category", "string", None, "How the alloy relates to the system: I to V, unrelated, lab (own cast)."),
        Column("is_trained", "bool", None, "Whether the models of the map were trained on it."),
        Column("value", "double", None, "The known value, in `unit`."),
        Column(
            "predicted",
            "double",
            None,
            "Fused prediction, in `unit`: of the fold that held the alloy out, or of the map's models if they were not "
            "trained on it.",
        ),
        Column(
            "predicted_without_system",
            "double",
            None,
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
        Column("n_training", "int64", None, "Alloys that were trained on.", minimum=1),
        Column("n_own", "int64", None, "Own casts among them.", minimum=0),
        Column("n_of_system", "int64", None, "Alloys of exactly the system's elements among them.", minimum=0),
        Column("n_left_out", "int64", None, "Known alloys that the sub-dataset leaves out.", minimum=0),
        Column("n_not_described", "int64", None, "Known alloys without descriptors, which take no part.", minimum=0),
        Column("lowest_known", "double", None, "Smallest value that was trained on, in `unit`."),
        Column("highest_known", "double", None, "Largest value that was trained on, in `unit`."),
        *(
            Column(
                f"rmse_{model}",
                "double",
                None,
                f"Root-mean-square error of {model} in `unit`, mean over five random folds of what it was trained on.",
                minimum=0,
            )
            for model in SUB_MODELS
        ),
        *(
            Column(f"weight_{model}", "double", None, f"Fusion weight of {model}.", minimum=0, maximum=1)
            for model in SUB_MODELS
        ),
        Column("rmse_fusion", "double", None, "The same error of the fusion.", minimum=0),
        Column("rmse_mean", "double", None, "The same error of saying the mean of the other alloys.", minimum=0),
        Column(
            "rmse_melting_points",
            "double",
            None,
            "The same error of a straight line in the mole-weighted mean of the elements' melting points.",
            minimum=0,
        ),
        Column(
            "rmse_fractions",
            "double",
            None,
            "The same error of a sum over the elements, each with a coefficient times its fraction (ridge regression).",
            minimum=0,
        ),
        Column("r2_fusion", "double", None, "R² of the fusion, mean over these folds.", maximum=1),
        Column(
            "rmse_without_system",
            "double",
            None,
            "Root-mean-square error in `unit` of the fusion for alloys of systems that were left out whole, with the "
            "hyper-parameters of the random folds; empty where there are too few systems.",
            nullable=True,
            minimum=0,
        ),
        Column(
            "rmse_left_out",
            "double",
            None,
            "The same for the alloys that the sub-dataset leaves out; empty if none.",
            nullable=True,
            minimum=0,
        ),
        CHOSEN_ELEMENT_TABLES,
        Column("coverage", "double", None, "Nominal coverage of the intervals.", minimum=0, maximum=1),
        Column("budget", "string", None, "How long was searched: the name of the budget."),
        Column("seed", "int64", None, "Seed of the searches and models.", minimum=0),
        Column("search_seconds", "double", "s", "Time of all trials together, each on one thread.", minimum=0),
        Column("training_fingerprint", "string", None, "Identity of the rows that were trained on."),
        Column(
            "made_from",
            "string",
            None,
            "Identity of alloys, settings and code versions; a map that has the one wanted is not trained again.",
        ),
        Column("made_at", "timestamp", None, "When the map was finished (UTC)."),
    ),
)
