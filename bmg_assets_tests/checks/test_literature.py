"""Each examination of the literature passes on good rows, and fails on the fault that it is there for."""

import pandas as pd
import pytest

from bmg_assets.checks import literature as checks
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS


def reports(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": "starter",
            "status": ["accepted"] * 9 + ["refused"],
            "composition": [f"Cu{n}Zr{100 - n}" for n in range(50, 59)] + [None],
            "glass_class": ["bulk"] * 9 + [None],
            "kind": ["bulk"] * 9 + [None],
            "rules": [["class_from_code"]] * 9 + [["formula_not_parsed"]],
            "class_reported": "BMG",
            "reason": [None] * 9 + ["Found no amounts."],
        }
        | columns
    )


def alloys(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "composition": ["Cu50Zr50", "Al10Ni90", "Al10Cu30Zr60"],
            "at_pct": [[50.0, 50.0], [10.0, 90.0], [10.0, 30.0, 60.0]],
            "glass_class": ["ribbon", "crystalline", "bulk"],
            "dmax_low_mm": [0.0, 0.0, 5.0],
            "dmax_high_mm": [1.0, 0.0, None],
        }
        | columns
    )


def descriptors(rows: int = 40) -> pd.DataFrame:
    return pd.DataFrame({"failure": [None] * rows} | dict.fromkeys(PAPER_DESCRIPTORS, [1.5] * rows))


def test_a_refused_report_says_why_and_an_accepted_one_is_usable() -> None:
    assert checks.refusals_have_reasons(reports()).passed
    silent = checks.refusals_have_reasons(reports(reason=None))
    assert (silent.passed, silent.figures["refused_without_reason"]) == (False, 1)
    for column in ("composition", "glass_class"):
        unusable = checks.refusals_have_reasons(reports(**{column: None}))
        assert (unusable.passed, unusable.figures["accepted_but_unusable"]) == (False, 9)


def test_a_source_that_contradicts_the_others_is_named() -> None:
    n = 30
    rows = pd.DataFrame(
        {
            "source": ["one"] * n + ["two"] * n,
            "source_row": [*range(1, n + 1)] * 2,
            "status": "accepted",
            "copy_of": None,
            "composition": [f"Cu{copper}Zr{100 - copper}" for copper in range(30, 30 + n)] * 2,
            "glass_class": "bulk",
            "dmax_mm": [float(1 + place) for place in range(n)] * 2,
        }
    )
    assert checks.sources_agree(rows).passed
    wrong = checks.sources_agree(rows.assign(dmax_mm=rows["dmax_mm"].where(rows["source"] == "one", 50.0)))
    assert not wrong.passed
    assert [sentence.split()[0] for sentence in wrong.figures["contradicting"]] == ["one", "two"]


def test_films_are_counted_as_glass_or_crystalline() -> None:
    films = pd.DataFrame(
        {"composition": ["Cu50Zr50"], "n_reports": 2, "n_glass": 1, "n_crystalline": 1, "is_glass": True}
    )
    assert checks.films_are_counted_once(films).passed
    assert not checks.films_are_counted_once(films.assign(n_glass=2)).passed
    assert not checks.films_are_counted_once(films.assign(is_glass=False)).passed


def test_a_film_has_no_class_and_is_no_fault() -> None:
    for status in ("set_apart", "copied"):
        apart = reports(
            status=[status] + ["accepted"] * 9,
            glass_class=[None] + ["bulk"] * 9,
            kind=["film"] + ["bulk"] * 9,
            composition="Cu50Zr50",
        )
        assert checks.refusals_have_reasons(apart).passed


def test_rows_that_a_declaration_sets_aside_do_not_speak_against_it() -> None:
    assert checks.most_are_accepted(reports(status="refused", rules=[["not_a_casting"]] * 10)).passed
    assert not checks.most_are_accepted(reports(status="refused", rules=[["unreadable_value"]] * 10)).passed


def test_a_class_code_that_nobody_declared_is_named() -> None:
    assert checks.classes_are_declared(reports()).passed
    finding = checks.classes_are_declared(reports(rules=[["class_from_code"]] * 8 + [["unknown_class"]] * 2))
    assert not finding.passed
    assert finding.figures["undeclared"] == [
        "starter has the class 'BMG' in 2 rows, which its codes in sources.yaml do not declare; these rows are refused."
    ]


def test_a_source_that_could_not_be_read_is_named() -> None:
    assert checks.all_are_read({}).passed
    finding = checks.all_are_read({"small": "It is not the declared file."})
    assert (finding.passed, finding.figures["unread"]) == (False, ["It is not the declared file."])


@pytest.mark.parametrize(("refused", "passed"), [(0, True), (2, True), (3, False)])
def test_few_rows_of_a_source_are_refused(refused: int, passed: bool) -> None:
    status = ["refused"] * refused + ["accepted"] * (10 - refused)
    # A large good source does not hide a small bad one.
    both = pd.concat([reports(status=status), *[reports(source="large", status="accepted")] * 20])
    finding = checks.most_are_accepted(both)
    assert finding.passed is passed
    assert finding.figures["refused_share"] == {"large": 0.0, "starter": refused / 10}


def test_amounts_sum_to_hundred() -> None:
    assert checks.amounts_sum_to_hundred(alloys()).passed
    finding = checks.amounts_sum_to_hundred(alloys(at_pct=[[50.0, 50.0], [10.0, 90.0], [10.0, 30.0, 59.9]]))
    assert (finding.passed, finding.figures["wrong_sum"]) == (False, ["Al10Cu30Zr60"])


def test_all_three_classes_are_needed() -> None:
    assert checks.all_classes_are_there(alloys()).passed
    finding = checks.all_classes_are_there(alloys(glass_class=["ribbon", "bulk", "bulk"]))
    assert (finding.passed, finding.figures) == (False, {"bulk": 2, "ribbon": 1})


def test_an_interval_is_not_upside_down() -> None:
    assert checks.labels_lie_in_intervals(alloys()).passed
    finding = checks.labels_lie_in_intervals(alloys(dmax_low_mm=[2.0, 0.0, 5.0]))
    assert (finding.passed, finding.figures["upside_down"]) == (False, ["Cu50Zr50"])


@pytest.mark.parametrize(("failed", "passed"), [(0, True), (2, True), (3, False)])
def test_few_alloys_are_not_described(failed: int, passed: bool) -> None:
    frame = descriptors(40)
    frame.loc[: failed - 1, "failure"] = "Found no data of Og."
    finding = checks.most_are_described(frame)
    assert (finding.passed, finding.figures["not_described"]) == (passed, failed)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_described_alloy_has_all_numbers(value: float) -> None:
    frame = descriptors()
    assert checks.described_are_finite(frame).passed
    frame.loc[3, PAPER_DESCRIPTORS[-1]] = value
    assert not checks.described_are_finite(frame).passed
    frame.loc[3, "failure"] = "Found no data of Og."
    assert checks.described_are_finite(frame).passed
