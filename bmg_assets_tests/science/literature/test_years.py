"""The year of a report: as its reference or DOI tells it, never a page or a volume."""

import csv
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.literature.years import FIRST_YEAR, without_a_year, year_of
from bmg_assets_tests.science.literature.report_frames import reports_of

THIS_YEAR = datetime.now(UTC).year


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("Inoue, A., Zhang, T., Masumoto, T.: Mater. Trans. JIM 31 (1990) 177-183.", 1990),
        ("Shirakawa, K.: Proc. 4th Int. Conf., The Japan Institute of Metals 2(1982) 861-864.", 1982),
        ("Li, J. W., & Shen, B. L. (2014).\xa0Effect of Tb. Journal of Alloys and Compounds, 586, S46–S49.", 2014),
        ("Fukunaga, T., Suzuki, K.: Kens Rep. 7 (1987/1988) 59-60.", 1988),
        ("Zhang, T.: Master Dissertation, Tohoku University, 1990.", 1990),
        ("Clayton, C.R. (eds.), Pennington: The Electrochem. Soc.,1993, p. 26-37.", 1993),
        ("Yajima, S., Okamura, K., Shishido, T.: Chem. Lett. 1975, 1227-1230.", 1975),
        # Several papers in a cell: the alloy was known by the first.
        (
            "['Kohinata, M.: Dissertation, Tohoku University, 1990.'\n 'Kim, S.-G.: Thesis, Tohoku University, 1992.']",
            1990,
        ),
        ("['Obi, Y.: Sci. Rep. 34 (1989) 241-250.' 'Obi, Y.: Sci. Rep. 31 (1983) 36-46.']", 1983),
        # Pages, volumes and article numbers are no years.
        ("Johnson, W.L.: Acta Mater. 49, 1997-2003", None),
        ("A. Inoue, Acta Mater. 1998 (46) 2005", None),
        ("Chen, H.S.: J. Appl. Phys. 50 pp. 1979-1982", None),
        ("Wiest, A., Duan, G., Johnson, W.L.: Acta Materialia ", None),
        ("no paper (1850)", None),
        (f"a preprint ({THIS_YEAR + 1})", None),
        # A DOI in the words of a reference tells its year, its numbers are no words.
        ("A.H. Cai, J. Magn. Magn. Mater., doi 10.1016/j.jmmm.2014.07.023", 2014),
        ("A.H. Cai, Appl. Phys. Lett. 92 (2008), doi 10.1016/j.jmmm.2014.07.023", 2008),
        ("", None),
        (None, None),
    ],
)
def test_a_reference_tells_its_year(reference, expected):
    assert year_of(reference) == expected


@pytest.mark.parametrize(
    ("doi", "expected"),
    [
        ("10.1016/j.jmmm.2014.07.023", 2014),
        (" 10.1016/j.jallcom.2008.07.087 ", 2008),
        ("10.1016/0921-5093(94)90274-7", 1994),
        ("10.1016/S1359-6462(99)00417-0", 1999),
        ("10.1016/S1359-6462(03)00285-9", 2003),
        ("10.2320/matertrans1989.35.227", 1994),
        ("10.2320/matertrans1960.21.115", 1980),
        ("10.2320/matertrans.45.1153", 2004),
        ("10.2320/matertrans.M2010012", 2010),
        ("10.1007/s11837-013-0753-6", 2013),
        ("10.1038/s41598-017-16509-9", 2017),
        ("10.1002/adem.200900171", 2009),
        ("10.1080/21663831.2014.985855", 2014),
        ("10.1179/095066010X12646898728200", 2010),
        ("10.1109/ICIST.2011.5765113", 2011),
        # These tell none.
        ("10.1007/978-3-642-03481-7", None),
        ("10.1007/BF01742239", None),
        ("10.1063/1.2013579", None),
        ("10.1038/ncomms10313", None),
        ("10.1103/PhysRevB.20.1983", None),
        ("10.4028/www.scientific.net/MSF.475-479.3435", None),
        ("", None),
        (None, None),
    ],
)
def test_a_doi_tells_its_year_where_it_has_one(doi, expected):
    assert year_of(None, doi) == expected


def test_a_column_of_years_comes_first_then_the_reference_then_the_doi():
    reference, doi = "Inoue, A.: Mater. Trans. JIM 31 (1990) 177.", "10.1016/j.jmmm.2014.07.023"
    assert year_of(reference, doi, "1989") == 1989
    assert year_of(reference, doi, "2015.0") == 2015
    assert year_of(reference, doi, "unknown") == 1990
    assert year_of(reference, doi) == 1990
    assert year_of("in press", doi) == 2014


@given(st.text(alphabet="0129() ,.-:;pJ'/[]10.", max_size=60), st.text(alphabet="0129()./-sjX1", max_size=40))
def test_a_year_is_one_in_which_glasses_were_reported(reference, doi):
    year = year_of(reference, f"10.1016/{doi}")
    assert year is None or FIRST_YEAR <= year <= THIS_YEAR


def test_references_without_a_year_are_counted_in_a_sentence():
    reports = reports_of(
        ("Cu50Zr50", "BMG", "2", None, "Inoue, A.: Mater. Trans. JIM 31 (1990) 177."),
        ("Nb40Ni60", "BMG", "2", None, "Johnson, W.L.: Acta Materialia"),
        ("Al90Ni10", "AM"),
    )
    (said,) = without_a_year(reports, {"one": "a handbook"})
    assert said.startswith("one: the references of 1 of 2 rows tell no year")
    assert without_a_year(reports[[True, False, True]], {"one": "a handbook"}) == []


@pytest.mark.published
def test_nearly_every_report_of_mdf_has_its_year(published_csv):
    path = published_csv.parents[1] / "mdf_v5" / "MDF_DMREF_Metallic_Glasses_v5.csv"
    if not path.exists():
        pytest.skip("mdf_v5 is not in the download cache: run `bmg data mdf_v5`")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = [year_of(row["Reference"], row["DOI"]) for row in rows]
    assert len(rows) == 10_252
    # 150 of the others have a DOI that tells no year and no reference, 36 a reference that was cut off.
    assert years.count(None) == 193
    assert min(year for year in years if year is not None) == 1967
