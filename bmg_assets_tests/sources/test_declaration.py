"""sources.yaml: what is declared is meant, and what cannot be meant is refused with the source and the key."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.alloys.labels import GlassClass
from bmg_assets.sources.declaration import DeclarationError, read_declarations, refused_set
from bmg_assets_tests.sources.declared import SHORTEST, declare, write_declarations
from bmg_assets_tests.sources.yaml_texts import damaged, folder_with, read_or_refused, with_other_values, yaml_texts

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


def test_the_recommended_set_is_the_nine_sources_the_one_that_names_its_papers_first():
    declarations = read_declarations(COMMITTED)
    assert [name for name, declared in declarations.items() if declared.use == "always"] == [
        "mdf_v5",
        "borg_mpea",
        "ml_bmg_gfa",
        "forrest_greer",
        "xiong_2020",
        "xiong_gfa",
        "xiong_ctt",
        "xiong_as_cast",
        "ward_2018",
    ]
    assert all(
        declared.sha256 and declared.size_bytes for declared in declarations.values() if declared.use == "always"
    )


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
        ({"title": None}, "sources.small lacks 'title'"),
        ({"licence": ""}, "small.licence: found '', expected a text with at least 1 character"),
        ({"use": "sometimes"}, "small.use: found 'sometimes', expected 'always', 'fallback'"),
        ({"format": "xls"}, "small.format: found 'xls', expected 'csv' or 'matminer_json'"),
        ({"unit": "mol"}, "small.unit: found 'mol', expected 'at%'"),
        ({"sha256": "abc"}, "small.sha256: found 'abc', expected 64 lower-case hexadecimal digits"),
        (
            {"address": "ftp://example.org/x"},
            "small.address: found 'ftp://example.org/x', expected an address that begins",
        ),
        ({"size_bytes": 0}, "small.size_bytes: found 0, expected greater than 0"),
        ({"file": "/etc/passwd"}, "relative path"),
        ({"file": "../x.csv"}, "relative path"),
        ({"columns": {"class": "Kind"}}, "no column for 'formula'"),
        ({"columns": {"formula": "Alloy"}}, "neither a column for 'class'"),
        ({"columns": {"formula": "Alloy", "kind": "Kind"}}, "small.columns: found 'kind', expected 'formula', 'class'"),
        ({"columns": ["Alloy"]}, "small.columns: found ['Alloy'], expected a mapping of keys to values"),
        (
            {"codes": {"classes": {"AM": "glassy"}}},
            "codes.classes.AM: found 'glassy', expected 'crystalline', 'ribbon' or 'bulk'",
        ),
        ({"codes": {"values": {"small": "ribbon"}}}, "codes.values: found 'small', expected a valid number"),
        ({"codes": {"partly_crystalline": ["AC"]}}, "'AC' partly crystalline"),
        ({"codes": {"films": ["X"], "as_cast": ["X"]}}, "declares 'X' under films and under as_cast"),
        ({"codes": {"classes": {"OT": "ribbon"}, "unclear": ["OT"]}}, "declares the class 'OT' and calls it unclear"),
        (
            {"codes": {"unstated": "poured"}},
            "found 'poured', expected 'as_spun', 'as_cast', 'not_",
        ),
        ({"rows": [{"formula": "Pd", "is": "odd", "reason": "x"}]}, "found 'odd', expected 'fluxed' or 'wrong'"),
        ({"rows": [{"formula": "Pd", "is": "wrong"}]}, "lacks 'reason'"),
        ({"codes": {"mean": True}}, "small.codes has the unknown key 'mean'; expected classes, partly_crystalline"),
        ({"codes": "none"}, "small.codes holds 'none'; expected the keys classes"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, changes, said):
    with pytest.raises(DeclarationError, match=r"sources\.yaml: sources\.small.*; fix it\.$") as caught:
        declare(tmp_path, **changes)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bajpaianurag", "shuffled against its compositions"),
        ("Sachinscnpdl/BMGcalc", "shifted by a row"),
        ("bmgcalc", "shifted by a row"),
        ("KUBE", "sputtered films"),
    ],
)
def test_what_is_known_to_be_wrong_is_refused_by_name(name, said):
    refused = refused_set(COMMITTED, name)
    assert refused is not None
    assert said in refused.reason
    assert refused.reason.endswith(".")


def test_a_source_is_not_known_to_be_wrong(tmp_path):
    assert refused_set(COMMITTED, "mdf_v5") is None
    path = write_declarations(tmp_path, small=SHORTEST)
    refused = yaml.safe_dump({"refused": [{"title": "It", "names": ["small"], "reason": "It is wrong."}]})
    path.write_text(f"{path.read_text()}{refused}")
    with pytest.raises(DeclarationError, match="declares the source 'small' and refuses it"):
        read_declarations(path)


def test_a_file_to_compare_with_needs_no_columns(tmp_path):
    path = write_declarations(tmp_path, grid=SHORTEST | {"use": "reference", "columns": {}, "codes": {}})
    assert read_declarations(path)["grid"].columns == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds None; expected the keys sources, refused"),
        ("sources:", "sources: found None, expected a mapping"),
        ("sources: [a]", r"sources: found \['a'\], expected a mapping"),
        ("sources: {}", "expected a mapping with at least 1 item"),
        ("other: 1", "lacks 'sources'"),
        ("sources: {a: 1}", "sources.a holds 1; expected the keys title, use"),
        ("sources: {a: [}", "cannot be read as YAML"),
    ],
)
def test_a_file_without_declarations_is_refused(tmp_path, text, said):
    (tmp_path / "sources.yaml").write_text(text)
    with pytest.raises(DeclarationError, match=said):
        read_declarations(tmp_path / "sources.yaml")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DeclarationError, match=r"no source declarations at .*sources\.yaml"):
        read_declarations(tmp_path / "sources.yaml")


@pytest.mark.parametrize("entry", ["name: other", "'name': small"])
def test_an_entry_has_no_other_name(tmp_path: Path, entry: str) -> None:
    text = COMMITTED.read_text(encoding="utf-8")
    path = tmp_path / "sources.yaml"
    path.write_text(text.replace("  starter:\n", f"  starter:\n    {entry}\n"), encoding="utf-8")
    with pytest.raises(DeclarationError, match="sources gives 'starter' another name by the key 'name'; take that key"):
        read_declarations(path)


def test_a_source_that_is_declared_twice_is_refused(tmp_path: Path) -> None:
    text = COMMITTED.read_text(encoding="utf-8")
    path = tmp_path / "sources.yaml"
    path.write_text(f"{text}\n  starter:\n    title: another\n", encoding="utf-8")
    with pytest.raises(
        DeclarationError, match=r"sources.yaml, line \d+: the key 'starter' stands twice \(first on line"
    ):
        read_declarations(path)


TEXT = COMMITTED.read_text(encoding="utf-8")


@settings(max_examples=300)
@given(st.one_of(yaml_texts(), damaged(TEXT), with_other_values(TEXT)))
def test_any_sources_are_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = folder_with(tmp_path_factory.getbasetemp() / "literature", "sources.yaml", content) / "sources.yaml"
    declared = read_or_refused(lambda: read_declarations(path), DeclarationError)
    assert declared is None or all(one.origin for one in declared.values())
