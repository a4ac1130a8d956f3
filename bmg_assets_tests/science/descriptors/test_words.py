"""Every descriptor has words of its own."""

import pytest

from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS
from bmg_assets.science.descriptors.words import descriptor_in_words


def test_every_descriptor_is_put_in_words_that_no_other_has() -> None:
    words = {name: descriptor_in_words(name) for name in ALL_DESCRIPTORS}
    assert len(set(words.values())) == len(ALL_DESCRIPTORS)
    assert [name for name, said in words.items() if said == name or "_" in said or "{" in said] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("PymatgenData std_dev X", "spread of electronegativity"),
        ("frac d valence electrons", "share of d electrons among the valence electrons"),
        ("Yang delta", "δ, mismatch of atomic sizes"),
        ("a new one", "a new one"),
    ],
)
def test_a_descriptor_in_words(name: str, words: str) -> None:
    assert descriptor_in_words(name) == words
