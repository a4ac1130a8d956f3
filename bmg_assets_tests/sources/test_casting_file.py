"""The laboratory's casting.yaml: read when it is there, and part of what a training was made from."""

from pathlib import Path

import pytest

from bmg_assets.defaults import Defaults
from bmg_assets.science.proposals.candidate_choice import CandidateChoiceError
from bmg_assets.science.proposals.casting_practice import CastingPractice, CastingPracticeError
from bmg_assets.settings import PROJECT
from bmg_assets.sources.casting_file import read_casting_practice


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
    with pytest.raises(CandidateChoiceError, match="use strategy 'transfer', or rule 'paper'"):
        Defaults.from_environment()
    monkeypatch.setenv("BMG_STRATEGY", "transfer")
    monkeypatch.setenv("BMG_APART_AT_PCT", "7.5")
    assert Defaults.from_environment() == Defaults(rule="expected_gain", strategy="transfer", apart_at_pct=7.5)
