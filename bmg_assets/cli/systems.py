"""The registered systems: their list, their state, their own casts and their pages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bmg_assets.cli.shared import JsonOption, SystemArgument, open_store, print_json
from bmg_assets.science.errors import BmgError


def add(system: SystemArgument) -> None:
    """Register a target system."""
    from bmg_assets.actions.systems import add_system
    from bmg_assets.launch.instance import deployment_instance

    with deployment_instance() as instance:
        added, notes = add_system(instance, open_store(), system)
    _tell(notes)
    typer.echo(registered_in_words(added))


def registered_in_words(added: Any) -> str:
    """That a target system is registered, what to do next, and what is not possible in it."""
    from bmg_assets.science.surrogates.possible import possible_for

    possible = possible_for(added.elements)
    what_next = f"; `bmg run {added.key}` trains it" if possible.trains_sub_models else ""
    return " ".join([f"{added.key} is registered{what_next}.", *possible.sentences])


def remove(system: SystemArgument) -> None:
    """Remove a target system and everything stored of it."""
    from bmg_assets.actions.systems import remove_system
    from bmg_assets.launch.instance import deployment_instance

    with deployment_instance() as instance:
        removed, notes = remove_system(instance, open_store(), system)
    _tell(notes)
    typer.echo(f"{system} is removed, with {removed} files of the store.")


def list_systems(as_json: JsonOption = False) -> None:
    """List the registered systems, how far each has got, and whether it should be trained again.

    All columns with --json.
    """
    from datetime import UTC, datetime

    from bmg_assets.actions.systems import overview_of
    from bmg_assets.cli.terminal.lists import list_of_systems
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.many_machines import who_works

    with deployment_instance() as instance:
        overview, notes = overview_of(instance, open_store())
    waiting = who_works(open_store())
    if as_json:
        print_json(overview)
    else:
        typer.echo(list_of_systems(overview, datetime.now(UTC), terminal_width()))
    _tell([*notes, *([waiting] if waiting else [])])


def casts(system: SystemArgument, as_json: JsonOption = False) -> None:
    """List the own alloys of a system: their labels, what had been predicted, what to cast next.

    All columns with --json.
    """
    from bmg_assets.actions.own_alloys import own_alloys
    from bmg_assets.build import build_resources
    from bmg_assets.cli.terminal.lists import casts_that_wait, list_of_alloys
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.science.alloys.systems import parse_system

    target = parse_system(system)
    own = own_alloys(open_store(), build_resources()["lab_inbox"], target)
    if as_json:
        print_json(own.results.drop(columns=["target_system", "elements", "at_pct", "rules", "rule_set_version"]))
    else:
        typer.echo(list_of_alloys(target, own.results, terminal_width()))
    if own.waiting:
        typer.echo(f"\n{casts_that_wait(target, own.waiting, terminal_width())}", err=as_json)


def report(
    system: Annotated[str | None, typer.Argument(help="A system; the page of all systems without one.")] = None,
    in_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Print where the page of a system is, or open it; it is one file that can be sent to anybody."""
    import webbrowser

    from bmg_assets.build import build_resources
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.staleness.training_records import page_behind_tables
    from bmg_assets.store.page_addresses import OVERVIEW_PAGE, report_file

    store, key = open_store(), None if system is None else parse_system(system).key
    name = OVERVIEW_PAGE if key is None else report_file(key)
    if not store.has_bytes(name):
        raise BmgError(
            f"There is no page of {key} yet; `bmg run {key}` makes it."
            if key
            else "There is no page of all systems yet; the first `bmg run` of a system, or `bmg demo`, makes it."
        )
    path = store.path_of(name)
    typer.echo(path)
    for words in page_behind_tables(store, build_resources()["system_chain"], key) if key else []:
        typer.echo(f"The page does not show what the tables hold: {words}; `bmg run {key}` makes it anew.", err=True)
    if in_browser:
        webbrowser.open(path if "://" in path else Path(path).as_uri())


def _tell(notes: Sequence[str]) -> None:
    for note in notes:
        typer.echo(note, err=True)
