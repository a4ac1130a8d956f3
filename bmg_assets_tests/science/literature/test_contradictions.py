"""A compilation whose values were shifted against its formulas is named, single conflicts are not."""

import pandas as pd

from bmg_assets.science.literature.contradictions import contradicting_sources
from bmg_assets_tests.science.literature.report_frames import reports_of

FORMULAS = [f"Zr{100 - copper}Cu{copper}" for copper in range(30, 60)]
DIAMETERS = [str(1 + 7 * place % 11) for place in range(len(FORMULAS))]
CLASSES = ["CR" if place % 2 else "AM" for place in range(len(FORMULAS))]


def source(name: str, values: list[str], rows: int = len(FORMULAS)) -> pd.DataFrame:
    cells = [(formula, "BMG", value) for formula, value in zip(FORMULAS, values, strict=True)]
    return reports_of(*cells[:rows], source=name)


def shifted(values: list[str]) -> list[str]:
    return values[-1:] + values[:-1]


def test_sources_that_agree_are_not_named():
    reports = pd.concat([source("one", DIAMETERS), source("two", DIAMETERS)], ignore_index=True)
    reports.loc[[3, 4, 5], "dmax_mm"] = 40.0
    assert contradicting_sources(reports) == []


def test_a_source_that_is_shifted_by_a_row_is_named_with_its_counts():
    frames = [source("one", DIAMETERS), source("two", DIAMETERS), source("three", shifted(DIAMETERS))]
    (said,) = contradicting_sources(pd.concat(frames, ignore_index=True))
    assert said.startswith("three contradicts what other sources report of the same alloys (30 of 30 diameters by more")
    assert "shifted by a row" in said
    assert "\n" not in said


def test_classes_are_compared_where_there_are_no_diameters():
    def classes(name: str, codes: list[str]) -> pd.DataFrame:
        return reports_of(*zip(FORMULAS, codes, strict=True), source=name)

    frames = [classes("one", CLASSES), classes("two", CLASSES), classes("three", shifted(CLASSES))]
    (said,) = contradicting_sources(pd.concat(frames, ignore_index=True))
    assert said.startswith("three contradicts what other sources report of the same alloys (30 of 30 classes)")


def test_of_two_sources_alone_both_are_named():
    frames = [source("one", DIAMETERS), source("two", shifted(DIAMETERS))]
    said = contradicting_sources(pd.concat(frames, ignore_index=True))
    assert [one.split()[0] for one in said] == ["one", "two"]


def test_a_few_alloys_in_common_say_little():
    frames = [source("one", DIAMETERS), source("two", DIAMETERS), source("three", shifted(DIAMETERS), rows=19)]
    assert contradicting_sources(pd.concat(frames, ignore_index=True)) == []
