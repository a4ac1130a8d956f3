"""Reports over time: what is skipped, refused, superseded, withdrawn, and what is kept of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.casts.cast import Verdict, differing_column
from bmg_assets.science.casts.merging import merge_casts
from bmg_assets_tests.science.casts.examples import cast, rod

FIRST = rod("S1", 2)
CORRECTED = rod("S1", 2, "crystalline", supersedes="S1")


def of_file(report, source, line=2):
    return replace(report, source=source, line=line)


def test_new_samples_are_all_current():
    merge = merge_casts([rod("S1", 1)], [rod("S2", 1.5), rod("S3", 2)])
    assert [report.sample_id for report in merge.current] == ["S1", "S2", "S3"]
    assert merge.accepted == merge.current
    assert merge.superseded == merge.refusals == merge.skipped == ()


def test_equal_report_is_skipped_and_says_where_the_first_is():
    merge = merge_casts([of_file(FIRST, "a.csv", 7)], [of_file(FIRST, "b.csv", 3)])
    assert len(merge.current) == 1
    (skipped,) = merge.skipped
    assert (skipped.line, skipped.source, skipped.sample_id) == (3, "b.csv", "S1")
    assert "line 7 of a.csv" in skipped.reason


def test_equal_means_the_same_alloy_however_it_is_written():
    other = cast("S1", dimension_mm="2", composition_nominal="Cu45 Al05 Zr50")
    assert len(merge_casts([FIRST], [other]).skipped) == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"verdict": "crystalline"}, "verdict"),
        ({"dimension_mm": "2.5"}, "dimension_mm"),
        ({"composition_nominal": "Zr50Al6Cu44"}, "composition_nominal"),
        ({"test_date": "2026-02-01"}, "test_date"),
        ({"method": "tilt_casting"}, "method"),
        ({"tg_K": "690"}, "tg_K"),
        ({"note": "oxide skin"}, "note"),
        ({"furnace": "B"}, "furnace"),
    ],
)
def test_different_report_is_refused_and_the_first_stays(cells, column):
    changed = cast("S1", **{"dimension_mm": "2", **cells})
    merge = merge_casts([FIRST], [changed])
    assert merge.current == (FIRST,)
    (refusal,) = merge.refusals
    assert (refusal.column, refusal.value) == ("sample_id", "S1")
    assert f"another {column}" in refusal.reason
    assert "supersedes" in refusal.fix


def test_correction_replaces_and_keeps_history():
    merge = merge_casts([FIRST], [CORRECTED])
    assert merge.current == (CORRECTED,)
    assert merge.accepted == (FIRST, CORRECTED)
    assert [(pair.cast, pair.by) for pair in merge.superseded] == [(FIRST, CORRECTED)]


def test_sample_of_another_name_replaces_the_one_it_names():
    again = rod("S1b", 2, "crystalline", supersedes="S1")
    merge = merge_casts([FIRST, rod("S2", 3)], [again])
    assert [report.sample_id for report in merge.current] == ["S2", "S1b"]
    assert merge.superseded[0].cast == FIRST


@pytest.mark.parametrize("verdict", ["withdrawn", "failed_cast"])
def test_withdrawal_leaves_nothing_that_gives_a_label(verdict):
    withdrawal = rod("S1", 2, verdict, supersedes="S1")
    assert withdrawal.is_withdrawal
    merge = merge_casts([FIRST], [withdrawal])
    assert [report.verdict for report in merge.current] == [Verdict.FAILED_CAST]
    assert merge.superseded[0].cast == FIRST


def test_failed_cast_that_replaces_nothing_is_no_withdrawal():
    assert not rod("S1", 2, "failed_cast").is_withdrawal


def test_withdrawal_can_be_superseded():
    withdrawal, back = rod("S1", 2, "withdrawn", supersedes="S1"), rod("S1", 2, supersedes="S1")
    merge = merge_casts([FIRST, withdrawal], [back])
    assert merge.current == (back,)
    assert len(merge.superseded) == 2


def test_superseding_an_unknown_sample_is_refused():
    merge = merge_casts([FIRST], [rod("S2", 2, supersedes="S9")])
    (refusal,) = merge.refusals
    assert (refusal.column, refusal.value) == ("supersedes", "S9")
    assert merge.current == (FIRST,)


def test_superseding_what_was_superseded_names_the_report_to_supersede():
    second, third = rod("S2", 2, supersedes="S1"), rod("S3", 2, supersedes="S1")
    (refusal,) = merge_casts([FIRST, second], [third]).refusals
    assert "'S2'" in refusal.reason
    assert "S2" in refusal.fix


def test_correction_before_its_original_wins():
    """Two files may come in in either order: the original, late, must not undo its correction."""
    merge = merge_casts([], [CORRECTED, FIRST])
    assert merge.current == (CORRECTED,)
    assert [refusal.value for refusal in merge.refusals] == ["S1"]


def test_old_file_that_reappears_undoes_no_correction():
    merge = merge_casts([FIRST, CORRECTED], [FIRST])
    assert merge.current == (CORRECTED,)
    assert "superseded" in merge.skipped[0].reason


def test_two_samples_cannot_supersede_each_other():
    merge = merge_casts([], [rod("A", 1), rod("B", 1, supersedes="A"), rod("A", 2, supersedes="B")])
    assert [report.sample_id for report in merge.current] == ["B"]
    assert [refusal.column for refusal in merge.refusals] == ["sample_id"]


PLAN = rod("S1", 2, "planned")


@pytest.mark.parametrize("result", [FIRST, rod("S1", 1.5, "crystalline", test_date="2026-02-28"), CORRECTED])
def test_a_result_takes_the_place_of_its_plan_without_naming_it(result):
    merge = merge_casts([PLAN], [result])
    assert merge.current == (result,)
    assert [(pair.cast, pair.by) for pair in merge.superseded] == [(PLAN, result)]
    assert merge.accepted == (PLAN, result)


def test_a_second_result_is_judged_by_the_first_not_by_the_plan():
    merge = merge_casts([PLAN, FIRST], [rod("S1", 2, "crystalline")])
    assert merge.current == (FIRST,)
    assert "another verdict: amorphous there, crystalline here" in merge.refusals[0].reason


@pytest.mark.parametrize(
    ("plan", "column"),
    [
        (rod("S1", 3, "planned"), "sample_id"),
        (rod("S1", 3, "planned", supersedes="S1"), "sample_id"),
        (rod("S9", 3, "planned", supersedes="S1"), "supersedes"),
    ],
)
def test_a_plan_takes_the_place_of_no_result(plan, column):
    merge = merge_casts([FIRST], [plan])
    assert merge.current == (FIRST,)
    (refusal,) = merge.refusals
    assert refusal.column == column
    assert "a plan takes the place of no result" in f"{refusal.reason} {refusal.fix}"


def test_a_plan_that_comes_again_after_its_result_is_skipped():
    merge = merge_casts([PLAN, FIRST], [PLAN])
    assert merge.current == (FIRST,)
    assert len(merge.skipped) == 1


def test_a_plan_that_changes_names_the_plan_that_it_replaces():
    changed = rod("S1", 3, "planned")
    assert merge_casts([PLAN], [changed]).current == (PLAN,)
    named = rod("S1", 3, "planned", supersedes="S1")
    assert merge_casts([PLAN], [named]).current == (named,)


def test_a_plan_can_be_withdrawn():
    withdrawal = rod("S1", 2, "withdrawn", supersedes="S1")
    assert merge_casts([PLAN], [withdrawal]).current == (withdrawal,)


def test_a_result_can_replace_its_plan_and_another_sample():
    result = rod("S1", 2, supersedes="S2")
    merge = merge_casts([PLAN, rod("S2", 2, "crystalline")], [result])
    assert merge.current == (result,)
    assert [pair.cast.sample_id for pair in merge.superseded] == ["S2", "S1"]


def test_reports_are_compared_by_content():
    assert differing_column(FIRST, of_file(FIRST, "other.csv", 9)) is None
    assert differing_column(FIRST, CORRECTED) == "verdict"


names = st.sampled_from(["A", "B", "C"])
reports = st.lists(
    st.builds(
        lambda name, size, verdict, target: rod(name, size, verdict, supersedes=target),
        names,
        st.sampled_from([1.0, 1.5]),
        st.sampled_from(["amorphous", "failed_cast", "crystalline", "planned"]),
        st.none() | names,
    ),
    max_size=8,
).map(lambda casts: [replace(report, line=line) for line, report in enumerate(casts, start=2)])


@given(reports, st.integers(0, 8))
def test_merging_in_steps_is_merging_at_once(casts, split):
    once = merge_casts([], casts)
    first = merge_casts([], casts[:split])
    second = merge_casts(first.accepted, casts[split:])
    assert (second.accepted, second.current, second.superseded) == (once.accepted, once.current, once.superseded)
    assert first.refusals + second.refusals == once.refusals
    assert first.skipped + second.skipped == once.skipped


@given(reports)
def test_every_report_has_one_end_and_every_sample_one_current_report(casts):
    merge = merge_casts([], casts)
    lines = [end.line for end in (*merge.accepted, *merge.refusals, *merge.skipped)]
    assert sorted(lines) == [report.line for report in casts]
    current = [report.sample_id for report in merge.current]
    assert len(current) == len(set(current))
    replaced = [pair.cast for pair in merge.superseded]
    assert sorted(report.line for report in (*merge.current, *replaced)) == [report.line for report in merge.accepted]


@given(reports)
def test_sending_everything_again_changes_nothing(casts):
    once = merge_casts([], casts)
    again = merge_casts(once.accepted, once.accepted)
    assert (again.accepted, again.current) == (once.accepted, once.current)
    assert len(again.skipped) == len(once.accepted)
