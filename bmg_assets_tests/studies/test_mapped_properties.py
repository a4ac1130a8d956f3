"""The maps of properties at hand: by the elements in any order, with their error, and whether they are behind."""

from dataclasses import replace

import pandas as pd
import pytest

from bmg_assets.science.literature.properties import Property, Scale
from bmg_assets.settings import PROJECT
from bmg_assets.sources.properties import read_properties
from bmg_assets.store.tables.property import PROPERTY_VALUES
from bmg_assets.studies.mapped_properties import MappedProperty, error_at, mapped_properties
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.studies.made_up_maps import TG, store_map
from bmg_assets_tests.table_frames import frame_of

DECLARED = read_properties(PROJECT / "data" / "literature" / "properties.yaml")


def values(value: float = 650.0, composition: str = "Cu50Zr50") -> pd.DataFrame:
    facts = {"elements": [["Cu", "Zr"]], "at_pct": [[50.0, 50.0]], "property": TG}
    return frame_of(PROPERTY_VALUES, 1, composition=composition, value=value, **facts)


def mapped(deployment: Deployment, now: pd.DataFrame | None = None) -> dict[str, MappedProperty]:
    return mapped_properties(deployment.store, DECLARED, ("Cu", "Zr", "Al"), lambda: now)


def test_a_map_has_its_error_and_says_where_it_is_from(fresh: Deployment) -> None:
    assert mapped(fresh) == {}
    store_map(fresh.store)
    one = mapped(fresh, values())[TG]
    assert (one.system, one.error_in_words) == ("Zr-Al-Cu", "errs by 27 K (systems left out)")
    assert (one.n_since, one.older_in_words, len(one.grid)) == (0, "", 4851)
    store_map(fresh.store, without_system=None)
    assert mapped(fresh)[TG].error_in_words == "errs by 19 K (alloys left out at random)"
    assert mapped_properties(fresh.store, DECLARED, ("Zr", "Al", "Ni"), lambda: None) == {}


@pytest.mark.parametrize("now", [values(651.0), values(composition="Cu40Zr60").assign(at_pct=[[40.0, 60.0]])])
def test_a_map_that_is_older_than_its_values_says_so(fresh: Deployment, now: pd.DataFrame) -> None:
    store_map(fresh.store)
    one = mapped(fresh, now)[TG]
    assert one.n_since > 0
    assert "`bmg property T_g Zr-Al-Cu` makes it anew" in one.older_in_words


def test_an_error_in_decades_is_a_difference_at_a_value(fresh: Deployment) -> None:
    store_map(fresh.store)
    one = mapped(fresh)[TG]
    assert error_at(one, 700.0) == 27.0
    rate: Property = one.prop.model_copy(update={"scale": Scale.LOG})
    assert error_at(replace(one, prop=rate, error=1.0), 5.0) == pytest.approx(45.0)
