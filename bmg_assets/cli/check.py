"""What would become of a file of casts or of formulas, before anybody drops it into the inbox."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bmg_assets.cli.shared import JsonOption
from bmg_assets.science.errors import BmgError

if TYPE_CHECKING:
    from bmg_assets.intake.check import Judged, JudgedRow

LARGEST_MB = 10.0


class FileToCheckError(BmgError):
    """A file that cannot be judged, or none was named."""


def check(
    file: Annotated[
        Path | None, typer.Argument(help="A lab file (CSV, XLSX), or a table with a column of formulas.")
    ] = None,
    as_json: JsonOption = False,
    how: Annotated[bool, typer.Option("--how", help="Print the table of what is read and how, in Markdown.")] = False,
) -> None:
    """Show what would become of each row of a file, without taking it in.

    Exit code 1 if a row would be refused.
    """
    from bmg_assets.intake.check import judge
    from bmg_assets.intake.examples import table_of_examples
    from bmg_assets.intake.reading import read_reading
    from bmg_assets.settings import Locations, laboratory_day

    if how:
        typer.echo(table_of_examples())
        return
    if file is None:
        raise FileToCheckError("Name the file to check, or use --how for the table of what is read.")
    judged = judge(file.name, _content(file), laboratory_day(), read_reading(Locations.from_environment().lab))
    if as_json:
        rows = [asdict(row) for row in judged.rows]
        typer.echo(json.dumps({"kind": judged.kind, "rows": rows}, ensure_ascii=False))
    else:
        typer.echo(in_words(judged))
    if judged.lines("refused"):
        raise typer.Exit(1)


def _content(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise FileToCheckError(f"There is no file {file}; name a file of casts or formulas.")
        if file.stat().st_size > LARGEST_MB * 1e6:
            raise FileToCheckError(f"{file} is larger than {LARGEST_MB:g} MB; split it into several files.")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise FileToCheckError(f"{file} cannot be read ({error}); check its name and its rights.") from error


def in_words(judged: "Judged") -> str:
    """The judgement for people: each row with what it means, how it was read, or what to do."""
    lines = [line for row in judged.rows for line in _lines(row)]
    good = "accepted" if judged.kind == "casts" else "read"
    counts = ", ".join(f"{judged.lines(outcome)} {outcome}" for outcome in (good, "refused", "skipped"))
    beside = " Repeats of samples that were accepted before are found at the intake." if judged.kind == "casts" else ""
    return "\n".join((*lines, "", f"{judged.kind}: {counts}. Nothing was written.{beside}"))


def _lines(row: "JudgedRow") -> list[str]:
    from bmg_assets.science.validation import on_one_line

    place = f"line {row.line}" if row.line else "file"
    told = row.read_as or row.reason
    if row.outcome == "read":
        told = f"{row.value} = {row.read_as}"
    elif row.column:
        told = f"{row.column} {row.value!r}: {row.reason}"
    details = [("note", note) for note in row.note.split("; ") if note] + [("do", row.mend)] * bool(row.mend)
    return [
        f"{place:<9} {row.outcome:<8}  {on_one_line(told, 400)}",
        *(f"{'':<9} {label:>8}  {on_one_line(text, 400)}" for label, text in details),
    ]
