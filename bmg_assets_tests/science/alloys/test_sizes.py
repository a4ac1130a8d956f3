"""Cells of sizes: every one is a size, nothing, or a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.alloys.label_terms import LabelFault, NoLabel
from bmg_assets.science.alloys.sizes import LARGEST_CREDIBLE_MM, Size, read_size


@pytest.mark.parametrize(
    "number",
    ["5", "5.0", "5,0", "5e0", "0.5 cm", "5000 µm", "5000 um", "５", "5 [3]", "≈5", "=5", "about 5", "5 mm rod"],
)
def test_every_writing_of_five_millimetres_is_five(number: str) -> None:
    size = read_size(number, ())
    assert isinstance(size, Size)
    assert size.mean == pytest.approx(5)


def test_a_bound_below_has_no_size_of_its_own() -> None:
    size = read_size("< 3 mm", ())
    assert isinstance(size, Size)
    assert (size.smallest, size.largest, size.is_upper_bound, size.is_bound) == (0, 3, True, True)


def test_a_range_in_micrometres_is_converted_at_both_ends() -> None:
    size = read_size("500-1500 µm", ())
    assert isinstance(size, Size)
    assert (size.smallest, size.largest) == (0.5, 1.5)


@pytest.mark.parametrize("cell", ["at least 5", "more than 5 mm", "> 5", "5 or more", "5+", "≧5"])
def test_a_bound_above_is_open(cell: str) -> None:
    size = read_size(cell, ())
    assert isinstance(size, Size)
    assert (size.mean, size.largest, size.is_bound) == (5, None, True)


@pytest.mark.parametrize("cell", ["<5-6", ">5-6", "5-6+", "5 x 3", "5 mm plate", "ribbon", "5..", "6-5"])
def test_what_is_two_things_at_once_is_refused(cell: str) -> None:
    size = read_size(cell, ())
    assert isinstance(size, NoLabel)
    assert size.fault is LabelFault.UNREADABLE_VALUE


@pytest.mark.parametrize("cell", [None, "", " ", "NA", "n.a.", "NaN", "—", "Unknown"])
def test_what_says_nothing_is_nothing(cell: str | None) -> None:
    assert read_size(cell, {"Unknown"}) is None


@given(st.text(max_size=15), st.floats(0, 1e6), st.sampled_from(["{}", "<{}", "~{} mm", "{}+", "{}±0.1", "1-{}"]))
def test_any_cell_is_read_or_refused(text: str, number: float, form: str) -> None:
    for cell in (text, form.format(f"{number:g}")):
        size = read_size(cell, ())
        if isinstance(size, NoLabel):
            assert size.reason.endswith(".")
            assert size.fault in LabelFault
        elif size is not None:
            assert 0 <= size.smallest <= size.mean <= LARGEST_CREDIBLE_MM
            assert size.largest is None or size.largest > size.smallest
