"""How far a system has come, in words that are right wherever its casts began."""

import pandas as pd
import pytest

from bmg_assets.pages.sentences import rounds_in_words


@pytest.mark.parametrize(
    ("new_casts", "words"),
    [
        ([0], ["before any own cast"]),
        ([4], ["after 1 round of own casts"]),
        ([0, 2, 1], ["before any own cast", "after 1 round of own casts", "after 2 rounds of own casts"]),
        ([2, 0, 1], [
            "after 1 round of own casts",
            "after 1 round of own casts, with corrections",
            "after 2 rounds of own casts",
        ]),
    ],
)  # fmt: skip
def test_rounds_are_counted_from_the_first_cast(new_casts: list[int], words: list[str]) -> None:
    iterations = pd.DataFrame({"iteration": range(len(new_casts)), "n_new_casts": new_casts})
    assert rounds_in_words(iterations).to_dict() == dict(enumerate(words))
