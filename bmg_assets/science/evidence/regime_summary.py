"""The table `regime_evidence`: every surrogate in every regime, with intervals over systems and paired tests."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.evidence.literature_scores import NEW_SYSTEM, JudgedBy, LiteratureTest
from bmg_assets.science.evidence.literature_variants import PAPER as PAPER_LITERATURE
from bmg_assets.science.evidence.literature_variants import WHOLE
from bmg_assets.science.evidence.over_systems import mean_over_systems, paired_difference
from bmg_assets.science.evidence.regime_metrics import CALIBRATION_METRICS, HIGHEST_SCORE
from bmg_assets.science.evidence.regime_scores import SystemSet
from bmg_assets.science.evidence.summary import auc_between
from bmg_assets.science.evidence.targets import Target
from bmg_assets.science.evidence.time_split import RANKS_SYSTEMS
from bmg_assets.science.surrogates.regimes import Regime

DRAWS = 2_000
COMPARED_WITH = ("transfer", "pruned", "nearest", "weighted")
NEWCOMERS = "newcomers"
LATER_NEW, LATER_KNOWN = "new_after_{year}", "known_before_{year}"
"""Regimes of what was reported after a year, in systems that were new and in others."""
OF_ALL = (
    *CALIBRATION_METRICS,
    *(f"{what}_{of}_90%{unit}" for what, unit in (("held", ""), ("width", "_mm")) for of in ("bulk", "rest")),
)
"""Metrics that every system defines, so that more systems can be judged by."""
OF_WITHOUT_BULK = ("promises_bulk", "chance_of_bulk", *CALIBRATION_METRICS)
METRICS_OF = {
    SystemSet.BOTH_KINDS: None,
    SystemSet.FIRST_39: None,
    SystemSet.WITHOUT_BULK: OF_WITHOUT_BULK,
    SystemSet.UP_TO_THREE: OF_ALL,
    SystemSet.ALL: OF_ALL,
}
"""Metrics of which a mean over a set is taken; None: all of them."""
WHAT = ("literature", "regime", "systems_of", "metric")
REGIME_SUMMARY_COLUMNS = (
    *WHAT, "strategy", "mean", "low", "high", "systems",
    *(f"{kind}_{name}" for name in COMPARED_WITH for kind in ("difference_to", "p_value_to")), "target", "verdict",
)  # fmt: skip

HELD = Target(0.85, 0.95)
TARGETS: dict[tuple[str, str, str, str], Target] = {
    (PAPER_LITERATURE, Regime.NOTHING_KNOWN, SystemSet.FIRST_39, "auc"): Target(0.80),
    (PAPER_LITERATURE, Regime.NOTHING_KNOWN, SystemSet.FIRST_39, "spearman"): Target(0.43),
    (PAPER_LITERATURE, Regime.RELATED_KNOWN, SystemSet.FIRST_39, "auc"): Target(0.91),
    (PAPER_LITERATURE, Regime.NOTHING_KNOWN, SystemSet.FIRST_39, "bulk_by_pair_1"): Target(0.65),
    (PAPER_LITERATURE, NEWCOMERS, NEWCOMERS, "in_top_5%"): Target(0.85),
    (WHOLE, NEWCOMERS, NEWCOMERS, "in_top_5%"): Target(0.85),
} | {
    (literature, regime, SystemSet.ALL, "held_bulk_90%"): HELD
    for literature in (PAPER_LITERATURE, WHOLE)
    for regime in Regime
}
"""Aims of the surrogate that is recommended; the one for log scores is a comparison, see `_verdict`."""
CERTAIN_BELOW = 0.01


def summarise_regimes(parts: Sequence[pd.DataFrame], seed: int) -> pd.DataFrame:
    """One row per literature, regime, set of systems, metric and surrogate, with REGIME_SUMMARY_COLUMNS.

    Args:
        parts: each with REGIME_SCORE_COLUMNS and `literature`.
        seed: of the bootstrap and of the exchanges of signs.
    """
    scores = pd.concat(parts, ignore_index=True)
    values = _values(scores)
    rows: list[dict[str, Any]] = []
    for (*what, strategy), of_systems in values.items():
        named = dict(zip(WHAT, what, strict=True))
        mean = mean_over_systems(
            of_systems["value"].to_numpy(np.float64), seed, of_systems["weight"].to_numpy(np.float64), DRAWS
        )
        row = named | {"strategy": strategy, "mean": mean.value, "low": mean.low, "high": mean.high}
        row["systems"] = mean.systems
        for name in COMPARED_WITH:
            theirs = values.get((*what, name))
            known = None if theirs is None or name == strategy else theirs["value"]
            difference, p_value = paired_difference(of_systems["value"], known, seed, DRAWS)
            row |= {f"difference_to_{name}": difference, f"p_value_to_{name}": p_value}
        rows.append(row | _verdict(row))
    rows += _ranked_systems(scores, seed)
    frame = pd.DataFrame(rows, columns=list(REGIME_SUMMARY_COLUMNS))
    numbers = [name for name in REGIME_SUMMARY_COLUMNS if name.startswith(("difference", "p_value"))]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def literature_scores_as_regimes(scores: pd.DataFrame) -> pd.DataFrame:
    """Newcomers and time splits of the table `literature_scores`, in the form of the other regimes.

    Args:
        scores: rows of that table.
    """
    asked = scores[scores["test"].isin([LiteratureTest.NEWCOMERS, LiteratureTest.TIME_SPLIT])]
    # Without the easy negatives another question is asked only where whole systems are ranked.
    is_other = asked["judged_by"] == JudgedBy.WITHOUT_EASY
    asked = asked[~is_other | asked["metric"].str.startswith(RANKS_SYSTEMS)]
    regimes = [
        NEWCOMERS
        if row.test == LiteratureTest.NEWCOMERS
        else (LATER_NEW if row.track == NEW_SYSTEM else LATER_KNOWN).format(year=row.year)
        for row in asked.itertuples()
    ]
    suffix = asked["judged_by"].map({JudgedBy.ALL: "", JudgedBy.WITHOUT_EASY: "_without_easy"})
    return asked.assign(regime=regimes, metric=asked["metric"] + suffix, weight=1.0, literature=asked["variant"])[
        ["literature", "regime", "strategy", "left_out_system", "metric", "value", "weight"]
    ]


def _values(scores: pd.DataFrame) -> Mapping[tuple[Hashable, ...], pd.DataFrame]:
    """Values and weights by system, by literature, regime, set, metric and strategy."""
    found: dict[tuple[Hashable, ...], pd.DataFrame] = {}
    mixed = _mixed_systems(scores)
    keys = ["literature", "regime", "metric", "strategy"]
    for (literature, regime, metric, strategy), rows in scores.groupby(keys, sort=False):
        by_system = rows.set_index("left_out_system")[["value", "weight"]]
        if regime not in list(Regime):
            found[literature, regime, regime, metric, strategy] = by_system
            continue
        for systems_of, metrics in METRICS_OF.items():
            if metric == HIGHEST_SCORE or (metrics is not None and metric not in metrics):
                continue
            of_set = by_system[[_is_of(systems_of, str(system), mixed[str(literature)]) for system in by_system.index]]
            if of_set["value"].notna().any():
                found[literature, regime, str(systems_of), metric, strategy] = of_set
    return found


def _mixed_systems(scores: pd.DataFrame) -> dict[str, set[str]]:
    """By literature, the systems with bulk glasses and others, so that an AUC is defined when they are left out."""
    ranked = scores[(scores["regime"] == Regime.RELATED_KNOWN) & (scores["metric"] == "auc") & scores["value"].notna()]
    found = {str(name): set(rows["left_out_system"]) for name, rows in ranked.groupby("literature")}
    return {str(name): found.get(str(name), set()) for name in scores["literature"].unique()}


def _is_of(systems_of: SystemSet, system: str, mixed: set[str]) -> bool:
    """Whether a system is of a set; one that the literature at hand shows from one side alone has not both kinds."""
    has_both = systems_of not in (SystemSet.BOTH_KINDS, SystemSet.FIRST_39) or system in mixed
    return has_both and systems_of.holds(system)


def _ranked_systems(scores: pd.DataFrame, seed: int) -> list[dict[str, Any]]:
    """AUC of the highest score of a system, between ternaries with bulk glasses and without, a row each."""
    rows: list[dict[str, Any]] = []
    highest, mixed = scores[scores["metric"] == HIGHEST_SCORE], _mixed_systems(scores)
    for (literature, regime, strategy), group in highest.groupby(["literature", "regime", "strategy"], sort=False):
        values = group["value"].to_numpy(np.float64)
        is_with, is_without = (
            np.array([_is_of(systems_of, str(name), mixed[str(literature)]) for name in group["left_out_system"]])
            for systems_of in (SystemSet.BOTH_KINDS, SystemSet.WITHOUT_BULK)
        )
        if not is_with.any() or not is_without.any():
            continue
        mean = auc_between(values[is_with], values[is_without], seed)
        what = dict(zip(WHAT, (literature, regime, str(SystemSet.BOTH_KINDS), RANKS_SYSTEMS), strict=True))
        found = {"strategy": strategy, "mean": mean.value, "low": mean.low, "high": mean.high, "systems": mean.systems}
        rows.append(what | found)
    return rows


def _verdict(row: Mapping[str, Any]) -> dict[str, str | None]:
    """What the row aims at, and whether it is reached."""
    if row["metric"] == "log_score" and row["systems_of"] == SystemSet.ALL and row["strategy"] != "transfer":
        difference, p_value = row["difference_to_transfer"], row["p_value_to_transfer"]
        if difference is None:
            return {"target": None, "verdict": None}
        is_met = difference > 0 and p_value is not None and p_value < CERTAIN_BELOW
        return {"target": f"above transfer, p < {CERTAIN_BELOW}", "verdict": "met" if is_met else "missed"}
    target = TARGETS.get((row["literature"], row["regime"], row["systems_of"], row["metric"]))
    if target is None:
        return {"target": None, "verdict": None}
    words = f"{target.low:g} or more" if np.isinf(target.high) else f"{target.low:g} to {target.high:g}"
    return {"target": words, "verdict": target.verdict(row["mean"])}
