"""The laboratory's casting.yaml: read when it is there, and part of what a training was made from."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.defaults import Defaults
from bmg_assets.science.proposals.candidate_choice import CandidateChoiceError
from bmg_assets.science.proposals.casting_practice import CastingPractice, CastingPracticeError
from bmg_assets.settings import PROJECT
from bmg_assets.sources.casting_file import read_casting_practice
from bmg_assets_tests.sources.yaml_texts import (
    damaged,
    folder_with,
    is_one_sentence,
    read_or_refused,
    with_other_values,
    yaml_texts,
)


def test_without_a_file_anything_goes(tmp_path: Path) -> None:
    assert read_casting_practice(tmp_path) == CastingPractice()
    assert read_casting_practice(tmp_path / "not there") == CastingPractice()


def test_the_template_of_the_documentation_is_a_file_that_can_be_used(tmp_path: Path) -> None:
    text = (PROJECT / "docs" / "casting.md").read_text(encoding="utf-8")
    (tmp_path / "casting.yaml").write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    practice = read_casting_practice(tmp_path)
    assert practice.limits_at_pct["Al"] == (0, 20)
    assert practice.not_cast == {"Be", "As"}
    assert practice.prices_per_kg["Zr"] > practice.prices_per_kg["Al"]
    assert practice.highest_price_per_kg is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"limits: [", "cannot be read as YAML .*fix it, or remove it"),
        (b"\xff\xfe\x00", "cannot be read as YAML"),
        (b"not_cast: Be", "casting.yaml: not_cast: found 'Be', expected a list"),
    ],
)
def test_a_file_that_cannot_be_meant_is_named_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "casting.yaml").write_bytes(content)
    with pytest.raises(CastingPracticeError, match=words) as told:
        read_casting_practice(tmp_path)
    assert str(tmp_path / "casting.yaml") in str(told.value)
    assert "\n" not in str(told.value)


def test_a_change_of_the_file_makes_systems_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_LAB", str(tmp_path))
    before = Defaults().of_systems()
    (tmp_path / "casting.yaml").write_text("# nothing said\n")
    assert Defaults().of_systems() == before
    (tmp_path / "casting.yaml").write_text("limits: {Al: [0, 20]}\n")
    limited = Defaults().of_systems()
    assert limited.keys() - before.keys() == {"casting.limits"}
    assert limited["casting.limits"] == {"Al": [0.0, 20.0]}
    (tmp_path / "casting.yaml").write_text("limits: {Al: [0, 25]}\n")
    assert Defaults().of_systems() != limited


def test_a_rule_that_the_deployments_map_cannot_serve_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_RULE", "expected_gain")
    monkeypatch.setenv("BMG_STRATEGY", "pruned")
    with pytest.raises(CandidateChoiceError, match="use strategy 'composite' or 'transfer', or rule 'paper'"):
        Defaults.from_environment()
    monkeypatch.setenv("BMG_STRATEGY", "transfer")
    monkeypatch.setenv("BMG_APART_AT_PCT", "7.5")
    assert Defaults.from_environment() == Defaults(rule="expected_gain", strategy="transfer", apart_at_pct=7.5)


@pytest.mark.parametrize("name", ["casting.yml", "Casting.yaml"])
def test_a_file_under_almost_its_name_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("not_cast: [Be]\n")
    assert read_casting_practice(tmp_path).not_cast == {"Be"}


def test_a_file_under_another_name_is_never_passed_over(tmp_path: Path) -> None:
    (tmp_path / "casting.yaml.txt").write_text("not_cast: [Be]\n")
    with pytest.raises(
        CastingPracticeError, match=r"has 'casting\.yaml\.txt', which is not read: expected is casting\.yaml"
    ):
        read_casting_practice(tmp_path)


def test_a_file_that_is_there_and_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "casting.yaml").symlink_to(tmp_path / "share that is not mounted" / "casting.yaml")
    with pytest.raises(CastingPracticeError, match="cannot be read as YAML"):
        read_casting_practice(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("limits:\n  Al: [0, 20]\nlimits:\n  Cu: [0, 10]\n", "line 3: the key 'limits' stands twice (first on line 1)"),
        ("limits:\n  Al: [0, 20]\n  Al: [0, 10]\n", "line 3: the key 'Al' stands twice"),
        ("limits: [Al 0-20, Al 0-10]", "limits: found 'Al twice', expected one limit of each element"),
        ("limits: {Al: [0, 0.2]}", "found [0, 0.2], expected amounts in at.%, not fractions, such as [0, 20]"),
        ("limits: {Al: 0-0.2}", "found '0-0.2', expected amounts in at.%, not fractions, such as [0, 20]"),
        ("limits: {Cu: [0.4, 1]}", "found [0.4, 1], expected amounts in at.%, not fractions, such as [40, 100]"),
        ("prices: {Zr: 1:30}", "prices.Zr: found '1:30', expected a price per kg above 0"),
        ("prices: {Zr: 010}", "prices.Zr: found '010', expected a price per kg above 0"),
        ("prices: {Zr: 2026-02-30}", "prices.Zr: found '2026-02-30', expected a price"),
        ("prices: {Zr: !!int abc}", "holds the tag"),
        (f"prices: {{Zr: {'9' * 5000}}}", "prices.Zr: found '9999"),
        (f"limits: {'[' * 5000}", "is nested more than 20 deep"),
    ],
)
def test_what_would_be_misread_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "casting.yaml").write_text(text)
    with pytest.raises(CastingPracticeError) as told:
        read_casting_practice(tmp_path)
    assert words in str(told.value)
    assert is_one_sentence(told.value)


def test_nobelium_is_no_truth_and_a_trace_is_no_fraction(tmp_path: Path) -> None:
    (tmp_path / "casting.yaml").write_text("not_cast: [No, Y]\nlimits: {C: [0, 1], B: [0, 0], Si: [0.5, 4]}\n")
    practice = read_casting_practice(tmp_path)
    assert practice.not_cast == {"No", "Y"}
    assert practice.limits_at_pct == {"C": (0, 1), "B": (0, 0), "Si": (0.5, 4)}


TEMPLATE = (PROJECT / "docs" / "casting.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]


@settings(max_examples=300)
@given(st.one_of(yaml_texts(), damaged(TEMPLATE), with_other_values(TEMPLATE)))
def test_any_content_is_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = folder_with(tmp_path_factory.getbasetemp() / "lab", "casting.yaml", content)
    practice = read_or_refused(lambda: read_casting_practice(folder), CastingPracticeError)
    assert practice is None or json.dumps(practice.as_settings(), allow_nan=False)
