"""Which surrogates there are, and which of them make maps."""

import pytest

from bmg_assets.science.surrogates.catalogue import (
    PAPER,
    RECOMMENDED,
    SURROGATES,
    UnknownSurrogateError,
    mapping_surrogate,
    names_with_maps,
    surrogate_named,
    surrogate_of_grid,
)


def test_surrogates_are_found_by_name() -> None:
    assert list(SURROGATES) == ["pruned", "composite", "transfer", "weighted", "fractions", "nearest"]
    assert all(surrogate_named(name) is surrogate for name, surrogate in SURROGATES.items())
    with pytest.raises(
        UnknownSurrogateError, match="no strategy 'best'; choose one of pruned, composite, transfer, weighted"
    ):
        surrogate_named("best")


def test_alloys_are_proposed_by_the_maps_of_three() -> None:
    assert names_with_maps() == ("pruned", "composite", "transfer")
    assert mapping_surrogate("pruned") is PAPER
    assert mapping_surrogate("composite") is RECOMMENDED
    with pytest.raises(UnknownSurrogateError, match="use pruned or composite or transfer"):
        mapping_surrogate("nearest")


def test_beside_the_paper_stands_the_map_of_the_recommended_surrogate() -> None:
    assert surrogate_of_grid("pruned") is surrogate_of_grid("composite") is RECOMMENDED
    assert [surrogate.is_of_sub_models for surrogate in (PAPER, RECOMMENDED)] == [True, False]
    with pytest.raises(UnknownSurrogateError):
        surrogate_of_grid("weighted")


def test_no_two_surrogates_look_alike_in_figures() -> None:
    for of in (lambda one: one.title, lambda one: one.colour):
        assert len({of(surrogate) for surrogate in SURROGATES.values()}) == len(SURROGATES)
