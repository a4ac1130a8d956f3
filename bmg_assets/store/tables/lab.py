"""The tables of the group `lab`: the group's own alloys with their labels, and the casts behind them."""

from dataclasses import replace

from bmg_assets.science.casts.cast import CompositionUnit, DimensionKind, Method, Verdict
from bmg_assets.science.casts.lab_tables import CastState
from bmg_assets.science.casts.ladder import LadderState
from bmg_assets.store.tables.shared import (
    AT_PCT,
    COMPOSITION,
    DMAX_HIGH_OF_LADDER,
    DMAX_LOW_OF_LADDER,
    ELEMENTS,
    GLASS_CLASS,
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
        Column(
            "dmax_mm",
            "double",
            "mm",
            "Critical casting diameter used as the label for training; empty where the casts give none.",
            nullable=True,
            minimum=0,
        ),
        DMAX_LOW_OF_LADDER,
        DMAX_HIGH_OF_LADDER,
        Column(
            "state",
            "string",
            None,
            "How far the ladder has come: bounded above, open above, contradictory (quarantine), or without a label.",
            allowed=tuple(state.value for state in LadderState),
        ),
        Column("reasons", "list<string>", None, "The decisions that led to the label, with the casts behind each."),
        Column("rules", "list<string>", None, "Names of these decisions, in the order of reasons."),
        Column("rule_set_version", "int64", None, "Version of the rules that gave the label.", minimum=1),
        Column(
            "cast_next_mm",
            "double",
            "mm",
            "Diameter of the rod to cast next, where the ladder is open or has a gap.",
            nullable=True,
            minimum=0,
        ),
        Column("n_casts", "int64", None, "Number of casts behind the label.", minimum=1),
        Column("sample_ids", "list<string>", None, "The group's names of the samples."),
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
        # Reported again with a correction, a sample has several rows.
        Column("sample_id", "string", None, "The group's name of the sample."),
        Column(
            "state",
            "string",
            None,
            "Whether the report counts, was replaced by another, or was withdrawn.",
            allowed=tuple(state.value for state in CastState),
        ),
        Column("replaced_by", "string", None, "Sample that supersedes or withdraws the report.", nullable=True),
        Column("supersedes", "string", None, "Sample whose report this one replaces.", nullable=True),
        Column("test_date", "date", None, "Day of the test."),
        replace(COMPOSITION, unique=False),
        ELEMENTS,
        AT_PCT,
        Column("method", "string", None, "How the melt was quenched.", allowed=tuple(one.value for one in Method)),
        Column(
            "dimension_kind",
            "string",
            None,
            "Which size of the cast dimension_mm is.",
            allowed=tuple(one.value for one in DimensionKind),
        ),
        Column("dimension_mm", "double", "mm", "Size of the cast.", minimum=0),
        Column(
            "verdict", "string", None, "What the cast turned out to be.", allowed=tuple(one.value for one in Verdict)
        ),
        Column("verdict_method", "string", None, "How that was found out.", nullable=True),
        Column("composition_nominal", "string", None, "The composition as written in the file."),
        Column(
            "composition_unit",
            "string",
            None,
            "What the amounts of composition_nominal are.",
            allowed=tuple(one.value for one in CompositionUnit),
        ),
        Column("tg_K", "double", "K", "Glass transition temperature.", nullable=True, minimum=0),
        Column("tx_K", "double", "K", "Crystallisation temperature.", nullable=True, minimum=0),
        Column("tl_K", "double", "K", "Liquidus temperature.", nullable=True, minimum=0),
        Column("heating_rate_K_min", "double", "K/min", "Heating rate of these.", nullable=True, minimum=0),
        Column("lab_id", "string", None, "The laboratory.", nullable=True),
        Column("batch_id", "string", None, "The batch.", nullable=True),
        Column("operator", "string", None, "Who cast it.", nullable=True),
        Column("xrd_file", "string", None, "Diffraction pattern, below the folder of the file.", nullable=True),
        Column("xrd_sha256", "string", None, "SHA-256 of the diffraction pattern.", nullable=True),
        Column("note", "string", None, "Remark.", nullable=True),
        Column("extra", "string", None, "Further columns of the file, as JSON.", nullable=True),
        Column("rules", "list<string>", None, "Names of what was fixed when the row was read."),
        Column("source_file", "string", None, "The accepted file."),
        Column("line", "int64", None, "Line of that file.", minimum=1),
    ),
)
