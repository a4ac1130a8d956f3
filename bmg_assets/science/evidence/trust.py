"""Which surrogate to trust in a system, by how much is known of it: one sentence with the figures it rests on."""

from dataclasses import dataclass

import pandas as pd

from bmg_assets.science.evidence.regime_scores import SystemSet
from bmg_assets.science.surrogates.catalogue import PAPER, RECOMMENDED

CERTAIN_BELOW = 0.05
"""A difference with a smaller p value counts as one."""
KNOWN_IN_WORDS = {
    "nothing_known": "with nothing related known",
    "related_known": "with related alloys known",
    "half_known": "with half of their alloys known",
    "all_but_one_known": "with all but one of their alloys known",
}
"""What was known of the systems that were left out, by regime."""
RESTS_ON = {
    SystemSet.BOTH_KINDS: ("auc", "enrichment", "spearman", "bulk_by_pair_1"),
    SystemSet.ALL: ("log_score", "held_bulk_90%"),
}
"""Metrics by set of systems that come with the code."""
FIGURE_COLUMNS = (
    "literature", "regime", "systems_of", "metric", "strategy", "mean", "low", "high", "systems",
    "difference_to_transfer", "p_value_to_transfer", "difference_to_pruned", "p_value_to_pruned",
)  # fmt: skip


@dataclass(frozen=True)
class Trust:
    """The surrogate to trust, and why."""

    strategy: str
    because: str
    """One sentence for a metallurgist."""


def trust_here(summary: pd.DataFrame | None, regime: str, strategy: str = RECOMMENDED.name) -> Trust:
    """Whether to trust a surrogate or the paper's model where as much is known.

    If one of them certainly ranks the alloys of left-out systems better it is trusted, else the surrogate.

    Args:
        summary: the table `regime_evidence`, or the figures that come with the code; None where there are neither.
        regime: how much is known of the system, one of `Regime`.
        strategy: the surrogate beside the paper's.
    """
    paper = PAPER.name
    ours, theirs = _row(summary, regime, "auc", strategy), _row(summary, regime, "auc", paper)
    if ours is None:
        return Trust(
            strategy,
            f"How often `{strategy}` is right on systems {KNOWN_IN_WORDS[regime]} has not been measured; "
            "`bmg evidence --regimes` measures it.",
        )
    facts = f"on {ours['systems']} left-out systems {KNOWN_IN_WORDS[regime]}, {_auc_in_words(ours)}"
    if strategy == paper:
        return Trust(paper, f"`{paper}` is the model in use: {facts}.")
    held = _row(summary, regime, "held_bulk_90%", strategy, SystemSet.ALL)
    if held is not None:
        facts += f", and its 90 % intervals held {_percent(held['mean'])} of the bulk glasses"
    if theirs is None:
        return Trust(strategy, f"Trust `{strategy}` here: {facts}; the paper's model was not judged there.")
    gain, p_value = float(ours[f"difference_to_{paper}"]), float(ours[f"p_value_to_{paper}"])
    compared = (
        f"on the {theirs['systems']} of them on which the paper's model was judged it did so in {_points(gain)} of the "
        f"pairs than that one"
    )
    if not p_value < CERTAIN_BELOW:
        doubt = f"which is no certain difference (p {p_value:.2f})"
        return Trust(strategy, f"Trust `{strategy}` here, but not far: {facts}; {compared}, {doubt}.")
    better = strategy if gain > 0 else paper
    return Trust(better, f"Trust `{better}` here: {facts}; {compared} (p {p_value:.3f}).")


def figures_to_ship(summary: pd.DataFrame) -> pd.DataFrame:
    """The rows of the table `regime_evidence` that come with the code, with FIGURE_COLUMNS, rounded."""
    is_kept = pd.Series(False, index=summary.index)
    for systems_of, metrics in RESTS_ON.items():
        is_kept |= (summary["systems_of"] == systems_of) & summary["metric"].isin(metrics)
    return summary.loc[is_kept & summary["mean"].notna(), list(FIGURE_COLUMNS)].round(4)


def _row(
    summary: pd.DataFrame | None, regime: str, metric: str, strategy: str, systems_of: SystemSet = SystemSet.BOTH_KINDS
) -> pd.Series | None:
    """The row of a surrogate, learnt from the largest literature that was judged; None where there is none."""
    if summary is None:
        return None
    rows = summary[
        (summary["regime"] == regime)
        & (summary["metric"] == metric)
        & (summary["strategy"] == strategy)
        & (summary["systems_of"] == systems_of)
    ]
    # Sorted so that `whole` comes last where the paper's literature was judged, too.
    return None if rows.empty else rows.sort_values("literature").iloc[-1]


def _auc_in_words(row: pd.Series) -> str:
    interval = f"95 % interval {100 * row['low']:.0f} to {_percent(row['high'])}"
    return f"it ranked a bulk glass above another alloy in {_percent(row['mean'])} of the pairs ({interval})"


def _points(difference: float) -> str:
    return f"{100 * abs(difference):.0f} % {'more' if difference > 0 else 'fewer'}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
