"""The picks of the surrogate and the paper's pair in one table, with what each predicts of the other's."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.regions import label_regions, top_share
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.candidate_states import CandidateState, Standing
from bmg_assets.science.literature.nearest_reported import reported_alloys
from bmg_assets.science.proposals.candidate_choice import CandidateChoice
from bmg_assets.science.proposals.candidates import CandidateError, UncalibratedMapError
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.first_rung import WITHOUT_PREDICTION
from bmg_assets.science.proposals.rungs import Bracket
from bmg_assets.science.proposals.side_by_side import Known, candidates_of, recommendations_of
from bmg_assets.science.proposals.surrogate_map import DISTRIBUTION
from bmg_assets.store.tables.prediction import CANDIDATES, RECOMMENDATIONS
from bmg_assets.store.tables.validation import examined

SYSTEM = parse_system("Zr-Al-Cu")
OF_SURROGATE, OF_PAPER = np.array([20, 40, 40]), np.array([50, 20, 30])
"""Where each map is highest."""
BY_SURROGATE, BY_PAPER = CandidateChoice(strategy="transfer"), CandidateChoice(strategy="pruned")


def keys_of(points: np.ndarray) -> list[str]:
    return [composition_key(dict(zip(SYSTEM.elements, map(float, point), strict=True))) for point in points]


def hill(top: np.ndarray, height: float, step: int) -> pd.DataFrame:
    points = composition_grid(3, step)
    dmax = height * np.exp(-((points - top) ** 2).sum(axis=1) / 1500)
    region = label_regions(points, top_share(dmax, 0.15), step)
    return pd.DataFrame(
        {
            "composition": keys_of(points),
            "at_pct": points.astype(float).tolist(),
            "dmax_mm": dmax,
            "interval_low_mm": dmax / 2,
            "interval_high_mm": dmax * 2,
            "probability_bulk": np.clip(dmax / height * 0.9, 0, 1),
            "region": pd.Series(region, dtype="Int64").mask(region == 0),
        }
    )


def prediction_grid(step: int = 5) -> pd.DataFrame:
    return hill(OF_PAPER, 3.0, step)


def transfer_grid(step: int = 5) -> pd.DataFrame:
    grid = hill(OF_SURROGATE, 4.0, step)
    return grid.assign(
        strategy="transfer",
        score=grid["dmax_mm"],
        expected_gain_mm=grid["dmax_mm"] / 4,
        chance_of_better=grid["probability_bulk"] / 2,
        best_known_mm=2.5,
        explained=0.5,
        is_trusted=True,
        step_at_pct=step,
        regime="related_known",
        rarest_element="Al",
        n_with_rarest_element=120,
        nearest_at_pct=3.0,
        factors=None,
        **dict.fromkeys(DISTRIBUTION, np.nan),
    )


def calibrated_grid() -> pd.DataFrame:
    """The same, and how its casts are distributed and go together."""
    grid = transfer_grid()
    points = np.array(grid["at_pct"].tolist())
    correlation = 0.8 * np.exp(-((points[:, None] - points) ** 2).sum(axis=2) / 800)
    values, vectors = np.linalg.eigh(correlation)
    factors = (vectors * np.sqrt(np.maximum(values, 0)))[:, -32:]
    return grid.assign(
        log_mean=np.log(grid["dmax_mm"] + 0.1),
        log_spread=0.5,
        log_shift_mm=0.0,
        largest_mm=30.0,
        ribbon_mm=0.1,
        factors=list(factors),
    )


def literature(*at_pct: tuple[float, float, float]) -> pd.DataFrame:
    """Reported alloys of Al, Cu and Zr in this order, and one of another system."""
    points = np.array([[b, c, a] for a, b, c in at_pct], dtype=float).reshape(-1, 3)
    rows = {
        "composition": [*keys_of(points[:, [2, 0, 1]]), "B20Fe80"],
        "elements": [["Al", "Cu", "Zr"]] * len(points) + [["B", "Fe"]],
        "at_pct": [*points.tolist(), [20.0, 80.0]],
        "glass_class": ["bulk"] * len(points) + ["ribbon"],
        "dmax_mm": [3.0] * len(points) + [0.2],
    }
    return pd.DataFrame(rows)


def known(*at_pct: tuple[float, float, float], standings: dict[str, Standing] | None = None) -> Known:
    reports = literature(*at_pct)
    return Known(SYSTEM, standings or {}, reported_alloys(reports[:0], reports))


def picks_of(table: pd.DataFrame, strategy: str) -> list[list[float]]:
    of_one = table[(table["strategy"] == strategy) & (table["kind"] == "pick")]
    return of_one.sort_values("rank")["at_pct"].tolist()


def test_both_tables_fit_their_descriptions() -> None:
    alone = recommendations_of(transfer_grid(), BY_SURROGATE, known()).assign(trust="why")
    assert examined(RECOMMENDATIONS, alone).faults == []
    table, notes = candidates_of(prediction_grid(), transfer_grid(), BY_SURROGATE, known())
    assert examined(CANDIDATES, table.assign(trust="why")).faults == []
    assert notes == []


@pytest.mark.parametrize(("choice", "first"), [(BY_SURROGATE, "transfer"), (BY_PAPER, "pruned")])
def test_the_papers_pair_is_always_there_and_what_is_recommended_stands_first(
    choice: CandidateChoice, first: str
) -> None:
    table, _ = candidates_of(prediction_grid(), transfer_grid(), choice, known())
    assert picks_of(table, "transfer")[0] == OF_SURROGATE.tolist()
    assert picks_of(table, "pruned")[0] == OF_PAPER.tolist()
    assert len(picks_of(table, "transfer")) == len(picks_of(table, "pruned")) == 2
    assert set(table.loc[table["is_recommended"], "strategy"]) == {first}
    assert table["is_recommended"].is_monotonic_decreasing
    assert table.set_index("strategy")["rule"].to_dict() == {"transfer": "expected_gain", "pruned": "paper"}
    assert set(table.loc[table["kind"] == "verification", "strategy"]) == {"pruned"}


def test_what_is_recommended_is_the_same_before_and_after_the_papers_models_are_trained() -> None:
    before = recommendations_of(transfer_grid(), BY_SURROGATE, known())
    after, _ = candidates_of(prediction_grid(), transfer_grid(), BY_SURROGATE, known())
    recommended = after[after["is_recommended"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(recommended[list(before.columns)], before)
    assert before["is_recommended"].all()
    assert not recommendations_of(transfer_grid(), BY_PAPER, known())["is_recommended"].any()


def test_each_composition_has_what_both_maps_say_of_it() -> None:
    paper, surrogate = prediction_grid(), transfer_grid()
    table, _ = candidates_of(paper, surrogate, BY_SURROGATE, known())
    of_paper, of_surrogate = (
        grid.set_index("composition").loc[table["composition"]].reset_index() for grid in (paper, surrogate)
    )
    for prefix, grid in (("surrogate", of_surrogate), ("paper", of_paper)):
        columns = [f"{prefix}_{name}" for name in ("mm", "low_mm", "high_mm")]
        assert (
            table[columns].to_numpy().tolist()
            == grid[["dmax_mm", "interval_low_mm", "interval_high_mm"]].to_numpy().tolist()
        )
    assert table["probability_bulk"].tolist() == of_surrogate["probability_bulk"].tolist()
    assert table["paper_probability_bulk"].tolist() == of_paper["probability_bulk"].tolist()
    assert table["expected_gain_mm"].tolist() == of_surrogate["expected_gain_mm"].tolist()
    assert table["chance_of_better"].tolist() == of_surrogate["chance_of_better"].tolist()
    assert table["agreement"].iloc[0].startswith("they contradict each other: transfer 4.0 mm (90 % for a bulk glass)")
    chosen_by_paper = table["strategy"] == "pruned"
    assert table.loc[chosen_by_paper, "dmax_mm"].tolist() == table.loc[chosen_by_paper, "paper_mm"].tolist()


def test_a_point_far_from_what_is_known_is_marked_and_its_sentence_says_so() -> None:
    far = transfer_grid().assign(is_trusted=lambda grid: grid["at_pct"].map(lambda point: point[0] < 40))
    table, _ = candidates_of(prediction_grid(), far, BY_SURROGATE, known())
    assert table["is_trusted"].tolist() == [point[0] < 40 for point in table["at_pct"]]
    assert table["agreement"].str.contains("is not to be believed").tolist() == (~table["is_trusted"]).tolist()
    assert set(table["regime"]) == {"related_known"}


def test_maps_with_other_points_are_compared_at_the_nearest_one_and_the_sentence_says_so() -> None:
    table, _ = candidates_of(prediction_grid(10), transfer_grid(5), BY_SURROGATE, known())
    paper = prediction_grid(10).set_index("composition")["dmax_mm"]
    off = ~table["composition"].isin(paper.index)
    assert off.any()
    assert not off.all()
    ending = "; the paper's models at the nearest point of the map, 5 at.% away"
    assert table.loc[off, "agreement"].str.endswith(ending).all()
    assert not table.loc[~off, "agreement"].str.contains("nearest point").any()
    assert table["paper_mm"].isin(paper).all()
    other, _ = candidates_of(prediction_grid(5), transfer_grid(10), BY_SURROGATE, known())
    assert other["agreement"].str.contains("; transfer at the nearest point of the map, 5 at.% away").any()


def test_no_pick_repeats_a_known_alloy_unless_that_is_allowed() -> None:
    reported = known(tuple(OF_SURROGATE), (50.3, 19.9, 29.8))
    table, _ = candidates_of(prediction_grid(), transfer_grid(), BY_SURROGATE, reported)
    picks = table[table["kind"] == "pick"]
    assert OF_SURROGATE.tolist() not in picks["at_pct"].tolist()
    assert OF_PAPER.tolist() not in picks["at_pct"].tolist()
    assert not picks["repeats_known"].any()
    allowed = BY_SURROGATE.model_copy(update={"repeats": True})
    table, _ = candidates_of(prediction_grid(), transfer_grid(), allowed, reported)
    assert picks_of(table, "transfer")[0] == OF_SURROGATE.tolist()
    assert picks_of(table, "pruned")[0] == OF_PAPER.tolist()
    first = table.iloc[0]
    assert first["repeats_known"]
    assert first["reason"].startswith("repeat of a known alloy: an expected gain of 1.00 mm")


def test_a_boundary_point_that_is_a_known_alloy_says_so() -> None:
    table, _ = candidates_of(prediction_grid(), transfer_grid(), BY_SURROGATE, known((55, 15, 30)))
    (point,) = table[table["at_pct"].map(lambda point: point == [55.0, 15.0, 30.0])].to_dict("records")
    assert (point["kind"], point["repeats_known"], point["nearest_at_pct"]) == ("verification", True, 0)
    assert point["reason"] == (
        "repeat of a known alloy: boundary of pick 1: 5 at.% of Al replaced by Zr, the rest held constant"
    )
    others = table[~table["repeats_known"]]
    assert len(others) == len(table) - 1
    assert not others["reason"].str.contains("repeat").any()


def test_the_second_of_the_papers_pair_is_the_best_that_nobody_has_reported() -> None:
    before, _ = candidates_of(prediction_grid(), transfer_grid(), BY_PAPER, known())
    second = picks_of(before, "pruned")[1]
    table, _ = candidates_of(prediction_grid(), transfer_grid(), BY_PAPER, known(tuple(second)))
    assert picks_of(table, "pruned")[0] == OF_PAPER.tolist()
    assert picks_of(table, "pruned")[1] != second
    kinds = table[table["at_pct"].map(lambda point: point == second) & (table["strategy"] == "pruned")]
    assert kinds["kind"].tolist() == ["verification"]
    assert table.loc[table["kind"] == "verification", "rank"].tolist() == [1, 2, 3, 4, 5]


def test_the_nearest_alloy_is_named_with_its_class_and_who_reports_it() -> None:
    table, _ = candidates_of(prediction_grid(), transfer_grid(), BY_SURROGATE, known((22, 38, 40)))
    first = table.iloc[0]
    assert (first["nearest_formula"], first["nearest_class"], first["nearest_dmax_mm"]) == ("Al38Cu40Zr22", "bulk", 3)
    assert (first["nearest_at_pct"], first["nearest_who"]) == (2, "literature")


def test_a_surrogate_without_calibration_leaves_the_papers_pair_and_one_sentence() -> None:
    unknown = ["interval_low_mm", "interval_high_mm", "probability_bulk", "expected_gain_mm", "chance_of_better"]
    grid = transfer_grid().assign(**dict.fromkeys(unknown, np.nan))
    with pytest.raises(UncalibratedMapError, match="Too few bulk glasses, or too few other alloys, are known"):
        recommendations_of(grid, BY_SURROGATE, known())
    table, (note,) = candidates_of(prediction_grid(), grid, BY_SURROGATE, known())
    assert note.startswith("Too few bulk glasses, or too few other alloys, are known for the strategy 'transfer'")
    assert set(table["strategy"]) == {"pruned"}
    assert table["is_recommended"].all()
    assert table[["surrogate_mm", "probability_bulk", "expected_gain_mm"]].isna().all(axis=None)
    assert table["agreement"].str.startswith("transfer cannot tell, since too few bulk glasses are known").all()
    assert examined(CANDIDATES, table.assign(trust="why")).faults == []


def test_where_the_papers_region_is_out_of_reach_the_picks_of_the_surrogate_stay() -> None:
    limited = CandidateChoice(strategy="transfer", practice=CastingPractice(limits={"Zr": (0, 20)}))
    table, (note,) = candidates_of(prediction_grid(), transfer_grid(), limited, known())
    assert note.startswith("The paper's rule proposes nothing: Every point of the largest top region")
    assert set(table["strategy"]) == {"transfer"}
    assert table["is_recommended"].all()
    by_paper = limited.model_copy(update={"strategy": "pruned", "rule": "paper"})
    with pytest.raises(CandidateError, match="Every point of the largest top region"):
        candidates_of(prediction_grid(), transfer_grid(), by_paper, known())


def test_what_was_cast_is_proposed_by_neither() -> None:
    cast = {
        composition: Standing(CandidateState.CAST, "S1") for composition in keys_of(np.array([OF_SURROGATE, OF_PAPER]))
    }
    table, _ = candidates_of(prediction_grid(), transfer_grid(), BY_SURROGATE, known(standings=cast))
    assert not cast.keys() & set(table["composition"])
    assert len(table[table["kind"] == "pick"]) == 4


def test_the_map_of_another_surrogate_cannot_recommend() -> None:
    choice = CandidateChoice(strategy="composite")
    with pytest.raises(CandidateError, match="is the map of strategy 'transfer', but candidates by strategy 'compos"):
        candidates_of(prediction_grid(), transfer_grid(), choice, known())
    # Alone it is only said whose picks they are.
    table = recommendations_of(transfer_grid(), choice, known())
    assert (set(table["strategy"]), table["is_recommended"].any()) == ({"transfer"}, False)


def test_all_rows_say_how_likely_there_is_more_to_find() -> None:
    of_system, choice = known((50, 20, 30)), CandidateChoice(strategy="transfer", stop_gain_mm=2.0)
    rows, _ = candidates_of(prediction_grid(), calibrated_grid(), choice, of_system)
    assert rows["chance_of_more"].nunique() == 1
    assert rows["chance_of_more"].between(0, 1).all()
    assert set(rows["more_than_mm"]) == {2.0}
    early = recommendations_of(calibrated_grid(), choice, of_system)
    assert set(early["chance_of_more"]) == set(rows["chance_of_more"])
    less = recommendations_of(calibrated_grid(), CandidateChoice(strategy="transfer", stop_gain_mm=0.2), of_system)
    assert less["chance_of_more"].iloc[0] > early["chance_of_more"].iloc[0]
    within = CandidateChoice(strategy="transfer", stop_gain_mm=2.0, practice=CastingPractice(limits={"Zr": (60, 100)}))
    assert (
        recommendations_of(calibrated_grid(), within, of_system)["chance_of_more"].iloc[0]
        < early["chance_of_more"].iloc[0]
    )


def test_where_the_surrogate_cannot_tell_no_chance_is_said() -> None:
    rows, _ = candidates_of(prediction_grid(), transfer_grid(), BY_SURROGATE, known((50, 20, 30)))
    assert rows["chance_of_more"].isna().all()
    assert set(rows["more_than_mm"]) == {1.0}


def test_each_composition_has_its_first_rung() -> None:
    grid = calibrated_grid()
    table, _ = candidates_of(prediction_grid(), grid, BY_SURROGATE, known())
    at_top = table[table["composition"] == keys_of(OF_SURROGATE[None])[0]]
    assert at_top["first_rung"].str.startswith("cast 4 mm at once (glass with a chance of 5").all()
    papers = table[table["strategy"] == "pruned"].sort_values("surrogate_mm")
    assert papers["surrogate_mm"].iloc[0] < 2
    assert papers["first_rung"].iloc[0].startswith(("cast 1 mm at once", "cast 1.5 mm at once"))


def test_what_own_casts_have_shown_decides_the_next_rung() -> None:
    shown = {str(composition): Bracket(0.0, 2.0) for composition in transfer_grid()["composition"]}
    of_casts = replace(known(), brackets=shown)
    words = recommendations_of(calibrated_grid(), BY_SURROGATE, of_casts)["first_rung"]
    assert words.str.startswith("cast 1.5 mm next").all()


def test_without_a_prediction_to_be_trusted_the_first_rung_has_no_number() -> None:
    for grid in (transfer_grid(), calibrated_grid().assign(is_trusted=False)):
        words = recommendations_of(grid, BY_SURROGATE, known())["first_rung"]
        assert set(words) == {WITHOUT_PREDICTION}
