"""properties.yaml, and the columns that sources name for properties."""

import os
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.alloys.compositions import composition_key, parse_formula
from bmg_assets.science.literature.properties import PropertyColumn, scale_of
from bmg_assets.science.literature.property_values import merge_property_reports
from bmg_assets.sources.declaration import DeclarationError, read_declarations
from bmg_assets.sources.download import SourceChoiceError, available_sources, choose_property_sources, choose_sources
from bmg_assets.sources.properties import read_properties
from bmg_assets.sources.readers import SourceFileError, read_source_properties
from bmg_assets.sources.reading import read_all_property_reports
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets_tests.sources.declared import SHORTEST, declare, write_declarations
from bmg_assets_tests.sources.yaml_texts import damaged, folder_with, read_or_refused, with_other_values, yaml_texts

COMMITTED = Path(__file__).parents[2] / "data" / "literature"
MODULUS: dict[str, Any] = {"title": "Young's modulus", "symbol": "E", "unit": "GPa", "range": [10, 300]}
ONLY_PROPERTIES = {
    "use": "properties",
    "columns": {"formula": "Alloy", "reference": "Ref"},
    "codes": {},
    "properties": {"modulus": {"column": "E", "unit": "MPa"}},
}


def write(folder: Path, **entries: Any) -> Path:
    path = folder / "properties.yaml"
    path.write_text(yaml.safe_dump({"properties": entries}), encoding="utf-8")
    return path


def test_the_committed_properties_can_be_read_from_casts_and_sources() -> None:
    properties = read_properties(COMMITTED / "properties.yaml")
    assert [one.typed for one in properties.values()] == ["T_g", "T_x", "T_l", "DeltaT_x", "R_c", "G", "K", "E"]
    columns = {column for one in properties.values() for column in one.own_casts}
    assert columns <= set(LAB_CASTS.column_names)
    for source in read_declarations(COMMITTED / "sources.yaml").values():
        for name, column in source.properties.items():
            scale_of(column, properties[name])


def test_a_modulus_is_one_entry_more(tmp_path: Path) -> None:
    modulus = read_properties(write(tmp_path, modulus=MODULUS))["modulus"]
    assert (modulus.range, modulus.sub_dataset, modulus.budget) == ((10, 300), 0, None)
    assert scale_of(PropertyColumn(column="E", unit="MPa"), modulus) == (1e-3, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unitt": "GPa"}, "unknown key 'unitt'"),
        ({"unit": None}, "lacks 'unit'"),
        ({"range": [300, 10]}, "the smaller first"),
        ({"range": "10-300"}, "expected two numbers"),
        ({"sub_dataset": 6}, "sub_dataset: found 6, expected 0 (nothing left out) to 5"),
        ({"budget": "long"}, "'long'"),
        ({"below": "hardness"}, "'modulus' to be below 'hardness', which is not declared"),
        ({"below": "modulus"}, "'modulus' to be below 'modulus', and this below"),
        ({"derived": {"rule": "difference", "of": ["modulus", "hardness"]}}, "from 'modulus', which is derived itself"),
        ({"derived": {"rule": "difference", "of": ["hardness", "modulus"]}}, "'hardness', which is not declared"),
        ({"derived": {"rule": "product", "of": ["a", "b"]}}, "'product'"),
        ({"scale": "cubic"}, "'cubic'"),
        ({"maps": "best"}, "'best'"),
        ({"agrees_within": "a lot"}, "a percentage like 10 %"),
        ({"scale": "log", "range": [0, 10]}, "has no logarithm"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DeclarationError, match=r"properties\.yaml.*modulus.*; fix it\.$") as caught:
        read_properties(write(tmp_path, modulus=MODULUS | changes))
    assert said in str(caught.value)


def test_a_name_is_part_of_file_names_and_a_symbol_is_one_property_s(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="letters, digits and _"):
        read_properties(write(tmp_path, **{"young/modulus": MODULUS}))
    with pytest.raises(DeclarationError, match="symbol 'E', which names another"):
        read_properties(write(tmp_path, young=MODULUS, shear=MODULUS))
    with pytest.raises(DeclarationError, match="symbol 'E', which names another"):
        read_properties(write(tmp_path, young=MODULUS, shear=MODULUS | {"symbol": "G", "also": ["E"]}))


def test_a_column_that_misleads_is_never_read(tmp_path: Path) -> None:
    misled = ONLY_PROPERTIES | {"not_properties": {"E": "it holds strains"}}
    with pytest.raises(
        DeclarationError, match=r"'modulus' from the column 'E', which is no property: it holds strains"
    ):
        declare(tmp_path, **misled)
    mdf = read_declarations(COMMITTED / "sources.yaml")["mdf_v5"]
    assert mdf.not_properties.keys() == {"Possion's_Ratio", "v", "Tm_[K]"}


@pytest.mark.parametrize("text", ["", "properties:", "properties: [a]", "properties: {a: 1}", "properties: {a: [}"])
def test_a_file_without_declarations_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "properties.yaml"
    with pytest.raises(DeclarationError, match="no declarations of properties"):
        read_properties(path)
    path.write_text(text)
    with pytest.raises(DeclarationError):
        read_properties(path)


def test_a_source_of_properties_alone_reports_no_glasses(tmp_path: Path) -> None:
    declared = read_declarations(write_declarations(tmp_path, both=SHORTEST, moduli=SHORTEST | ONLY_PROPERTIES))
    assert choose_sources(declared, ["both", "moduli"]) == ["both"]
    assert choose_property_sources(declared, ["both", "moduli"]) == ["moduli"]
    assert choose_property_sources(declared, ["both"]) == []
    with pytest.raises(SourceChoiceError, match=r"'moduli' is no declared source of reports"):
        choose_sources(declared, ["both", "moduli"], ["moduli"])
    with pytest.raises(SourceChoiceError, match="No source of literature"):
        choose_sources(declared, ["moduli"])


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({}, "declares none"),
        (["E"], "properties: found ['E'], expected a mapping"),
        ({"modulus": 1}, "properties.modulus holds 1; expected the keys column, unit"),
        ({"modulus": {"unit": "GPa"}}, "lacks 'column'"),
        ({"modulus": {"column": "E", "units": "GPa"}}, "unknown key 'units'"),
    ],
)
def test_columns_that_cannot_be_meant_are_refused(tmp_path: Path, properties: Any, said: str) -> None:
    with pytest.raises(DeclarationError, match=r"sources\.yaml: sources\.small") as caught:
        declare(tmp_path, **(ONLY_PROPERTIES | {"properties": properties}))
    assert said in str(caught.value)


def test_cells_stay_text_and_empty_ones_say_nothing(tmp_path: Path) -> None:
    declared = declare(tmp_path, **ONLY_PROPERTIES)
    path = tmp_path / "table.csv"
    path.write_text("Alloy,E,Ref\nZr50Cu50,88000,one\nZr60Cu40, ,\n")
    rows = read_source_properties(declared, path)
    assert rows.to_dict("list") == {
        "source_row": [1, 2],
        "formula": ["Zr50Cu50", "Zr60Cu40"],
        "reference": ["one", None],
        "year": [None, None],
        "modulus": ["88000", None],
    }
    path.write_text("Alloy,Ref\nZr50Cu50,one\n")
    with pytest.raises(SourceFileError, match="no column 'E'"):
        read_source_properties(declared, path)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("glass_transition_temperature", "tg_K"),
        ("crystallisation_temperature", "tx_K"),
        ("liquidus_temperature", "tl_K"),
    ],
)
def test_papers_that_measured_one_alloy_agree_as_declared_and_hardly_ever_to_the_digit(name: str, column: str) -> None:
    """What `agrees_within` rests on, and why the same number twice is a copy."""
    table = pd.read_csv(COMMITTED / "thermal_properties.csv").dropna(subset=[column])
    keys = table["composition"].map(lambda formula: composition_key(parse_formula(formula).amounts))
    pairs = [pair for _, values in table.groupby(keys)[column] for pair in combinations(sorted(values), 2)]
    agreement = read_properties(COMMITTED / "properties.yaml")[name].agrees_within
    assert len(pairs) > 30
    assert sum(agreement.holds(*pair) for pair in pairs) >= 0.94 * len(pairs)
    assert sum(low == high for low, high in pairs) <= 0.15 * len(pairs)


@pytest.fixture(scope="module")
def published() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reports and values of all properties, of the public sets and the table that comes along."""
    declared, properties = read_declarations(COMMITTED / "sources.yaml"), read_properties(COMMITTED / "properties.yaml")
    cache = Path(os.environ.get("BMG_DOWNLOADS", COMMITTED.parent / "downloads"))
    paths = available_sources(declared, cache, COMMITTED)
    chosen = choose_property_sources(declared, paths)
    if missing := {"mdf_v5", "forrest_greer", "xiong_ctt", "xiong_moduli"} - set(chosen):
        pytest.skip(f"not in the download cache: {', '.join(sorted(missing))}; run `bmg data`")
    reports = read_all_property_reports(declared, paths, chosen, properties).reports
    return reports, merge_property_reports(reports, properties)


@pytest.mark.published
def test_the_public_sets_report_as_many_alloys_as_were_counted(published: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    _, values = published
    assert values["property"].value_counts().to_dict() == {
        "glass_transition_temperature": 1691,
        "liquidus_temperature": 1683,
        "crystallisation_temperature": 1663,
        "supercooled_liquid_region": 1572,
        "youngs_modulus": 315,
        "shear_modulus": 278,
        "bulk_modulus": 270,
        "critical_cooling_rate": 59,
    }
    glasses = values[values["property"].isin(["glass_transition_temperature", "crystallisation_temperature"])]
    assert glasses["composition"].nunique() == 1782
    temperatures = values[values["property"].str.endswith("_temperature")]
    assert temperatures["composition"].nunique() == 2043


@pytest.mark.published
def test_what_the_public_sets_have_wrong_is_refused_by_name(published: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    reports, values = published
    assert (reports["property"] == "critical_cooling_rate").sum() == 63
    celsius = reports[reports["fault"] == "celsius"]
    assert (len(celsius), set(celsius["source"]), celsius["composition"].nunique()) == (21, {"mdf_v5"}, 7)
    assert celsius["reference"].str.contains("10.1016/j.jallcom.2007.05.037", regex=False).all()
    far = reports[(reports["source"] == "mdf_v5") & (reports["fault"] == "out_of_range")]
    assert {"6502.0", "5850.5", "7160.5", "8263.0"} <= set(far["value_reported"].dropna())
    assert (reports["status"] == "copied").mean() > 0.5
    conflicts = values[values["conflict"] != "none"].set_index("composition")
    assert len(conflicts) < 0.01 * len(values)
    young = conflicts[conflicts["property"] == "youngs_modulus"]
    assert set(young.index) == {"Al4Cu48Zr48", "Al15Ce60Cu10Ni15"}


@pytest.mark.published
def test_youngs_modulus_of_the_other_moduli_is_the_one_that_papers_report(
    published: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """Half of the alloys for which both are known agree within 1 %: sound in one piece gave all three moduli."""
    reports, _ = published
    young = reports[(reports["property"] == "youngs_modulus") & (reports["status"] != "refused")]
    stated, derived = (
        young[mask].groupby("composition")["value"].median()
        for mask in (young["derived_from"].isna(), young["derived_from"].notna())
    )
    ratio = (derived / stated).dropna()
    assert len(ratio) == 10
    assert (ratio.sub(1).abs() < 0.01).sum() == 5


TEXT = (COMMITTED / "properties.yaml").read_text(encoding="utf-8")


@settings(max_examples=300)
@given(st.one_of(yaml_texts(), damaged(TEXT), with_other_values(TEXT)))
def test_any_properties_are_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = folder_with(tmp_path_factory.getbasetemp() / "literature", "properties.yaml", content) / "properties.yaml"
    declared = read_or_refused(lambda: read_properties(path), DeclarationError)
    assert declared is None or all(one.range[0] < one.range[1] for one in declared.values())
