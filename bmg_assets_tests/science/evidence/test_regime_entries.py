"""Which entries there are, and the paper's surrogate in the form of the others."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.literature_entries import literature_entries
from bmg_assets.science.evidence.regime_entries import entries_of_later, paper_benchmark, paper_scores, regime_entries
from bmg_assets.science.evidence.splits import Split
from bmg_assets_tests.science.evidence.reports import learnable_reports

SOURCES = ("ml_bmg_gfa", "later")


def test_each_surrogate_learns_from_both_literatures() -> None:
    whole = [entry.name for entry in regime_entries(SOURCES, quick=False)]
    assert whole == [
        f"{literature}-{strategy}"
        for strategy in ("weighted", "composite", "transfer", "nearest")
        for literature in ("whole", "paper")
    ]
    assert [entry.name for entry in regime_entries(SOURCES, quick=True)] == whole[2:]
    assert [entry.name for entry in regime_entries(("later",), quick=True)] == [
        "whole-composite", "whole-transfer", "whole-nearest"
    ]  # fmt: skip
    identities = {entry.made_from for entry in regime_entries(SOURCES, quick=False)}
    assert len(identities) == len(whole)


def test_newcomers_and_what_was_found_later_come_from_the_evidence_on_the_literature() -> None:
    entries = literature_entries(learnable_reports(), SOURCES, quick=False)
    whole = {entry.name for entry in entries_of_later(entries, quick=False)}
    strategies = ("transfer", "nearest", "composite", "weighted")
    assert whole == {f"{name}-{one}" for name in ("whole", "paper", "whole-2005") for one in strategies}
    quick = {entry.name for entry in entries_of_later(entries, quick=True)}
    assert quick == {f"{name}-{one}" for name in ("paper", "whole-2005") for one in strategies[:3]}


def test_the_papers_surrogate_is_not_looked_at_on_the_release_split() -> None:
    assert paper_benchmark(seed=1).splits == (Split.DEVELOPMENT,)
    assert not paper_benchmark(seed=1).with_casting


def test_the_papers_scores_have_the_form_of_the_others() -> None:
    predictions = pd.DataFrame(
        {
            "strategy": "pruned",
            "track": "nothing_known",
            "left_out_system": "Cu-Zr",
            "composition": ["Cu50Zr50", "Cu60Zr40", "Cu30Zr70"],
            "dmax_mm": [2.0, 0.2, 0.0],
            "score": [3.0, 1.0, 2.0],
            "predicted_mm": [3.0, 1.0, 2.0],
            "probability_bulk": np.nan,
            "interval_low_mm": [2.5, 0.0, 0.0],
            "interval_high_mm": [4.0, 2.0, 3.0],
        }
    )
    alloys = pd.DataFrame(
        {
            "composition": predictions["composition"],
            "elements": [["Cu", "Zr"]] * 3,
            "at_pct": [[50.0, 50.0], [60.0, 40.0], [30.0, 70.0]],
        }
    )
    of_map = {"track": "nothing_known", "strategy": "pruned", "left_out_system": "Cu-Zr", "value": 4.0, "weight": 1.0}
    scores = pd.DataFrame([of_map | {"metric": "region_enrichment"}, of_map | {"metric": "auc"}])
    found = paper_scores(scores, predictions, alloys)
    values = found.set_index("metric")["value"]
    assert values["auc"] == 1
    assert values["bulk_by_pair_1"] == 1
    assert (values["held_bulk_90%"], values["held_rest_90%"]) == (0, 1)
    assert values["region_enrichment"] == 4
    assert values["promises_bulk"] == 1
    assert values.index.is_unique
    assert set(found["regime"]) == {"nothing_known"}
    assert values["width_rest_90%_mm"] == pytest.approx(2.5)
