"""Figures as Dagster's metadata takes them: plain numbers that plot by themselves, collections as JSON."""

import dagster as dg
import numpy as np
import pytest

from bmg_assets.pages.metadata import links_to, metadata_values, picture_of


@pytest.mark.parametrize(
    ("figure", "expected", "kind"),
    [
        (np.int64(3), 3, int),
        (np.float64(0.5), 0.5, float),
        (7.3556995712126945, 7.3557, float),
        (np.bool_(True), True, bool),
        (4, 4, int),
        ("text", "text", str),
    ],
)
def test_single_figures_become_pythons_own(figure: object, expected: object, kind: type) -> None:
    value = metadata_values(figure=figure)["figure"]
    assert value == expected
    assert type(value) is kind


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ({"a": np.float64(1.5), 2: [np.int64(3)]}, {"a": 1.5, "2": [3]}),
        ((np.int64(1), "b"), [1, "b"]),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        ({"only"}, ["only"]),
        ({}, {}),
    ],
)
def test_collections_become_json(figure: object, expected: object) -> None:
    value = metadata_values(figure=figure)["figure"]
    assert isinstance(value, dg.JsonMetadataValue)
    assert value.data == expected


def test_dagsters_own_values_stay() -> None:
    path = dg.MetadataValue.path("/somewhere")
    assert metadata_values(page=path) == {"page": path}


def test_dagster_takes_all_of_it() -> None:
    values = metadata_values(a=np.int64(1), b={"c": np.float64(2)}, d=[np.bool_(False)], e=np.arange(3))
    assert dg.AssetMaterialization("asset", metadata=values).metadata["a"].value == 1


def test_links_and_pictures_name_no_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BMG_PAGES_URL", raising=False)
    assert links_to({"page": "reports/Zr-Al-Cu.html"}) == {"page": dg.MetadataValue.url("/pages/reports/Zr-Al-Cu.html")}
    assert picture_of("figures/a b.png", "Map").value == "![Map](/pages/figures/a%20b.png)"


def test_files_of_the_store_are_links_that_a_browser_can_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_PAGES_URL", "http://furnace.example:8080/")
    links = links_to({"page": "reports/Zr-Al-Cu.html"})
    assert links == {"page": dg.MetadataValue.url("http://furnace.example:8080/reports/Zr-Al-Cu.html")}
    picture = picture_of("figures/Zr-Al-Cu/map.png", "Map of Zr-Al-Cu")
    assert picture.value == "![Map of Zr-Al-Cu](http://furnace.example:8080/figures/Zr-Al-Cu/map.png)"
