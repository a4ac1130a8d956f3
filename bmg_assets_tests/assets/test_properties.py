"""Maps of properties as assets: from a source's column to the page, trained once, with a sentence for every mistake."""

import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from bmg_assets.automation.jobs import PROPERTY_JOB, PROPERTY_VALUES_JOB
from bmg_assets.partitions import PROPERTY_DIMENSION, register_property_map
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.settings import PROJECT
from bmg_assets.sources.properties import read_properties
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.page_addresses import property_file
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets.store.tables.property import PROPERTY_ALLOYS, PROPERTY_MAPS, PROPERTY_SCORES
from bmg_assets_tests.assets.searches import Searches
from bmg_assets_tests.deployment import Deployment, configured, sentence_of
from bmg_assets_tests.table_frames import frame_of

SYSTEM, T_G = "Zr-Al-Cu", "glass_transition_temperature"
KEY = f"{T_G}.{SYSTEM}"
ROWS = [
    *((f"Zr{zr}Al{al}Cu{100 - zr - al}", 600 + zr, "") for zr in range(40, 64, 4) for al in (5, 10, 15)),
    *((f"Zr{zr}Cu{100 - zr}", 590 + zr, 700) for zr in range(40, 64, 2)),
    ("Zr50Cu50", 66, ""),
    ("Zr52Cu48", 720, 700),
    ("Zr52Qq48", 670, ""),
]


RENAMED = """
  renamed:
    title: A table whose column has changed its name
    use: properties
    file: renamed.csv
    licence: MIT
    reference: a table
    columns: {formula: Alloy}
    properties: {glass_transition_temperature: "T_g [K]"}
"""


@pytest.fixture
def deployment(tmp_path: Path, instance: dg.DagsterInstance) -> Deployment:
    """A folder of literature of its own, whose table of temperatures has a few rows."""
    data = tmp_path / "data"
    shutil.copytree(PROJECT / "data" / "literature", data / "literature")
    write(data, ROWS)
    (data / "literature" / "thermal_references.csv").write_text("reference,citation\none,A handbook\n")
    return Deployment(tmp_path, instance, data)


def write(data: Path, rows: list[tuple[Any, ...]]) -> None:
    frame = pd.DataFrame(rows, columns=["composition", "tg_K", "tx_K"]).assign(tl_K="", reference="one")
    frame.to_csv(data / "literature" / "thermal_properties.csv", index=False)


def register(deployment: Deployment, system: str = SYSTEM) -> None:
    properties = read_properties(deployment.data / "literature" / "properties.yaml")
    register_property_map(deployment.instance, properties[T_G], system)


def train(deployment: Deployment, key: str = KEY, **config: Any) -> dg.ExecuteInProcessResult:
    settings = configured(property_maps={"budget": "quick", **config})
    return deployment.run(PROPERTY_JOB, partition_key=key, run_config=settings)


def test_a_column_of_a_source_becomes_a_map_with_a_page(deployment: Deployment, searches: Searches) -> None:
    assert deployment.run(PROPERTY_VALUES_JOB).success
    database = LiteratureDatabase(store=deployment.store)
    reports = database.read("property_reports")
    refused = reports[reports["status"] == "refused"]
    assert sorted(refused["fault"]) == ["out_of_order", "out_of_order", "out_of_range", "unknown_element"]
    assert reports["derived_from"].isna().sum() == sum(1 + bool(tx) for *_, tx in ROWS)
    assert len(database.read("property_values").query("property == 'supercooled_liquid_region'")) == 12
    known = database.read("property_values").query("property == @T_G")
    assert len(known) == 30
    register(deployment)
    result = train(deployment)
    assert result.success, sentence_of(result)
    store = deployment.store
    grid = store.read_table(PROPERTY_MAPS.name, SYSTEM, T_G)
    assert len(grid) == 4851
    assert 590 < grid["value"].min() < grid["value"].max() < 680
    assert set(grid["unit"]) == {"K"}
    scores = store.read_table(PROPERTY_SCORES.name, SYSTEM, T_G).iloc[0]
    assert (scores["sub_dataset"], scores["n_training"], scores["n_of_system"]) == (0, 30, 18)
    page = store.read_bytes(property_file(T_G, SYSTEM)).decode()
    for words in (
        "glass transition temperature T_g",
        "A handbook",
        "66 K is outside the range that is read as T_g",
        "(K)",
        "text/csv",
    ):
        assert words in page, words
    assert " mm" not in page.split("<body>")[1].replace("data:image", "")
    for ending in ("map.svg", "map.png", "parity.png", "distance.svg"):
        assert store.size_of(property_file(T_G, SYSTEM, ending)) > 20_000
    checks = {one.check_name: one.passed for one in result.get_asset_check_evaluations()}
    assert checks == {"schema": True, "beats_the_mean": True, "near_known": True}
    # The same again is not trained again.
    assert len(searches.done) == len(SUB_MODELS)
    assert train(deployment).success
    assert len(searches.done) == len(SUB_MODELS)
    # It is no target system: removing that leaves the map alone.
    store.delete_system(SYSTEM)
    assert store.has_bytes(property_file(T_G, SYSTEM))
    assert store.has_table(PROPERTY_MAPS.name, SYSTEM, T_G)


def test_own_casts_take_part_and_the_system_can_be_left_out(deployment: Deployment, searches: Searches) -> None:
    assert deployment.run(PROPERTY_VALUES_JOB).success
    casts = frame_of(
        LAB_CASTS,
        rows=1,
        composition="Al10Cu30Zr60",
        elements=[["Al", "Cu", "Zr"]],
        at_pct=[[10.0, 30.0, 60.0]],
        state="current",
        tg_K=644.0,
    )
    deployment.store.write_table("lab_casts", SYSTEM, casts)
    register(deployment)
    assert train(deployment, sub_dataset=1).success
    alloys = deployment.store.read_table(PROPERTY_ALLOYS.name, SYSTEM, T_G).set_index("composition")
    assert alloys.loc["Al10Cu30Zr60", ["value", "category", "is_trained"]].tolist() == [644.0, "lab", True]
    assert set(alloys.loc[~alloys["is_trained"], "category"]) == {"V"}
    assert (~alloys["is_trained"]).sum() == 17


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("hardness.Zr-Al-Cu", "There is no property 'hardness'; choose one of T_g (glass_transition_temperature)"),
        (SYSTEM, "There is no property 'Zr-Al-Cu'"),
        (f"{T_G}.Zr-Al-Xx", "'Xx' is not an element symbol"),
        (f"{T_G}.Cu-Al-Zr", f"use '{SYSTEM}'"),
        (f"liquidus_temperature.{SYSTEM}", "No value of T_l is known"),
    ],
)
def test_a_key_that_cannot_be_mapped_ends_in_one_sentence(
    deployment: Deployment, searches: Searches, key: str, words: str
) -> None:
    assert deployment.run(PROPERTY_VALUES_JOB).success
    register(deployment)
    deployment.instance.add_dynamic_partitions(PROPERTY_DIMENSION, [key])
    assert words in sentence_of(train(deployment, key))
    assert searches.done == []


def test_a_source_that_cannot_be_read_is_named_and_stops_no_other(deployment: Deployment) -> None:
    literature = deployment.data / "literature"
    (literature / "renamed.csv").write_text("Alloy,Tg\nZr50Cu50,670\n")
    with (literature / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write(RENAMED)
    result = deployment.run(PROPERTY_VALUES_JOB)
    assert result.success
    [made] = [one for one in result.get_asset_materialization_events() if one.asset_key.path == ["property_reports"]]
    metadata = made.materialization.metadata
    assert metadata["sources"].value == ["thermal"]
    assert "renamed.csv of source 'renamed' has no column 'T_g [K]'" in str(metadata["unread"].value)
    assert set(LiteratureDatabase(store=deployment.store).read("property_reports")["source"]) == {"thermal"}
    failed = [one.check_name for one in result.get_asset_check_evaluations() if not one.passed]
    assert failed == ["all_read"]


def test_a_literature_without_properties_is_no_fault(deployment: Deployment) -> None:
    (deployment.data / "literature" / "thermal_properties.csv").unlink()
    assert deployment.run(PROPERTY_VALUES_JOB).success
    assert LiteratureDatabase(store=deployment.store).read("property_values").empty
