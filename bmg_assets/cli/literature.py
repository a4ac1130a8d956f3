"""The literature: getting published sets, and taking them in."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bmg_assets.cli.options import settings_as_options
from bmg_assets.cli.shared import JsonOption, at_work, open_store, print_tables, stoppable

if TYPE_CHECKING:
    from bmg_assets.sources.declaration import SourceDeclaration


DEMO_SECONDS = 8
"""How long a demonstration waits for the published sets."""


def data(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Names from sources.yaml; the recommended set by default.")
    ] = None,
) -> None:
    """Download published data sets and verify them; what they are, their sizes and licences are told before."""
    from bmg_assets.cli.terminal.literature_lists import list_of_downloads
    from bmg_assets.cli.terminal.progress_bars import showing_download
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.settings import Locations
    from bmg_assets.sources.declaration import read_declarations
    from bmg_assets.sources.download import DownloadError, default_downloads
    from bmg_assets.sources.recommended_set import fetch_each, plan

    places = Locations.from_environment()
    declared = places.literature / "sources.yaml"
    declarations = read_declarations(declared)
    _refuse_what_is_no_download(declared, declarations, sources or [])
    chosen = list(dict.fromkeys(sources or default_downloads(declarations)))
    typer.echo(list_of_downloads(plan(declarations, chosen, places.downloads), places.downloads, terminal_width()))

    def say(name: str, outcome: Path | DownloadError) -> None:
        is_there = isinstance(outcome, Path)
        typer.echo(f"{name}: verified, {outcome}" if is_there else str(outcome), err=not is_there)

    with stoppable("`bmg data` fetches what is missing"):
        failed = fetch_each(declarations, chosen, places.downloads, showing_download, say)
    if failed:
        raise DownloadError(
            f"Not at hand: {', '.join(failed)} ({len(failed)} of {len(chosen)}, reasons above). "
            "`bmg data` tries again, `bmg literature` takes in what is there."
        )
    typer.echo("`bmg literature` takes it in.")


def _refuse_what_is_no_download(
    path: Path, declarations: "Mapping[str, SourceDeclaration]", names: Sequence[str]
) -> None:
    from bmg_assets.sources.declaration import refused_set
    from bmg_assets.sources.download import SourceChoiceError

    for name in names:
        if wrong := refused_set(path, name):
            raise SourceChoiceError(f"'{name}' ({wrong.title}) is refused: {wrong.reason}")
        if name not in declarations:
            raise SourceChoiceError(f"'{name}' is not a declared source; choose among {', '.join(declarations)}.")
        if declarations[name].address is None:
            raise SourceChoiceError(f"Source '{name}' is part of the repository; there is nothing to download.")


@settings_as_options("element_tables", "reported_dmax", sources="--source")
def literature(as_json: JsonOption = False, **choices: Any) -> None:
    """Read the sources that are at hand, curate them, describe every alloy, and count what each source brought."""
    from bmg_assets.cli.terminal.literature_lists import literature_for_people
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.runs import run_literature, warnings_of_literature
    from bmg_assets.science.literature.tallies import tallies_of
    from bmg_assets.store.literature_database import LiteratureDatabase
    from bmg_assets.store.page_addresses import LITERATURE_PAGE

    with at_work("`bmg literature` begins anew"), deployment_instance() as instance:
        run_literature(instance, choices)
        warnings = warnings_of_literature(instance)
    store = open_store()
    database = LiteratureDatabase(store=store)
    alloys = database.read("alloys")
    tallies = tallies_of(database.read("reports"), alloys)
    if as_json:
        print_tables(tallies)
    else:
        typer.echo(literature_for_people(tallies, len(alloys), terminal_width()))
        typer.echo(f"\n{literature_at_hand()}")
        typer.echo(f"Page: {store.path_of(LITERATURE_PAGE)}")
    for sentence in warnings:
        typer.echo(sentence, err=True)


def demo_literature(starter: bool) -> dict[str, Any]:
    """What the demonstration reads: the published sets at hand, or those that arrive in seconds, or the starter table.

    Args:
        starter: the starter table at any rate.

    Returns:
        The choices of `run_literature`.
    """
    from bmg_assets.settings import Locations
    from bmg_assets.sources.declaration import read_declarations
    from bmg_assets.sources.download import DownloadError, available_sources
    from bmg_assets.sources.recommended_set import fetch_all_within

    places = Locations.from_environment()
    declarations = read_declarations(places.literature / "sources.yaml")
    if starter:
        return {"sources": [name for name, one in declarations.items() if one.use == "fallback"]}
    published = {name: declared for name, declared in declarations.items() if declared.use == "always"}
    if at_hand := available_sources(published, places.downloads, places.literature):
        typer.echo(
            f"{len(at_hand)} of {len(published)} published sets are at hand and are read; `bmg demo --starter` reads "
            "the starter table instead."
        )
        return {}
    wanted = [declared for declared in published.values() if declared.address and declared.sha256]
    megabytes = sum(declared.size_bytes or 0 for declared in wanted) / 1e6
    licences = ", ".join(sorted({declared.licence for declared in wanted}))
    typer.echo(
        f"Asking for {len(wanted)} published sets for {DEMO_SECONDS} s at most ({megabytes:.1f} MB; licences: "
        f"{licences}; `bmg demo --starter` asks for nothing)."
    )
    try:
        fetch_all_within(wanted, places.downloads, DEMO_SECONDS)
    except DownloadError:
        typer.echo(
            "They did not arrive, so the starter table is read; `bmg data` takes its time, and says what is wrong."
        )
    return {}


def literature_at_hand() -> str:
    """The literature that is stored, in a sentence."""
    from bmg_assets.pages.provenance import literature_in_words
    from bmg_assets.settings import Locations
    from bmg_assets.sources.declaration import read_declarations
    from bmg_assets.store.literature_database import LiteratureDatabase

    database = LiteratureDatabase(store=open_store())
    declared = read_declarations(Locations.from_environment().literature / "sources.yaml")
    return literature_in_words(len(database.read("alloys")), database.read("reports"), declared)
