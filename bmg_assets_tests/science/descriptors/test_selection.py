"""The paper's rules for choosing among the descriptors."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.selection import SelectionInputError, select_descriptors
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS, compute_descriptors
from bmg_assets_tests.science.descriptors.reference import as_matrix

A = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
UNRELATED = np.array([1.0, -1.0, 0.0, -1.0, 1.0])


def choose(preferred=(), **columns):
    names = [name.replace("_", " ") for name in columns]
    return select_descriptors(np.column_stack(list(columns.values())), names, preferred)


def dropped(report, rule):
    return tuple(choice.name for choice in report.choices if choice.rule == rule)


def test_every_dropped_column_has_its_rule_and_partner():
    report = choose(
        a=A,
        PymatgenData_range_X=UNRELATED,
        gap=np.where(A == 3, np.nan, A),
        twice=-2 * A,
        other=UNRELATED,
    )

    assert report.kept == ("a", "other")
    assert dropped(report, "ratio_free") == ("PymatgenData range X",)
    assert dropped(report, "missing_values") == ("gap",)
    twice = report.choices[3]
    assert (twice.rule, twice.partner) == ("correlated", "a")
    assert twice.r == pytest.approx(-1.0)


def test_the_preferred_one_of_two_correlated_columns_stays():
    assert choose(first=A, second=A + 1).kept == ("first",)
    assert choose(preferred=("absent", "second"), first=A, second=A + 1).kept == ("second",)


def test_columns_below_the_limit_stay():
    # Two directions at right angles, so that the share of the first in a mixture is its r with the first.
    a, b = (A - 3) / np.sqrt(10), UNRELATED / 2
    assert abs(a @ b) < 1e-12

    assert choose(a=a, mixed=0.79 * a + np.sqrt(1 - 0.79**2) * b).kept == ("a", "mixed")
    assert choose(a=a, mixed=0.81 * a + np.sqrt(1 - 0.81**2) * b).kept == ("a",)


def test_a_constant_column_is_correlated_with_nothing():
    assert choose(a=A, constant=np.full(5, 0.1), b=np.full(5, 0.3)).kept == ("a", "constant", "b")


def test_values_that_do_not_fit_the_names_are_refused():
    with pytest.raises(SelectionInputError, match="1 column names"):
        select_descriptors(np.ones((3, 2)), ["a"])
    with pytest.raises(SelectionInputError, match="two or more alloys"):
        select_descriptors(np.ones((1, 1)), ["a"])


@pytest.mark.published
def test_published_alloys_give_the_papers_list_and_one_column_more(published_csv):
    from pymatgen.core import Composition

    compositions = pd.read_csv(published_csv)["composition"]
    fractions, elements = as_matrix([Composition(text).get_el_amt_dict() for text in compositions])
    block = compute_descriptors(fractions, elements, element_tables("current"))

    report = select_descriptors(block.values, block.names)

    assert len(dropped(report, "ratio_free")) == 39
    assert len(dropped(report, "missing_values")) == 6
    assert len(dropped(report, "correlated")) == 11
    assert set(report.kept) == {*PAPER_DESCRIPTORS, "avg s valence electrons"}
