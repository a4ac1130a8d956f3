"""Options of the command line come from the declarations of the settings."""

import inspect
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bmg_assets.cli.options import help_of, settings_as_options
from bmg_assets.settings import DECLARED


@pytest.fixture
def chosen() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def app(chosen: list[dict[str, Any]]) -> typer.Typer:
    """A command with an argument of its own and settings of each kind."""
    app = typer.Typer()

    @app.command()
    @settings_as_options("seed", "picks", "with_release", apart_at_pct="--apart", limits="--limit")
    def command(system: str, **choices: Any) -> None:
        chosen.append({"system": system, **choices})

    return app


def test_only_what_a_person_chose_reaches_the_command(app: typer.Typer, chosen: list[dict[str, Any]]) -> None:
    words = ["Zr-Al-Cu", "--seed", "0", "--apart", "7.5", "--limit", "Al 0-20", "--limit", "Cu 10-60", "--with-release"]
    for arguments in (["Zr-Al-Cu"], words):
        assert CliRunner().invoke(app, arguments).exit_code == 0
    assert chosen == [
        {"system": "Zr-Al-Cu"},
        {
            "system": "Zr-Al-Cu",
            "seed": 0,
            "with_release": True,
            "apart_at_pct": 7.5,
            "limits": ["Al 0-20", "Cu 10-60"],
        },
    ]


@pytest.mark.parametrize(("option", "value"), [("--picks", "0"), ("--apart", "101"), ("--seed", "three")])
def test_bounds_and_types_are_those_of_the_setting(app: typer.Typer, option: str, value: str) -> None:
    refused = CliRunner().invoke(app, ["Zr-Al-Cu", option, value])
    assert refused.exit_code == 2
    assert option in refused.output


def test_the_help_is_the_description(app: typer.Typer) -> None:
    options = inspect.signature(app.registered_commands[0].callback or print).parameters
    assert options["picks"].default.help == help_of("picks") == DECLARED["picks"].description
    assert options["apart_at_pct"].default.help.endswith("from pending alloys.")  # not what None stands for
    assert options["limits"].default.help == f"{help_of('limits')} Repeat it for more."
