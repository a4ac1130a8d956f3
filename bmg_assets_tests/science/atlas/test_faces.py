"""Faces are judged like the quaternaries beside them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.atlas.faces import faces_as_quaternaries
from bmg_assets.science.atlas.fitted_atlas import FittedAtlas
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets.science.surrogates.composite import uncalibrated_composite
from bmg_assets.science.surrogates.composite_kernel import MANY_ELEMENTS
from bmg_assets.science.surrogates.transfer import GLASS_WEIGHT
from bmg_assets_tests.science.atlas.fitted import mixed_alloys, small_atlas

TERNARIES = pd.DataFrame(
    {
        "system": ["Cu-Mg-Zr", "Co-Fe-Nb"],
        "elements": [["Cu", "Mg", "Zr"], ["Co", "Fe", "Nb"]],
        "at_pct": [[30.0, 20.0, 50.0], [40.0, 40.0, 20.0]],
    }
)


def asked(row: int, trace_at_pct: float = 0.0) -> Compositions:
    """A face of TERNARIES, or a quaternary with so much silver in it."""
    elements, amounts = list(TERNARIES["elements"][row]), np.array(TERNARIES["at_pct"][row])
    given = Compositions(
        (*elements, "Ag"), np.array([[*amounts * (1 - trace_at_pct / 100), trace_at_pct]]) / 100, np.empty((1, 0))
    )
    return given.with_elements(small_atlas().scorer.elements)


def test_a_face_is_expected_to_be_what_a_trace_of_a_fourth_element_makes_of_it() -> None:
    found = faces_as_quaternaries(small_atlas(), TERNARIES)
    for row, system in enumerate(TERNARIES["system"]):
        with_trace = small_atlas().fitted.predict(asked(row, trace_at_pct=0.01))
        # The melt of four elements is compared with other melts of its system, so the two are near and not the same.
        assert found[system] == pytest.approx(with_trace.dmax_mm[0], rel=0.35)
    assert found["Cu-Mg-Zr"] > found["Co-Fe-Nb"]


def test_the_score_is_moved_by_what_is_known_of_alloys_of_many_elements() -> None:
    scorer, elements = small_atlas().scorer, TERNARIES["elements"]
    compositions = asked(1)
    by_itself, (score, uncertainty) = scorer.scores(compositions), scorer.of_many_elements(compositions)
    has_many = small_atlas().fitted.embedding.has_many_elements
    own = small_atlas().rows_of_systems.get("-".join(elements[1]), np.zeros(0, dtype=int))
    moved = MANY_ELEMENTS * scorer.coefficients[has_many].sum() - 0.22 * scorer.coefficients[own].sum()
    assert score[0] - by_itself[0] == pytest.approx(moved, abs=1e-3)
    assert uncertainty[0] > 0


def test_without_calibration_the_surrogate_itself_says() -> None:
    atlas = FittedAtlas.of_alloys(mixed_alloys(), 0, "mixed alloys")
    bare = replace(atlas, fitted=uncalibrated_composite(atlas.alloys))
    found = faces_as_quaternaries(bare, TERNARIES)
    score, _ = bare.scorer.of_many_elements(asked(0))
    assert found["Cu-Mg-Zr"] == pytest.approx(max(np.expm1(score[0] - GLASS_WEIGHT), 0), abs=1e-4)
