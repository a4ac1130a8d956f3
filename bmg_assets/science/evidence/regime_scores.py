"""How scores of the evidence by regimes are written down, and which systems a mean is taken over."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import pandas as pd

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.evidence.drawn_splits import DEVELOPMENT_SYSTEMS, SEEN_SYSTEMS, SYSTEMS_WITHOUT_BULK

REGIME_SCORE_COLUMNS = ("regime", "strategy", "left_out_system", "metric", "value", "weight")
REGIME_PREDICTION_COLUMNS = (
    "regime", "strategy", "left_out_system", "part", "composition", "dmax_mm", "score", "nearest_at_pct", "explained",
    "predicted_mm", "probability_glass", "probability_bulk", "log_score", "interval_low_mm", "interval_high_mm",
    "is_held",
)  # fmt: skip


class SystemSet(StrEnum):
    """The systems over which a mean is taken."""

    BOTH_KINDS = "both_kinds"
    """Those of the development split: bulk glasses and others."""
    FIRST_39 = "first_39"
    """The 39 of them that the paper's table gives, left out since version 0.1.0."""
    WITHOUT_BULK = "without_bulk"
    """Ternaries of twenty alloys or more and no bulk glass."""
    UP_TO_THREE = "up_to_three"
    """Those of ALL with two or three elements: of more elements nearly all reported alloys are bulk glasses."""
    ALL = "all"
    """Every system of four alloys or more that is not of the release split, whatever its alloys."""

    def holds(self, system: str) -> bool:
        """Whether a system that is judged is one of them."""
        fixed = {
            SystemSet.BOTH_KINDS: DEVELOPMENT_SYSTEMS,
            SystemSet.FIRST_39: SEEN_SYSTEMS,
            SystemSet.WITHOUT_BULK: SYSTEMS_WITHOUT_BULK,
        }
        if self is SystemSet.UP_TO_THREE:
            return system.count(SEPARATOR) < 3
        return self is SystemSet.ALL or system in fixed[self]


def regime_score_rows(
    metrics: Mapping[str, float], weights: Mapping[str, float], regime: str, strategy: str, system: str
) -> list[tuple[str, str, str, str, float, float]]:
    """A row for each metric of one system, with REGIME_SCORE_COLUMNS; one without a weight of its own weighs one."""
    return [
        (regime, strategy, system, name, float(value), float(weights.get(name, 1.0))) for name, value in metrics.items()
    ]


def as_regime_scores(rows: Iterable[tuple[str, str, str, str, float, float]]) -> pd.DataFrame:
    """The rows as a frame."""
    return pd.DataFrame(list(rows), columns=list(REGIME_SCORE_COLUMNS)).astype(
        {"value": "float64", "weight": "float64"}
    )
