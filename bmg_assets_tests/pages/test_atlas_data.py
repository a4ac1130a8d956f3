"""What the page of the atlas carries: every ternary, the best of the others, and maps that fit into 5 MB."""

import base64
import gzip
import json

import numpy as np
import pandas as pd

from bmg_assets.pages.atlas_data import LEVELS, MOST_OF_MORE_ELEMENTS, MOST_TERNARIES, NO_LEVEL, packed, rows_of_page
from bmg_assets.science.atlas.choice import AtlasChoice
from bmg_assets.science.atlas.laboratory import Laboratory
from bmg_assets.science.atlas.listing import listed
from bmg_assets_tests.science.atlas.rows import atlas_rows


def rows_listed(n_ternaries: int, n_quaternaries: int = 0) -> pd.DataFrame:
    return listed(atlas_rows(n_ternaries, n_quaternaries), Laboratory(), AtlasChoice())


def unpacked(text: str) -> bytes:
    return gzip.decompress(base64.b64decode(text))


def test_every_ternary_is_kept_and_the_best_of_the_others() -> None:
    every = rows_listed(30, MOST_OF_MORE_ELEMENTS + 50)
    rows = rows_of_page(every.sample(frac=1, random_state=0))
    assert (rows["n_elements"] == 3).sum() == 30
    best = every[every["n_elements"] == 4].head(MOST_OF_MORE_ELEMENTS)
    assert rows.loc[rows["n_elements"] == 4, "system"].tolist() == best["system"].tolist()


def test_a_million_rows_are_as_many_as_a_browser_bears() -> None:
    n = 1_000_000
    many = pd.DataFrame({"rank": np.arange(n, 0, -1), "n_elements": np.where(np.arange(n) % 5, 4, 3)})
    rows = rows_of_page(many)
    assert len(rows) == MOST_TERNARIES + MOST_OF_MORE_ELEMENTS
    for n_elements, most in ((3, MOST_TERNARIES), (4, MOST_OF_MORE_ELEMENTS)):
        best = many.loc[many["n_elements"] == n_elements, "rank"].nsmallest(most)
        assert rows.loc[rows["n_elements"] == n_elements, "rank"].tolist() == best.tolist()


def test_a_map_keeps_its_values_to_half_a_level() -> None:
    rows = rows_of_page(rows_listed(5, 2))
    data = packed(rows)
    facts = json.loads(unpacked(data.columns))
    tops = facts["columns"]["map_top_mm"]
    assert [top is None for top in tops] == (rows["n_elements"] == 4).tolist()
    maps = np.frombuffer(unpacked(data.maps), dtype=np.uint8).reshape(5, len(facts["grid"]))
    ternaries = rows[rows["n_elements"] == 3]
    for levels, top, values in zip(maps, (top for top in tops if top), ternaries["map_mm"], strict=True):
        assert np.abs(levels / (LEVELS - 1) * top - np.array(values)).max() <= top / (LEVELS - 1) / 2 + 1e-9


def test_a_point_without_a_number_gets_none() -> None:
    rows = rows_of_page(rows_listed(1))
    holed = rows.assign(map_mm=pd.Series([[None, *rows["map_mm"][0][1:]]], dtype=object))
    levels = unpacked(packed(holed).maps)
    assert levels[0] == NO_LEVEL
    assert NO_LEVEL not in levels[1:]


def test_what_is_missing_stays_missing() -> None:
    rows = rows_of_page(rows_listed(3)).assign(chance_bulk=np.nan, interval_low_mm=None)
    columns = json.loads(unpacked(packed(rows).columns))["columns"]
    assert columns["chance_bulk"] == [None] * 3
    assert columns["interval_low_mm"] == [None] * 3
    assert columns["price_per_kg"] == [None] * 3


def test_the_maps_of_all_ternaries_take_less_than_5_mb_even_if_they_are_noise() -> None:
    n, rng = 300, np.random.default_rng(0)
    rows = rows_of_page(rows_listed(n)).assign(map_mm=pd.Series(rng.uniform(0, 9, (n, 171)).tolist(), dtype=object))
    assert len(packed(rows).maps) / n * 26_235 < 5e6
