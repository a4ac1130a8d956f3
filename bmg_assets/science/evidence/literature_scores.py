"""How scores of the evidence on the literature are written down: one row per system, metric and what was judged."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class LiteratureTest(StrEnum):
    """What is asked of a literature."""

    LEFT_OUT = "left_out"
    """Are the alloys of a system that is left out ranked well?"""
    NEWCOMERS = "newcomers"
    """Where does the best reported alloy of a system that the paper's literature lacks lie in its map?"""
    TIME_SPLIT = "time_split"
    """Is what was found later ranked well by what was known in a year?"""


class JudgedBy(StrEnum):
    """By which alloys or systems a ranking is judged."""

    ALL = "all"
    WITHOUT_EASY = "without_easy"
    """Without what was cast and crystalline, nearly all of it high-entropy alloys."""


NEW_SYSTEM = "new_system"
KNOWN_SYSTEM = "known_system"
"""Tracks of the time split: whether an alloy of the system was reported by then."""
LITERATURE_SCORE_COLUMNS = ("test", "year", "track", "judged_by", "strategy", "left_out_system", "metric", "value")


ScoreRow = tuple[str, int | None, str, str, str, str, str, float]
"""Values of LITERATURE_SCORE_COLUMNS."""


def score_rows(
    metrics: Mapping[str, float],
    test: LiteratureTest,
    track: str,
    strategy: str,
    system: str,
    judged_by: JudgedBy = JudgedBy.ALL,
    year: int | None = None,
) -> list[ScoreRow]:
    """A row for each metric of one system."""
    return [
        (str(test), year, track, str(judged_by), strategy, system, name, float(value))
        for name, value in metrics.items()
    ]


def as_literature_scores(rows: Iterable[ScoreRow]) -> "pd.DataFrame":
    """The rows as a frame; a year that is not given is null."""
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=list(LITERATURE_SCORE_COLUMNS))
    return frame.astype({"year": "Int64", "value": "float64"})
