"""Iterations: the same casts replace the last one, other casts are the next one, and nothing earlier is lost."""

import pandas as pd

from bmg_assets.science.iterations import lab_fingerprint, record_iteration

NONE_YET = pd.DataFrame(columns=["iteration", "lab_fingerprint", "n_lab", "fusion_r2"])


def entry(fingerprint, r2=0.8):
    return {"lab_fingerprint": fingerprint, "n_lab": 2, "fusion_r2": r2}


def recorded(*entries):
    table = NONE_YET
    for one in entries:
        table = record_iteration(table, one)
    return table


def test_the_first_training_is_iteration_zero():
    table = record_iteration(NONE_YET, entry("none"))
    assert table.to_dict("records") == [{"lab_fingerprint": "none", "n_lab": 2, "fusion_r2": 0.8, "iteration": 0}]


def test_other_casts_are_appended_as_the_next_iteration():
    table = recorded(entry("none", 0.7), entry("a", 0.8), entry("b", 0.9))
    assert table["iteration"].tolist() == [0, 1, 2]
    assert table["lab_fingerprint"].tolist() == ["none", "a", "b"]
    assert table["fusion_r2"].tolist() == [0.7, 0.8, 0.9]
    assert table.index.tolist() == [0, 1, 2]


def test_training_anew_on_the_same_casts_replaces_the_last_iteration_alone():
    table = recorded(entry("none", 0.7), entry("a", 0.8), entry("a", 0.85))
    assert table["iteration"].tolist() == [0, 1]
    assert table["fusion_r2"].tolist() == [0.7, 0.85]


def test_training_anew_before_any_cast_stays_iteration_zero():
    table = recorded(entry("none", 0.7), entry("none", 0.75))
    assert table["iteration"].tolist() == [0]
    assert table["fusion_r2"].tolist() == [0.75]


def test_casts_that_were_known_before_the_last_iteration_are_a_new_one():
    table = recorded(entry("a", 0.7), entry("b", 0.8), entry("a", 0.9))
    assert table["iteration"].tolist() == [0, 1, 2]
    assert table["fusion_r2"].tolist() == [0.7, 0.8, 0.9]


def test_the_previous_table_is_not_changed():
    previous = recorded(entry("none"), entry("a"))
    before = previous.copy(deep=True)
    record_iteration(previous, entry("a", 0.1))
    pd.testing.assert_frame_equal(previous, before)


def casts(**dmax_mm):
    return pd.DataFrame(
        {
            "composition": list(dmax_mm),
            "dmax_mm": list(dmax_mm.values()),
            "glass_class": ["bulk" if d >= 1 else "ribbon" for d in dmax_mm.values()],
            "n_casts": range(len(dmax_mm)),
        }
    )


def test_casts_are_the_same_whatever_their_order_and_what_training_does_not_see():
    one, other = casts(Cu50Zr50=2.0, Al10Zr90=0.2), casts(Al10Zr90=0.2, Cu50Zr50=2.0)
    assert lab_fingerprint(one) == lab_fingerprint(other)


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
