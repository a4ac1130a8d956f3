"""The tables of the group `literature`: what others have reported, harmonised, and its descriptors."""

from dataclasses import replace

from bmg_assets.store.tables.columns import count, millimetres, text, texts
from bmg_assets.store.tables.shared import (
    AT_PCT,
    CHOSEN_ELEMENT_TABLES,
    CITED,
    COMPOSITION,
    ELEMENTS,
    GLASS_CLASS,
    REPEATED_COMPOSITION,
    REPORT_KIND,
    REPORTED_IN,
)
from bmg_assets.store.tables.table import Column, Table

CHEMICAL_SYSTEM = text("chemical_system", "Elements of the alloy in alphabetical order, joined by '-'.")
FIRST_YEAR = count("first_year", "Year of the earliest report; empty where none has one.", nullable=True, minimum=1900)
SOURCES = texts("sources", "Names of the sources that report this composition.")

REPORTS = Table(
    name="reports",
    asset="literature_reports",
    description="Every row of every source as reported, with where it comes from and what was made of it.",
    partitioned=False,
    columns=(
        *REPORTED_IN,
        replace(REPEATED_COMPOSITION, nullable=True),
        replace(ELEMENTS, nullable=True),
        replace(AT_PCT, nullable=True),
        text("class_reported", "Glass-forming class exactly as the source writes it.", nullable=True),
        text("value_reported", "Diameter or code exactly as the source writes it.", nullable=True),
        text("method", "How the sample was made, as the source writes it.", nullable=True),
        text("form", "Form of the sample (rod, ribbon, film), as the source writes it.", nullable=True),
        replace(REPORT_KIND, nullable=True),
        Column("is_glass", "bool", None, "Whether the sample was a glass; empty in refused rows.", nullable=True),
        replace(GLASS_CLASS, nullable=True),
        millimetres("dmax_mm", "Reported critical casting diameter.", nullable=True, minimum=0),
        millimetres(
            "dmax_low_mm",
            "Largest diameter known to be glassy: lower end of the report's interval.",
            nullable=True,
            minimum=0,
        ),
        millimetres(
            "dmax_high_mm",
            "Smallest diameter known not to be glassy: upper end of the report's interval; empty where it is open.",
            nullable=True,
            minimum=0,
        ),
        millimetres(
            "thickness_mm", "Thickness of a glassy plate, wedge or foil; no diameter.", nullable=True, minimum=0
        ),
        *CITED,
        count("year", "Year of the publication; empty where it is not known.", nullable=True, minimum=1900),
        text(
            "copy_of",
            "The report that counts in place of this one, as source and row; empty where this one counts itself.",
            nullable=True,
        ),
        texts("rules", "Names of the curation rules that fixed or marked this row."),
        text(
            "status",
            "Whether the row counts for castings (accepted), repeats another report (copied), is evidence of another "
            "kind, films and powders (set_apart), or cannot be used (refused).",
            allowed=("accepted", "copied", "set_apart", "refused"),
        ),
        text("reason", "Why the row was refused, or why it is known to be a fluxed melt.", nullable=True),
    ),
)

ALLOYS = Table(
    name="alloys",
    asset="literature_alloys",
    description="One row per composition: its class, label and interval, from all accepted reports of it.",
    partitioned=False,
    columns=(
        COMPOSITION,
        CHEMICAL_SYSTEM,
        count("n_elements", "Number of elements.", minimum=1),
        ELEMENTS,
        AT_PCT,
        GLASS_CLASS,
        replace(
            REPORT_KIND,
            description="What was done and seen in the report that decides: the best class, then the largest diameter.",
        ),
        millimetres(
            "dmax_mm",
            "Label for training, one of the next three; empty where no report gives a number.",
            nullable=True,
            minimum=0,
        ),
        millimetres(
            "dmax_mean_mm",
            "The paper's label: mean over the reports, where no glass counts 0, ribbon 0.2, and bulk its diameter; "
            "empty where no diameter is reported, or only one that it is below.",
            nullable=True,
            minimum=0,
        ),
        millimetres("dmax_largest_mm", "The largest of these numbers.", nullable=True, minimum=0),
        millimetres("dmax_smallest_mm", "The smallest of these numbers.", nullable=True, minimum=0),
        millimetres(
            "dmax_low_mm", "Lower end of the interval of the diameter that follows from the reports.", minimum=0
        ),
        millimetres(
            "dmax_high_mm",
            "Upper end of that interval; empty where it is open.",
            nullable=True,
            minimum=0,
        ),
        count("n_reports", "Number of accepted reports; a copy of another report does not count.", minimum=1),
        count("n_copies", "Number of copies of these reports in other sources."),
        FIRST_YEAR,
        millimetres("dmax_spread_mm", "Largest minus smallest label among the reports.", minimum=0),
        text(
            "conflict",
            "How the reports disagree: not at all, on the diameter, on the class, or between codes and diameters.",
            allowed=("none", "value", "class", "between_codes"),
        ),
        texts("reported", "Who reported what and when, one text for each report."),
        SOURCES,
    ),
)

FILMS = Table(
    name="films",
    asset="literature_films",
    description="One row per composition that was sputtered or deposited: whether the film was a glass. No castings.",
    partitioned=False,
    may_be_empty=True,
    columns=(
        COMPOSITION,
        CHEMICAL_SYSTEM,
        ELEMENTS,
        AT_PCT,
        Column("is_glass", "bool", None, "Whether a film of the alloy was ever a glass."),
        count("n_reports", "Number of reports of films; copies do not count.", minimum=1),
        count("n_glass", "Number of these whose film was a glass."),
        count("n_crystalline", "Number of these whose film was not."),
        FIRST_YEAR,
        SOURCES,
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
        text("matminer_version", "Version of matminer that computed the descriptors."),
        text("pymatgen_version", "Version of pymatgen whose element properties were used."),
        text(
            "made_from",
            "Identity of everything that the row follows from: amounts, element data and code; rows that are made from "
            "the same are not computed again.",
        ),
        text("failure", "Why the descriptors could not be computed.", nullable=True),
    ),
)
