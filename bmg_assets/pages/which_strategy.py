"""Which strategy to trust where nobody has cast: how each did on systems that were left out, in words."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from bmg_assets.pages.evidence_page import TRACK_WORDS, evidence_in_words
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.surrogates.map_strategies import MAP_STRATEGIES, PRUNED, TRANSFER

CERTAIN_BELOW = 0.05
"""p value below which a difference is told as one."""
BLIND = "An AUC of 0.5 and an enrichment of 1 are blind casting."
NOT_JUDGED = (
    "How often either strategy is right where nobody has cast has not been measured on this literature: "
    "`bmg evidence --quick` does that in minutes, and the next run of this system tells it here."
)

FLATTERS = (
    f"These systems have guided the making of `{TRANSFER}`, which flatters it: "
    "`bmg evidence --with-release` judges both on systems that have guided nothing."
)


def which_strategy(evidence: pd.DataFrame | None, in_use: str, system: str) -> list[str]:
    """Paragraphs: which strategy made the candidates, how both did on systems left out, and what follows.

    Args:
        evidence: the table `strategy_benchmark`; None where nothing was judged.
        in_use: the strategy that made the candidates, one of MAP_STRATEGIES.
        system: key of the system.
    """
    (other,) = (name for name in MAP_STRATEGIES if name != in_use)
    chosen = (
        f"These candidates come from the strategy `{in_use}`; `bmg run {system} --strategy {other}` asks the other one."
    )
    if evidence is None:
        return [f"{chosen} {NOT_JUDGED}"]
    judged = [evidence_in_words(evidence, name) for name in (in_use, other)]
    return [chosen, *judged, f"{BLIND} {' '.join(_verdicts(evidence))}".strip()]


def _verdicts(evidence: pd.DataFrame) -> list[str]:
    """For each track in which both were judged on the same systems, which one ranked their alloys better.

    Advice follows from the release split alone: its systems have guided no choice.
    """
    rows = evidence[(evidence["strategy"] == TRANSFER) & (evidence["metric"] == "auc") & evidence["p_value"].notna()]
    verdicts = []
    for track, of_track in rows.groupby("track", sort=False):
        guided = of_track[of_track["split"] == Split.DEVELOPMENT]
        unseen = of_track[of_track["split"] == Split.RELEASE]
        verdicts += [
            f"On the same systems, {TRACK_WORDS[Track(str(track))]}, {_verdict(row, with_advice=False)}"
            for row in guided.to_dict("records")
        ]
        verdicts += [
            f"On {row['systems']} systems that had guided no choice {_verdict(row, with_advice=True)}"
            for row in unseen.to_dict("records")
        ]
    if verdicts and not (rows["split"] == Split.RELEASE).any():
        verdicts.append(FLATTERS)
    return verdicts


def _verdict(row: dict[Hashable, Any], with_advice: bool) -> str:
    difference, p_value = row["difference_to_paper"], row["p_value"]
    if p_value >= CERTAIN_BELOW:
        return f"the difference between both is not certain (AUC {difference:+.2f}, p {p_value:.2f})."
    better = TRANSFER if difference > 0 else PRUNED
    odds = "p < 0.001" if p_value < 0.001 else f"p {p_value:.3f}"
    advice = ": trust it more there" if with_advice else ""
    return f"`{better}` ranked the alloys better (AUC by {abs(difference):.2f}, {odds}){advice}."
