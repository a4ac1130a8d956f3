"""The tables of the group `prediction`: the map of a system, what to cast next, and all systems at a glance."""

from dataclasses import replace

from bmg_assets.science.casts.candidate_states import CandidateState
from bmg_assets.science.literature.nearest_reported import LITERATURE, OWN_CAST
from bmg_assets.science.proposals.candidate_choice import CANDIDATE_RULES
from bmg_assets.science.surrogates.catalogue import names_with_maps
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets.store.tables.columns import count, millimetres, number, share, text
from bmg_assets.store.tables.shared import (
    AT_PCT_OF_KEY,
    COMPOSITION,
    GLASS_CLASSES,
    INTERVAL_HIGH,
    INTERVAL_LOW,
    POINT,
    REPEATED_COMPOSITION,
    SUB_MODELS,
    TARGET_SYSTEM,
)
from bmg_assets.store.tables.table import Column, Table

CANDIDATE_KINDS = ("pick", "verification")
CHOSEN_DMAX = millimetres("dmax_mm", "Critical casting diameter predicted by the map of that surrogate.")
REASON = text("reason", "Why this composition was chosen.")
FUSED_DMAX = millimetres("dmax_mm", "Critical casting diameter predicted by the fusion of the sub-models.")

TOP_SHARE = Column(
    "top_share", "bool", None, "Whether the point is in the share of the grid with the largest predictions."
)
REGION = count(
    "region",
    "Number of the connected region of top points, 1 being the largest; empty for the other points.",
    nullable=True,
    minimum=1,
)
KIND = text(
    "kind", "To be cast as a candidate, or to verify the boundary of the predicted region.", allowed=CANDIDATE_KINDS
)
RANK = count("rank", "Order within the kind; 1 comes first.", minimum=1)
STATE_OF_CANDIDATE = text(
    "state",
    "How far the laboratory has come with it: proposed (nothing reported), requested (taken up, no label yet), cast "
    "(it has a label), or refused (the reports give nothing usable).",
    allowed=tuple(state.value for state in CandidateState),
)
STATE_BECAUSE = text("state_because", "The casts behind the state; empty while nothing is reported.", nullable=True)

EXPECTED_GAIN = millimetres(
    "expected_gain_mm",
    "Expected value of what a cast adds to best_known_mm, log(1 + D_max) being normal with the mean and uncertainty of "
    "the process at this point; empty where too few bulk glasses are known, or the map has no such uncertainty.",
    nullable=True,
    minimum=0,
)
CHANCE_OF_BETTER = share(
    "chance_of_better",
    "Probability, by the same, of a D_max above best_known_mm, and above 1 mm where that is less.",
    nullable=True,
)

IS_TRUSTED = Column(
    "is_trusted", "bool", None, "Whether it is near enough to what is known for the surrogate to be believed."
)
REGIME = text(
    "regime",
    "How much is known of the system: nothing_known, related_known (no alloy of its own), or half_known (some).",
    allowed=tuple(regime.value for regime in Regime),
)

PREDICTION_GRID = Table(
    name="prediction_grid",
    asset="prediction_grid",
    description="The predicted critical casting diameter of every interior composition of a system.",
    partitioned=True,
    columns=(
        TARGET_SYSTEM,
        replace(POINT, unique=True),
        COMPOSITION,
        AT_PCT_OF_KEY,
        *(millimetres(f"{model}_mm", f"Critical casting diameter predicted by {model}.") for model in SUB_MODELS),
        FUSED_DMAX,
        share("dmax_scaled", "The fused prediction scaled to 0 (smallest on this grid) to 1 (largest)."),
        INTERVAL_LOW,
        INTERVAL_HIGH,
        share(
            "probability_bulk",
            "Share of the errors on alloys left out at random with which the fused prediction reaches 1 mm.",
        ),
        TOP_SHARE,
        REGION,
    ),
)

TRANSFER_GRID = Table(
    name="transfer_grid",
    asset="transfer_grid",
    description="The map of a system by the surrogate in use, fitted to all known alloys.",
    partitioned=True,
    columns=(
        TARGET_SYSTEM,
        text("strategy", "Name of the surrogate that made the map.", allowed=names_with_maps()),
        REGIME,
        POINT,
        COMPOSITION,
        AT_PCT_OF_KEY,
        Column(
            "step_at_pct",
            "int64",
            "at.%",
            "Step of the grid that the point is of, in at.%: the coarse grid is whole, and 1 where it is refined.",
            minimum=1,
        ),
        number("score", "Score by which the surrogate ranks; only comparable within a map."),
        millimetres("dmax_mm", "Critical casting diameter that is expected, the posterior mean.", minimum=0),
        share("dmax_scaled", "The score scaled to 0 (smallest of the system) to 1 (largest)."),
        share(
            "probability_bulk",
            "Probability of a bulk glass (1 mm or more), by systems left out; empty where too few are known.",
            nullable=True,
        ),
        replace(INTERVAL_LOW, nullable=True),
        replace(INTERVAL_HIGH, nullable=True),
        EXPECTED_GAIN,
        CHANCE_OF_BETTER,
        millimetres(
            "best_known_mm",
            "Largest D_max known of the system's own alloys, own casts and literature; 0 where none is known.",
            minimum=0,
        ),
        share(
            "explained",
            "Share of the variance that the known alloys explain; empty where the surrogate does not compute it.",
            nullable=True,
        ),
        IS_TRUSTED,
        number("log_mean", "Mean of log((log_shift_mm + D_max) / mm) of the next cast.", nullable=True),
        number("log_spread", "Standard deviation of the same.", nullable=True, minimum=0),
        millimetres("log_shift_mm", "What is added to D_max before its logarithm is taken.", nullable=True, minimum=0),
        millimetres("largest_mm", "Largest D_max that is believed.", nullable=True, minimum=0),
        millimetres(
            "ribbon_mm", "D_max below which nothing counts as glass even as a ribbon.", nullable=True, minimum=0
        ),
        Column(
            "factors",
            "list<double>",
            None,
            "Products of two rows are the correlations of these logarithms; empty where the surrogate has none.",
            nullable=True,
        ),
        number("nearest_at_pct", "Atoms of a hundred by which the nearest known alloy differs.", unit="at.%"),
        count(
            "rank_apart",
            "Place among the ten compositions of the highest scores that differ by 5 at.% or more from each other and "
            "of which nothing is known; empty for the others.",
            nullable=True,
            minimum=1,
        ),
        replace(
            TOP_SHARE,
            description="Whether it is in the share of the coarse grid with the largest scores, or reaches them.",
        ),
        REGION,
        text("rarest_element", "The element of the system that the fewest known alloys hold."),
        count("n_with_rarest_element", "Known alloys that hold it."),
        count("n_known", "Alloys that the surrogate was fitted to, own ones included.", minimum=1),
        text("known_fingerprint", "Identity of these alloys."),
    ),
)

STRATEGY = text(
    "strategy",
    "Name of the surrogate on whose map it was chosen: pruned is the paper's (prediction_grid).",
    allowed=names_with_maps(),
)
CHOSEN_POINT = (
    KIND,
    RANK,
    STRATEGY,
    REPEATED_COMPOSITION,
    AT_PCT_OF_KEY,
    CHOSEN_DMAX,
    replace(INTERVAL_LOW, nullable=True),
    replace(INTERVAL_HIGH, nullable=True),
    REASON,
)
"""The columns of a composition that was chosen to be cast."""

IS_RECOMMENDED = Column(
    "is_recommended",
    "bool",
    None,
    "Whether it is of what is recommended: of the surrogate that the setting strategy names, or of the paper's where "
    "the other one has nothing to propose.",
)
CHANCE_OF_MORE = share(
    "chance_of_more",
    "Chance that a composition that may still be cast beats the best known alloy of the system by more than "
    "more_than_mm, calibrated on simulated campaigns; empty where the surrogate cannot tell, or most of the map "
    "is too far from what is known.",
    nullable=True,
)
MORE_THAN = millimetres("more_than_mm", "The gain that chance_of_more is about, the setting stop_gain_mm.", minimum=0)
PROPOSED = (
    TARGET_SYSTEM,
    *CHOSEN_POINT,
    IS_RECOMMENDED,
    text(
        "rule",
        "How it was chosen: paper (best of the largest top region, and around it), or the highest expected_gain, "
        "chance_of_better or gain_per_price of the map, or weighted sum of objectives.",
        allowed=CANDIDATE_RULES,
    ),
    text("limits", "What could not be chosen, in words; empty if nothing.", nullable=True),
    EXPECTED_GAIN,
    CHANCE_OF_BETTER,
    millimetres(
        "surrogate_mm",
        "Critical casting diameter that the surrogate in use expects; empty where its scores have no meaning in mm.",
        nullable=True,
        minimum=0,
    ),
    millimetres("surrogate_low_mm", "Lower end of its interval.", nullable=True),
    millimetres("surrogate_high_mm", "Upper end of its interval.", nullable=True),
    share("probability_bulk", "Its probability of a bulk glass (1 mm or more).", nullable=True),
    IS_TRUSTED,
    REGIME,
    text("trust", "Which surrogate to trust in this system and why, by the evidence where as much was known."),
    text("nearest_formula", "The reported alloy that lies nearest, as the key of its composition."),
    text("nearest_class", "Its class.", allowed=GLASS_CLASSES),
    millimetres("nearest_dmax_mm", "Its reported D_max; empty where none is reported.", nullable=True, minimum=0),
    number("nearest_at_pct", "Atoms of a hundred by which it differs.", unit="at.%", minimum=0, maximum=100),
    text("nearest_who", "Who reports it: the literature, or the group (own cast).", allowed=(OWN_CAST, LITERATURE)),
    Column("repeats_known", "bool", None, "Whether it is a reported alloy, each amount within 0.5 at.%."),
    number(
        "price_per_kg",
        "What the metals of a kg cost, in the currency of the prices that were given; empty without them.",
        unit="currency/kg",
        nullable=True,
        minimum=0,
    ),
    text("first_rung", "With which rung of the ladder to begin, and what after either outcome."),
    CHANCE_OF_MORE,
    MORE_THAN,
    STATE_OF_CANDIDATE,
    STATE_BECAUSE,
)
"""The columns of what is proposed, by whichever surrogate."""

RECOMMENDATIONS = Table(
    name="recommendations",
    asset="recommendations",
    description=(
        "The picks of the surrogate in use, which are there before the paper's models are trained. No rows where too "
        "few bulk glasses are known for its scores to have a meaning."
    ),
    partitioned=True,
    may_be_empty=True,
    columns=PROPOSED,
)

CANDIDATES = Table(
    name="candidates",
    asset="candidates",
    description=(
        "What to cast next, and why: what is recommended first, and beside it the paper's pair or the surrogate's "
        "picks, with the points that would verify the edge of a region. Each has the predictions of both."
    ),
    partitioned=True,
    columns=(
        *PROPOSED,
        millimetres("paper_mm", "Critical casting diameter predicted by the paper's fused models."),
        millimetres("paper_low_mm", "Lower end of their interval."),
        millimetres("paper_high_mm", "Upper end of their interval."),
        share(
            "paper_probability_bulk",
            "Share of their errors on alloys left out at random with which this prediction reaches 1 mm.",
        ),
        text("agreement", "Whether both expect a bulk glass here, or contradict each other, with the numbers."),
    ),
)

SYSTEM_OVERVIEW = Table(
    name="system_overview",
    asset="system_overview",
    description="One row per system: its state, its best prediction, its best cast, and how good the model is.",
    partitioned=False,
    may_be_empty=True,
    columns=(
        replace(TARGET_SYSTEM, unique=True),
        text("state", "How far the system has got."),
        count("n_training", "Alloys in the training set.", nullable=True),
        count("n_lab", "Own alloys in the training set.", nullable=True),
        millimetres("best_predicted_mm", "Largest predicted critical casting diameter on the grid.", nullable=True),
        text("best_composition", "The composition with that prediction.", nullable=True),
        millimetres("best_cast_mm", "Largest critical casting diameter among the own casts.", nullable=True, minimum=0),
        CHANCE_OF_MORE,
        replace(MORE_THAN, nullable=True),
        number("fusion_r2", "Cross-validated R² of the fused prediction.", nullable=True, maximum=1),
        Column("trained_at", "timestamp", None, "When the models were last trained (UTC).", nullable=True),
        Column("is_stale", "bool", None, "Whether the models are older than what they are made from, or missing."),
        text("stale_because", "Why they are; empty for models that are up to date.", nullable=True),
    ),
)
