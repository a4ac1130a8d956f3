"""The tables of the group `literature`: what others have reported, harmonised, and its descriptors."""

from dataclasses import replace

from bmg_assets.store.tables.shared import AT_PCT, CHOSEN_ELEMENT_TABLES, COMPOSITION, ELEMENTS, GLASS_CLASS
from bmg_assets.store.tables.table import Column, Table

REPORTS = Table(
    name="reports",
    asset="literature_reports",
    description="Every row of every source as reported, with where it comes from and what was made of it.",
    partitioned=False,
    columns=(
        Column("source", "string", None, "Name of the source, as declared beside the data."),
        Column("source_row", "int64", None, "Row of the source's data, counted from 1.", minimum=1),
        Column("formula_reported", "string", None, "The formula exactly as the source writes it."),
        replace(COMPOSITION, nullable=True, unique=False),
        replace(ELEMENTS, nullable=True),
        replace(AT_PCT, nullable=True),
        Column("class_reported", "string", None, "Glass-forming class exactly as the source writes it.", nullable=True),
        Column("value_reported", "string", None, "Diameter or code exactly as the source writes it.", nullable=True),
        replace(GLASS_CLASS, nullable=True),
        Column("dmax_mm", "double", "mm", "Reported critical casting diameter.", nullable=True, minimum=0),
        Column(
            "dmax_low_mm",
            "double",
            "mm",
            "Largest diameter known to be glassy: lower end of what the report says.",
            nullable=True,
            minimum=0,
        ),
        Column(
            "dmax_high_mm",
            "double",
            "mm",
            "Smallest diameter known not to be glassy: upper end of what the report says; empty where it is open.",
            nullable=True,
            minimum=0,
        ),
        Column("reference", "string", None, "Publication or data set to cite for this row."),
        Column("licence", "string", None, "Licence under which the source may be used."),
        Column("rules", "list<string>", None, "Names of the curation rules that fixed or marked this row."),
        Column("status", "string", None, "Whether the row is used.", allowed=("accepted", "refused")),
        Column("reason", "string", None, "Why the row was refused.", nullable=True),
    ),
)

ALLOYS = Table(
    name="alloys",
    asset="literature_alloys",
    description="One row per composition: its class, label and interval, from all accepted reports of it.",
    partitioned=False,
    columns=(
        COMPOSITION,
        Column("chemical_system", "string", None, "Elements of the alloy in alphabetical order, joined by '-'."),
        Column("n_elements", "int64", None, "Number of elements.", minimum=1),
        ELEMENTS,
        AT_PCT,
        GLASS_CLASS,
        Column(
            "dmax_mm",
            "double",
            "mm",
            "The paper's label for training: mean over the reports, where no glass counts 0, ribbon 0.2, and bulk "
            "its diameter; empty where only bulk glass without a diameter is reported.",
            nullable=True,
            minimum=0,
        ),
        Column("dmax_low_mm", "double", "mm", "Lower end of what the reports say about the diameter.", minimum=0),
        Column(
            "dmax_high_mm",
            "double",
            "mm",
            "Upper end of what the reports say about the diameter; empty where it is open.",
            nullable=True,
            minimum=0,
        ),
        Column("n_reports", "int64", None, "Number of accepted reports.", minimum=1),
        Column("dmax_spread_mm", "double", "mm", "Largest minus smallest label among the reports.", minimum=0),
        Column(
            "conflict",
            "string",
            None,
            "How the reports disagree: not at all, on the diameter, on the class, or between codes and diameters.",
            allowed=("none", "value", "class", "between_codes"),
        ),
        Column("sources", "list<string>", None, "Names of the sources that report this composition."),
    ),
)

DESCRIPTORS = Table(
    name="descriptors",
    asset="alloy_descriptors",
    description="The 86 descriptors of each alloy, one column each beside the ones listed here.",
    partitioned=False,
    further_float_columns=True,
    columns=(
        COMPOSITION,
        CHOSEN_ELEMENT_TABLES,
        Column("matminer_version", "string", None, "Version of matminer that computed the descriptors."),
        Column("pymatgen_version", "string", None, "Version of pymatgen whose element properties were used."),
        Column(
            "made_from",
            "string",
            None,
            "Identity of everything that the row follows from: amounts, element data and code; rows that are made from "
            "the same are not computed again.",
        ),
        Column("failure", "string", None, "Why the descriptors could not be computed.", nullable=True),
    ),
)
