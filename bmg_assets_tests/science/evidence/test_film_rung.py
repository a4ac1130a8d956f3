"""Films beside castings of the same systems: what is alike is seen, what is not is not."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.film_rung import QUESTIONS, judge_films
from bmg_assets_tests.science.surrogates.literature import learnable_tables


def films_beside(alloys: pd.DataFrame, is_glass: pd.Series, moved_at_pct: float = 3.0) -> pd.DataFrame:
    """A film beside each casting, `moved_at_pct` of the first element replaced by the last."""
    at_pct = [[one[0] - moved_at_pct, *one[1:-1], one[-1] + moved_at_pct] for one in alloys["at_pct"]]
    films = alloys[["elements", "chemical_system"]].assign(at_pct=at_pct, is_glass=is_glass.to_numpy(bool))
    return films[[min(one) > 0 for one in at_pct]].reset_index(drop=True)


def means(films: pd.DataFrame) -> pd.Series:
    table = judge_films(learnable_tables()[0], films, seed=0)
    assert list(table["question"]) == list(QUESTIONS.values())
    return table.assign(question=list(QUESTIONS)).set_index("question")["mean"]


def test_films_that_go_with_castings_are_seen_to_do_so() -> None:
    alloys = learnable_tables()[0]
    found = means(films_beside(alloys, alloys["dmax_mm"] > 0))
    assert found["films_by_castings"] > 0.7
    assert found["castings_by_films"] > 0.4


def test_films_that_are_glass_by_chance_are_a_coin() -> None:
    alloys = learnable_tables()[0]
    by_chance = pd.Series(np.random.default_rng(2).random(len(alloys)) < 0.5)
    found = means(films_beside(alloys, by_chance))
    assert found["films_by_castings"] == pytest.approx(0.5, abs=0.1)
    assert abs(found["castings_by_films"]) < 0.15
    assert found["films_beside_score"] < 0.02


def test_a_casting_that_may_be_the_film_itself_does_not_count() -> None:
    alloys = learnable_tables()[0]
    table = judge_films(alloys, films_beside(alloys, alloys["dmax_mm"] > 0, moved_at_pct=0.5), seed=0)
    assert table["systems"].tolist()[1:] == [0, 0, 0]


def test_without_films_nothing_is_said() -> None:
    alloys = learnable_tables()[0]
    table = judge_films(alloys, films_beside(alloys, alloys["dmax_mm"] > 0).iloc[:0], seed=0)
    assert table["mean"].isna().all()
    assert (table["systems"] == 0).all()
