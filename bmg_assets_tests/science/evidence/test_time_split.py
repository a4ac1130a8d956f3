"""What was known in a year is learnt, what was found later is asked for."""

import numpy as np
import pandas as pd

from bmg_assets.science.evidence.judged_alloys import judged_alloys
from bmg_assets.science.evidence.learners import Equiatomic, NearestOfRest
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.literature_scores import as_literature_scores
from bmg_assets.science.evidence.time_split import known_systems, later_alloys, time_split_scores
from bmg_assets_tests.science.evidence.reports import learnable_reports, table_of

REPORTS = learnable_reports()
JUDGED = judged_alloys(table_of(REPORTS))


def learnt(year: int) -> LearntAlloys:
    return LearntAlloys.of(table_of(REPORTS, until=year), JUDGED.compositions.elements)


def scores(year: int) -> pd.DataFrame:
    then, later = learnt(year), later_alloys(JUDGED, year, hidden_systems=())
    learners = [NearestOfRest(then.alloys), Equiatomic()]
    return as_literature_scores(time_split_scores(learners, then, later, known_systems(JUDGED, then, year), year))


def test_what_was_found_later_is_not_learnt() -> None:
    assert set(learnt(2000).alloys.systems) == {"Al-Co-Zr", "Al-Cu-Zr", "Cu-Ti-Zr"}
    assert set(later_alloys(JUDGED, 2000, ()).systems) == {"Ag-Cu-Zr", "Al-Ni-Ti-Zr", "Cr-Fe-Ni", "Mg-Y-Zn"}
    assert set(later_alloys(JUDGED, 2005, ["Al-Ni-Ti-Zr"]).systems) == {"Cr-Fe-Ni", "Mg-Y-Zn"}


def test_a_system_with_an_alloy_without_a_year_is_not_new() -> None:
    undated = REPORTS.assign(year=REPORTS["year"].mask(REPORTS["source_row"] == 60))
    judged = judged_alloys(table_of(undated))
    system = undated["elements"].iloc[59]
    assert "-".join(system) in known_systems(judged, learnt(2000), 2000)
    assert len(later_alloys(judged, 1900, ())) == len(JUDGED) - 1


def test_systems_with_bulk_glasses_are_ranked_above_those_without() -> None:
    found = scores(2000)
    ranks = found[found["metric"].isin(["ranks_systems", "ranks_systems_alike"])]
    assert set(ranks["strategy"]) == {"nearest"}  # scores of the middle are not comparable
    assert set(ranks["left_out_system"]) == {"Ag-Cu-Zr", "Al-Ni-Ti-Zr"}
    by_all = ranks[ranks["judged_by"] == "all"].set_index(["metric", "left_out_system"])["value"]
    assert by_all["ranks_systems", "Ag-Cu-Zr"] == by_all["ranks_systems_alike", "Ag-Cu-Zr"]
    assert np.isnan(by_all["ranks_systems_alike", "Al-Ni-Ti-Zr"])  # no other system of four elements
    assert by_all["ranks_systems", "Ag-Cu-Zr"] >= 0.5
    assert (found["year"] == 2000).all()


def test_the_best_of_a_new_system_has_a_place_and_one_without_bulk_glass_has_none() -> None:
    found = scores(2005)
    assert set(found.loc[found["metric"] == "place", "left_out_system"]) == {"Al-Ni-Ti-Zr"}
    assert set(found["track"]) == {"new_system"}


def test_systems_of_which_alloys_were_known_are_asked_for_what_came_later() -> None:
    later_half = REPORTS.assign(year=REPORTS["year"].mask(REPORTS["source_row"] <= 6, 2004))
    judged = judged_alloys(table_of(later_half))
    then = LearntAlloys.of(table_of(later_half, until=2000), judged.compositions.elements)
    later = later_alloys(judged, 2000, ())
    rows = time_split_scores([NearestOfRest(then.alloys)], then, later, known_systems(judged, then, 2000), 2000)
    found = as_literature_scores(rows)
    known = found[(found["track"] == "known_system") & (found["metric"] == "auc")].set_index("left_out_system")["value"]
    assert known["Cu-Ti-Zr"] > 0.7
