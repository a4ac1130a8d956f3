"""The paper's categories and sub-datasets: examples by hand, properties, and the counts on the published table."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.literature.pruning import (
    Category,
    SubDatasetError,
    categorise,
    categorise_all,
    excluded_categories,
    parse_sub_datasets,
)
from bmg_assets_tests.science.published import read_published

ZR_AL_CU = frozenset({"Zr", "Al", "Cu"})
ZR_TI_CU_NI = frozenset({"Zr", "Ti", "Cu", "Ni"})


@pytest.mark.parametrize(
    "elements, category",
    [
        ("Mg Zn Ca", "unrelated"),
        ("Zr", "I"),
        ("Fe B Al", "I"),
        ("Cu Zr", "II"),
        ("Al Cu", "II"),
        ("Cu Zr Ti", "III"),
        ("Al Ni Zr Nb", "III"),
        ("Al Cu Zr Ni", "IV"),
        ("Al Cu Zr Ni Ti", "IV"),
        ("Cu Zr Al", "V"),
    ],
)
def test_categories_against_zr_al_cu(elements, category):
    assert categorise(elements.split(), ZR_AL_CU) == category


@pytest.mark.parametrize(
    "elements, category",
    [
        ("Pd Si", "unrelated"),
        ("Zr", "I"),
        ("Ni P", "I"),
        ("Cu Zr", "II"),
        ("Cu Zr Ti", "II"),
        ("Cu Zr Be", "III"),
        ("Cu Zr Ti Be", "III"),
        ("Cu Zr Ti Ni Be", "IV"),
        ("Cu Zr Ti Ni", "V"),
    ],
)
def test_categories_against_a_target_of_four_elements(elements, category):
    assert categorise(elements.split(), ZR_TI_CU_NI) == category


def test_an_element_written_twice_is_one_element():
    assert categorise(["Zr", "Cu", "Zr"], ZR_AL_CU) == "II"
    assert categorise(["Zr", "Cu", "Al", "Al"], ZR_AL_CU) == "V"


@pytest.mark.parametrize(
    "sub_dataset, excluded",
    [(1, "V"), (2, "IV V"), (3, "III IV V"), (4, "II III IV V"), (5, "I II III IV V")],
)
def test_what_each_sub_dataset_leaves_out(sub_dataset, excluded):
    assert excluded_categories(sub_dataset) == {Category(name) for name in excluded.split()}


@pytest.mark.parametrize("sub_dataset", [0, 6, -1, 42])
def test_a_sub_dataset_that_does_not_exist_is_refused(sub_dataset):
    with pytest.raises(SubDatasetError, match=rf"Sub-dataset {sub_dataset} does not exist; choose one of 1 to 5"):
        excluded_categories(sub_dataset)


def test_several_sub_datasets_are_read_once_each_and_in_order():
    assert parse_sub_datasets("3") == (3,)
    assert parse_sub_datasets(" 5, 1,3 ,1") == (1, 3, 5)


@pytest.mark.parametrize("text, found", [("1,6", "6"), ("", ""), ("1;3", "1;3"), ("2,three,4", "three"), ("1,", "")])
def test_what_is_no_sub_dataset_is_named_with_those_there_are(text, found):
    with pytest.raises(
        SubDatasetError, match=rf"^'{found}' is no sub-dataset; name some of 1, 2, 3, 4, 5, with commas"
    ):
        parse_sub_datasets(text)


SYMBOLS = ("Zr", "Al", "Cu", "Ni", "Ti", "Mg")
alloys = st.lists(st.frozensets(st.sampled_from(SYMBOLS), min_size=1), min_size=1, max_size=20)
targets = st.frozensets(st.sampled_from(SYMBOLS), min_size=3, max_size=5)


@settings(max_examples=60)
@given(alloys, targets)
def test_each_alloy_has_the_one_category_that_its_definition_says(alloys, target):
    for elements, found in zip(alloys, categorise_all(alloys, target), strict=True):
        shared, others = elements & target, elements - target
        definitions = {
            Category.UNRELATED: not shared,
            Category.I: len(shared) == 1,
            Category.II: 2 <= len(shared) < len(target) and not others,
            Category.III: 2 <= len(shared) < len(target) and bool(others),
            Category.IV: shared == target and bool(others),
            Category.V: elements == target,
        }
        assert [category for category, holds in definitions.items() if holds] == [found]


@settings(max_examples=30)
@given(alloys, targets)
def test_sub_datasets_are_nested_and_never_hold_the_target_system_nor_lose_an_unrelated_alloy_or_a_cast(alloys, target):
    categories = categorise_all(alloys, target)
    kept = [
        {i for i, category in enumerate(categories) if category not in excluded_categories(number)}
        for number in range(1, 6)
    ]
    for larger, smaller in pairwise(kept):
        assert smaller <= larger
    assert not any(alloys[i] == target for i in kept[0])
    assert {i for i, elements in enumerate(alloys) if not elements & target} == kept[-1]
    assert all(Category.LAB not in excluded_categories(number) for number in range(1, 6))


@pytest.mark.published
@pytest.mark.parametrize(
    "target, counts",
    [("Zr Al Cu", [6363, 6303, 5532, 5508, 2784]), ("Mg Zn Ca", [6374, 6342, 6211, 6197, 5702])],
)
def test_row_counts_of_the_sub_datasets_on_the_published_table(published_csv, target, counts):
    alloys = read_published(published_csv)["elements"]
    assert len(alloys) == 6398
    categories = categorise_all(alloys, frozenset(target.split()))
    assert [
        sum(category not in excluded_categories(number) for category in categories) for number in range(1, 6)
    ] == counts
