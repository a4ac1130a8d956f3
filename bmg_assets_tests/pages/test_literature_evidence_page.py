"""The page of the evidence on the literature: every question has its table, every certain difference its words."""

from datetime import UTC, datetime

import pandas as pd

from bmg_assets.pages.literature_evidence_page import question_tables, render_literature_evidence
from bmg_assets.science.evidence.literature_scores import LiteratureTest, as_literature_scores, score_rows
from bmg_assets.science.evidence.literature_summary import summarise_literature


def summary() -> pd.DataFrame:
    frames = []
    for variant, value in (("paper", 0.7), ("without_mdf_v5", 0.65), ("whole", 0.8)):
        rows = []
        for number in range(10):
            system = f"A-B{number}"
            rows += score_rows({"auc": value}, LiteratureTest.LEFT_OUT, "nothing_known", "transfer", system)
            rows += score_rows({"place": value}, LiteratureTest.TIME_SPLIT, "new_system", "transfer", system, year=2005)
        frames.append(as_literature_scores(rows).assign(variant=variant))
    return summarise_literature(pd.concat(frames), seed=1)


def test_variants_stand_below_the_whole_and_the_papers() -> None:
    tables = question_tables(summary())
    assert list(tables) == ["Left-out systems, nothing related known", "Time split, new systems"]
    (left_out,) = tables["Left-out systems, nothing related known"].values()
    assert left_out["variant"].tolist() == ["whole", "paper", "without_mdf_v5"]
    assert left_out["AUC"].tolist()[0] == "0.80 (0.80 to 0.80); +0.100 to paper, p 0.002"
    (split,) = tables["Time split, new systems"].values()
    assert split["year"].tolist() == [2005] * 3


def test_the_page_is_whole() -> None:
    page = render_literature_evidence(summary(), {"numpy": "2.1"}, datetime(2026, 1, 2, tzinfo=UTC))
    assert "What is each part of the literature worth?" in page
    assert "0.80 (0.80 to 0.80)" in page
    assert "without_mdf_v5" in page
