"""The objectives of a map: of the surrogate, of the elements, of prices, and of maps of properties and what follows."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.density import estimated_density_g_cm3
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.literature.properties import Property
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.objective_values import PropertyValues, objectives_on, typed_name
from bmg_assets.science.proposals.objectives import ObjectiveError, ObjectiveTable

SYSTEM = TargetSystem(("Zr", "Al", "Cu"))
POINTS = [[50.0, 10.0, 40.0], [60.0, 20.0, 20.0], [30.0, 30.0, 40.0]]
KEYS = [composition_key(dict(zip(SYSTEM.elements, point, strict=True))) for point in POINTS]
GRID = pd.DataFrame(
    {
        "composition": KEYS,
        "at_pct": POINTS,
        "strategy": "composite",
        "dmax_mm": [5.0, 2.0, 1.0],
        "interval_low_mm": [1.0, 0.5, 0.1],
        "interval_high_mm": [9.0, 4.0, 3.0],
        "probability_bulk": [0.9, 0.5, 0.2],
        "expected_gain_mm": [0.5, 0.2, 0.1],
        "best_known_mm": 4.0,
    }
)
PRICES = CastingPractice(prices={"Zr": 150, "Al": 3, "Cu": 10})


def declared(name: str, symbol: str, *also: str) -> Property:
    return Property(name=name, title=name, symbol=symbol, also=also, unit="K", range=(1, 2000))


TG = declared("glass_transition_temperature", "T_g", "Tg")
TX = declared("crystallisation_temperature", "T_x")
TL = declared("liquidus_temperature", "T_l")
DTX = declared("supercooled_liquid_region", "ΔT_x", "DeltaT_x", "dT_x")
DECLARED = {one.name: one for one in (TG, TX, TL, DTX)}


def mapped(prop: Property, *values: float) -> PropertyValues:
    rows = {"composition": KEYS[: len(values)], "value": values, "interval_low": 0.0, "interval_high": 2000.0}
    return PropertyValues(prop, pd.DataFrame(rows), f"Its map of {prop.name} errs.")


def objectives(*maps: PropertyValues, grid: pd.DataFrame = GRID, practice: CastingPractice = PRICES) -> ObjectiveTable:
    return objectives_on(grid, SYSTEM, practice, maps, DECLARED)


def test_the_map_the_elements_and_the_prices_give_objectives() -> None:
    found = objectives().objectives
    assert list(found) == ["dmax", "chance", "gain", "density", "liquidus", "price"]
    assert found["dmax"].low is not None
    assert (found["dmax"].values.tolist(), found["dmax"].low.tolist()) == ([5.0, 2.0, 1.0], [1.0, 0.5, 0.1])
    assert found["chance"].values.tolist() == [90.0, 50.0, 20.0]
    for row, point in enumerate(POINTS):
        amounts = dict(zip(SYSTEM.elements, point, strict=True))
        assert found["density"].values[row] == pytest.approx(estimated_density_g_cm3(amounts))
    prices = PRICES.alloy_prices_per_kg(np.array(POINTS), SYSTEM)
    assert found["price"].values.tolist() == prices.tolist()
    assert [found[name].more_is_better for name in ("dmax", "density", "price", "liquidus")] == [
        True,
        False,
        False,
        False,
    ]


def test_maps_of_properties_are_objectives_and_so_is_what_follows_from_two() -> None:
    found = objectives(mapped(TG, 700, 720), mapped(TX, 760, 770), mapped(TL, 1000, 1200)).objectives
    assert found["tg"].values[:2].tolist() == [700.0, 720.0]
    assert np.isnan(found["tg"].values[2])  # the map has no such point
    assert found["dtx"].values[:2].tolist() == [60.0, 50.0]
    assert found["trg"].values[:2].tolist() == [0.7, 0.6]
    assert "T_g: Its map of glass_transition_temperature errs." in found["dtx"].about
    own = objectives(mapped(TG, 700, 720), mapped(TX, 760, 770), mapped(DTX, 55, 44)).objectives
    assert own["dtx"].values[:2].tolist() == [55.0, 44.0]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("T_g", "T_g is not mapped in Zr-Al-Cu; `bmg property T_g Zr-Al-Cu` does it."),
        ("dtx", "ΔT_x is not mapped in Zr-Al-Cu; `bmg property DeltaT_x Zr-Al-Cu` does it."),
        ("trg", "T_rg needs the maps of T_g and T_l in Zr-Al-Cu; `bmg property T_g Zr-Al-Cu` makes one."),
        ("price", "Of Al no price is known, so alloys of Zr-Al-Cu have none; say them under `prices` in casting.yaml."),
    ],
)
def test_what_is_not_there_says_what_makes_it(name: str, sentence: str) -> None:
    table = objectives(practice=CastingPractice(prices={"Zr": 150, "Cu": 10}))
    with pytest.raises(ObjectiveError) as refused:
        table.named(name)
    assert str(refused.value) == sentence


def test_a_map_whose_scores_mean_no_mm_gives_no_diameter() -> None:
    table = objectives(grid=GRID.assign(interval_low_mm=np.nan))
    assert "density" in table.objectives
    with pytest.raises(ObjectiveError, match="Too few bulk glasses are known"):
        table.named("dmax")


def test_a_property_is_called_by_its_shortest_symbol() -> None:
    assert [typed_name(one) for one in DECLARED.values()] == ["tg", "tx", "tl", "dtx"]
