"""The registered systems: their list, their state, their own casts and their pages."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bmg_assets.cli.shared import JsonOption, SystemArgument, open_store, print_json
from bmg_assets.science.errors import BmgError


def add(system: SystemArgument) -> None:
    """Register a target system."""
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.partitions import register_system

    open_store().check_format()
    with deployment_instance() as instance:
        added = register_system(instance, system)
        renew_overview(instance)
    typer.echo(registered_in_words(added))


def registered_in_words(added: Any) -> str:
    """That a target system is registered, what to do next, and what is not possible in it."""
    from bmg_assets.science.surrogates.possible import possible_for

    possible = possible_for(added.elements)
    what_next = f"; `bmg run {added.key}` trains it" if possible.trains_sub_models else ""
    return " ".join([f"{added.key} is registered{what_next}.", *possible.sentences])


def remove(system: SystemArgument) -> None:
    """Remove a target system and everything stored of it."""
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.partitions import unregister_system

    store = open_store()
    store.check_format()
    with deployment_instance() as instance:
        unregister_system(instance, system)
        removed = store.delete_system(system)
        renew_overview(instance)
    typer.echo(f"{system} is removed, with {len(removed)} files of the store.")


def list_systems(as_json: JsonOption = False) -> None:
    """List the registered systems, how far each has got, and whether it should be trained again.

    All columns with --json.
    """
    from datetime import UTC, datetime

    from bmg_assets.cli.terminal.lists import list_of_systems
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.many_machines import who_works

    with deployment_instance() as instance:
        overview, notes = _overview(instance)
    waiting = who_works(open_store())
    if as_json:
        print_json(overview)
    else:
        typer.echo(list_of_systems(overview, datetime.now(UTC), terminal_width()))
    for note in [*notes, *([waiting] if waiting else [])]:
        typer.echo(note, err=True)


def casts(system: SystemArgument, as_json: JsonOption = False) -> None:
    """List the own alloys of a system: their labels, what had been predicted, what to cast next.

    All columns with --json.
    """
    from bmg_assets.build import build_resources
    from bmg_assets.cli.terminal.lists import casts_that_wait, list_of_alloys
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.intake.inbox import casts_in_no_run
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.store.tables.arrow import empty_frame
    from bmg_assets.store.tables.lab import LAB_RESULTS

    store, target = open_store(), parse_system(system)
    waiting = casts_in_no_run(store, build_resources()["lab_inbox"], target)
    if waiting and not store.has_table(LAB_RESULTS.name, target.key):
        results = empty_frame(LAB_RESULTS)
    else:
        results = store.read_table(LAB_RESULTS.name, target.key)
    results = results.merge(_predicted_for_casts(store, target.key), on="composition", how="left")
    results = results.assign(
        next_rung=results["composition"].map(_next_rungs(store, target.key, results)).astype(object)
    )
    if as_json:
        print_json(results.drop(columns=["target_system", "elements", "at_pct", "rules", "rule_set_version"]))
    else:
        typer.echo(list_of_alloys(target, results, terminal_width()))
    if waiting:
        typer.echo(f"\n{casts_that_wait(target, waiting, terminal_width())}", err=as_json)


def _next_rungs(store: Any, key: str, results: Any) -> dict[str, str]:
    """The next rung of each open ladder; none where no map was made yet."""
    from bmg_assets.science.proposals.first_rung import next_rungs
    from bmg_assets.settings import Locations

    if not store.has_table("transfer_grid", key):
        return {}
    practice = Locations.from_environment().casting_practice()
    return next_rungs(results, store.read_table("transfer_grid", key), practice)


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


def _overview(instance: Any) -> Any:
    """The table of all systems, and what there is to say beside it."""
    from bmg_assets.assets.overview import overview_now
    from bmg_assets.build import build_resources

    resources = build_resources()
    return overview_now(instance, resources["store"], resources["system_chain"], resources["defaults"])


def renew_overview(instance: Any) -> None:
    """Bring the page of all systems up to date, where there is one; the first run makes it."""
    from bmg_assets.assets.overview import write_overview_page
    from bmg_assets.store.page_addresses import OVERVIEW_PAGE

    store = open_store()
    try:
        if store.has_bytes(OVERVIEW_PAGE):
            write_overview_page(store, *_overview(instance))
    except BmgError as error:
        # What was asked for is done; the next run of a system makes the page anew.
        typer.echo(f"The page of all systems was not brought up to date: {error}", err=True)


def _predicted_for_casts(store: Any, system: str) -> Any:
    """What had been predicted for own alloys: columns `composition` and `predicted_mm`."""
    from bmg_assets.store.tables.arrow import empty_frame
    from bmg_assets.store.tables.iterations import CAST_OUTCOMES

    name = CAST_OUTCOMES.name
    outcomes = store.read_table(name, system) if store.has_table(name, system) else empty_frame(CAST_OUTCOMES)
    return outcomes[["composition", "predicted_mm"]]
