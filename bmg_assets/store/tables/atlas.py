"""The tables of the group `atlas`: one row per system that could be made of the elements of the literature."""

from bmg_assets.science.evidence.system_ranking_names import KINDS, RANKED_BY
from bmg_assets.store.tables.columns import count, millimetres, number, share, text
from bmg_assets.store.tables.evidence import ENTRY, MADE_FROM, METRIC
from bmg_assets.store.tables.shared import AT_PCT, ELEMENTS
from bmg_assets.store.tables.table import Column, Table

SHARD = text("shard", "Part of the atlas that the row was made with, like ternaries-07.")
KNOWN_FINGERPRINT = text("known_fingerprint", "Identity of the alloys that the surrogate was fitted to.")

ATLAS_CALIBRATION = Table(
    name="atlas_calibration",
    asset="atlas_calibration",
    description=(
        "Systems of the literature, each as if none of its alloys had been reported: what the chance that a system "
        "holds a bulk glass is calibrated on."
    ),
    partitioned=False,
    may_be_empty=True,
    columns=(
        text("system", "Its elements in alphabetical order, joined by '-'.", unique=True),
        count("n_elements", "Elements of the system.", minimum=3),
        count("n_reported", "Reported alloys of it that have a label.", minimum=1),
        millimetres("best_reported_mm", "Largest D_max among them.", minimum=0),
        Column("has_bulk", "bool", None, "Whether a bulk glass (1 mm or more) is among them."),
        number("score", "Highest score of the surrogate in it."),
        number(
            "deviate",
            "Normal deviate of the probability that this composition is a bulk glass; empty without calibration.",
            nullable=True,
        ),
        number("uncertainty", "Standard deviation that the known alloys leave to this score.", minimum=0),
        share(
            "chance_bulk",
            "Chance that the system holds a bulk glass, by the other systems; empty where too few can be left out.",
            nullable=True,
        ),
        KNOWN_FINGERPRINT,
    ),
)

SYSTEM_ATLAS = Table(
    name="system_atlas",
    asset="system_atlas",
    description=(
        "Every ternary system of the elements that the literature supports, and every quaternary: where its best glass "
        "is expected, and the chance that it holds a bulk glass."
    ),
    partitioned=False,
    part_column="shard",
    may_be_empty=True,
    columns=(
        SHARD,
        text("system", "Its elements in alphabetical order, joined by '-'.", unique=True),
        ELEMENTS,
        count("n_elements", "Elements of the system.", minimum=3),
        Column("step_at_pct", "int64", "at.%", "Distance of the compositions among which the best one is.", minimum=1),
        text("composition", "The best composition, by the score of the surrogate, as a key."),
        AT_PCT,
        millimetres("dmax_mm", "Critical casting diameter that is expected there, the posterior mean.", minimum=0),
        millimetres("interval_low_mm", "Lower end of its interval; empty without calibration.", nullable=True),
        millimetres("interval_high_mm", "Upper end of its interval; empty without calibration.", nullable=True),
        share(
            "probability_bulk",
            "Probability that this composition is a bulk glass (1 mm or more); empty without calibration.",
            nullable=True,
        ),
        number(
            "score",
            "Score by which systems of as many elements are ranked: the logarithm of the odds of chance_bulk, or the "
            "surrogate's highest score where no chance is told.",
        ),
        share(
            "chance_bulk",
            "Chance that a bulk glass is found in the system, calibrated on the best composition of the lattice (at 1 "
            "at.%, of quaternaries at 5) of systems that were left out; empty where too few can be.",
            nullable=True,
        ),
        share(
            "extent",
            "Share of the compositions that are bulk glasses more likely than not; empty without calibration.",
            nullable=True,
        ),
        count("n_regions", "Separate regions of the 5 % of the compositions with the highest scores.", minimum=1),
        share("explained", "Share of the variance that the known alloys explain at the best composition."),
        Column(
            "is_trusted",
            "bool",
            None,
            "Whether the best composition is near enough to what is known for the surrogate to be believed.",
        ),
        number(
            "nearest_at_pct",
            "Atoms of a hundred by which the nearest known alloy, of whatever system, differs from the best one.",
            unit="at.%",
            minimum=0,
        ),
        count("n_known", "Reported alloys of this very system that have a label."),
        millimetres("best_known_mm", "Largest D_max among them; empty where there is none.", nullable=True, minimum=0),
        text("best_known_composition", "Composition of it, as a key.", nullable=True),
        number(
            "liquidus_kelvin", "Estimated liquidus of the best composition, a regular solution.", unit="K", minimum=0
        ),
        number(
            "density_g_cm3",
            "Estimated density of the best composition: its mass over the sum of the volumes of its elements.",
            unit="g/cm³",
            minimum=0,
            nullable=True,
        ),
        Column(
            "map_mm",
            "list<double>",
            "mm",
            "The expected D_max at steps of 5 at.% (171 compositions, in the order of a grid); empty for quaternaries.",
            nullable=True,
        ),
        text(
            "best_face",
            "Ternary face with the largest D_max, with a trace of the fourth element in it; empty for ternaries.",
            nullable=True,
        ),
        millimetres(
            "face_dmax_mm",
            "The D_max that is expected there, judged like that of an alloy of four elements; empty for ternaries.",
            nullable=True,
            minimum=0,
        ),
        millimetres("gain_over_faces_mm", "dmax_mm less face_dmax_mm; empty for ternaries.", nullable=True),
        text("strategy", "Name of the surrogate."),
        KNOWN_FINGERPRINT,
        MADE_FROM,
    ),
)

TEST = text(
    "test",
    "left_out (each system as if none of its alloys had been reported), until_2005 and so on (what was found later), "
    "or newcomers (systems that the paper's table lacks).",
)
N_ELEMENTS = count("n_elements", "Elements of the systems.", minimum=3)

ATLAS_RANKINGS = Table(
    name="atlas_rankings",
    description="What each way of ranking says of each system of the tests of the atlas.",
    partitioned=False,
    part_column="entry",
    columns=(
        TEST,
        text("system", "Its elements in alphabetical order, joined by '-'."),
        N_ELEMENTS,
        text(
            "kind",
            "Whether a bulk glass is reported in it, other alloys alone, or nothing (drawn at random).",
            allowed=KINDS,
        ),
        number("atlas", "Score of the atlas; more is better, as of the others."),
        share("likeness", "Elements in common with the most similar system with a known bulk glass, of all elements."),
        number("relatives", "Systems with a known bulk glass that share two elements with it.", minimum=0),
        share("coin", "A random number."),
        ENTRY,
        MADE_FROM,
    ),
)

ATLAS_EVIDENCE = Table(
    name="atlas_evidence",
    asset="atlas_evidence",
    description="How well the atlas ranks systems in which bulk glasses were found, beside ways without a model.",
    partitioned=False,
    columns=(
        TEST,
        N_ELEMENTS,
        text("ranked_by", "The atlas, or likeness, relatives or a coin.", allowed=RANKED_BY),
        METRIC,
        share("mean", "Mean over the systems with a bulk glass."),
        share("low", "Lower end of its 95 % interval over systems."),
        share("high", "Upper end of that interval."),
        count("systems", "Number of these systems.", minimum=1),
    ),
)
