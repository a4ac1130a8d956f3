"""`bmg formula` explains one formula."""

import json

import pytest
from typer.testing import CliRunner

from bmg_assets.cli.main import app
from bmg_assets.science.alloys.compositions import FormulaError


def run(*arguments: str) -> str:
    outcome = CliRunner().invoke(app, ["formula", *arguments], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_it_says_what_was_read_and_what_to_weigh() -> None:
    lines = run("Zr-10Cu-5Al at.%", "--mass", "5").splitlines()
    assert lines[0].split() == ["read", "as", "Zr85Cu10Al5"]
    assert any("Zr is read as the rest" in line for line in lines)
    zirconium, total = (next(line.split() for line in lines if line.startswith(name)) for name in ("Zr", "sum"))
    assert [float(one) for one in zirconium[1:]] == pytest.approx([85, 90.9628, 4.5481], abs=1e-4)
    assert [float(one) for one in total[1:]] == pytest.approx([100, 100, 5])


def test_json_has_the_composition_the_notes_and_the_grams() -> None:
    content = json.loads(run("Ti-6Al-4V", "--weight", "--mass", "30", "--json"))
    assert content["composition"] == "Al10.1955Ti86.2044V3.6001"
    assert content["basis"] == "wt%"
    assert {one["element"]: one["grams"] for one in content["elements"]} == pytest.approx(
        {"Ti": 27, "Al": 1.8, "V": 1.2}
    )
    assert len(content["notes"]) == 2


def test_a_suffix_states_the_unit_and_no_mass_no_grams() -> None:
    content = json.loads(run("Zr60Cu40 (wt.%)", "--json"))
    assert content["basis"] == "wt%"
    assert content["mass_g"] is None
    assert "grams" not in content["elements"][0]


def test_what_is_not_possible_for_its_elements_is_said() -> None:
    assert "do not know S" in run("Pd31Ni42S27")


def test_a_formula_with_two_meanings_is_refused_with_both() -> None:
    with pytest.raises(FormulaError, match=r"Ti90Al6V4.*Ti86\.2044"):
        CliRunner().invoke(app, ["formula", "Ti-6Al-4V"], catch_exceptions=False)
