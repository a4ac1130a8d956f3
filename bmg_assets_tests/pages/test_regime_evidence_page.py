"""The page of the evidence by regimes: targets, the threshold of trust, and every certain difference in words."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd

from bmg_assets.pages.regime_evidence_page import regime_tables, render_regime_evidence
from bmg_assets.science.evidence.by_distance import DISTANCE_COLUMNS
from bmg_assets.science.evidence.regime_scores import as_regime_scores, regime_score_rows
from bmg_assets.science.evidence.regime_summary import summarise_regimes


def summary() -> pd.DataFrame:
    parts = []
    for name, value in (("composite", -1.0), ("transfer", -1.2)):
        rows = []
        for number in range(12):
            rows += regime_score_rows({"log_score": value, "auc": np.nan}, {}, "half_known", name, f"A-B{number}")
        parts.append(as_regime_scores(rows).assign(literature="whole"))
    return summarise_regimes(parts, seed=1)


def distances(is_trusted: bool) -> pd.DataFrame:
    row = dict.fromkeys(DISTANCE_COLUMNS, 0.5) | {"measure": "explained", "low": 0.6, "is_trusted": is_trusted}
    return pd.DataFrame([row]).assign(literature="whole", strategy="composite")


def test_surrogates_stand_beside_each_other() -> None:
    tables = regime_tables(summary())
    assert list(tables) == ["half known, learnt from whole"]
    of_all = tables["half known, learnt from whole"]["every system of four alloys or more"]
    assert of_all.columns.tolist() == ["metric", "composite", "transfer"]
    assert of_all["composite"].tolist() == ["−1.000 (−1.00 to −1.00); +0.200 to transfer, p < 0.001"]


def test_the_page_is_whole() -> None:
    page = render_regime_evidence(summary(), distances(True), {"numpy": "2.1"}, datetime(2026, 1, 2, tzinfo=UTC))
    assert "Which surrogate is right, and where?" in page
    assert "above transfer, p &lt; 0.01" in page
    assert "explain less than 0.60 of the prior variance" in page
    doubtful = render_regime_evidence(summary(), distances(False), {}, datetime(2026, 1, 2, tzinfo=UTC))
    assert "Not even near to what is known" in doubtful
