"""One report counts once, whoever copied it; two papers are two reports."""

from dataclasses import replace

import pandas as pd
import pytest

from bmg_assets.science.alloys.labels import Conventions
from bmg_assets.science.literature.copies import mark_copies
from bmg_assets.science.literature.curation import ReportOrigin, curate_reports
from bmg_assets_tests.science.literature.report_frames import CODES, MEANS, rows

CHEN, INOUE = "Chen, H.S.: Acta Metall. 22 (1974) 1505.", "Inoue, A.: Mater. Trans. JIM 31 (1990) 177-183."
ORDER = ("papers", "list", "means")
CONVENTIONS = {"papers": CODES, "list": CODES, "means": MEANS}


def origin(source: str, conventions: Conventions) -> ReportOrigin:
    return ReportOrigin(source, f"the set {source}", "none stated", "at%", conventions)


def marked(**cells: list[tuple[str | None, ...]]) -> pd.DataFrame:
    """Reports of the sources, marked; cells are those of `rows`."""
    origins = [origin(source, CONVENTIONS[source]) for source in ORDER]
    reports = [curate_reports(rows(*cells[one.source]), one) for one in origins if one.source in cells]
    return mark_copies(pd.concat(reports, ignore_index=True), origins)


def fates(reports: pd.DataFrame) -> list[str]:
    return [one or "counts" for one in reports["copy_of"]]


def test_a_copy_without_a_paper_counts_for_the_report_that_names_it():
    reports = marked(papers=[("Zr50Cu50", None, "2.0", None, CHEN)], list=[("ZrCu", "BMG", "2")])
    assert fates(reports) == ["counts", "papers row 1"]
    assert reports["status"].tolist() == ["accepted", "copied"]


def test_two_papers_are_two_reports_also_where_they_agree():
    reports = marked(papers=[("Zr50Cu50", None, "2", None, CHEN), ("Zr50Cu50", None, "2", None, INOUE)])
    assert fates(reports) == ["counts", "counts"]


def test_one_paper_counts_once_however_it_is_written():
    again = "A. Inoue, Materials Transactions 31 (1990) 177"
    reports = marked(papers=[("Zr50Cu50", None, "2", None, INOUE), ("Zr50Cu50", None, "2", None, again)])
    assert fates(reports) == ["counts", "papers row 1"]


@pytest.mark.parametrize(
    ("named", "listed", "is_copy"),
    [
        (("BMG", "2"), ("BMG", "2.04"), True),
        (("BMG", "2"), ("BMG", "1.6"), False),
        (("BMG", "2"), ("BMG", "3"), False),
        (("BMG", "10"), ("BMG", "35"), False),
        (("BMG", "2"), ("BMG", None), True),
        (("AM", None), ("AM", "0.2"), True),
        (("CR", None), ("CR", "0"), True),
        (("CR", None), ("AM", None), False),
        (("AM", None), ("BMG", "2"), False),
        (("BMG", "2"), ("AM", None), False),
    ],
)
def test_a_copy_says_the_same_or_less(named, listed, is_copy):
    reports = marked(papers=[("Zr50Cu50", *named, None, CHEN)], list=[("Zr50Cu50", *listed)])
    assert fates(reports) == ["counts", "papers row 1" if is_copy else "counts"]


def test_what_says_more_counts_also_where_it_names_no_paper():
    reports = marked(papers=[("Zr50Cu50", "BMG", None, None, CHEN)], list=[("Zr50Cu50", "BMG", "2")])
    assert fates(reports) == ["list row 1", "counts"]


def test_a_row_that_names_a_compilation_may_be_a_copy_and_has_no_year_of_its_own():
    review = "Review, A.: Int. Mater. Rev. 55 (2010) 218.; doi:10.1179/095066010X12646898728200"
    cells = [
        ("Zr50Cu50", None, "2", None, review),
        ("Zr50Cu50", None, "2", None, CHEN),
        ("Nb40Ni60", None, "2", None, review),
    ]
    plain = origin("papers", CODES)
    compiled = replace(plain, compilations=("doi:10.1179/095066010X12646898728200", "Int. Mater. Rev. 55 (2010) 218"))
    for one, expected, years in (
        (plain, ["counts"] * 3, [2010, 1974, 2010]),
        (compiled, ["papers row 2", "counts", "counts"], [None, 1974, None]),
    ):
        reports = mark_copies(curate_reports(rows(*cells), one), [one])
        assert fates(reports) == expected
        assert reports["year"].astype(object).where(reports["year"].notna(), None).tolist() == years


def test_the_source_that_is_declared_first_counts_and_its_first_row():
    reports = marked(list=[("Zr50Cu50", "BMG", "2"), ("Cu50Zr50", "BMG", "2")], means=[("ZrCu", None, "2")])
    assert fates(reports) == ["counts", "list row 1", "list row 1"]


def test_what_is_not_learnt_from_a_source_is_learnt_from_who_copied_it():
    silent = replace(origin("papers", CODES), teaches=False)
    listing = origin("list", CODES)
    reports = [
        curate_reports(rows(("Zr50Cu50", None, "2.0", None, CHEN), ("Zr60Cu40", None, "3.0", None, CHEN)), silent),
        curate_reports(rows(("ZrCu", "BMG", "2")), listing),
    ]
    found = mark_copies(pd.concat(reports, ignore_index=True), [silent, listing])
    assert fates(found) == ["list row 1", "counts", "counts"]
    assert found["dmax_mm"].tolist()[2] == 2.0


def test_a_mean_of_counted_reports_is_no_report_of_its_own():
    papers = [("Zr50Cu50", None, "2", None, CHEN), ("Zr50Cu50", "AM", None, None, INOUE)]
    reports = marked(papers=papers, means=[("Zr50Cu50", None, "1.1")])
    assert fates(reports) == ["counts", "counts", "papers row 1"]
    assert fates(marked(papers=papers, means=[("Zr50Cu50", None, "1.6")]))[-1] == "counts"
    # A source that does not say that its values are means has measured one.
    assert fates(marked(papers=papers, list=[("Zr50Cu50", None, "1.1")]))[-1] == "counts"


def test_a_rounding_counts_at_the_better_written_composition_if_it_is_a_copy():
    rough, fine = "Al10Ce65Cu25", "Al10Ce64.8Cu25.2"
    reports = marked(papers=[(rough, None, "2", None, CHEN)], list=[(fine, "BMG", "2")])
    assert fates(reports) == ["list row 1", "counts"]
    assert fates(marked(papers=[(rough, None, "3", None, CHEN)], list=[(fine, "BMG", "2")])) == ["counts", "counts"]
    # Two alloys, of one of which only the class is known.
    assert fates(marked(papers=[(rough, "BMG", None, None, CHEN)], list=[(fine, "BMG", "2")])) == ["counts", "counts"]


def test_refused_rows_are_no_copies():
    reports = marked(list=[("Zr50Cu50", "BMG", "2"), ("Zr50Cu50", "XX", "2"), ("Zr50", "BMG", "2")])
    assert reports["status"].tolist() == ["accepted", "refused", "refused"]
    assert fates(reports) == ["counts"] * 3


def test_a_copy_within_its_source_follows_the_report_that_counts():
    reports = marked(papers=[("Zr50Cu50", None, "2", None, CHEN)], list=[("Zr50Cu50", "BMG", "2")])
    further = reports.iloc[[1]].assign(source_row=2, status="copied", copy_of="list row 1")
    origins = [origin(source, CONVENTIONS[source]) for source in ORDER]
    whole = pd.concat([reports.assign(status="accepted", copy_of=None), further], ignore_index=True)
    assert fates(mark_copies(whole, origins)) == ["counts", "papers row 1", "papers row 1"]


def test_nothing_is_lost_and_marking_again_changes_nothing():
    reports = marked(
        papers=[("Zr50Cu50", None, "2", None, CHEN), ("Nb40Ni60", "CR", None, None, CHEN)],
        list=[("Zr50Cu50", "BMG", "2"), ("Zr50Cu50", "BMG", "3"), ("Nb40Ni60", "XX", None)],
    )
    assert len(reports) == 5
    origins = [origin(source, CONVENTIONS[source]) for source in ORDER]
    pd.testing.assert_frame_equal(mark_copies(reports, origins), reports)


def test_marking_does_not_depend_on_the_order_of_reports():
    reports = marked(
        papers=[
            ("Zr50Cu50", None, "2", None, CHEN),
            ("Zr50Cu50", "AM", None, None, INOUE),
            ("ZrCu", None, "2", None, CHEN),
        ],
        list=[("Zr50Cu50", "BMG", "2"), ("Zr50Cu50", "BMG", "3"), ("Zr50Cu50", "BMG", "3")],
        means=[("Zr50Cu50", None, "1.1"), ("Zr50Cu50", None, "3")],
    )
    origins = [origin(source, CONVENTIONS[source]) for source in ORDER]
    unmarked = reports.assign(status="accepted", copy_of=None)
    assert reports["status"].tolist() == ["accepted", "accepted", "copied", "copied", "accepted", *["copied"] * 3]
    for seed in range(5):
        shuffled = unmarked.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(mark_copies(shuffled, origins).sort_index(), reports)
