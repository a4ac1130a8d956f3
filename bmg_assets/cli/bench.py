"""What a person takes to the furnace and what they cast next: candidates as a file, the lab sheet, choosing anew."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from bmg_assets.cli.options import settings_as_options
from bmg_assets.cli.shared import JsonOption, SystemArgument, at_work, one_format, open_store, print_json
from bmg_assets.science.errors import BmgError

CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV.")]


class OutputFileError(BmgError):
    """A file that cannot be written."""


def sheet(
    system: SystemArgument,
    alloys: Annotated[
        list[str] | None, typer.Argument(help="Formulas in at.%; without them, the recommended picks.")
    ] = None,
    mass: Annotated[float, typer.Option(help="Grams of a button.")] = 5.0,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a lab file that plans the first samples.")] = False,
    xlsx: Annotated[Path | None, typer.Option(help="Write that lab file as a workbook.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the lab sheet: what to weigh of each element, the rungs to cast, a code for each sample."""
    from bmg_assets.actions.sheets import lab_file, lab_sheet
    from bmg_assets.build import build_resources
    from bmg_assets.cli.terminal.sheets import sheet_for_people
    from bmg_assets.science.alloys.systems import parse_system

    one_format(as_json, as_csv)
    made = lab_sheet(open_store(), build_resources()["lab_inbox"], parse_system(system), alloys or [], mass)
    if xlsx is not None:
        _write(xlsx, lab_file(made, as_xlsx=True))
    if as_json:
        typer.echo(json.dumps(asdict(made) | {"system": made.system.key}, default=str, ensure_ascii=False))
    elif as_csv:
        typer.echo(lab_file(made, as_xlsx=False).decode("utf-8-sig"), nl=False)
    else:
        typer.echo(sheet_for_people(made))


def candidates(
    system: SystemArgument,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    xlsx: Annotated[Path | None, typer.Option(help="Write a workbook.")] = None,
) -> None:
    """List what is proposed in a system: predictions, reasons, state, nearest known alloys; or export it."""
    from bmg_assets.actions.exports import candidates_at_hand, file_of
    from bmg_assets.science.alloys.systems import parse_system

    one_format(as_json, as_csv)
    target, store = parse_system(system), open_store()
    found = candidates_at_hand(store, target)
    if xlsx is not None:
        _write(xlsx, file_of(found, "xlsx"))
    if as_json:
        print_json(found)
    elif as_csv:
        typer.echo(file_of(found, "csv").decode("utf-8-sig"), nl=False)
    else:
        from bmg_assets.actions.system_now import proposed

        _print_proposed(target, proposed(store, target.key))


@settings_as_options(
    "strategy",
    "rule",
    "picks",
    "pending",
    "not_cast",
    "highest_price",
    "repeats",
    apart_at_pct="--apart",
    limits="--limit",
    weights="--weight",
    at_least="--at-least",
    at_most="--at-most",
)
def propose(
    system: SystemArgument,
    keep: Annotated[bool, typer.Option("--keep", help="Store it in place of the present candidates.")] = False,
    as_json: JsonOption = False,
    **choices: Any,
) -> None:
    """Choose alloys anew on the stored maps, without training; nothing stored changes without --keep."""
    from bmg_assets.actions.exports import as_exported
    from bmg_assets.actions.proposing import keep_proposal
    from bmg_assets.actions.proposing import propose as chosen_anew
    from bmg_assets.science.alloys.systems import parse_system

    target = parse_system(system)
    found = chosen_anew(open_store(), target, choices)
    if as_json:
        print_json(as_exported(found.candidates, target))
    else:
        _print_proposed(target, found.candidates)
    for note in found.notes:
        typer.echo(note, err=True)
    if keep:
        from bmg_assets.launch.instance import deployment_instance

        with at_work("the same command chooses again"), deployment_instance() as instance:
            keep_proposal(instance, target, choices)
        typer.echo(f"These are the candidates of {target.key} now.")


def _print_proposed(target: Any, frame: Any) -> None:
    from bmg_assets.cli.terminal.proposed import proposed_for_people
    from bmg_assets.store.literature_database import LiteratureDatabase

    alloys = LiteratureDatabase(store=open_store()).read("alloys")
    typer.echo(proposed_for_people(target, frame, alloys))


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise OutputFileError(f"{path} cannot be written ({error.strerror}); name another file.") from error
    typer.echo(f"Written: {path}", err=True)
