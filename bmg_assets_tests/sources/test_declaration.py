"""sources.yaml: what is declared is meant, and what cannot be meant is refused with the source and the key."""

from pathlib import Path

import pytest

from bmg_assets.science.alloys.labels import GlassClass
from bmg_assets.sources.declaration import DeclarationError, read_declarations
from bmg_assets_tests.sources.declared import SHORTEST, declare, write_declarations

COMMITTED = Path(__file__).parents[2] / "data" / "literature" / "sources.yaml"


def test_the_committed_declarations_are_valid():
    declarations = read_declarations(COMMITTED)
    assert declarations["ml_bmg_gfa"].use == "always"
    assert declarations["starter"].use == "fallback"
    assert {declared.format for declared in declarations.values()} == {"csv", "matminer_json"}
    for declared in declarations.values():
        assert declared.licence
        assert declared.reference
        assert declared.address is None or declared.address.startswith("https://")


def test_ribbon_codes_of_the_committed_sources_differ_in_number_and_agree_in_class():
    declarations = read_declarations(COMMITTED)
    assert declarations["ward_2018"].conventions.values[0.2] is GlassClass.RIBBON
    assert declarations["xiong_2020"].conventions.values[0.1] is GlassClass.RIBBON
    assert declarations["landolt_ternary"].conventions.classes["AM"] is GlassClass.RIBBON


def test_a_declaration_carries_what_curation_needs(tmp_path):
    origin = declare(tmp_path, unit="wt%", codes={"averaged": True, "not_castings": ["film"]}).origin
    assert (origin.source, origin.reference, origin.licence, origin.unit) == (
        "small",
        "a handbook",
        "none stated",
        "wt%",
    )
    assert origin.conventions.averaged
    assert origin.conventions.not_castings == {"film"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"licens": "MIT"}, "unknown key 'licens'"),
        ({"title": None}, "lacks 'title'"),
        ({"licence": ""}, "lacks 'licence'"),
        ({"use": "sometimes"}, "use 'sometimes'"),
        ({"format": "xls"}, "format 'xls'"),
        ({"unit": "mol"}, "unit 'mol'"),
        ({"sha256": "abc"}, "sha256"),
        ({"address": "ftp://example.org/x"}, "address"),
        ({"file": "/etc/passwd"}, "relative path"),
        ({"file": "../x.csv"}, "relative path"),
        ({"columns": {"class": "Kind"}}, "no column for 'formula'"),
        ({"columns": {"formula": "Alloy"}}, "neither a column for 'class'"),
        ({"columns": {"formula": "Alloy", "kind": "Kind"}}, "unknown key 'kind'"),
        ({"columns": ["Alloy"]}, "columns"),
        ({"codes": {"classes": {"AM": "glassy"}}}, "'glassy'"),
        ({"codes": {"values": {"small": "ribbon"}}}, "no mapping of numbers"),
        ({"codes": {"partly_crystalline": ["AC"]}}, "'AC' partly crystalline"),
        ({"codes": {"mean": True}}, "unknown key 'mean'"),
        ({"codes": "none"}, "codes"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, changes, said):
    with pytest.raises(DeclarationError, match="Source 'small'") as caught:
        declare(tmp_path, **changes)
    assert said in str(caught.value)


def test_a_file_to_compare_with_needs_no_columns(tmp_path):
    path = write_declarations(tmp_path, grid=SHORTEST | {"use": "reference", "columns": {}, "codes": {}})
    assert read_declarations(path)["grid"].columns == {}


@pytest.mark.parametrize("text", ["", "sources:", "sources: [a]", "other: 1", "sources: {a: 1}", "sources: {a: [}"])
def test_a_file_without_declarations_is_refused(tmp_path, text):
    (tmp_path / "sources.yaml").write_text(text)
    with pytest.raises(DeclarationError):
        read_declarations(tmp_path / "sources.yaml")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DeclarationError, match=r"no source declarations at .*sources\.yaml"):
        read_declarations(tmp_path / "sources.yaml")
