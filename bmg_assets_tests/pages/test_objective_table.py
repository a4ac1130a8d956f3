"""The front in words: values with their intervals, and why compositions do not count."""

import numpy as np
import pandas as pd

from bmg_assets.pages.objective_table import about_in_words, counts_in_words, front_columns, front_in_words
from bmg_assets.science.proposals.objectives import Objective

DMAX = Objective("dmax", "D_max", "mm", True, np.array([5.0]), about="Wide.")
TG = Objective("tg", "T_g", "K", True, np.array([700.4]))
FRONT = pd.DataFrame(
    {
        "formula": ["A", "B"],
        "dmax": [5.0, np.nan],
        "dmax_low": [1.0, np.nan],
        "dmax_high": [9.0, 1.0],
        "tg": [700.4, 1.0],
    }
)


def test_a_value_stands_with_its_interval_and_the_decimals_of_its_unit() -> None:
    shown = front_in_words(FRONT, [DMAX, TG])
    assert shown.to_dict("list") == {"formula": ["A", "B"], "dmax": ["5.0 (1.0 to 9.0)", ""], "tg": ["700", "1"]}
    assert front_columns([DMAX, TG]) == {"formula": "composition", "dmax": "D_max (mm)", "tg": "T_g (K)"}
    assert about_in_words([DMAX, TG]) == ["D_max: Wide."]


def test_what_does_not_count_is_counted() -> None:
    assert counts_in_words(2, 10, 0, 0, 0) == "2 of 10 compositions that count are beaten by no other one."
    said = counts_in_words(2, 1000, 5, 4, 3)
    for words in ("2 of 1,000", "5 are too far from what is known", "4 are outside of the limits", "3 lack a value."):
        assert words in said
