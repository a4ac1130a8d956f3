"""Scores in long form, and the sets of systems."""

from bmg_assets.science.evidence.regime_scores import SystemSet, as_regime_scores, regime_score_rows


def test_a_metric_without_a_weight_of_its_own_weighs_one() -> None:
    rows = regime_score_rows({"auc": 0.5, "held_bulk_90%": 1.0}, {"held_bulk_90%": 7.0}, "half_known", "nearest", "A-B")
    frame = as_regime_scores(rows)
    assert frame["weight"].tolist() == [1.0, 7.0]
    assert set(frame["regime"] + frame["strategy"] + frame["left_out_system"]) == {"half_knownnearestA-B"}


def test_sets_hold_their_systems() -> None:
    assert [one for one in SystemSet if one.holds("Ca-Mg-Zn")] == [
        SystemSet.BOTH_KINDS, SystemSet.FIRST_39, SystemSet.UP_TO_THREE, SystemSet.ALL
    ]  # fmt: skip
    assert [one for one in SystemSet if one.holds("Al-Cu-Zr")] == [
        SystemSet.BOTH_KINDS,
        SystemSet.UP_TO_THREE,
        SystemSet.ALL,
    ]
    assert [one for one in SystemSet if one.holds("Al-B-Co")] == [
        SystemSet.WITHOUT_BULK,
        SystemSet.UP_TO_THREE,
        SystemSet.ALL,
    ]
    assert [one for one in SystemSet if one.holds("A-B-C-D")] == [SystemSet.ALL]
