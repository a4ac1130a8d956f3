"""Two writings of one reference are one paper; two papers are two."""

import pytest

from bmg_assets.science.literature.papers import papers_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Q. Zheng, H. Ma, E. Ma, J. Xu, Scripta Mater. 55 (2006) 541.",
            "Zheng, Q., Ma, H., Ma, E., Xu, J.: Scripta Materialia 55 (2006) 541–544.",
        ),
        (
            "J. Schroers, A. Peker, Appl. Phys. Lett. 87(2005) 061912. ",
            "Schroers, J., Peker, A.: Appl. Phys. Lett. 87 (2005)61912 ",
        ),
        (
            "Inoue, A.: Mater. Trans. JIM 31 (1990) 177-183.; doi:10.2320/matertrans1989.31.177",
            "10.2320/MATERTRANS1989.31.177",
        ),
        (
            "Zhang, T.: Master Dissertation, Tohoku University, 1990.",
            "Zhang, T.: Master Dissertation, Tohoku University, 1990. ",
        ),
        # One of several papers in a cell is the other.
        (
            "['Komuro, M.: Master Dissertation, Tohoku University, 1984.'\n 'Obi, Y.: Sci. Rep. 34 (1989) 241-250.']",
            "Obi, Y.: Sci. Rep. Res. Inst. Tohoku Univ. Ser. A 34 (1989) 241-250.",
        ),
    ],
)
def test_writings_of_one_paper_have_it_in_common(one, other):
    assert papers_of(one) & papers_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim, S.-G.: Doctor Thesis, Tohoku University, 1992.", "Kim, S.-G.: Master Thesis, Tohoku University, 1990."),
        ("Inoue, A.: Mater. Trans. JIM 31 (1990) 177-183.", "Inoue, A.: Mater. Trans. JIM 31 (1990) 425-428."),
        ("Chen, H.S.: Acta Metall. 22 (1974) 1505.", "Inoue, A.: J. Mater. Sci. 22 (1987) 1505."),
        ("10.1016/j.jallcom.2007.05.037; doi:10.1016/j.jallcom.2007.05.037", "10.1016/j.jallcom.2007.05.038"),
    ],
)
def test_two_papers_have_nothing_in_common(one, other):
    assert not papers_of(one) & papers_of(other)


def test_a_reference_of_no_words_names_no_paper():
    assert papers_of(" - ") == frozenset()
