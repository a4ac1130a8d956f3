"""The tables of the group `study` that hold the benchmark of surrogates on left-out systems."""

from dataclasses import replace

from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.store.tables.shared import COMPOSITION, INTERVAL_HIGH, INTERVAL_LOW, TARGET_SYSTEM
from bmg_assets.store.tables.table import Column, Table

STRATEGY = Column("strategy", "string", None, "Name of the strategy; `random` is blind casting, worked out exactly.")
TRACK = Column(
    "track",
    "string",
    None,
    "What is known when the system is left out: related_known is sub-dataset (1), nothing_known sub-dataset (3).",
    allowed=tuple(map(str, Track)),
)
SPLIT = Column(
    "split",
    "string",
    None,
    "Set of systems: development (guides choices), release (looked at when a version is released), without_bulk.",
    allowed=tuple(map(str, Split)),
)
SEED = Column("seed", "int64", None, "Seed of the strategy.", minimum=0)
METRIC = Column("metric", "string", None, "Name of what was measured, see docs/evidence.md.")
ENTRY = Column("entry", "string", None, "Strategy and form of the contest: what is judged in one go.")
MADE_FROM = Column(
    "made_from",
    "string",
    None,
    "Identity of alloys, benchmark and code version; an entry that has the one wanted is not evaluated again.",
)

JUDGED = (TARGET_SYSTEM, ENTRY, STRATEGY, TRACK, SPLIT, SEED)
"""What was evaluated: a surrogate on a left-out system."""

LEFT_OUT_SCORES = Table(
    name="left_out_scores",
    description="What each strategy scored on each system that was left out (its key is target_system).",
    partitioned=True,
    part_column="entry",
    outlives_system=True,
    columns=(
        *JUDGED,
        METRIC,
        Column("value", "double", None, "The score; empty where the system cannot tell.", nullable=True),
        Column("weight", "double", None, "What the system counts in a mean: alloys, or one.", minimum=0),
        MADE_FROM,
    ),
)

LEFT_OUT_ALLOYS = Table(
    name="left_out_alloys",
    description="What each surrogate predicted for the reported alloys of each system that was left out.",
    partitioned=True,
    part_column="entry",
    outlives_system=True,
    columns=(
        *JUDGED,
        replace(COMPOSITION, unique=False),
        Column("dmax_mm", "double", "mm", "Reported critical casting diameter, 0 for no glass.", minimum=0),
        Column("score", "double", None, "By which the strategy ranks; only comparable within it."),
        Column("predicted_mm", "double", "mm", "The critical casting diameter that the strategy estimates."),
        Column(
            "probability_bulk", "double", None, "Probability of a bulk glass, where the strategy knows one.",
            nullable=True, minimum=0, maximum=1,
        ),
        replace(INTERVAL_LOW, nullable=True),
        replace(INTERVAL_HIGH, nullable=True),
    ),
)  # fmt: skip

STRATEGY_BENCHMARK = Table(
    name="strategy_benchmark",
    asset="strategy_benchmark",
    description="Each strategy over the left-out systems, beside the paper's strategy: the evidence in one table.",
    partitioned=False,
    columns=(
        Column("contest", "string", None, "Form of the contest: quick or standard."),
        STRATEGY,
        TRACK,
        SPLIT,
        METRIC,
        Column("mean", "double", None, "Mean over the systems that can tell.", nullable=True),
        Column("low", "double", None, "Lower end of its 95 % interval over systems.", nullable=True),
        Column("high", "double", None, "Upper end of that interval.", nullable=True),
        Column("systems", "int64", None, "Systems that can tell.", minimum=0),
        Column(
            "difference_to_paper", "double", None,
            "Mean difference to the paper's strategy, system by system; empty for that strategy itself.",
            nullable=True,
        ),
        Column(
            "p_value", "double", None, "Of that difference, two-sided, by exchange of signs.",
            nullable=True, minimum=0, maximum=1,
        ),
        Column("target_low", "double", None, "What the mean shall reach, where that was set.", nullable=True),
        Column("target_high", "double", None, "What it shall not exceed.", nullable=True),
        Column("verdict", "string", None, "Whether the target is met, and how far it is missed.", nullable=True),
        Column(
            "ranks_better", "string", None,
            "The better of this strategy and the paper's by AUC, where the difference is certain (p < 0.05).",
            nullable=True,
        ),
        Column(
            "trusted", "string", None,
            "The strategy to trust more on this track; follows from the AUC on the release split alone.",
            nullable=True,
        ),
    ),
)  # fmt: skip
