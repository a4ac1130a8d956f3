"""The atlas: which system to start in, of all that could be made of the elements of the literature."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any

import typer

from bmg_assets.cli.shared import JsonOption, at_work, one_format, open_store, print_json
from bmg_assets.cli.studies import QUEUE_GOES_ON, SpreadOption

SHOWN = 20
"""Systems that are listed where nobody says how many."""

CsvOption = Annotated[bool, typer.Option("--csv", help="Print every column as CSV.")]


def atlas(
    wanted: Annotated[list[str] | None, typer.Option("--with", help="Elements that each system holds: Zr,Cu.")] = None,
    refused: Annotated[list[str] | None, typer.Option("--without", help="Elements that none holds: Be,As.")] = None,
    n_elements: Annotated[
        int | None, typer.Option("--elements", help="Systems of so many elements, 3 or 4; both by default.")
    ] = None,
    new_only: Annotated[
        bool, typer.Option("--new-only", help="Only systems of which no alloy is reported and none was cast here.")
    ] = False,
    trusted_only: Annotated[
        bool, typer.Option("--trusted", help="Only where the best alloy is not too far from what is known.")
    ] = False,
    allowed_only: Annotated[
        bool, typer.Option("--allowed", help="Only without elements that casting.yaml names under not_cast.")
    ] = False,
    least_chance: Annotated[
        float | None, typer.Option(help="Least chance that the system holds a bulk glass, 0 to 1.")
    ] = None,
    least_dmax: Annotated[float | None, typer.Option(help="Least expected D_max of the best alloy, in mm.")] = None,
    by: Annotated[
        str,
        typer.Option(
            help="What ranks the systems: chance, dmax, extent, gain, price, density, liquidus, distance, explained, "
            "probability, score, regions, known, best-known or best-cast."
        ),
    ] = "chance",
    limit: Annotated[int, typer.Option(help="How many systems are listed.", min=1)] = SHOWN,
    add: Annotated[
        int | None, typer.Option(help="Register so many of the listed systems, the best first.", min=1)
    ] = None,
    renew: Annotated[
        bool,
        typer.Option(
            "--renew",
            help="Make what is missing, and what was made from other alloys than are known today: the ternaries, or "
            "with --elements 4 the quaternaries, which takes a night.",
        ),
    ] = False,
    spread: SpreadOption = False,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """List the systems in which a bulk glass is most likely, of all that could be made of the known elements.

    The first time it makes the atlas of the ternaries, which takes about an hour on two cores. Ctrl-C stops that; what
    is finished is kept, and --renew goes on. Afterwards nothing is made anew unless --renew asks for it.
    """
    from bmg_assets.science.atlas.choice import AtlasChoice

    one_format(as_json, as_csv)
    choice = AtlasChoice(
        wanted=_symbols(wanted),
        refused=_symbols(refused),
        n_elements=n_elements,
        new_only=new_only,
        trusted_only=trusted_only,
        allowed_only=allowed_only,
        least_chance=least_chance,
        least_dmax_mm=least_dmax,
        by=by,
        most=limit,
    )
    _make_what_is_wanted(n_elements, renew, spread, partial(typer.echo, err=True))
    rows = _rows(choice.n_elements)
    listed, remarks = _listed(rows, choice)
    _print(listed, by, as_json, as_csv)
    for words in remarks:
        typer.echo(words, err=True)
    if add is not None:
        _add(listed, add, partial(typer.echo, err=as_json or as_csv))
    if not (as_json or as_csv):
        typer.echo(f"Page: {_page(rows)}")


def _symbols(given: Sequence[str] | None) -> tuple[str, ...]:
    """Symbols that are written as "Be,As", in one option or several."""
    return tuple(one.strip() for words in given or () for one in words.split(",") if one.strip())


def _make_what_is_wanted(n_elements: int | None, renew: bool, is_spread: bool, say: Callable[[str], None]) -> None:
    """Make what --renew or --spread asks for; and the ternaries where there is no atlas at all."""
    from bmg_assets.assets.listed_atlas import HOW_LONG, KINDS, has_atlas, how_to_renew
    from bmg_assets.science.alloys.systems import TERNARY

    store, wanted = open_store(), n_elements or TERNARY
    if not (renew or is_spread):
        if has_atlas(store) or wanted != TERNARY:
            return
        say(
            f"There is no atlas yet, so its {KINDS[wanted]} are made now, which takes {HOW_LONG[wanted]}. Ctrl-C stops "
            "it, and what is finished is kept."
        )
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.runs import ensure_literature, run_atlas

    how_to_go_on = f"`{how_to_renew(wanted)}` goes on with the shards that were not finished"
    with at_work(QUEUE_GOES_ON if is_spread else how_to_go_on), deployment_instance() as instance:
        ensure_literature(instance, store)
        run_atlas(instance, wanted, say, is_spread)


def _rows(n_elements: int | None) -> Any:
    """The rows of all systems, if there are any of so many elements."""
    from bmg_assets.assets.listed_atlas import atlas_at_hand, check_at_hand

    store = open_store()
    check_at_hand(store, n_elements)
    return atlas_at_hand(store)


def _listed(rows: Any, choice: Any) -> tuple[Any, list[str]]:
    """The listed systems, and what is to be said beside them."""
    from bmg_assets.assets.listed_atlas import laboratory_now, of_elements, remarks_on
    from bmg_assets.build import build_resources
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.science.atlas.listing import listed

    inbox = build_resources()["lab_inbox"]
    asked = of_elements(rows, choice.n_elements)
    with deployment_instance() as instance:
        return listed(asked, laboratory_now(instance, inbox), choice), remarks_on(open_store(), asked)


def _page(rows: Any) -> str:
    """Where the page is, which says what the laboratory has cast and registered by now."""
    from bmg_assets.assets.listed_atlas import renew_atlas_page
    from bmg_assets.build import build_resources
    from bmg_assets.launch.instance import deployment_instance

    store = open_store()
    with deployment_instance() as instance:
        return str(store.path_of(renew_atlas_page(instance, store, build_resources()["lab_inbox"], rows)))


def _print(listed: Any, by: str, as_json: bool, as_csv: bool) -> None:
    from bmg_assets.cli.terminal.atlas_lists import list_for_people
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.spreadsheets import csv_of_frame

    plain = listed.drop(columns=["map_mm"])
    if as_json:
        print_json(plain)
    elif as_csv:
        typer.echo(csv_of_frame(plain.drop(columns=["elements", "at_pct"])), nl=False)
    else:
        typer.echo(list_for_people(listed, by, terminal_width()))


def _add(listed: Any, most: int, say: Callable[[str], None]) -> None:
    """Register the best of the listed systems that are not registered, and say what was done."""
    from bmg_assets.actions.systems import renew_overview
    from bmg_assets.assets.listed_atlas import register_best
    from bmg_assets.cli.systems import registered_in_words
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.settings import Locations

    with deployment_instance() as instance:
        added = register_best(instance, listed, most, Locations.from_environment().casting_practice())
        notes = renew_overview(instance, open_store())
    for note in notes:
        typer.echo(note, err=True)
    for system, doubts in added:
        say(" ".join([registered_in_words(system), *doubts]))
    if added:
        say("The elements stand in the order of falling amount in the best composition of each.")
    else:
        say("Nothing was added: all listed systems are registered." if len(listed) else "Nothing was added.")
