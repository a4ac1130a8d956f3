"""Weighing alloys against each other: two to five side by side, and the many of a system by several objectives."""

from typing import Annotated

import typer

from bmg_assets.cli.shared import JsonOption, one_format, print_objects

AlloysArgument = Annotated[list[str], typer.Argument(help="Two to five formulas in at.%, like Zr50Al5Cu45.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV, a row for each alloy.")]


def compare(alloys: AlloysArgument, as_json: JsonOption = False, as_csv: CsvOption = False) -> None:
    """Set two to five alloys side by side, of one system or of several, and say what argues for which.

    Points of a stored map are looked up; for others the recommended surrogate is fitted to all known alloys first.
    """
    from bmg_assets.actions.comparing import compare as compared
    from bmg_assets.build import build_resources
    from bmg_assets.cli.terminal.comparison import comparison_for_people
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.spreadsheets import csv_of_frame

    one_format(as_json, as_csv)
    resources = build_resources()
    found = compared(resources["store"], resources["lab_inbox"], resources["defaults"], alloys, _say)
    if as_json:
        print_objects(found.as_objects())
    elif as_csv:
        typer.echo(csv_of_frame(found.table(), float_format="%.6g"), nl=False)
    else:
        typer.echo(comparison_for_people(found, terminal_width()))


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)
