"""What the ledger of predictions shows over all systems: hits, errors, coverage, and whether probabilities come true.

Predictions of different evidence are never counted together. Shares come with the number of alloys behind them and
Wilson's 95 % interval; means of fewer than FEWEST alloys are left out. Laboratories cast what was proposed rather than
a random sample, and alloys of one system resemble each other, so the intervals are too narrow if anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.casts.ladder import LadderState
from bmg_assets.science.evidence.ledger import DROPPED, PENDING, PICK, Evidence
from bmg_assets.science.evidence.reliability import EDGES

FEWEST = 5
"""Number of alloys below which no mean is given."""
CONFIDENCE = 0.95
ALLOY = ["target_system", "composition"]


@dataclass(frozen=True)
class LedgerCounts:
    """How much the ledger holds; alloys and picks are counted once, whatever the number of maps."""

    systems: int
    """Systems with a result."""
    alloys: int
    """Alloys with a result and a prediction before it."""
    predictions: int
    """Predictions for these."""
    picks_with_result: int
    pending: int
    """Picks that stand and have no result yet."""
    dropped: int
    """Picks without a result that are not proposed any more."""


def counts_of(ledger: pd.DataFrame) -> LedgerCounts:
    """How much there is.

    Args:
        ledger: see `ledger_frame`.
    """
    made = with_result(ledger)
    return LedgerCounts(
        systems=made["target_system"].nunique(),
        alloys=len(made.drop_duplicates(ALLOY)),
        predictions=len(made),
        picks_with_result=int((made["proposed_as"] == PICK).sum()),
        pending=int((ledger["state"] == PENDING).sum()),
        dropped=int((ledger["state"] == DROPPED).sum()),
    )


def with_result(ledger: pd.DataFrame) -> pd.DataFrame:
    """The predictions for alloys whose casts gave a result."""
    return ledger[~ledger["state"].isin([PENDING, DROPPED])]


def hit_rates(ledger: pd.DataFrame) -> pd.DataFrame:
    """The picks by evidence, strategy and rule: with a result, decided, and hits with their share."""
    picks = with_result(ledger)
    picks = picks[picks["proposed_as"] == PICK]
    rows = [
        {"evidence": evidence, "strategy": strategy, "rule": rule, "picks": len(one), **_share(one["hit"], "hits")}
        for evidence, of_evidence in _by_evidence(picks)
        for (strategy, rule), one in of_evidence.groupby(["strategy", "rule"], dropna=False)
    ]
    return pd.DataFrame(rows, columns=["evidence", "strategy", "rule", "picks", *_share_columns("hits")])


def first_picks(ledger: pd.DataFrame) -> pd.DataFrame:
    """How the first picks of each system did, those that were made while no own alloy of it was known.

    Returns:
        A row per system and evidence: `picks` with a result, `decided`, `hits`, and the largest label, `best_mm`.
    """
    picks = with_result(ledger)
    picks = picks[picks["is_first_pick"] & (picks["proposed_as"] == PICK)]
    rows = [
        {
            "evidence": evidence,
            "target_system": system,
            "picks": len(one),
            "decided": int(one["hit"].notna().sum()),
            "hits": int(one["hit"].fillna(False).sum()),
            "best_mm": one["dmax_mm"].max(),
        }
        for evidence, of_evidence in _by_evidence(picks)
        for system, one in of_evidence.groupby("target_system")
    ]
    return pd.DataFrame(rows, columns=["evidence", "target_system", "picks", "decided", "hits", "best_mm"])


def accuracy(ledger: pd.DataFrame) -> pd.DataFrame:
    """Errors and coverage by evidence and strategy.

    Returns:
        `alloys` with a label; `closed`, those whose ladder is closed, and their mean absolute error `mae_mm` (an open
        ladder gives the least that D_max can be, so it has no error); `intervals`, those with an interval, `within`,
        and the share; `nominal`, the coverage that the intervals were made for, missing if not recorded or several.
    """
    made = with_result(ledger)
    rows = []
    for evidence, of_evidence in _by_evidence(made[made["dmax_mm"].notna()]):
        for strategy, one in of_evidence.groupby("strategy"):
            errors = one.loc[one["state"] == LadderState.CLOSED.value, "error_mm"].abs()
            nominal = one.loc[one["within_interval"].notna(), "coverage"].unique()
            rows.append(
                {
                    "evidence": evidence,
                    "strategy": strategy,
                    "alloys": len(one),
                    "closed": len(errors),
                    "mae_mm": _mean(errors),
                    **_share(one["within_interval"], "within", "intervals"),
                    "nominal": float(nominal[0]) if len(nominal) == 1 else np.nan,
                }
            )
    named = ["evidence", "strategy", "alloys", "closed", "mae_mm", *_share_columns("within", "intervals"), "nominal"]
    return pd.DataFrame(rows, columns=named)


def calibration(ledger: pd.DataFrame) -> pd.DataFrame:
    """Predicted probabilities of a bulk glass beside what came of them, by evidence and range of the probability.

    Returns:
        `range`, `mean_predicted`, `decided` alloys, `bulk` among them, and the share with its interval.
    """
    rows = []
    for evidence, one in _by_evidence(with_probability(ledger)):
        for low, high in pairwise(EDGES):
            probability = one["probability_bulk"]
            inside = one[(probability >= low) & ((probability < high) | (high == EDGES[-1]))]
            if len(inside):
                rows.append(
                    {
                        "evidence": evidence,
                        "range": f"{low:.0%} to {high:.0%}",
                        "mean_predicted": float(inside["probability_bulk"].mean()),
                        **_share(inside["is_bulk"], "bulk"),
                    }
                )
    return pd.DataFrame(rows, columns=["evidence", "range", "mean_predicted", *_share_columns("bulk")])


def brier_scores(ledger: pd.DataFrame) -> pd.DataFrame:
    """Brier's score by evidence: the mean of (P(bulk) - outcome)²; 0 is perfect, 0.25 is saying one half always."""
    rows = []
    for evidence, one in _by_evidence(with_probability(ledger)):
        squares = (one["probability_bulk"] - one["is_bulk"].astype(float)) ** 2
        rows.append({"evidence": evidence, "decided": len(one), "brier": _mean(squares)})
    return pd.DataFrame(rows, columns=["evidence", "decided", "brier"])


def with_probability(ledger: pd.DataFrame) -> pd.DataFrame:
    """A row per alloy for which a probability was predicted, and whose casts decide whether it is a bulk glass."""
    decided = ledger[ledger["probability_bulk"].notna() & ledger["is_bulk"].notna()]
    return decided.drop_duplicates(ALLOY)


def _by_evidence(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for evidence in Evidence:
        found = rows[rows["evidence"] == evidence.value]
        if len(found):
            yield evidence.value, found


def _share(outcomes: pd.Series, yes: str, of: str = "decided") -> dict[str, Any]:
    """The decided outcomes, those that are true, their share, and Wilson's interval; no share of nothing."""
    from scipy.stats import binomtest

    known = outcomes.dropna().astype(bool)
    found: dict[str, Any] = {of: len(known), yes: int(known.sum())}
    if len(known):
        interval = binomtest(found[yes], len(known)).proportion_ci(CONFIDENCE, method="wilson")
        found |= {"share": float(known.mean()), "low": float(interval.low), "high": float(interval.high)}
    return found


def _share_columns(yes: str, of: str = "decided") -> list[str]:
    return [of, yes, "share", "low", "high"]


def _mean(values: pd.Series) -> float:
    return float(values.mean()) if len(values) >= FEWEST else float("nan")
