"""Elements without enough alloys are left out, with the reason."""

import numpy as np
import pytest

from bmg_assets.science.atlas.elements import FEWEST_ALLOYS, supported_elements
from bmg_assets.science.atlas.shards import AtlasError
from bmg_assets_tests.science.surrogates.literature import learnable_alloys


def test_all_elements_of_enough_alloys_are_there() -> None:
    supported = supported_elements(learnable_alloys())
    assert supported.elements == learnable_alloys().compositions.elements
    assert supported.left_out == {}


def test_an_element_of_few_alloys_is_left_out_with_the_reason() -> None:
    alloys = learnable_alloys()
    with_silver = np.flatnonzero(alloys.compositions.fractions[:, 0] > 0)
    kept = np.setdiff1d(np.arange(len(alloys)), with_silver[1:])
    supported = supported_elements(alloys.take(kept))
    assert "Ag" not in supported.elements
    assert supported.left_out["Ag"] == f"1 known alloy holds it, {FEWEST_ALLOYS} are needed"


def test_too_few_elements_end_in_a_sentence() -> None:
    with pytest.raises(AtlasError, match=r"Found 0 elements in 5 known alloys or more, expected three"):
        supported_elements(learnable_alloys().take(np.arange(2)))
