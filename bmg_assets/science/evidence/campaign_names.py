"""The names in the tables of simulated campaigns: truths, starts, rules and metrics. It loads fast."""

from enum import StrEnum


class Truth(StrEnum):
    """Where the D_max of each composition comes from. Each truth knows the system's reported alloys."""

    TREES = "trees"
    """Trees on spread fractions, the surrogate `weighted`: steps and plateaus."""
    DRAWN = "drawn"
    """A map drawn from the posterior of the Gaussian process: smooth, and as uncertain as it says it is."""
    NEAREST = "nearest"
    """The nearest reported alloy of the system or of its binaries, as a metallurgist would colour the ternary."""
    REPORTED = "reported"
    """No map: the reported alloys alone are a pool, and their reports the truth."""

    @property
    def is_map(self) -> bool:
        """Whether the whole map is cast from."""
        return self is not Truth.REPORTED


class Start(StrEnum):
    """What is known when a campaign begins."""

    NOTHING_KNOWN = "nothing_known"
    """Neither the system nor alloys that share two of its elements."""
    RELATED_KNOWN = "related_known"
    """All that is reported but the system itself."""
    SIX_CASTS = "six_casts"
    """Related alloys, and six casts of the system that were drawn blindly."""


REFERENCE, BLIND = "expected_gain", "random"
"""The rule that the others are compared with, and the one that knows nothing."""
RULE_NAMES = (
    REFERENCE, "paper", "score_apart", "gain_apart", "chance_of_better", "chance_apart", "upper_bound", "thompson",
    BLIND,
)  # fmt: skip
"""As they are shown; see campaign_rules.py."""
ROUNDS = 5
SHARE_METRICS = tuple(f"share_of_best_{number}" for number in range(1, ROUNDS + 1))
"""Best so far over the best of the map, after each round."""
MEAN_SHARE = "share_of_best"
"""Their mean over the rounds."""
BULK_METRIC = "rounds_to_bulk"
"""Round that brought the first bulk glass."""
ALL_MAPS = "maps"
"""In place of a truth: the truths that are whole maps, together."""
ALL_STARTS = "all"
"""In place of a start: all of them together."""
STOPPING = "stopping"
"""In place of a rule: rows of the chance of more, whose mean is how often there was more."""
