"""The tables of the group `lab`: the group's own alloys with their labels, and the casts behind them."""

from dataclasses import replace

from bmg_assets.science.casts.cast import CompositionUnit, DimensionKind, Method, Verdict
from bmg_assets.science.casts.lab_tables import CastState
from bmg_assets.science.casts.ladder import LadderState
from bmg_assets.store.tables.columns import count, millimetres, number, text, texts
from bmg_assets.store.tables.shared import (
    AT_PCT,
    COMPOSITION,
    DMAX_HIGH_OF_LADDER,
    DMAX_LOW_OF_LADDER,
    ELEMENTS,
    GLASS_CLASS,
    REPEATED_COMPOSITION,
    SAMPLE_IDS,
    TARGET_SYSTEM,
)
from bmg_assets.store.tables.table import Column, Table

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
        replace(GLASS_CLASS, nullable=True),
        millimetres(
            "dmax_mm",
            "Critical casting diameter used as the label for training; empty where the casts give none.",
            nullable=True,
            minimum=0,
        ),
        DMAX_LOW_OF_LADDER,
        DMAX_HIGH_OF_LADDER,
        text(
            "state",
            "How far the ladder has come: bounded above, open above, contradictory (quarantine), or without a label.",
            allowed=tuple(state.value for state in LadderState),
        ),
        texts("reasons", "The decisions that led to the label, with the casts behind each."),
        texts("rules", "Names of these decisions, in the order of reasons."),
        count("rule_set_version", "Version of the rules that gave the label.", minimum=1),
        millimetres(
            "cast_next_mm",
            "Diameter of the next rod: this or a larger one where the ladder is open, this one where it has a gap.",
            nullable=True,
            minimum=0,
        ),
        count("n_casts", "Number of casts behind the label.", minimum=1),
        SAMPLE_IDS,
        Column("last_test_date", "date", None, "Day of the latest test."),
    ),
)

LAB_CASTS = Table(
    name="lab_casts",
    description="Every accepted report of a cast of a system, also those that others have replaced since.",
    partitioned=True,
    may_be_empty=True,
    columns=(
        TARGET_SYSTEM,
        # A sample that is reported again with a correction has several rows.
        text("sample_id", "The group's name of the sample."),
        text(
            "state",
            "Whether the report counts, was replaced by another, or was withdrawn.",
            allowed=tuple(state.value for state in CastState),
        ),
        text("replaced_by", "Sample that supersedes or withdraws the report.", nullable=True),
        text("supersedes", "Sample whose report this one replaces.", nullable=True),
        Column("test_date", "date", None, "Day of the test."),
        REPEATED_COMPOSITION,
        ELEMENTS,
        AT_PCT,
        text("method", "How the melt was quenched.", allowed=tuple(one.value for one in Method)),
        text(
            "dimension_kind",
            "Which size of the cast dimension_mm is.",
            allowed=tuple(one.value for one in DimensionKind),
        ),
        millimetres("dimension_mm", "Size of the cast.", minimum=0),
        text("verdict", "What the cast turned out to be.", allowed=tuple(one.value for one in Verdict)),
        text("verdict_method", "How that was found out.", nullable=True),
        text("composition_nominal", "The composition as written in the file."),
        text(
            "composition_unit",
            "What the amounts of composition_nominal are.",
            allowed=tuple(one.value for one in CompositionUnit),
        ),
        number("tg_K", "Glass transition temperature.", unit="K", nullable=True, minimum=0),
        number("tx_K", "Crystallisation temperature.", unit="K", nullable=True, minimum=0),
        number("tl_K", "Liquidus temperature.", unit="K", nullable=True, minimum=0),
        number("heating_rate_K_min", "Heating rate of these.", unit="K/min", nullable=True, minimum=0),
        text("lab_id", "The laboratory.", nullable=True),
        text("batch_id", "The batch.", nullable=True),
        text("operator", "Who cast it.", nullable=True),
        text("xrd_file", "Diffraction pattern, below the folder of the file.", nullable=True),
        text("xrd_sha256", "SHA-256 of the diffraction pattern.", nullable=True),
        text("note", "Remark.", nullable=True),
        text("extra", "Further columns of the file, as JSON.", nullable=True),
        texts("rules", "Names of what was fixed when the row was read."),
        text("source_file", "The accepted file."),
        count("line", "Line of that file.", minimum=1),
    ),
)
