"""The lists of systems are those that the rule drew, and stay apart."""

from itertools import combinations

from bmg_assets.science.evidence.drawn_splits import (
    DEVELOPMENT_SYSTEMS,
    KEPT_SYSTEMS,
    QUALIFYING_NEWCOMERS,
    RELEASE_SYSTEMS,
    SEEN_SYSTEMS,
    SYSTEMS_OF,
    SYSTEMS_WITHOUT_BULK,
)
from bmg_assets.science.evidence.split_rule import release_half
from bmg_assets.science.evidence.splits import Split


def test_no_system_is_in_two_splits() -> None:
    for one, other in combinations(SYSTEMS_OF.values(), 2):
        assert not one & other


def test_the_release_split_is_the_drawn_half_of_what_nobody_had_looked_at() -> None:
    assert release_half(KEPT_SYSTEMS | RELEASE_SYSTEMS) == RELEASE_SYSTEMS


def test_what_was_seen_guides_choices() -> None:
    assert len(SEEN_SYSTEMS) == 22 + 17
    assert SEEN_SYSTEMS | QUALIFYING_NEWCOMERS | KEPT_SYSTEMS == DEVELOPMENT_SYSTEMS == SYSTEMS_OF[Split.DEVELOPMENT]


def test_names_are_those_of_the_table() -> None:
    for name in DEVELOPMENT_SYSTEMS | RELEASE_SYSTEMS | SYSTEMS_WITHOUT_BULK:
        assert name == "-".join(sorted(name.split("-")))
