"""Which training is which iteration, what it knew, and what it found."""

import pandas as pd
import pytest

from bmg_assets.science.casts.iterations import (
    distance_at_pct,
    first_known,
    iterations_before,
    lab_fingerprint,
    mean_error_of,
    next_number,
    rounds_of_casts,
    what_was_found,
    what_was_known,
    whether_to_go_on,
    with_iteration,
    with_proposals,
)

NONE_YET = pd.DataFrame(columns=["iteration", "lab_fingerprint", "known_compositions", "known_sample_ids"])
NO_PROPOSALS = pd.DataFrame(columns=["iteration", "composition", "by_last_training"]).astype({"by_last_training": bool})


def casts(**dmax_mm):
    return pd.DataFrame(
        {
            "composition": list(dmax_mm),
            "dmax_mm": pd.Series(list(dmax_mm.values()), dtype=float),
            "glass_class": ["bulk" if (d or 0) >= 1 else "ribbon" for d in dmax_mm.values()],
            "sample_ids": [[f"{name}-b", f"{name}-a"] for name in dmax_mm],
            "n_casts": range(len(dmax_mm)),
        }
    )


NO_CASTS, ONE, TWO = casts(), casts(Cu50Zr50=2.0), casts(Cu50Zr50=2.0, Al10Zr90=0.2)


def recorded(*labs):
    """The iterations after trainings with these casts, one after the other."""
    table = NONE_YET
    for r2, lab in enumerate(labs):
        earlier = iterations_before(table, lab)
        table = with_iteration(earlier, {**what_was_known(earlier, lab), "fusion_r2": r2 / 10})
    return table


def test_the_first_training_is_iteration_zero():
    assert recorded(NO_CASTS)["iteration"].tolist() == [0]
    assert next_number(NONE_YET) == 0


def test_rounds_count_casts_and_not_corrections():
    assert rounds_of_casts(recorded(NO_CASTS, ONE, TWO)).to_dict() == {0: 0, 1: 1, 2: 2}
    assert rounds_of_casts(recorded(ONE, TWO)).to_dict() == {0: 1, 1: 2}
    assert rounds_of_casts(recorded(NO_CASTS, TWO, ONE)).to_dict() == {0: 0, 1: 1, 2: 1}  # one was withdrawn


def test_other_casts_are_appended_as_the_next_iteration():
    table = recorded(NO_CASTS, ONE, TWO)
    assert table["iteration"].tolist() == [0, 1, 2]
    assert table["lab_fingerprint"].nunique() == 3
    assert table["fusion_r2"].tolist() == [0, 0.1, 0.2]


@pytest.mark.parametrize("lab", [NO_CASTS, ONE])
def test_training_anew_on_the_same_casts_replaces_the_last_iteration_alone(lab):
    table = recorded(TWO, lab, lab)
    assert table["iteration"].tolist() == [0, 1]
    assert table["fusion_r2"].tolist() == [0, 0.2]


def test_casts_that_were_known_before_the_last_iteration_are_a_new_one():
    assert recorded(ONE, TWO, ONE)["iteration"].tolist() == [0, 1, 2]


def test_an_iteration_says_what_it_knew_and_what_of_it_was_new():
    zero, one, two, three = recorded(NO_CASTS, ONE, TWO, casts(Al10Zr90=0.2)).to_dict("records")
    assert (zero["known_compositions"], zero["n_new_casts"]) == ([], 0)
    assert pd.isna([zero["best_cast_mm"], zero["best_cast_composition"]]).all()
    assert (one["known_compositions"], one["known_dmax_mm"], one["new_compositions"]) == (
        ["Cu50Zr50"],
        [2.0],
        ["Cu50Zr50"],
    )
    assert two["known_compositions"] == ["Al10Zr90", "Cu50Zr50"]
    assert (two["new_compositions"], two["new_sample_ids"]) == (["Al10Zr90"], ["Al10Zr90-a", "Al10Zr90-b"])
    assert (two["n_new_casts"], two["best_cast_mm"], two["best_cast_composition"]) == (2, 2.0, "Cu50Zr50")
    assert (three["new_compositions"], three["best_cast_mm"]) == ([], 0.2)


def test_trained_anew_the_new_casts_are_those_since_the_iteration_before_not_since_the_one_replaced():
    assert recorded(NO_CASTS, ONE, ONE)["new_compositions"].tolist() == [[], ["Cu50Zr50"]]


def test_an_alloy_is_first_known_where_it_first_had_a_label_also_if_it_was_withdrawn_since():
    earlier = recorded(NO_CASTS, ONE, NO_CASTS, TWO)
    assert first_known(earlier, casts(Cu50Zr50=2.0, Al20Zr80=None, Al30Zr70=1.0)) == {
        "Cu50Zr50": 1,
        "Al10Zr90": 3,
        "Al30Zr70": 4,
    }


def test_the_identity_of_the_casts_is_that_of_what_training_sees():
    one, other = casts(Cu50Zr50=2.0, Al10Zr90=0.2), casts(Al10Zr90=0.2, Cu50Zr50=2.0)
    assert lab_fingerprint(one) == lab_fingerprint(other.assign(n_casts=9))
    # A plan, an unclear verdict, a quarantined ladder: a row without a label.
    assert lab_fingerprint(casts(Cu50Zr50=2.0, Al10Zr90=0.2, Al20Zr80=None)) == lab_fingerprint(one)


def test_another_label_or_cast_is_another_set_of_casts():
    known = casts(Cu50Zr50=2.0, Al10Zr90=0.2)
    others = [
        casts(Cu50Zr50=2.5, Al10Zr90=0.2),
        casts(Cu50Zr50=2.0),
        casts(),
        casts(Cu50Zr50=2.0, Al10Zr90=0.2, Al20Zr80=0.2),
        known.assign(glass_class=["ribbon", "ribbon"]),
    ]
    assert len({lab_fingerprint(table) for table in [known, *others]}) == 6


def test_the_maximum_moves_by_the_largest_difference_in_any_element():
    grid = pd.DataFrame(
        {
            "composition": ["Al20Cu60Zr20", "Al12Cu30Zr58"],
            "at_pct": [[20.0, 20.0, 60.0], [58.0, 12.0, 30.0]],
            "dmax_mm": [1.0, 3.0],
        }
    )
    beside = pd.DataFrame([{"composition": "Al5Cu45Zr50", "kind": "pick", "rank": 1, "is_recommended": False}])
    candidates = pd.concat([grid.assign(kind="pick", rank=[2, 1], is_recommended=True), beside, beside])
    first = what_was_found(NONE_YET, grid, candidates)
    assert (first["best_composition"], first["best_predicted_mm"], first["moved_at_pct"]) == ("Al12Cu30Zr58", 3.0, None)
    assert (first["picks"], first["n_candidates"]) == (["Al12Cu30Zr58", "Al20Cu60Zr20"], 3)
    earlier = pd.DataFrame([{"iteration": 0, **first}])
    assert what_was_found(earlier, grid.assign(dmax_mm=[4.0, 3.0]), candidates)["moved_at_pct"] == 38
    assert distance_at_pct([20, 20, 60], [28, 19, 53]) == 8


@pytest.mark.parametrize(("chance", "kept"), [(0.25, 0.25), (float("nan"), None)])
def test_the_chance_of_more_is_that_of_the_candidates_and_stays_empty_where_nothing_is_said(chance, kept):
    grid = pd.DataFrame({"best_known_mm": [2.5, 2.5]})
    candidates = pd.DataFrame({"chance_of_more": [chance] * 2, "more_than_mm": [1.0] * 2})
    assert whether_to_go_on(grid, candidates) == {"best_known_mm": 2.5, "chance_of_more": kept, "more_than_mm": 1.0}


def test_the_mean_error_is_that_of_the_new_alloys_with_a_prediction():
    outcomes = pd.DataFrame({"composition": ["a", "b", "c", "d"], "error_mm": [-1.0, 2.0, None, 9.0]})
    assert mean_error_of(outcomes, ["a", "b", "c"]) == 1.5
    assert mean_error_of(outcomes, ["c"]) is None
    assert mean_error_of(outcomes, []) is None


def proposed(*compositions):
    return pd.DataFrame({"composition": list(compositions), "rank": range(1, len(compositions) + 1)})


def test_what_an_earlier_training_of_the_same_iteration_had_proposed_is_kept_and_marked():
    table = with_proposals(NO_PROPOSALS, proposed("a", "b"), 0)
    table = with_proposals(table, proposed("b", "c"), 0)
    table = with_proposals(table, proposed("a"), 1)
    rows = list(zip(table["iteration"], table["composition"], table["rank"], table["by_last_training"], strict=True))
    assert rows == [(0, "a", 1, False), (0, "b", 1, True), (0, "c", 2, True), (1, "a", 1, True)]
