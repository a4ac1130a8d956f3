"""The paper's pruning: the category of an alloy against a target system, and the sub-datasets made of categories.

Source: Xu et al., sub-datasets (1)-(5). The rule is stated for any number of target elements.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from bmg_assets.science.errors import BmgError


class SubDatasetError(BmgError):
    """A sub-dataset that does not exist."""


class Category(StrEnum):
    """How an alloy relates to a target system, by the set of elements that it really contains."""

    UNRELATED = "unrelated"
    """None of the target elements."""
    I = "I"  # noqa: E741 (the paper's name)
    """Exactly one target element."""
    II = "II"
    """A proper subset of two or more target elements, and nothing else."""
    III = "III"
    """A proper subset of two or more target elements, and something else."""
    IV = "IV"
    """All target elements and something else."""
    V = "V"
    """The target system itself."""
    LAB = "lab"
    """A cast of the group itself; never pruned."""


EXCLUDED: dict[int, frozenset[Category]] = {
    1: frozenset({Category.V}),
    2: frozenset({Category.IV, Category.V}),
    3: frozenset({Category.III, Category.IV, Category.V}),
    4: frozenset({Category.II, Category.III, Category.IV, Category.V}),
    5: frozenset({Category.I, Category.II, Category.III, Category.IV, Category.V}),
}
"""What each of the paper's sub-datasets leaves out."""


def categorise(elements: Collection[str], target: frozenset[str]) -> Category:
    """Category of an alloy that contains `elements` (no zero amounts) against the target's set of elements."""
    return category_of_counts(len(target.intersection(elements)), len(set(elements)), len(target))


def category_of_counts(shared: int, elements: int, target: int) -> Category:
    """Category of an alloy that shares so many elements with a target system.

    Args:
        shared: elements that the alloy has of the target's.
        elements: those of the alloy.
        target: those of the target system.
    """
    others = elements > shared
    if not shared:
        return Category.UNRELATED
    if shared == target:
        return Category.IV if others else Category.V
    if shared == 1:
        return Category.I
    return Category.III if others else Category.II


def categorise_all(alloys: Iterable[Collection[str]], target: frozenset[str]) -> list[Category]:
    """Category of each alloy, in order."""
    return [categorise(elements, target) for elements in alloys]


def parse_sub_datasets(text: str) -> tuple[int, ...]:
    """Numbers of sub-datasets from a text such as ``1,3``, each once, in order.

    Raises:
        SubDatasetError: something between the commas is no number of one.
    """
    known = {str(number): number for number in EXCLUDED}
    parts = [part.strip() for part in text.split(",")]
    unknown = [part for part in parts if part not in known]
    if unknown:
        raise SubDatasetError(
            f"'{unknown[0]}' is no sub-dataset; name some of {', '.join(known)}, with commas between them, like 1,3."
        )
    return tuple(sorted({known[part] for part in parts}))


def excluded_categories(sub_dataset: int) -> frozenset[Category]:
    """The categories that a sub-dataset leaves out.

    Raises:
        SubDatasetError: the number is not one of the paper's five.
    """
    if sub_dataset not in EXCLUDED:
        raise SubDatasetError(
            f"Sub-dataset {sub_dataset} does not exist; choose one of 1 to 5 (the paper works with 3)."
        )
    return EXCLUDED[sub_dataset]
