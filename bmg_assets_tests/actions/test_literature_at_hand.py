"""The literature is read once, and again when it is another one."""

import pytest

from bmg_assets.actions.literature_at_hand import LiteratureAtHand
from bmg_assets.store.literature_database import EmptyLiteratureError, LiteratureDatabase
from bmg_assets_tests.deployment import Deployment


def test_a_table_is_read_again_only_when_it_has_changed(copy_of_finished: Deployment) -> None:
    store = copy_of_finished.store
    first = LiteratureAtHand(store).table("alloys")
    assert LiteratureAtHand(store).table("alloys") is first
    LiteratureDatabase(store=store).write("alloys", first.iloc[1:])
    assert len(LiteratureAtHand(store).table("alloys")) == len(first) - 1
    assert LiteratureAtHand(store).property_values() is not None


def test_without_literature_there_is_none(fresh: Deployment) -> None:
    there = LiteratureAtHand(fresh.store)
    assert there.property_values() is None
    with pytest.raises(EmptyLiteratureError):
        there.table("alloys")
