"""Columns that several tables have in common, and the words that are allowed in them."""

from dataclasses import replace

from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.models.sub_models import catalogue
from bmg_assets.store.tables.columns import count, millimetres, number, share, text, texts
from bmg_assets.store.tables.table import Column

GLASS_CLASSES = ("crystalline", "ribbon", "bulk")
ELEMENT_TABLES = ("current", "paper")
SUB_MODELS = tuple(catalogue.SUB_MODELS)

TARGET_SYSTEM = text(
    "target_system",
    "The alloy system, element symbols joined by '-' in the order of the corners of its composition map.",
)
COMPOSITION = text(
    "composition",
    "The composition as a key: elements in alphabetical order, each followed by its amount in at.%.",
    unique=True,
)
REPEATED_COMPOSITION = replace(COMPOSITION, unique=False)
POINT = count("point", "Number of the point on the grid.")
ELEMENTS = texts("elements", "Element symbols, in the order of at_pct.")
AT_PCT = Column(
    "at_pct", "list<double>", "at.%", "Amounts, in the order of elements; together 100.", minimum=0, maximum=100
)
AT_PCT_OF_KEY = Column(
    "at_pct",
    "list<double>",
    "at.%",
    "Amounts, in the order of the elements in target_system; together 100.",
    minimum=0,
    maximum=100,
)
GLASS_CLASS = text(
    "glass_class",
    "Glass-forming ability as a class: no glass, glass as a melt-spun ribbon only, or bulk glass.",
    allowed=GLASS_CLASSES,
)
REPORT_KIND = text(
    "kind",
    "What was done and seen: which kind of sample of the alloy was crystalline or glass.",
    allowed=tuple(ReportKind),
)
CHOSEN_ELEMENT_TABLES = text(
    "element_tables",
    "The table of element properties behind the descriptors: the installed one, or the one the paper used.",
    allowed=ELEMENT_TABLES,
)
INTERVAL_LOW = millimetres("interval_low_mm", "Lower end of the prediction interval of the critical casting diameter.")
INTERVAL_HIGH = millimetres(
    "interval_high_mm", "Upper end of the prediction interval of the critical casting diameter."
)
DMAX_LOW_OF_LADDER = millimetres("dmax_low_mm", "Largest diameter that was cast as a glass.", nullable=True, minimum=0)
DMAX_HIGH_OF_LADDER = millimetres(
    "dmax_high_mm", "Smallest diameter that was not a glass; empty where none was tried.", nullable=True, minimum=0
)
SAMPLE_IDS = texts("sample_ids", "The group's names of the samples.")

REPORTED_IN = (
    text("source", "Name of the source, as declared beside the data."),
    count("source_row", "Row of the source's data, counted from 1.", minimum=1),
    text("formula_reported", "The formula exactly as the source writes it."),
)
"""Where a report of the literature stands, and its formula."""
CITED = (
    text("reference", "Publication or data set to cite for this row."),
    text("licence", "Licence under which the source may be used."),
)
"""How a report of the literature is cited."""
SEARCHED = (
    text("budget", "How long was searched: the name of the budget."),
    count("seed", "Seed of the searches and models."),
    number("search_seconds", "Time of all trials together, each on one thread.", unit="s", minimum=0),
    text("training_fingerprint", "Identity of the rows that were trained on."),
    text(
        "made_from",
        "Identity of alloys, settings and code versions; a map that has the one wanted is not trained again.",
    ),
    Column("made_at", "timestamp", None, "When the map was finished (UTC)."),
)
"""How the models of a map were searched, and what the map was made from."""
FUSION_WEIGHTS_OF_MODELS = tuple(share(f"weight_{model}", f"Fusion weight of {model}.") for model in SUB_MODELS)
