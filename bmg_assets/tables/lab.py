"""The tables of the group `lab`: the group's own casts."""

from bmg_assets.tables.shared import AT_PCT, COMPOSITION, ELEMENTS, GLASS_CLASS, TARGET_SYSTEM
from bmg_assets.tables.table import Column, Table

LAB_RESULTS = Table(
    name="lab_results",
    asset="lab_results",
    description="The group's own alloys of a system, with the label that follows from the ladder of cast diameters.",
    partitioned=True,
    may_be_empty=True,
    columns=(
        TARGET_SYSTEM,
        COMPOSITION,
        ELEMENTS,
        AT_PCT,
        GLASS_CLASS,
        Column("dmax_mm", "double", "mm", "Critical casting diameter used as the label for training.", minimum=0),
        Column("dmax_low_mm", "double", "mm", "Largest diameter that was cast as a glass.", nullable=True, minimum=0),
        Column(
            "dmax_high_mm",
            "double",
            "mm",
            "Smallest diameter that was not a glass; empty where none was tried.",
            nullable=True,
            minimum=0,
        ),
        Column("n_casts", "int64", None, "Number of casts behind the label.", minimum=1),
        Column("sample_ids", "list<string>", None, "The group's names of the samples."),
        Column("last_test_date", "date", None, "Day of the latest test."),
    ),
)
