"""Which surrogate to trust where nobody has cast: the advice of the table `strategy_benchmark`, as sentences."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from bmg_assets.science.evidence.advice import ADVICE_METRIC
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.surrogates.catalogue import PAPER, names_with_maps

TRACK_WORDS = {
    Track.NOTHING_KNOWN: "where nothing related was known",
    Track.RELATED_KNOWN: "where related alloys were known",
}


def which_strategy(evidence: pd.DataFrame | None, in_use: str, system: str) -> list[str]:
    """Paragraphs: which surrogate made the candidates, how each did on systems left out, and what follows.

    Args:
        evidence: the table `strategy_benchmark`; None where no surrogate was evaluated.
        in_use: the surrogate that made the candidates.
        system: key of the system.
    """
    others = [name for name in names_with_maps() if name != in_use]
    commands = " or ".join(f"`bmg run {system} --strategy {name}`" for name in others)
    chosen = f"These candidates come from the surrogate `{in_use}`; {commands} uses another one."
    if evidence is None:
        return [
            f"{chosen} How often a surrogate is right where nobody has cast has not been measured on this literature. "
            "`bmg evidence --quick` measures it in minutes, and the next run of this system shows it here."
        ]
    evaluated = set(evidence["strategy"])
    shown = (in_use, *(name for name in others if name in evaluated))
    measured = [evidence_in_words(evidence, name) for name in shown]
    blind = "An AUC of 0.5 and an enrichment of 1 are those of blind casting."
    return [chosen, *measured, " ".join([blind, *_comparisons(evidence)])]


def evidence_in_words(evidence: pd.DataFrame, strategy: str) -> str:
    """AUC and enrichment of a surrogate on the systems of the development split, as a sentence.

    Args:
        evidence: the table `strategy_benchmark`.
    """
    rows = evidence[(evidence["strategy"] == strategy) & (evidence["split"] == Split.DEVELOPMENT)]
    found = [
        f"{TRACK_WORDS[Track(str(track))]}, AUC {_mean(of_track, 'auc')} and enrichment {_mean(of_track, 'enrichment')}"
        for track, of_track in rows.groupby("track", sort=False)
    ]
    if not found:
        return (
            f"The surrogate `{strategy}` has not been evaluated on systems left out; `bmg evidence --quick` does that."
        )
    systems = int(rows.loc[rows["metric"] == "auc", "systems"].max())
    return (
        f"The surrogate `{strategy}`, evaluated on {systems} systems that were left out whole (with 95 % intervals "
        f"over systems): {'; '.join(found)}."
    )


def _mean(of_track: pd.DataFrame, metric: str) -> str:
    one = of_track[of_track["metric"] == metric].iloc[0]
    return f"{one['mean']:.2f} ({one['low']:.2f} to {one['high']:.2f})"


def _comparisons(evidence: pd.DataFrame) -> list[str]:
    """The comparisons with the paper's surrogate, by track: on the development split, then on the release split."""
    compared = evidence["strategy"].isin(names_with_maps()) & evidence["p_value"].notna()
    rows = evidence[compared & (evidence["metric"] == ADVICE_METRIC)]
    found = []
    for track, of_track in rows.groupby("track", sort=False):
        for row in of_track[of_track["split"] == Split.DEVELOPMENT].to_dict("records"):
            found.append(f"On the same systems, {TRACK_WORDS[Track(str(track))]}, {_comparison(row)}")
        for row in of_track[of_track["split"] == Split.RELEASE].to_dict("records"):
            found.append(f"On {row['systems']} systems that have guided no choice, {_comparison(row)}")
    if found and not (rows["split"] == Split.RELEASE).any():
        guided = " and ".join(f"`{name}`" for name in rows["strategy"].unique())
        found.append(
            f"These systems have guided the making of {guided}, so the comparison flatters it. `bmg evidence "
            "--with-release` evaluates all surrogates on systems that have guided nothing."
        )
    return found


def _comparison(row: dict[Hashable, Any]) -> str:
    difference, p_value = row["difference_to_paper"], row["p_value"]
    if pd.isna(row["ranks_better"]):
        names = f"`{row['strategy']}` and `{PAPER.name}`"
        return f"the difference between {names} is not certain (AUC {difference:+.2f}, p {p_value:.2f})."
    odds = "p < 0.001" if p_value < 0.001 else f"p {p_value:.3f}"
    advice = "" if pd.isna(row["trusted"]) else f": trust `{row['trusted']}` more there"
    return f"`{row['ranks_better']}` ranked the alloys better (AUC by {abs(difference):.2f}, {odds}){advice}."
