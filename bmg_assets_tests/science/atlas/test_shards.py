"""Every system is in one shard."""

from itertools import combinations

import pytest

from bmg_assets.science.atlas.shards import SHARDS, AtlasError, shard_named, shards_of

ELEMENTS = ("Zr", "Cu", "Al", "Ni", "Ti", "Be", "Mg")


@pytest.mark.parametrize("size", [3, 4])
def test_shards_share_out_all_systems(size: int) -> None:
    found = [system for shard in shards_of(size) for system in shard.systems_of(ELEMENTS)]
    assert sorted(found) == list(combinations(sorted(ELEMENTS), size))


def test_shards_are_about_as_large() -> None:
    sizes = [len(shard.systems_of([str(number) for number in range(55)])) for shard in shards_of(3)]
    assert sum(sizes) == 26_235
    assert max(sizes) - min(sizes) == 1


def test_a_shard_is_found_by_its_key() -> None:
    assert all(shard_named(shard.name) == shard for shard in SHARDS)
    with pytest.raises(AtlasError, match=r"no shard 'ternaries-99', expected one from ternaries-00"):
        shard_named("ternaries-99")


def test_the_atlas_has_no_shards_of_other_sizes() -> None:
    assert shards_of(5) == []
