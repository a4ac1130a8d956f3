"""The objectives at hand: the stored maps of properties join the map of the system, with the laboratory's prices."""

import pytest

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.objectives import ObjectiveError
from bmg_assets.settings import Locations
from bmg_assets.studies.system_objectives import check_objectives, objectives_at_hand
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.studies.made_up_maps import store_map


def test_a_stored_map_of_a_property_is_an_objective_of_every_point(copy_of_finished: Deployment) -> None:
    system, store = parse_system("Zr-Al-Cu"), copy_of_finished.store
    grid = store.read_table("transfer_grid", system.key)
    with copy_of_finished.environment():
        places = Locations.from_environment()
        before, _ = objectives_at_hand(store, places, system, grid, CastingPractice(), lambda: None)
        store_map(store)
        table, notes = objectives_at_hand(store, places, system, grid, CastingPractice(), lambda: None)
    assert ("tg" in before.objectives, "tg" in before.absent) == (False, True)
    al = [point[1] for point in grid["at_pct"]]
    assert table.objectives["tg"].values.tolist() == [600 + 2 * amount for amount in al]
    assert notes == []


def test_what_is_no_objective_is_refused_before_there_is_a_map(fresh: Deployment) -> None:
    system = parse_system("Zr-Al-Cu")
    with fresh.environment():
        places = Locations.from_environment()
        check_objectives(fresh.store, places, system, CastingPractice(), ["dmax", "Density", "liquidus"])
        with pytest.raises(ObjectiveError, match="T_g is not mapped in Zr-Al-Cu"):
            check_objectives(fresh.store, places, system, CastingPractice(), ["tg"])
        store_map(fresh.store)
        check_objectives(fresh.store, places, system, CastingPractice(), ["tg"])
