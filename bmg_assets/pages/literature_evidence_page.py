"""The page of the evidence on the literature: what a source, a number and a strategy add, in a table per question."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from bmg_assets.pages.rendering import NO_LINKS, Links, render
from bmg_assets.science.evidence.literature_scores import KNOWN_SYSTEM, NEW_SYSTEM, JudgedBy, LiteratureTest
from bmg_assets.science.evidence.literature_variants import PAPER, RECOMMENDED, WHOLE
from bmg_assets.science.evidence.splits import Track

COMPARED = (WHOLE, PAPER, RECOMMENDED)
"""Variants on which strategies are compared."""
METRICS = {
    "auc": "AUC",
    "enrichment": "enrichment, best 20 %",
    "spearman": "Spearman",
    "in_top_5%": "in the top 5 % of the map",
    "in_top_20%": "in the top 20 %",
    "place": "place in the map (0 is the top)",
    "ranks_systems": "AUC of ranking new systems",
    "ranks_systems_alike": "the same, as many elements",
}
JUDGEMENTS = {
    JudgedBy.ALL: "All alloys",
    JudgedBy.WITHOUT_EASY: "Without what was cast and crystalline (the easy negatives)",
}
QUESTIONS: dict[str, tuple[LiteratureTest, str]] = {
    "Left-out systems, nothing related known": (LiteratureTest.LEFT_OUT, str(Track.NOTHING_KNOWN)),
    "Left-out systems, related alloys known": (LiteratureTest.LEFT_OUT, str(Track.RELATED_KNOWN)),
    "Newcomers: the best reported alloy in the map of its system": (
        LiteratureTest.NEWCOMERS,
        str(Track.RELATED_KNOWN),
    ),
    "Time split, new systems": (LiteratureTest.TIME_SPLIT, NEW_SYSTEM),
    "Time split, systems of which alloys were known": (LiteratureTest.TIME_SPLIT, KNOWN_SYSTEM),
}


def render_literature_evidence(
    summary: pd.DataFrame, libraries: Mapping[str, str], made_at: datetime, links: Links = NO_LINKS
) -> str:
    """The page as HTML.

    Args:
        summary: the table `literature_evidence`.
        made_at: now, in UTC.
        links: addresses of other pages by their names, see store/page_links.py.
    """
    return render(
        "literature_evidence", questions=question_tables(summary), made_at=made_at, libraries=libraries, links=links
    )


def question_tables(summary: pd.DataFrame) -> dict[str, dict[str, pd.DataFrame]]:
    """By question and by what was judged by: a row per year, variant and strategy, a column per metric."""
    tables: dict[str, dict[str, pd.DataFrame]] = {}
    for question, (test, track) in QUESTIONS.items():
        rows = summary[(summary["test"] == test) & (summary["track"] == track)]
        tables[question] = {
            title: _wide(of_judgement)
            for judged_by, title in JUDGEMENTS.items()
            if len(of_judgement := rows[rows["judged_by"] == judged_by])
        }
    return {question: found for question, found in tables.items() if found}


def _wide(rows: pd.DataFrame) -> pd.DataFrame:
    names = [name for name in ("year", "variant", "strategy") if rows[name].notna().any()]
    cells = rows.assign(cell=[_cell(row) for row in rows.to_dict("records")], metric=rows["metric"].map(METRICS))
    wide = cells.pivot(index=names, columns="metric", values="cell").reset_index().rename_axis(columns=None)
    order: Sequence[str] = [*names, *(title for title in METRICS.values() if title in wide)]
    variants = {name: place for place, name in enumerate((*COMPARED, *sorted(set(rows["variant"]) - set(COMPARED))))}
    return wide[list(order)].sort_values(
        names, key=lambda column: column.map(variants) if column.name == "variant" else column
    )


def _cell(row: Mapping[Hashable, Any]) -> str:
    """The mean with its interval, and the p values against the paper's literature, the whole, and transfer."""
    if pd.isna(row["mean"]):
        return ""
    words = f"{row['mean']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
    for name in ("paper", "whole", "transfer"):
        difference, p_value = row[f"difference_to_{name}"], row[f"p_value_to_{name}"]
        if pd.notna(p_value) and p_value < 0.05:
            words += f"; {difference:+.3f} to {name}, p {'< 0.001' if p_value < 0.001 else f'{p_value:.3f}'}"
    return words
