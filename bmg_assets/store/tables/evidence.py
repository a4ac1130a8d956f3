"""The tables of the group `study` that hold the benchmark of surrogates on left-out systems."""

from dataclasses import replace

from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.store.tables.columns import count, millimetres, number, share, text
from bmg_assets.store.tables.shared import COMPOSITION, INTERVAL_HIGH, INTERVAL_LOW, TARGET_SYSTEM
from bmg_assets.store.tables.table import Table

STRATEGY = text("strategy", "Name of the strategy; `random` is blind casting, worked out exactly.")
TRACK = text(
    "track",
    "What is known when the system is left out: related_known is sub-dataset (1), nothing_known sub-dataset (3).",
    allowed=tuple(map(str, Track)),
)
SPLIT = text(
    "split",
    "Set of systems: development (guides choices), release (looked at when a version is released), without_bulk.",
    allowed=tuple(map(str, Split)),
)
SEED = count("seed", "Seed of the strategy.")
METRIC = text("metric", "Name of what was measured, see docs/evidence.md.")
ENTRY = text("entry", "Strategy and form of the contest: what is judged in one go.")
MADE_FROM = text(
    "made_from",
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
        number("value", "The score; empty where the system cannot tell.", nullable=True),
        number("weight", "What the system counts in a mean: alloys, or one.", minimum=0),
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
        millimetres("dmax_mm", "Reported critical casting diameter, 0 for no glass.", minimum=0),
        number("score", "By which the strategy ranks; only comparable within it."),
        millimetres("predicted_mm", "The critical casting diameter that the strategy estimates."),
        share("probability_bulk", "Probability of a bulk glass, where the strategy knows one.", nullable=True),
        replace(INTERVAL_LOW, nullable=True),
        replace(INTERVAL_HIGH, nullable=True),
    ),
)

STRATEGY_BENCHMARK = Table(
    name="strategy_benchmark",
    asset="strategy_benchmark",
    description="Each strategy over the left-out systems, beside the paper's strategy: the evidence in one table.",
    partitioned=False,
    columns=(
        text("contest", "Form of the contest: quick or standard."),
        STRATEGY,
        TRACK,
        SPLIT,
        METRIC,
        number("mean", "Mean over the systems that can tell.", nullable=True),
        number("low", "Lower end of its 95 % interval over systems.", nullable=True),
        number("high", "Upper end of that interval.", nullable=True),
        count("systems", "Systems that can tell."),
        number(
            "difference_to_paper",
            "Mean difference to the paper's strategy, system by system; empty for that strategy itself.",
            nullable=True,
        ),
        share("p_value", "Of that difference, two-sided, by exchange of signs.", nullable=True),
        number("target_low", "What the mean shall reach, where that was set.", nullable=True),
        number("target_high", "What it shall not exceed.", nullable=True),
        text("verdict", "Whether the target is met, and how far it is missed.", nullable=True),
        text(
            "ranks_better",
            "The better of this strategy and the paper's by AUC, where the difference is certain (p < 0.05).",
            nullable=True,
        ),
        text(
            "trusted",
            "The strategy to trust more on this track; follows from the AUC on the release split alone.",
            nullable=True,
        ),
    ),
)
