"""A probability is never said to be certain."""

import pytest

from bmg_assets.science.proposals.chances import chance_in_words


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "less than 1%"),
        (0.0099, "less than 1%"),
        (0.01, "1%"),
        (0.42, "42%"),
        (0.99, "99%"),
        (1.0, "more than 99%"),
    ],
)
def test_no_chance_is_certain(probability: float, words: str) -> None:
    assert chance_in_words(probability) == words
