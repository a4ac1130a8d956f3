"""What to cast next: a map with two regions, casts that are not proposed again, and maps with nothing to propose."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.regions import exchange_directions, label_regions, top_share
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.candidate_states import CandidateState, Standing
from bmg_assets.science.proposals.candidate_choice import SAME_ALLOY_AT_PCT, CandidateChoice
from bmg_assets.science.proposals.candidates import CandidateError, propose, propose_on_map
from bmg_assets.science.proposals.casting_practice import CastingPractice, NotCastError
from bmg_assets.science.proposals.improvement import expected_improvement_mm, probability_of_improvement
from bmg_assets.science.proposals.objectives import Objective, ObjectiveError, ObjectiveTable
from bmg_assets.science.proposals.surrogate_map import DISTRIBUTION
from bmg_assets.science.surrogates.base import LogNormal

ELEMENTS = ("Zr", "Al", "Cu")
SYSTEM = parse_system("Zr-Al-Cu")
BY_SCORE = CandidateChoice(strategy="transfer", rule="paper")
AWAY = np.array([20, 40, 40])
BROAD, SHARP = np.array([50, 20, 30]), np.array([10, 80, 10])


def by_paper(**choice):
    return CandidateChoice(strategy="pruned", **choice)


def two_hills(step=5):
    """A broad hill of at most 3 mm, and a sharp one of 9 mm: the largest region is not the highest."""
    points = composition_grid(3, step)
    broad = 3 - 0.001 * ((points - BROAD) ** 2).sum(axis=1)
    dmax = np.where((points == SHARP).all(axis=1), 9.0, broad)
    return points, dmax, label_regions(points, top_share(dmax, 0.15), step)


def row_of(points, at_pct):
    return int(np.flatnonzero((points == at_pct).all(axis=1))[0])


def test_the_map_is_what_it_is_said_to_be():
    points, dmax, regions = two_hills()
    assert (regions == 1).sum() > (regions == 2).sum() == 1
    assert regions[row_of(points, SHARP)] == 2
    assert dmax.argmax() == row_of(points, SHARP)


def test_the_first_pick_is_the_highest_of_the_largest_region_not_of_the_map():
    points, dmax, regions = two_hills()
    first = propose(points, dmax, regions, ELEMENTS, 5)[0]
    assert points[first.point].tolist() == BROAD.tolist()
    assert (first.kind, first.rank) == ("pick", 1)
    assert first.reason == f"best of the largest top region ({(regions == 1).sum()} compositions)"


@pytest.mark.parametrize("distance", [5, 10])
def test_the_second_pick_is_the_best_of_the_six_points_around_and_the_others_verify_the_boundary(distance):
    points, dmax, regions = two_hills()
    favoured = row_of(points, BROAD + distance * np.array([0, 1, -1]))
    dmax = dmax.copy()
    dmax[favoured] += 0.0005
    candidates = propose(points, dmax, regions, ELEMENTS, distance)
    assert [(c.kind, c.rank) for c in candidates] == [
        ("pick", 1),
        ("pick", 2),
        *(("verification", rank) for rank in range(1, 6)),
    ]
    assert candidates[1].point == favoured
    assert f"6 points {distance} at.% around" in candidates[1].reason
    around = {tuple(BROAD + distance * direction) for direction in exchange_directions(3)}
    assert {tuple(points[c.point]) for c in candidates[1:]} == around
    boundary = [dmax[c.point] for c in candidates[2:]]
    assert boundary == sorted(boundary, reverse=True)


def test_the_reason_of_a_boundary_point_says_which_element_is_held_constant():
    points, dmax, regions = two_hills()
    reasons = {tuple(points[c.point]): c.reason for c in propose(points, dmax, regions, ELEMENTS, 5)}
    exchanged = {
        (55, 15, 30): "5 at.% of Al replaced by Zr",
        (45, 25, 30): "5 at.% of Zr replaced by Al",
        (55, 20, 25): "5 at.% of Cu replaced by Zr",
        (50, 15, 35): "5 at.% of Al replaced by Cu",
    }
    assert sum(part in reasons[point] for point, part in exchanged.items()) >= 3
    assert all("best of" in reasons[point] or part in reasons[point] for point, part in exchanged.items())


def test_what_was_cast_is_proposed_neither_as_a_pick_nor_for_verification():
    points, dmax, regions = two_hills()
    free = np.ones(len(points), bool)
    free[[row_of(points, BROAD), row_of(points, [55, 20, 25])]] = False
    candidates = propose(points, dmax, regions, ELEMENTS, 5, free)
    assert all(free[c.point] for c in candidates)
    assert regions[candidates[0].point] == 1
    assert dmax[candidates[0].point] == dmax[free & (regions == 1)].max()


def test_at_the_edge_of_the_diagram_only_points_that_exist_are_proposed():
    points = composition_grid(3, 5)
    dmax = points[:, 0].astype(float)
    candidates = propose(points, dmax, label_regions(points, top_share(dmax, 0.1), 5), ELEMENTS, 5)
    assert points[candidates[0].point].tolist() == [90, 5, 5]
    assert [points[c.point].tolist() for c in candidates[1:]] == [[85, 10, 5], [85, 5, 10]]


@pytest.mark.parametrize(
    "n_elements, step, distance, apart", [(4, 2, 5, 4), (4, 4, 5, 4), (5, 10, 5, 10), (3, 5, 7, 5)]
)
def test_a_distance_between_the_steps_of_the_grid_still_gives_a_pair_at_the_nearest_one(
    n_elements, step, distance, apart
):
    points = composition_grid(n_elements, step)
    dmax = -((points - 100 / n_elements) ** 2).sum(axis=1).astype(float)
    regions = label_regions(points, top_share(dmax, 0.05), step)
    candidates = propose(points, dmax, regions, tuple("ABCDE"[:n_elements]), distance)
    assert [c.kind for c in candidates[:2]] == ["pick", "pick"]
    assert np.abs(points[candidates[1].point] - points[candidates[0].point]).max() == apart
    assert f"{apart} at.% around" in candidates[1].reason


def test_with_four_elements_two_are_exchanged_and_two_held_constant_in_twelve_directions():
    points = composition_grid(4, 2)
    centre = np.array([40, 10, 14, 36])
    dmax = -((points - centre) ** 2).sum(axis=1).astype(float)
    regions = label_regions(points, top_share(dmax, 0.05), 2)
    first, second, *boundary = propose(points, dmax, regions, ("Zr", "Al", "Ni", "Cu"), 5)
    assert points[first.point].tolist() == centre.tolist()
    around = [second, *boundary]
    assert [one.kind for one in around] == ["pick"] + ["verification"] * 11
    changes = {tuple(points[one.point] - centre) for one in around}
    assert changes == {tuple(4 * direction) for direction in exchange_directions(4)}
    reasons = {tuple(points[one.point] - centre): one.reason for one in boundary}
    assert reasons[(4, 0, 0, -4)] == "boundary of pick 1: 4 at.% of Cu replaced by Zr, the rest held constant"


def test_a_region_that_has_been_cast_to_the_last_point_is_refused_with_what_to_change():
    points, dmax, regions = two_hills()
    with pytest.raises(
        CandidateError,
        match=r"has been cast or refused or is out of the question; lower the step, raise the share or widen",
    ):
        propose(points, dmax, regions, ELEMENTS, 5, free=regions != 1)


def prediction_grid():
    points, dmax, regions = two_hills()
    return pd.DataFrame(
        {
            "target_system": "Zr-Al-Cu",
            "composition": [composition_key(dict(zip(ELEMENTS, point, strict=True))) for point in points.tolist()],
            "at_pct": [point.astype(float).tolist() for point in points],
            "dmax_mm": dmax,
            "interval_low_mm": dmax - 1,
            "interval_high_mm": dmax + 2,
            "region": pd.Series(regions, dtype="Int64").mask(regions == 0),
        }
    ).set_index(np.arange(len(points)) + 1000)


def test_the_table_has_the_rows_of_the_grid():
    table = propose_on_map(prediction_grid(), SYSTEM, by_paper(), {})
    assert table["target_system"].unique().tolist() == ["Zr-Al-Cu"]
    assert table["kind"].tolist() == ["pick"] * 2 + ["verification"] * 5
    assert table["rank"].tolist() == [1, 2, 1, 2, 3, 4, 5]
    first = table.iloc[0]
    assert first["composition"] == "Al20Cu30Zr50"
    assert first["at_pct"] == [50.0, 20.0, 30.0]
    assert (first["dmax_mm"], first["interval_low_mm"], first["interval_high_mm"]) == (3.0, 2.0, 5.0)
    assert (table["interval_high_mm"] - table["dmax_mm"]).tolist() == pytest.approx([2.0] * 7)
    by_key = [composition_key(dict(zip(ELEMENTS, at_pct, strict=True))) for at_pct in table["at_pct"]]
    assert table["composition"].tolist() == by_key


def test_compositions_that_were_cast_are_left_out_by_their_keys():
    proposed = propose_on_map(prediction_grid(), SYSTEM, by_paper(), {})
    cast = set(proposed["composition"][:3])
    standings = {composition: Standing(CandidateState.CAST, "2 mm by S1") for composition in cast}
    again = propose_on_map(prediction_grid(), SYSTEM, by_paper(), standings)
    assert not cast & set(again["composition"])
    assert again["kind"].tolist()[:2] == ["pick", "pick"]


@pytest.mark.parametrize("state", CandidateState)
def test_only_what_is_cast_or_refused_is_not_proposed_again(state):
    first = propose_on_map(prediction_grid(), SYSTEM, by_paper(), {})["composition"][0]
    standings = {first: Standing(state, "S1 is planned")}
    again = propose_on_map(prediction_grid(), SYSTEM, by_paper(), standings).set_index("composition")
    if state in {CandidateState.CAST, CandidateState.REFUSED}:
        assert first not in again.index
    else:
        assert tuple(again.loc[first, ["kind", "rank", "state", "state_because"]]) == (
            "pick",
            1,
            state,
            "S1 is planned",
        )
    assert set(again["state"].drop(first, errors="ignore")) == {"proposed"}


def transfer_grid():
    grid = prediction_grid()
    # Expected diameters have steps; the score alone tells the points of a step apart.
    points = np.array(grid["at_pct"].tolist())
    gain = np.exp(-((points - AWAY) ** 2).sum(axis=1) / 800)
    return grid.assign(
        strategy="transfer",
        step_at_pct=5,
        score=grid["dmax_mm"],
        dmax_mm=0.5,
        probability_bulk=0.25,
        interval_low_mm=0.0,
        expected_gain_mm=gain,
        chance_of_better=(100 - points[:, 2]) / 100,
        best_known_mm=2.5,
        explained=points[:, 0] / 100,
        rarest_element="Al",
        n_with_rarest_element=12,
        factors=None,
        **dict.fromkeys(DISTRIBUTION, np.nan),
    )


def refined(point: list[float]) -> pd.DataFrame:
    """The map with one point between those of its grid, which is better than all others by any value."""
    best = (
        transfer_grid()
        .tail(1)
        .assign(composition=composition_key(dict(zip(ELEMENTS, point, strict=True))), at_pct=[point], step_at_pct=1)
    )
    best = best.assign(score=99.0, expected_gain_mm=9.0, chance_of_better=1.0, region=1)
    return pd.concat([transfer_grid(), best], ignore_index=True)


def test_where_a_map_is_refined_a_pick_lies_between_the_points_of_its_grid_but_the_papers_pair_does_not():
    grid = refined([21.0, 38.0, 41.0])
    picks = propose_on_map(grid, SYSTEM, others(), {}, np.zeros(len(grid), dtype=bool))
    assert picks["composition"][0] == "Al38Cu41Zr21"
    for is_repeat in (None, np.zeros(len(grid), dtype=bool)):
        pair = propose_on_map(grid, SYSTEM, BY_SCORE, {}, is_repeat)
        assert pair.equals(propose_on_map(transfer_grid(), SYSTEM, BY_SCORE, {}))


def others(rule="expected_gain", **choice):
    return CandidateChoice(strategy="transfer", rule=rule, **choice)


def at_pct_of(table):
    return np.array(table["at_pct"].tolist())


def apart(a, b):
    return np.abs(a - b).sum() / 2


def test_the_highest_gain_is_picked_anywhere_on_the_map_and_the_next_at_a_distance():
    table = propose_on_map(transfer_grid(), SYSTEM, others(picks=3, apart_at_pct=10), {})
    assert (set(table["kind"]), table["rank"].tolist(), set(table["rule"])) == ({"pick"}, [1, 2, 3], {"expected_gain"})
    picks = at_pct_of(table)
    assert picks[0].tolist() == AWAY.tolist()
    assert min(apart(picks[i], picks[j]) for i, j in [(0, 1), (0, 2), (1, 2)]) >= 10
    assert apart(picks[0], picks[1]) == 10
    assert table["expected_gain_mm"].is_monotonic_decreasing
    assert "an expected gain of 1.00 mm over the best known 2.5 mm, the most of 171 compositions" in table["reason"][0]
    assert "differ from the picks before it by 10 at.% or more" in table["reason"][1]
    assert table["reason"].str.endswith("; only 12 known alloys hold Al").all()


def test_the_chance_of_a_better_alloy_is_a_rule_of_its_own():
    table = propose_on_map(transfer_grid(), SYSTEM, others("chance_of_better"), {})
    assert (at_pct_of(table)[:, 2] <= 10).all()
    assert "a chance of 95.0% of a D_max above the best known 2.5 mm" in table["reason"][0]
    nothing_known = propose_on_map(transfer_grid().assign(best_known_mm=0.2), SYSTEM, others("chance_of_better"), {})
    assert "above 1 mm, none being known" in nothing_known["reason"][0]


@pytest.mark.parametrize("rule", ["expected_gain", "chance_of_better"])
def test_where_nothing_better_is_promised_the_score_decides_and_the_reason_says_so(rule):
    hopeless = transfer_grid().assign(
        expected_gain_mm=lambda rows: rows["expected_gain_mm"] * 1e-9,
        chance_of_better=lambda rows: rows["chance_of_better"] * 1e-9,
    )
    table = propose_on_map(hopeless, SYSTEM, others(rule), {})
    best = hopeless.loc[hopeless["score"].idxmax(), "composition"]
    assert table["composition"][0] == best
    assert "predicts nothing above the best known 2.5 mm, so by score alone: the best of 171" in table["reason"][0]


def test_a_gain_that_costs_half_as_much_is_worth_more():
    grid = transfer_grid().assign(expected_gain_mm=1.0)
    cheap = CastingPractice(prices={"Zr": 100.0, "Al": 100.0, "Cu": 1.0})
    table = propose_on_map(grid, SYSTEM, others("gain_per_price", practice=cheap), {})
    assert at_pct_of(table)[0].tolist() == [5, 5, 90]
    assert table["price_per_kg"][0] < 15
    assert "1.00 mm over the best known 2.5 mm at " in table["reason"][0]
    assert " per kg, the most of" in table["reason"][0]


@pytest.mark.parametrize("choice", [by_paper, others])
def test_alloys_in_the_furnace_are_proposed_neither_again_nor_nearby(choice):
    grid = transfer_grid().assign(expected_gain_mm=lambda rows: rows["score"] + 10)
    before = propose_on_map(grid, SYSTEM, choice(), {})
    pending = tuple(before.loc[before["kind"] == "pick", "composition"])
    after = propose_on_map(grid, SYSTEM, choice(pending=pending), {})
    assert len(after[after["kind"] == "pick"]) == 2
    in_furnace = at_pct_of(before[before["kind"] == "pick"])
    assert min(apart(a, b) for a in at_pct_of(after) for b in in_furnace) >= 5
    assert after["limits"].str.contains(f"what is in the furnace, {pending[0]}").all()
    assert before["limits"].isna().all()


def together_grid():
    """The map with the distribution of its casts, near ones of which turn out alike: two hills, one a little higher."""
    grid = transfer_grid()
    points = at_pct_of(grid)
    high, low = (np.exp(-((points - top) ** 2).sum(axis=1) / 300) for top in (AWAY, BROAD))
    log_mean = np.log(1.5) + 0.5 * high + 0.45 * low
    correlation = 0.9 * np.exp(-((points[:, None] - points) ** 2).sum(axis=2) / 600)
    values, vectors = np.linalg.eigh(correlation)
    cast = LogNormal(log_mean, np.full(len(grid), 0.5), shift_mm=0.0, largest_mm=30.0)
    return grid.assign(
        log_mean=log_mean,
        log_spread=cast.spread,
        log_shift_mm=0.0,
        largest_mm=30.0,
        factors=list(vectors * np.sqrt(np.maximum(values, 0))),
        expected_gain_mm=expected_improvement_mm(cast, 2.5),
        chance_of_better=probability_of_improvement(cast, 2.5),
    )


@pytest.mark.parametrize("rule", ["expected_gain", "chance_of_better"])
def test_the_second_pick_is_the_one_that_adds_most_to_the_first(rule):
    table = propose_on_map(together_grid(), SYSTEM, others(rule), {})
    first, second = at_pct_of(table)
    assert first.tolist() == AWAY.tolist()
    assert apart(second, BROAD) <= 5
    assert "the most of 171 compositions" in table["reason"][0]
    assert "beside the picks before it, which it adds most to" in table["reason"][1]


def test_what_is_in_the_furnace_counts_as_picked_with_what_is_the_same_alloy():
    pending = (composition_key(dict(zip(ELEMENTS, AWAY.tolist(), strict=True))),)
    table = propose_on_map(together_grid(), SYSTEM, others(pending=pending), {})
    assert apart(at_pct_of(table)[0], BROAD) <= 5
    assert set(table["limits"]) == {f"3 at.% or more from what is in the furnace, {pending[0]}"}
    bare = propose_on_map(together_grid(), SYSTEM, others(pending=pending, apart_at_pct=0), {})
    assert set(bare["limits"]) == {f"not what is in the furnace, {pending[0]}"}
    assert pending[0] not in set(table["composition"])
    off_the_grid = (composition_key(dict(zip(ELEMENTS, np.add(AWAY, [0.4, -0.4, 0]).tolist(), strict=True))),)
    near = propose_on_map(together_grid(), SYSTEM, others(pending=off_the_grid), {})
    assert apart(at_pct_of(near)[0], BROAD) <= 5


def test_two_picks_are_never_one_alloy_in_the_furnace():
    picks = at_pct_of(propose_on_map(together_grid(), SYSTEM, others(picks=4), {}))
    nearest = min(apart(one, other) for place, one in enumerate(picks) for other in picks[:place])
    assert nearest >= SAME_ALLOY_AT_PCT - 1e-9


def test_a_distance_that_is_set_stays_a_floor():
    table = propose_on_map(together_grid(), SYSTEM, others(picks=3, apart_at_pct=40), {})
    picks = at_pct_of(table)
    assert min(apart(picks[0], picks[1]), apart(picks[0], picks[2])) >= 40 - 1e-9
    assert "40 at.% or more from them" in table["reason"][1]


def test_a_gain_is_divided_by_its_price_in_a_batch_too():
    cheap = CastingPractice(prices={"Zr": 1.0, "Al": 100.0, "Cu": 100.0})
    table = propose_on_map(together_grid(), SYSTEM, others("gain_per_price", practice=cheap), {})
    alone = propose_on_map(together_grid(), SYSTEM, others(), {})
    assert table["price_per_kg"][0] < 60
    assert at_pct_of(table)[0][0] > at_pct_of(alone)[0][0]


def test_casts_that_are_reported_without_a_label_keep_their_meaning():
    first = propose_on_map(transfer_grid(), SYSTEM, others(), {})["composition"][0]
    again = propose_on_map(transfer_grid(), SYSTEM, others(), {first: Standing(CandidateState.REQUESTED, "S1")})
    assert (again["composition"][0], again["state"][0]) == (first, "requested")


@pytest.mark.parametrize("choice", [by_paper, others])
def test_limits_hold_for_every_candidate_of_every_rule(choice):
    practice = CastingPractice(limits={"Al": (0, 15), "Cu": (35, 100)})
    table = propose_on_map(transfer_grid().assign(region=1), SYSTEM, choice(practice=practice), {})
    assert (at_pct_of(table)[:, 1] <= 15).all()
    assert (at_pct_of(table)[:, 2] >= 35).all()
    assert set(table["limits"]) == {"Al 0 to 15 at.%, Cu 35 to 100 at.%"}


def test_an_alloy_that_costs_too_much_is_not_proposed():
    practice = CastingPractice(prices={"Zr": 40.0, "Al": 3.0, "Cu": 10.0}, highest_price=15.0)
    table = propose_on_map(transfer_grid(), SYSTEM, others(practice=practice), {})
    assert (table["price_per_kg"] <= 15).all()
    assert set(table["limits"]) == {"at most 15 per kg"}


def test_points_that_known_alloys_say_too_little_of_are_passed_over():
    table = propose_on_map(transfer_grid(), SYSTEM, others(least_explained=0.6), {})
    assert (at_pct_of(table)[:, 0] >= 60).all()
    assert "known alloys explain 60% or more" in table["limits"][0]
    with pytest.raises(CandidateError, match=r"No composition of Zr-Al-Cu is left to propose \(known alloys explain 9"):
        propose_on_map(transfer_grid(), SYSTEM, others(least_explained=0.95), {})


def test_when_all_is_cast_there_is_nothing_to_propose():
    grid = transfer_grid()
    cast = {composition: Standing(CandidateState.CAST, "S1") for composition in grid["composition"]}
    with pytest.raises(CandidateError, match="has been cast or refused; widen the limits"):
        propose_on_map(grid, SYSTEM, others(), cast)


def test_a_system_with_an_element_that_is_not_cast_gets_one_sentence():
    choice = by_paper(practice=CastingPractice(not_cast=frozenset({"Be", "Al"})))
    with pytest.raises(NotCastError, match="Zr-Al-Cu holds Al, which the laboratory does not cast"):
        propose_on_map(prediction_grid(), SYSTEM, choice, {})


def test_the_other_strategy_ranks_by_its_score():
    table = propose_on_map(transfer_grid(), SYSTEM, BY_SCORE, {})
    assert (
        table["composition"].tolist()
        == propose_on_map(prediction_grid(), SYSTEM, by_paper(), {})["composition"].tolist()
    )
    assert set(table["strategy"]) == {"transfer"}
    assert table["reason"].str.contains("probability of 25%, expected D_max 0.50 mm").all()


@pytest.mark.parametrize(("probability", "words"), [(0.9999, "more than 99%"), (0.0001, "less than 1%"), (0.99, "99%")])
def test_no_bulk_glass_is_promised_for_certain(probability, words):
    table = propose_on_map(transfer_grid().assign(probability_bulk=probability), SYSTEM, BY_SCORE, {})
    assert table["reason"].str.contains(f"probability of {words}, ").all()


def test_scores_without_a_meaning_are_not_proposed_by():
    grid = transfer_grid().assign(interval_low_mm=np.nan)
    with pytest.raises(CandidateError, match="Too few bulk glasses, or too few other alloys, are known"):
        propose_on_map(grid, SYSTEM, BY_SCORE, {})


def test_the_map_of_another_surrogate_is_refused():
    with pytest.raises(CandidateError, match=r"is the map of strategy 'magic', but candidates by strategy 'transfer'"):
        propose_on_map(transfer_grid().assign(strategy="magic"), SYSTEM, BY_SCORE, {})


@pytest.mark.parametrize(
    ("rule", "column", "least"),
    [("expected_gain", "expected_gain_mm", 0.01), ("chance_of_better", "chance_of_better", 0.001)],
)
def test_each_rule_gives_up_by_its_own_value_only(rule, column, least):
    other = {"expected_gain_mm": "chance_of_better", "chance_of_better": "expected_gain_mm"}[column]
    grid = transfer_grid()
    for largest, is_hopeless in ((least, False), (least * 0.99, True)):
        scaled = grid[column] * (largest / grid[column].max())
        scaled[grid[column].idxmax()] = largest
        reason = propose_on_map(grid.assign(**{column: scaled}), SYSTEM, others(rule), {})["reason"][0]
        assert ("by score alone" in reason) == is_hopeless
    assert "by score alone" not in propose_on_map(grid.assign(**{other: 0.0}), SYSTEM, others(rule), {})["reason"][0]


def test_hope_outside_of_the_limits_is_none():
    grid = transfer_grid()
    best = grid.index == grid["expected_gain_mm"].idxmax()
    grid = grid.assign(expected_gain_mm=np.where(best, 1.0, 0.0))
    gone = {grid.loc[best, "composition"].item(): Standing(CandidateState.CAST, "S1")}
    assert "by score alone" not in propose_on_map(grid, SYSTEM, others(), {})["reason"][0]
    assert "by score alone" in propose_on_map(grid, SYSTEM, others(), gone)["reason"][0]


@pytest.mark.parametrize(("best_known", "bar"), [(1.0, "the best known 1 mm"), (0.9, "1 mm, none being known")])
def test_a_bulk_glass_of_one_millimetre_is_a_bar_to_beat(best_known, bar):
    grid = transfer_grid().assign(best_known_mm=best_known)
    assert f"above {bar}, the most" in propose_on_map(grid, SYSTEM, others("chance_of_better"), {})["reason"][0]


@pytest.mark.parametrize(("count", "is_named"), [(29, True), (30, False)])
def test_an_element_of_few_alloys_is_named(count, is_named):
    table = propose_on_map(transfer_grid().assign(n_with_rarest_element=count), SYSTEM, others(), {})
    assert table["reason"].str.endswith(f"; only {count} known alloys hold Al").all() == is_named


def test_an_alloy_explained_exactly_enough_and_just_far_enough_away_may_be_proposed():
    grid = transfer_grid()
    at_pct = at_pct_of(grid)
    grid = grid.assign(explained=np.where((at_pct == AWAY).all(axis=1), 0.6, 0.5))
    assert at_pct_of(propose_on_map(grid, SYSTEM, others(least_explained=0.6), {})).tolist() == [AWAY.tolist()]
    near = grid.assign(explained=1.0)
    pending = (composition_key(dict(zip(ELEMENTS, np.add(AWAY, [5, -5, 0]).tolist(), strict=True))),)
    first = propose_on_map(near, SYSTEM, others(pending=pending, apart_at_pct=5), {})
    assert at_pct_of(first)[0].tolist() == AWAY.tolist()
    assert (
        at_pct_of(propose_on_map(near, SYSTEM, others(pending=pending, apart_at_pct=6), {}))[0].tolist()
        != AWAY.tolist()
    )


def test_the_price_of_every_candidate_is_that_of_its_elements():
    practice = CastingPractice(prices={"Zr": 40.0, "Al": 3.0, "Cu": 10.0})
    table = propose_on_map(transfer_grid(), SYSTEM, others(practice=practice), {})
    mass = np.array([91.224, 26.982, 63.546])
    for at_pct, price in zip(at_pct_of(table), table["price_per_kg"], strict=True):
        assert price == pytest.approx((at_pct * mass) @ [40, 3, 10] / (at_pct @ mass), rel=1e-4)


def test_a_table_of_candidates_says_what_a_map_says_there():
    grid = transfer_grid()
    table = propose_on_map(grid, SYSTEM, others(picks=4), {})
    rows = grid.set_index("composition").loc[table["composition"]].reset_index()
    for column in ("dmax_mm", "interval_low_mm", "interval_high_mm", "expected_gain_mm", "chance_of_better"):
        assert table[column].tolist() == rows[column].tolist()
    paper = propose_on_map(prediction_grid(), SYSTEM, by_paper(), {})
    assert paper[["expected_gain_mm", "chance_of_better"]].isna().all(axis=None)
    assert set(table["target_system"]) == set(paper["target_system"]) == {"Zr-Al-Cu"}


def weighed(grid, **more):
    """The map with two objectives: D_max, and the amount of Al."""
    al = at_pct_of(grid)[:, 1]
    found = {
        "dmax": Objective("dmax", "D_max", "mm", True, grid["dmax_mm"].to_numpy(float)),
        "al": Objective("al", "Al", "at.%", False, al),
    }
    return ObjectiveTable(SYSTEM.key, list(grid["composition"]), found | more)


def test_weights_choose_what_is_best_in_their_sum_apart_and_near_to_what_is_known():
    grid = transfer_grid()
    grid = grid.assign(is_trusted=at_pct_of(grid)[:, 0] >= 30)
    light = propose_on_map(
        grid, SYSTEM, others("weighted", weights={"al": -1.0}, apart_at_pct=10), {}, None, weighed(grid)
    )
    trusted = at_pct_of(grid[grid["is_trusted"]])
    first, second = at_pct_of(light)
    assert first[1] == trusted[:, 1].min()
    assert first[0] >= 30
    assert apart(first, second) >= 10
    assert "the highest weighted sum (al -1) of " in light["reason"].iloc[0]
    both = propose_on_map(grid, SYSTEM, others("weighted", weights={"dmax": 1.0, "al": 5.0}), {}, None, weighed(grid))
    assert at_pct_of(both)[0][1] > first[1]


def test_least_and_most_values_hold_whatever_the_rule_and_a_missing_value_is_out():
    grid = transfer_grid()
    al = at_pct_of(grid)[:, 1]
    half = Objective("half", "half", "", True, np.where(al > 40, np.nan, al))
    choice = others(at_least={"al": 20.0}, at_most={"half": 30.0}, picks=3)
    found = propose_on_map(grid, SYSTEM, choice, {}, None, weighed(grid, half=half))
    assert ((at_pct_of(found)[:, 1] >= 20) & (at_pct_of(found)[:, 1] <= 30)).all()
    assert found["limits"].iloc[0] == "al at least 20; half at most 30"
    with pytest.raises(CandidateError, match="al at least 200"):
        propose_on_map(grid, SYSTEM, others(at_least={"al": 200.0}), {}, None, weighed(grid))
    with pytest.raises(ObjectiveError, match="There is no objective 'tg'"):
        propose_on_map(grid, SYSTEM, others(at_least={"tg": 700.0}), {}, None, weighed(grid))


def test_where_nothing_can_be_believed_weights_choose_nothing():
    grid = transfer_grid().assign(is_trusted=False)
    with pytest.raises(CandidateError, match="near enough to what is known"):
        propose_on_map(grid, SYSTEM, others("weighted", weights={"dmax": 1.0}), {}, None, weighed(grid))
