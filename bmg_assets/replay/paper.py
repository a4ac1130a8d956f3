"""The paper's experiment on Zr-Al-Cu, as far as its text describes it, beside the proposals of a replay.

Source: Xu et al., "Efficient learning strategy for predicting glass forming ability in imbalanced datasets of bulk
metallic glasses", and the notebooks of its authors; see data/lab_results/examples/zr-al-cu-xu.csv for the casts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.replay.rounds import Round, picks_in_words, picks_of, point_of
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.cast_outcomes import nearest_point
from bmg_assets.science.casts.iterations import distance_at_pct

REFERENCE = "Zr58Al12Cu30"
"""The best reported alloys of Zr-Al-Cu lie around it."""
AFTER_THIRD_PAIR = 3
"""Number of the iteration that was trained with all three pairs."""


@dataclass(frozen=True)
class PaperRound:
    """What the paper cast after an iteration, and what it found."""

    cast: tuple[str, ...]
    found: str


PAPER_ROUNDS = (
    PaperRound(("Zr20Al20Cu60", "Zr20Al25Cu55"), "no glass"),
    PaperRound(("Zr40Al20Cu40", "Zr45Al20Cu35"), "ribbon only"),
    PaperRound(("Zr50Al5Cu45", "Zr55Al5Cu40"), "2.5 mm (2 in the notebook) and 1.5 mm"),
    PaperRound(
        ("Zr45Al10Cu45", "Zr35Al5Cu60"),
        "verification: 1 mm each; two more alloys, ribbon only, are not named by the sources",
    ),
)


def beside_the_paper(system: TargetSystem, rounds: Sequence[Round]) -> pd.DataFrame:
    """One row per round in which the paper cast something: its casts beside the picks and the map of the replay."""
    return pd.DataFrame([_row(system, *pair) for pair in zip(rounds, PAPER_ROUNDS, strict=False)])


def _apart(picks: pd.DataFrame, points: Sequence[Sequence[float]]) -> float:
    """Least distance of a pick from what the paper cast; missing without a pick."""
    return min((distance_at_pct(pick, point) for pick in picks["at_pct"] for point in points), default=float("nan"))


def _row(system: TargetSystem, here: Round, paper: PaperRound) -> dict[str, object]:
    points = [point_of(system, formula) for formula in paper.cast]
    of_surrogate, of_paper = (picks_of(here, is_papers) for is_papers in (False, True))
    grid = here.grid.sort_values("point")
    amounts = np.array(grid["at_pct"].tolist())
    rows = [nearest_point(amounts, point)[0] for point in points]
    ranks = grid["dmax_mm"].rank(ascending=False, method="min").to_numpy()
    return {
        "after": here.title,
        "picked_by_the_surrogate": picks_in_words(system, of_surrogate),
        "picked_by_the_papers_models": picks_in_words(system, of_paper),
        "cast_by_the_paper": ", ".join(paper.cast),
        "found_by_the_paper": paper.found,
        "predicted_here_mm": ", ".join(f"{grid['dmax_mm'].iloc[row]:.2f}" for row in rows),
        "rank_here": f"{', '.join(f'{ranks[row]:.0f}' for row in rows)} of {len(grid)}",
        "surrogates_nearest_pick_off_by_at_pct": _apart(of_surrogate, points),
        "papers_nearest_pick_off_by_at_pct": _apart(of_paper, points),
    }
