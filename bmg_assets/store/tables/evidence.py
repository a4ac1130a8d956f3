"""The tables of the group `study` that hold the benchmark of surrogates on left-out systems."""

from dataclasses import replace

from bmg_assets.science.evidence.campaign_names import ALL_MAPS, ALL_STARTS, RULE_NAMES, STOPPING, Start, Truth
from bmg_assets.science.evidence.literature_scores import KNOWN_SYSTEM, NEW_SYSTEM, JudgedBy, LiteratureTest
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.store.tables.columns import count, millimetres, number, share, text
from bmg_assets.store.tables.shared import INTERVAL_HIGH, INTERVAL_LOW, REPEATED_COMPOSITION, TARGET_SYSTEM
from bmg_assets.store.tables.table import Column, Table

STRATEGY = text("strategy", "Name of the surrogate; `random` is blind casting, worked out exactly.")
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
SEED = count("seed", "Seed of the surrogate.")
METRIC = text("metric", "Name of what was measured, see docs/evidence.md.")
ENTRY = text("entry", "Surrogate and form of the benchmark: what is evaluated in one go.")
MADE_FROM = text(
    "made_from",
    "Identity of alloys, benchmark and code version; an entry that has the one wanted is not evaluated again.",
)

EVALUATED = (TARGET_SYSTEM, ENTRY, STRATEGY, TRACK, SPLIT, SEED)
"""What was evaluated: a surrogate on a left-out system."""

LEFT_OUT_SCORES = Table(
    name="left_out_scores",
    description="Score of each surrogate on each system that was left out (its key is target_system).",
    partitioned=True,
    part_column="entry",
    outlives_system=True,
    columns=(
        *EVALUATED,
        METRIC,
        number("value", "The score; empty where the metric is not defined for the system.", nullable=True),
        number("weight", "Weight of the system in a mean: its number of alloys, or one.", minimum=0),
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
        *EVALUATED,
        REPEATED_COMPOSITION,
        millimetres("dmax_mm", "Reported critical casting diameter, 0 for no glass.", minimum=0),
        number("score", "Score by which the surrogate ranks; only comparable within it."),
        millimetres("predicted_mm", "The critical casting diameter that the surrogate predicts."),
        share("probability_bulk", "Probability of a bulk glass, where the surrogate predicts one.", nullable=True),
        replace(INTERVAL_LOW, nullable=True),
        replace(INTERVAL_HIGH, nullable=True),
    ),
)

STRATEGY_BENCHMARK = Table(
    name="strategy_benchmark",
    asset="strategy_benchmark",
    description="Each surrogate over the left-out systems, beside the paper's: the evidence in one table.",
    partitioned=False,
    columns=(
        text("contest", "Form of the benchmark: quick or standard."),
        STRATEGY,
        TRACK,
        SPLIT,
        METRIC,
        number("mean", "Mean over the systems for which the metric is defined.", nullable=True),
        number("low", "Lower end of its 95 % interval over systems.", nullable=True),
        number("high", "Upper end of that interval.", nullable=True),
        count("systems", "Number of these systems."),
        number(
            "difference_to_paper",
            "Mean difference to the paper's surrogate, system by system; empty for that one itself.",
            nullable=True,
        ),
        share("p_value", "p value of that difference, two-sided, by exchange of signs.", nullable=True),
        number("target_low", "Value that the mean shall reach, where one was set.", nullable=True),
        number("target_high", "Value that it shall not exceed, where one was set.", nullable=True),
        text("verdict", "Whether the target is met, and how far it is missed.", nullable=True),
        text(
            "ranks_better",
            "The better of this surrogate and the paper's by AUC, where the difference is certain (p < 0.05).",
            nullable=True,
        ),
        text(
            "trusted",
            "The surrogate to trust more on this track; follows from the AUC on the release split alone.",
            nullable=True,
        ),
    ),
)

WHAT_IS_ASKED = (
    text(
        "test",
        "What is asked of a literature: left_out (ranking of a system's alloys), newcomers (place of the best alloy in "
        "the map of a system that the paper's literature lacks), time_split (what was found after a year).",
        allowed=tuple(map(str, LiteratureTest)),
    ),
    count("year", "Year until which reports were known, in a time split.", nullable=True),
    text(
        "track",
        "What is known of the system: see docs/evidence.md.",
        allowed=(*map(str, Track), NEW_SYSTEM, KNOWN_SYSTEM),
    ),
    text(
        "judged_by",
        "All alloys, or without the easy negatives: those that were cast and crystalline.",
        allowed=tuple(map(str, JudgedBy)),
    ),
    METRIC,
    text("variant", "Literature that was learnt from: see docs/evidence.md."),
    text("strategy", "Name of the surrogate, or mean_of_ranks (of composite and weighted), or equiatomic (none)."),
)

LITERATURE_SCORES = Table(
    name="literature_scores",
    description="Each variant of the literature in each test, system by system.",
    partitioned=False,
    part_column="entry",
    columns=(
        *WHAT_IS_ASKED,
        text("left_out_system", "System that was judged."),
        number("value", "The score; empty where the metric is not defined for the system.", nullable=True),
        SEED,
        ENTRY,
        MADE_FROM,
    ),
)

LITERATURE_EVIDENCE = Table(
    name="literature_evidence",
    asset="literature_evidence",
    description="What each source and each number is worth: every test over its systems, variants side by side.",
    partitioned=False,
    columns=(
        *WHAT_IS_ASKED,
        number("mean", "Mean over the systems for which the metric is defined.", nullable=True),
        number("low", "Lower end of its 95 % interval over systems.", nullable=True),
        number("high", "Upper end of that interval.", nullable=True),
        count("systems", "Number of these systems."),
        *(
            column
            for reference, words in {
                "paper": "the same strategy on the paper's literature alone",
                "whole": "the same strategy on the whole literature",
                "transfer": "transfer on the same literature",
            }.items()
            for column in (
                number(
                    f"difference_to_{reference}",
                    f"Mean difference to {words}, system by system; empty for that one itself.",
                    nullable=True,
                ),
                share(
                    f"p_value_to_{reference}",
                    "p value of that difference, two-sided, by exchange of signs.",
                    nullable=True,
                ),
            )
        ),
    ),
)

LITERATURE = text("literature", "Literature that was learnt from: whole, or the paper's table alone (paper).")
REGIME = text(
    "regime",
    "What was known: nothing_known, related_known, half_known, all_but_one_known of a left-out system; newcomers; or "
    "what was found after a year in systems that were new (new_after_...) or not (known_before_...).",
)
REGIME_STRATEGY = text(
    "strategy", "Name of the surrogate, or mean_of_ranks (of composite and weighted), or equiatomic."
)
LEFT_OUT_SYSTEM = text("left_out_system", "System that was judged.")

REGIME_SCORES = Table(
    name="regime_scores",
    description="Each surrogate in each regime, system by system.",
    partitioned=False,
    part_column="entry",
    columns=(
        LITERATURE,
        REGIME,
        REGIME_STRATEGY,
        LEFT_OUT_SYSTEM,
        METRIC,
        number("value", "The score; empty where the metric is not defined for the system.", nullable=True),
        number("weight", "Weight of the system in a mean: its number of alloys, or one.", minimum=0),
        SEED,
        ENTRY,
        MADE_FROM,
    ),
)

REGIME_ALLOYS = Table(
    name="regime_alloys",
    description="What each surrogate predicted for each alloy in each regime, and what is reported.",
    partitioned=False,
    part_column="entry",
    columns=(
        LITERATURE,
        REGIME,
        REGIME_STRATEGY,
        LEFT_OUT_SYSTEM,
        count("part", "Alloys of one part were predicted from the same known alloys, and are ranked together."),
        REPEATED_COMPOSITION,
        millimetres("dmax_mm", "Reported critical casting diameter, 0 for no glass.", minimum=0),
        number("score", "Score by which the surrogate ranks; only comparable within it."),
        number(
            "nearest_at_pct", "Atoms of a hundred that differ from the nearest known alloy.", unit="at.%", minimum=0
        ),
        share("explained", "Share of the variance that known alloys explain.", nullable=True),
        millimetres("predicted_mm", "The critical casting diameter that is predicted.", nullable=True),
        share("probability_glass", "Predicted probability of a glass, as a ribbon at least.", nullable=True),
        share("probability_bulk", "Predicted probability of a bulk glass.", nullable=True),
        number("log_score", "Logarithm of the probability that was predicted for the report.", nullable=True),
        replace(INTERVAL_LOW, nullable=True),
        replace(INTERVAL_HIGH, nullable=True),
        share("is_held", "1 where the interval meets the report, else 0.", nullable=True),
        ENTRY,
    ),
)

REGIME_EVIDENCE = Table(
    name="regime_evidence",
    asset="regime_evidence",
    description="Every surrogate in every regime, over its systems, with intervals, paired tests and targets.",
    partitioned=False,
    columns=(
        LITERATURE,
        REGIME,
        text(
            "systems_of",
            "Systems of the mean: both_kinds (bulk glasses and others), first_39 (those of 0.1.0), without_bulk, "
            "up_to_three (elements), all; "
            "newcomers and later systems are sets of their own. See docs/evidence.md.",
        ),
        METRIC,
        REGIME_STRATEGY,
        number("mean", "Mean over the systems for which the metric is defined.", nullable=True),
        number("low", "Lower end of its 95 % interval over systems.", nullable=True),
        number("high", "Upper end of that interval.", nullable=True),
        count("systems", "Number of these systems."),
        *(
            column
            for name in ("transfer", "pruned", "nearest", "weighted")
            for column in (
                number(
                    f"difference_to_{name}",
                    f"Mean difference to {name}, system by system; empty for that one itself.",
                    nullable=True,
                ),
                share(
                    f"p_value_to_{name}", "p value of that difference, two-sided, by exchange of signs.", nullable=True
                ),
            )
        ),
        text("target", "What the mean shall reach, where that was set.", nullable=True),
        text("verdict", "Whether it does, and by how much it does not.", nullable=True),
    ),
)

REGIME_DISTANCES = Table(
    name="regime_distances",
    description="Errors and error bars of the calibrated surrogates by the distance to what is known.",
    partitioned=False,
    columns=(
        LITERATURE,
        REGIME_STRATEGY,
        text(
            "measure",
            "Distance: explained (share of the variance that known alloys explain) or nearest_at_pct.",
            allowed=("explained", "nearest_at_pct"),
        ),
        number("low", "Lower edge of the bin."),
        number("high", "Upper edge of the bin."),
        count("alloys", "Alloys of the bin; an alloy counts in each regime."),
        count("systems", "Systems that they are of."),
        count("bulk_glasses", "Bulk glasses among them."),
        share("auc", "AUC of the predicted chance of a bulk glass.", nullable=True),
        number("brier", "Brier score of that chance; less is better."),
        number("brier_of_base_rate", "Brier score of the share of bulk glasses in the bin."),
        share("held_bulk", "Share of the bulk glasses that their 90 % intervals hold."),
        share("held_bulk_low", "Lower end of its 95 % interval over systems."),
        share("held_bulk_high", "Upper end of that interval."),
        millimetres("width_bulk_mm", "Mean width of these intervals."),
        Column(
            "is_trusted",
            "bool",
            None,
            "Whether chances tell more than the share of the bin, and intervals may hold 85 % of its bulk glasses.",
        ),
    ),
)

CAMPAIGNED = (
    text(
        "truth",
        "Where the D_max of each composition comes from: trees, drawn (from the posterior), nearest (reported alloy), "
        "or reported (a pool of reported alloys instead of a map).",
        allowed=tuple(map(str, Truth)),
    ),
    text(
        "start",
        "What is known when the campaign begins: nothing_known, related_known, or six_casts of the system beside that.",
        allowed=tuple(map(str, Start)),
    ),
    text("system", "System that was campaigned in."),
)

CAMPAIGN_SCORES = Table(
    name="campaign_scores",
    description="Each simulated campaign, rule by rule: how much of the best of the map it had found after each round.",
    partitioned=False,
    part_column="entry",
    columns=(
        *CAMPAIGNED,
        text("rule", "Rule by which pairs were cast.", allowed=RULE_NAMES),
        METRIC,
        number("value", "The score; empty where the map has no bulk glass to find.", nullable=True),
        SEED,
        ENTRY,
        MADE_FROM,
    ),
)

CAMPAIGN_FORECASTS = Table(
    name="campaign_forecasts",
    description="What was predicted before each round of a simulated campaign about going on, and what was true.",
    partitioned=False,
    part_column="entry",
    columns=(
        *CAMPAIGNED,
        count("round", "Number of the round.", minimum=1),
        millimetres("gain_mm", "Gain over the best cast that was asked about.", minimum=0),
        millimetres("best_mm", "Best cast so far, 0 without one.", minimum=0),
        share("share", "Share of drawn maps on which an uncast composition was better by more than the gain."),
        Column("is_more", "bool", None, "Whether there was one in truth."),
        ENTRY,
    ),
)

CAMPAIGN_EVIDENCE = Table(
    name="campaign_evidence",
    asset="campaign_evidence",
    description="Rules by which pairs are cast in simulated campaigns, and how often there was more to find.",
    partitioned=False,
    columns=(
        text("start", "See campaign_scores; all for rows about stopping.", allowed=(*map(str, Start), ALL_STARTS)),
        text(
            "truth",
            "See campaign_scores; maps is the mean over the truths that are whole maps.",
            allowed=(*map(str, Truth), ALL_MAPS),
        ),
        text(
            "rule",
            "Rule by which pairs were cast; stopping for rows that say how often there was more.",
            allowed=(*RULE_NAMES, STOPPING),
        ),
        METRIC,
        number("mean", "Mean over the systems for which the metric is defined.", nullable=True),
        number("low", "Lower end of its 95 % interval over systems.", nullable=True),
        number("high", "Upper end of that interval.", nullable=True),
        count("systems", "Number of these systems."),
        number(
            "difference",
            "Mean difference to the rule expected_gain, system by system; empty for that one itself.",
            nullable=True,
        ),
        share("p_value", "p value of that difference, two-sided, by exchange of signs.", nullable=True),
        share("predicted", "Mean predicted chance, of rows about stopping.", nullable=True),
        count("forecasts", "Predictions behind a row about stopping.", nullable=True),
    ),
)
