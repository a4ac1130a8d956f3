"""A point is believed where known alloys explain enough of it."""

import numpy as np

from bmg_assets.science.proposals.trust import LEAST_EXPLAINED, is_trusted


def test_the_threshold_itself_is_trusted() -> None:
    explained = np.array([0.0, LEAST_EXPLAINED - 1e-6, LEAST_EXPLAINED, 1.0])
    assert is_trusted(explained, 4).tolist() == [False, False, True, True]


def test_nothing_is_doubted_by_a_surrogate_that_does_not_say() -> None:
    assert is_trusted(None, 2).tolist() == [True, True]
