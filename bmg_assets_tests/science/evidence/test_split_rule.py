"""The rule that drew the splits."""

from bmg_assets.science.evidence.split_rule import release_half


def test_half_is_drawn_whatever_the_order() -> None:
    names = [f"A-B{number}" for number in range(11)]
    assert len(release_half(names)) == 5
    assert release_half(names) == release_half(names[::-1])
    assert release_half(names) != frozenset(names[:5])
