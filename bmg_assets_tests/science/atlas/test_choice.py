"""A choice of systems that cannot be made ends in one sentence."""

from typing import Any

import pytest

from bmg_assets.science.atlas.choice import AtlasChoice, AtlasChoiceError

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no element": ({"wanted": ("Zr", "Xx")}, "'Xx' is not an element symbol; expected symbols such as Zr"),
    "no element to leave out": ({"refused": ("be",)}, "'be' is not an element symbol"),
    "on both sides": ({"wanted": ("Zr", "Be"), "refused": ("Be",)}, "Be is both wanted and refused"),
    "no column": ({"by": "beauty"}, "Systems cannot be ranked by 'beauty'; expected one of chance, dmax, extent"),
    "two elements": ({"n_elements": 2}, "Systems of 2 elements were asked for; expected 3 or more"),
    "fewer than wanted": (
        {"n_elements": 3, "wanted": ("Zr", "Cu", "Al", "Ni")},
        "Systems of 3 elements were asked for; expected 3 or more, and no fewer than are to be in each.",
    ),
    "chance in per cent": ({"least_chance": 50.0}, "The least chance is 50; expected a number from 0 to 1."),
    "negative size": ({"least_dmax_mm": -1.0}, "The least D_max is -1 mm; expected 0 mm or more."),
    "none": ({"most": 0}, "0 systems were asked for; expected 1 or more."),
}


@pytest.mark.parametrize(("given", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_choice_is_one_sentence(given: dict[str, Any], words: str) -> None:
    with pytest.raises(AtlasChoiceError) as refused:
        AtlasChoice(**given)
    assert words in str(refused.value)
    assert str(refused.value).count("\n") == 0
