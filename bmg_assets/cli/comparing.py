"""Weighing alloys against each other: two to five side by side, and the many of a system by several objectives."""

from typing import Annotated

import typer

from bmg_assets.cli.shared import JsonOption, SystemArgument, one_format, open_store, print_objects

AlloysArgument = Annotated[list[str], typer.Argument(help="Two to five formulas in at.%, like Zr50Al5Cu45.")]
FrontOption = Annotated[
    list[str] | None,
    typer.Option("--front", help="Objectives, like dmax,density,tg or max:density; dmax,density without it."),
]
AtLeastOption = Annotated[
    list[str] | None, typer.Option("--at-least", help="Least value of an objective, like tg=700. Repeat it for more.")
]
AtMostOption = Annotated[
    list[str] | None, typer.Option("--at-most", help="Most of an objective, like density=7. Repeat it for more.")
]
UntrustedOption = Annotated[
    bool, typer.Option("--untrusted", help="Count compositions that are too far from what is known, too.")
]
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


def objectives(
    system: SystemArgument,
    front: FrontOption = None,
    at_least: AtLeastOption = None,
    at_most: AtMostOption = None,
    untrusted: UntrustedOption = False,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Weigh D_max against density, price, T_g and whatever is mapped: filters, and the compositions that none beats.

    Names: dmax (mm), chance (of a bulk glass, %), gain (mm), density (g/cm3), price (per kg), liquidus (K, estimated),
    and each property that `bmg property` has mapped in the system, like tg, tx and dtx.
    """
    from bmg_assets.actions.objectives import USUALLY, as_objects, weigh_objectives
    from bmg_assets.cli.terminal.objective_lists import objectives_for_people
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.spreadsheets import csv_of_frame

    one_format(as_json, as_csv)
    target = parse_system(system)
    found = weigh_objectives(open_store(), target, front or USUALLY, at_least or (), at_most or (), untrusted)
    if as_json:
        print_objects(as_objects(found))
    elif as_csv:
        typer.echo(csv_of_frame(found.front, float_format="%.6g"), nl=False)
    else:
        typer.echo(objectives_for_people(found, terminal_width()))
