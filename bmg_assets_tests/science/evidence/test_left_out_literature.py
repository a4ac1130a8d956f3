"""The ranking of a left-out system's alloys, on literature whose answer is known."""

import numpy as np
import pandas as pd

from bmg_assets.science.evidence.judged_alloys import judged_alloys
from bmg_assets.science.evidence.learners import NearestOfRest
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.left_out_literature import left_out_scores
from bmg_assets.science.evidence.literature_scores import as_literature_scores
from bmg_assets_tests.science.evidence.reports import learnable_reports, table_of

TABLE = table_of(learnable_reports())
JUDGED = judged_alloys(TABLE)
LEARNT = LearntAlloys.of(TABLE, JUDGED.compositions.elements)


def scores(together: bool) -> pd.DataFrame:
    rows = left_out_scores([NearestOfRest(LEARNT.alloys)], LEARNT, JUDGED, ["Al-Cu-Zr", "Cr-Fe-Ni"], together)
    return as_literature_scores(rows).set_index(["left_out_system", "track", "judged_by", "metric"])["value"]


def test_relatives_tell_what_the_system_hides() -> None:
    found = scores(together=False)
    assert found["Al-Cu-Zr", "related_known", "all", "auc"] > 0.9
    assert found["Al-Cu-Zr", "nothing_known", "all", "auc"] <= 0.5


def test_a_system_of_easy_negatives_alone_defines_no_metric() -> None:
    found = scores(together=False)
    assert np.isnan(found["Cr-Fe-Ni", "related_known", "all", "auc"])
    assert np.isnan(found["Cr-Fe-Ni", "related_known", "without_easy", "spearman"])


def test_unrelated_systems_left_out_together_give_what_each_alone_does() -> None:
    pd.testing.assert_series_equal(scores(together=False), scores(together=True))
