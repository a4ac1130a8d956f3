"""What the commands share: arguments, the store, progress and Ctrl-C, printed tables."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from bmg_assets.cli.terminal.letters import can_be_printed
from bmg_assets.science.errors import BmgError

SystemArgument = Annotated[str, typer.Argument(help="Element symbols joined by '-', for example Zr-Al-Cu.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
DEMO_SYSTEM = "Zr-Al-Cu"


class StoppedError(BmgError):
    """A person pressed Ctrl-C."""


class TwoFormatsError(BmgError):
    """Both JSON and CSV were asked for."""


@contextmanager
def at_work(how_to_go_on: str) -> Iterator[None]:
    """Show the progress of the runs inside the block; Ctrl-C ends them in one sentence."""
    from bmg_assets.cli.terminal.progress_bars import showing_runs

    with stoppable(how_to_go_on), showing_runs():
        yield


@contextmanager
def stoppable(how_to_go_on: str) -> Iterator[None]:
    """Ctrl-C inside the block ends in one sentence on how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError(f"Stopped. What was finished before is kept; {how_to_go_on}.") from None


def open_store() -> Any:
    """The store of this deployment."""
    from bmg_assets.settings import Locations
    from bmg_assets.store.store import Store

    return Store.at(Locations.from_environment())


def one_format(as_json: bool, as_csv: bool) -> None:
    """Raise TwoFormatsError where both are asked for."""
    if as_json and as_csv:
        raise TwoFormatsError("--json and --csv exclude each other; choose one.")


def print_json(frame: Any) -> None:
    """Print a table as JSON, an object per row."""
    print_objects(_rows_of(frame))


def print_tables(tables: Mapping[str, Any]) -> None:
    """Print tables as one JSON object, each under its name."""
    print_objects({name: _rows_of(frame) for name, frame in tables.items()})


def print_objects(objects: list[Any] | dict[str, Any]) -> None:
    """Print what JSON can hold; letters that the output cannot hold are escaped, so that none is lost."""
    text = json.dumps(objects, ensure_ascii=False)
    typer.echo(text if can_be_printed(text) else json.dumps(objects))


def _rows_of(frame: Any) -> list[Any]:
    rows: list[Any] = json.loads(frame.to_json(orient="records", date_format="iso"))
    return rows


def print_frame(frame: Any, as_json: bool) -> None:
    """Print a table for people, or as JSON for scripts."""
    if as_json:
        print_json(frame)
    elif frame.empty:
        typer.echo("Nothing there yet.")
    else:
        typer.echo(frame.to_string(index=False))
