"""Checks of the group `literature`: what would mislead every system at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.checks.check import Check, Finding, schema_check
from bmg_assets.science.alloys.label_terms import LabelFault
from bmg_assets.science.alloys.report_kinds import APART
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.literature.confirmation import UNCONFIRMED
from bmg_assets.science.literature.contradictions import contradicting_sources
from bmg_assets.science.literature.curation import KNOWN_TO_BE_WRONG, undeclared_classes
from bmg_assets.store.tables.literature import ALLOYS, DESCRIPTORS, FILMS, REPORTS

if TYPE_CHECKING:
    import pandas as pd

MOST_REFUSED = 0.2
"""Share of refused reports above which the declaration of a source is more likely wrong than its rows."""
MOST_UNDESCRIBED = 0.05
REFUSED_BY_DECLARATION = frozenset(
    {
        LabelFault.NOT_A_CASTING.value,
        LabelFault.NOTHING_REPORTED.value,
        LabelFault.UNCLEAR_CLASS.value,
        KNOWN_TO_BE_WRONG,
        UNCONFIRMED,
    }
)
"""Faults of rows that a declaration expects; they do not speak against it."""
SUM_TOLERANCE_AT_PCT = 1e-6


def refusals_have_reasons(reports: pd.DataFrame) -> Finding:
    """A refused row has its reason; any other has a composition, and a class unless its kind is kept apart."""
    refused = reports["status"] == "refused"
    silent = int((refused & reports["reason"].isna()).sum())
    classless = reports["glass_class"].isna() & ~reports["kind"].isin(APART)
    unusable = int((~refused & (reports["composition"].isna() | classless)).sum())
    return Finding(silent + unusable == 0, {"refused_without_reason": silent, "accepted_but_unusable": unusable})


def most_are_accepted(reports: pd.DataFrame) -> Finding:
    """Few rows of each source are refused, beside those that its declaration sets aside by a rule."""
    declared = np.array(
        [bool(REFUSED_BY_DECLARATION.intersection(rules[-1:])) for rules in reports["rules"]], dtype=bool
    )
    shares = ((reports["status"] == "refused") & ~declared).astype(float).groupby(reports["source"]).mean()
    return Finding(bool(shares.max() <= MOST_REFUSED), {"refused_share": shares.round(4).to_dict()})


def classes_are_declared(reports: pd.DataFrame) -> Finding:
    """No source has a class code that its declaration does not name."""
    undeclared = undeclared_classes(reports)
    return Finding(not undeclared, {"undeclared": undeclared})


def all_are_read(unread: Mapping[str, str]) -> Finding:
    """Every source that was chosen could be read."""
    return Finding(not unread, {"unread": list(unread.values())})


def sources_agree(reports: pd.DataFrame) -> Finding:
    """No source contradicts a third of what the others report of the same alloys."""
    contradicting = contradicting_sources(reports)
    return Finding(not contradicting, {"contradicting": contradicting})


def amounts_sum_to_hundred(alloys: pd.DataFrame) -> Finding:
    """Every composition sums to 100 at.%."""
    wrong = (alloys["at_pct"].map(sum) - 100).abs() > SUM_TOLERANCE_AT_PCT
    return Finding(not wrong.any(), {"alloys": len(alloys), "wrong_sum": alloys["composition"][wrong].head(5).tolist()})


def all_classes_are_there(alloys: pd.DataFrame) -> Finding:
    """Alloys that form no glass, ribbon and bulk glass: without failures a model sees no false alarm."""
    counts = {str(name): int(count) for name, count in alloys["glass_class"].value_counts().items()}
    return Finding({"crystalline", "ribbon", "bulk"} <= counts.keys(), counts)


def labels_lie_in_intervals(alloys: pd.DataFrame) -> Finding:
    """The interval of an alloy is not upside down."""
    upside_down = alloys["dmax_high_mm"] < alloys["dmax_low_mm"]
    return Finding(not upside_down.any(), {"upside_down": alloys["composition"][upside_down].head(5).tolist()})


def films_are_counted_once(films: pd.DataFrame) -> Finding:
    """Glassy and crystalline films are together all of them, and an alloy is a glass where one of them was."""
    wrong = (films["n_glass"] + films["n_crystalline"] != films["n_reports"]) | (
        films["is_glass"] != (films["n_glass"] > 0)
    )
    return Finding(not wrong.any(), {"films": len(films), "miscounted": films["composition"][wrong].head(5).tolist()})


def most_are_described(descriptors: pd.DataFrame) -> Finding:
    """Few alloys lack one of the paper's descriptors."""
    failed = descriptors["failure"].notna()
    reasons = descriptors.loc[failed, "failure"].value_counts().head(5).to_dict()
    return Finding(bool(failed.mean() <= MOST_UNDESCRIBED), {"not_described": int(failed.sum()), "reasons": reasons})


def described_are_finite(descriptors: pd.DataFrame) -> Finding:
    """An alloy without a reason for failure has a finite value of each of the paper's descriptors."""
    described = descriptors[descriptors["failure"].isna()]
    finite = np.isfinite(described[list(PAPER_DESCRIPTORS)].to_numpy(np.float64)).all(axis=1)
    return Finding(bool(finite.all()), {"described": len(described), "not_finite": int((~finite).sum())})


REPORTS_CHECKS = (
    schema_check(REPORTS),
    Check("reasons", "Every refused row has its reason, every accepted one a composition.", refusals_have_reasons),
    Check("few_refused", "At most a fifth of a source's rows is refused.", most_are_accepted, blocking=False),
    Check("classes_declared", "Every class code of a source is declared.", classes_are_declared, blocking=False),
    Check(
        "agreement",
        "No source contradicts a third of what the others report of the same alloys.",
        sources_agree,
        blocking=False,
    ),
)
SOURCES_CHECKS = (Check("all_read", "Every source that was chosen could be read.", all_are_read, blocking=False),)
ALLOYS_CHECKS = (
    schema_check(ALLOYS),
    Check("sums", "Every composition sums to 100 at.%.", amounts_sum_to_hundred),
    Check("classes", "No glass, ribbon and bulk glass are all there.", all_classes_are_there),
    Check("intervals", "Lower ends of intervals lie below upper ends.", labels_lie_in_intervals),
)
FILMS_CHECKS = (
    schema_check(FILMS),
    Check("sums", "Every composition sums to 100 at.%.", amounts_sum_to_hundred),
    Check("counts", "Each report of a film is of a glass or of a crystalline film.", films_are_counted_once),
)
DESCRIPTORS_CHECKS = (
    schema_check(DESCRIPTORS),
    Check("finite", "Every descriptor of a described alloy is a number.", described_are_finite),
    Check("few_failed", "At most one alloy in twenty cannot be described.", most_are_described, blocking=False),
)
