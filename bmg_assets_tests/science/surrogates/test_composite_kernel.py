"""The kernel of three parts by hand, of alloys whose distances are known."""

import numpy as np
import pytest

from bmg_assets.science.melt.estimates import ESTIMATES
from bmg_assets.science.surrogates.composite_kernel import (
    COLUMNS_AT_ONCE,
    ROWS_AT_ONCE,
    composite_kernel,
    composite_prior_variance,
)
from bmg_assets.science.surrogates.kernels import Embedding

WIDTH = len(ESTIMATES)


def embedded(composition: list[float], melt: list[float], systems: list[str], many: list[bool]) -> Embedding:
    """Alloys with one coordinate of composition, before its length of 0.3, and one of the melt by itself."""
    coordinates = np.zeros((len(composition), 1 + 2 * WIDTH))
    coordinates[:, 0] = np.array(composition) / 0.3
    coordinates[:, 1] = melt
    return Embedding(coordinates, np.array(systems), np.array(many))


def test_in_composition_two_smooth_parts_and_a_rough_one() -> None:
    a = embedded([0.0], [0.0], ["A-B"], [False])
    b = embedded([0.2], [0.0], ["A-C"], [False])
    smooth = np.exp(-((0.2 / 0.3) ** 2) / 2) + np.exp(-((0.2 / 0.184) ** 2) / 2)
    assert composite_kernel(a, b) == pytest.approx(0.35 + 0.4 * smooth + 0.4 * np.exp(-0.2 / 0.5))


def test_the_rough_part_does_not_see_the_melt() -> None:
    a = embedded([0.0], [0.0], ["A-B"], [False])
    b = embedded([0.0], [2.0], ["A-C"], [False])
    smooth = np.exp(-(2.0**2) / 2) + np.exp(-((2.0 / 1.91) ** 2) / 2)
    assert composite_kernel(a, b) == pytest.approx(0.35 + 0.4 * smooth + 0.4)


def test_a_system_and_alloys_of_many_elements_have_offsets() -> None:
    a = embedded([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], ["A-B", "A-B-C-D", "A-B-C-E"], [False, True, True])
    alike = 0.35 + 1.2
    expected = [
        [alike + 0.22, alike, alike],
        [alike, alike + 0.22 + 1.2, alike + 1.2],
        [alike, alike + 1.2, alike + 0.22 + 1.2],
    ]
    assert composite_kernel(a, a) == pytest.approx(np.array(expected), rel=1e-6)
    assert composite_prior_variance(a) == pytest.approx(np.diag(composite_kernel(a, a)), rel=1e-6)


def test_a_covariance_of_several_blocks_is_that_of_its_alloys_one_by_one() -> None:
    rng = np.random.default_rng(0)
    n, m = 2 * ROWS_AT_ONCE + 3, COLUMNS_AT_ONCE + 5
    systems = ["A-B", "A-C", "A-B-C-D", "A-B-C-E"]

    def drawn(count: int) -> Embedding:
        of_system = rng.integers(len(systems), size=count)
        names = [systems[one] for one in of_system]
        return embedded(
            list(rng.normal(size=count)), list(rng.normal(size=count)), names, [one >= 2 for one in of_system]
        )

    rows, columns = drawn(n), drawn(m)
    whole = composite_kernel(rows, columns)
    for row in (0, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, n - 1):
        for column in (0, COLUMNS_AT_ONCE - 1, COLUMNS_AT_ONCE, m - 1):
            one = composite_kernel(rows.take(np.array([row])), columns.take(np.array([column])))
            assert whole[row, column] == pytest.approx(one[0, 0], abs=1e-6)
