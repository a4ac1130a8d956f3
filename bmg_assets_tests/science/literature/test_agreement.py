"""Contradictions of two labelled sets: known cases, properties, and sets that cannot be compared."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.literature.agreement import CONTRADICTION_COLUMNS, find_contradictions

COLUMNS = ["composition", "glass_class", "dmax_mm"]


def labels(*rows: tuple[str, str | None, float | None]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS)


def test_another_class_is_a_contradiction_and_the_row_shows_both_sides() -> None:
    found = find_contradictions(labels(("Cu50Zr50", "bulk", 2.0)), labels(("Cu50Zr50", "ribbon", None)))
    (row,) = found.to_dict("records")
    assert tuple(found.columns) == CONTRADICTION_COLUMNS
    assert (row["composition"], row["ours_class"], row["theirs_class"], row["kind"]) == (
        "Cu50Zr50",
        "bulk",
        "ribbon",
        "class",
    )
    assert row["ours_dmax_mm"] == 2.0
    assert pd.isna(row["theirs_dmax_mm"])


@pytest.mark.parametrize(
    ("ours_mm", "theirs_mm", "contradict"),
    [
        (10.0, 7.5, False),  # exactly a quarter of the larger one
        (7.5, 10.0, False),
        (10.0, 7.4, True),
        (7.4, 10.0, True),
        (16.0, 8.0, True),
        (2.0, None, False),
        (None, 2.0, False),
    ],
)
def test_diameters_contradict_beyond_a_quarter_of_the_larger(
    ours_mm: float | None, theirs_mm: float | None, contradict: bool
) -> None:
    found = find_contradictions(labels(("Cu64Zr36", "bulk", ours_mm)), labels(("Cu64Zr36", "bulk", theirs_mm)))
    assert found["kind"].tolist() == (["dmax"] if contradict else [])


def test_the_tolerance_is_used() -> None:
    sets = labels(("Cu64Zr36", "bulk", 10.0)), labels(("Cu64Zr36", "bulk", 8.0))
    assert find_contradictions(*sets).empty
    assert find_contradictions(*sets, tolerance=0.1)["kind"].tolist() == ["dmax"]


def test_what_is_not_known_or_not_shared_contradicts_nothing() -> None:
    ours = labels(("Au75Si25", "ribbon", None), ("Cu64Zr36", "bulk", 2.0), ("Al90Y10", "ribbon", None))
    theirs = labels(("Au75Si25", None, None), ("Fe80B20", "crystalline", None), ("Al90Y10", "ribbon", None))
    assert find_contradictions(ours, theirs).empty


def test_contradictions_come_by_composition() -> None:
    ours = labels(("Cu64Zr36", "bulk", 2.0), ("Al90Y10", "ribbon", None))
    theirs = labels(("Cu64Zr36", "ribbon", None), ("Al90Y10", "crystalline", None))
    assert find_contradictions(ours, theirs)["composition"].tolist() == ["Al90Y10", "Cu64Zr36"]


def test_empty_sets_give_an_empty_answer_with_its_columns() -> None:
    found = find_contradictions(labels(), labels())
    assert found.empty
    assert tuple(found.columns) == CONTRADICTION_COLUMNS


def test_a_composition_twice_in_one_set_is_refused() -> None:
    twice = labels(("Cu64Zr36", "bulk", 2.0), ("Cu64Zr36", "ribbon", None))
    with pytest.raises(ValueError, match="`theirs` holds Cu64Zr36 more than once"):
        find_contradictions(labels(), twice)


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(ValueError, match="`ours` has no column glass_class, dmax_mm"):
        find_contradictions(pd.DataFrame({"composition": ["Cu64Zr36"]}), labels())


@pytest.mark.parametrize("tolerance", [-0.1, 1.1, float("nan")])
def test_a_tolerance_that_is_no_share_is_refused(tolerance: float) -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        find_contradictions(labels(), labels(), tolerance=tolerance)


labelled = st.one_of(
    st.tuples(st.sampled_from(["crystalline", "ribbon"]), st.none()),
    st.tuples(st.just("bulk"), st.floats(min_value=1, max_value=80)),
)
labelled_sets = st.dictionaries(st.sampled_from(["Al90Y10", "Au75Si25", "Cu64Zr36", "Fe80B20", "Ni62Nb38"]), labelled)


def frame(labelled_set: dict[str, tuple[str, float | None]]) -> pd.DataFrame:
    return labels(*((composition, *label) for composition, label in labelled_set.items()))


@given(labelled_sets, labelled_sets)
def test_both_sides_find_the_same_contradictions(
    one: dict[str, tuple[str, float | None]], other: dict[str, tuple[str, float | None]]
) -> None:
    forth = find_contradictions(frame(one), frame(other))
    back = find_contradictions(frame(other), frame(one))
    assert forth[["composition", "kind"]].to_dict("records") == back[["composition", "kind"]].to_dict("records")


@given(labelled_sets)
def test_a_set_never_contradicts_itself(one: dict[str, tuple[str, float | None]]) -> None:
    assert find_contradictions(frame(one), frame(one), tolerance=0).empty
