"""From the literature to the alloys to cast next: the training of systems."""

from pathlib import Path
from typing import Annotated

import typer

from bmg_assets.cli.shared import DEMO_SYSTEM, SystemArgument, at_work, open_store, print_frame

PAPER_CASTS = "zr-al-cu-xu.csv"


def literature(
    source: Annotated[list[str] | None, typer.Option(help="Read this source (repeat for more).")] = None,
    element_tables: Annotated[str | None, typer.Option(help="'current' or 'paper'.")] = None,
) -> None:
    """Read the sources that are at hand, curate them and describe every alloy."""
    from bmg_assets.launch.runs import deployment_instance, run_literature

    with at_work("`bmg literature` begins anew"), deployment_instance() as instance:
        run_literature(instance, source or None, element_tables)
    typer.echo(_literature_in_words())


def run(
    system: SystemArgument,
    budget: Annotated[str | None, typer.Option(help="'quick', 'standard' or 'paper'.")] = None,
    sub_dataset: Annotated[int | None, typer.Option(help="The paper's sub-dataset, 1 to 5.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the searches and models.")] = None,
    strategy: Annotated[str | None, typer.Option(help="Propose by the map of 'pruned' or 'transfer'.")] = None,
    rule: Annotated[
        str | None, typer.Option(help="'paper', 'expected_gain', 'chance_of_better' or 'gain_per_price'.")
    ] = None,
    picks: Annotated[int | None, typer.Option(min=1, help="Alloys to cast at once; the paper's rule casts 2.")] = None,
    apart: Annotated[
        float | None, typer.Option(min=0, max=100, help="Least difference of what is cast at once, in at.%.")
    ] = None,
    limit: Annotated[list[str] | None, typer.Option(help="Of an element, as 'Al 0-20' (repeat for more).")] = None,
    pending: Annotated[
        list[str] | None, typer.Option(help="An alloy in the furnace, as Zr50Al5Cu45 (repeat for more).")
    ] = None,
) -> None:
    """Train a registered system and propose the next alloys to cast."""
    from bmg_assets.launch.runs import SystemOptions, check_candidates, deployment_instance, run_literature, run_system
    from bmg_assets.partitions import registered_systems
    from bmg_assets.science.alloys.systems import SystemKeyError, parse_system
    from bmg_assets.store.literature_database import LiteratureDatabase

    key = parse_system(system).key
    options = SystemOptions(
        budget,
        sub_dataset,
        seed,
        strategy=strategy,
        rule=rule,
        picks=picks,
        apart_at_pct=apart,
        limits=limit,
        pending=pending,
    )
    check_candidates(key, options)
    with at_work(f"`bmg run {key}` begins this training anew"), deployment_instance() as instance:
        if key not in registered_systems(instance):
            raise SystemKeyError(f"'{key}' is not a registered system; `bmg add {key}` registers it.")
        if not LiteratureDatabase(store=open_store()).has_table("descriptors"):
            run_literature(instance)
        run_system(instance, key, options)
    _print_candidates(key)


def demo() -> None:
    """Go from the literature to the next two alloys of Zr-Al-Cu with a short search, in minutes."""
    from bmg_assets.launch.runs import SystemOptions, deployment_instance, run_literature, run_system
    from bmg_assets.partitions import register_system

    with at_work("`bmg demo` begins anew"), deployment_instance() as instance:
        key = register_system(instance, DEMO_SYSTEM).key
        run_literature(instance)
        run_system(instance, key, SystemOptions(budget="quick"))
    typer.echo(_literature_in_words())
    _print_candidates(key)
    typer.echo("This was a short search. `bmg run Zr-Al-Cu` does the full one, `make ui` shows it all in the browser.")


def replay(
    system: SystemArgument = DEMO_SYSTEM,
    casts: Annotated[Path | None, typer.Argument(help="CSV with batch_id; the paper's casts by default.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where the replay keeps everything.")] = None,
    reference: Annotated[str, typer.Option(help="A composition to measure the maximum's distance from.")] = "",
    budget: Annotated[str | None, typer.Option(help="'quick', 'standard' or 'paper'.")] = None,
    sub_dataset: Annotated[int | None, typer.Option(help="The paper's sub-dataset, 1 to 5.")] = None,
    element_tables: Annotated[str | None, typer.Option(help="'current' or 'paper'.")] = None,
) -> None:
    """Feed a file of casts batch by batch through an inbox of its own, and draw the map after each batch.

    Interrupted, the same command goes on with the training that was not finished.
    """
    from bmg_assets.launch.runs import SystemOptions
    from bmg_assets.replay.batches import read_batches
    from bmg_assets.replay.paper import REFERENCE
    from bmg_assets.replay.report import report_replay
    from bmg_assets.replay.run import replay as run_replay
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.settings import Locations

    places, target = Locations.from_environment(), parse_system(system)
    batches = read_batches(casts or places.lab / "examples" / PAPER_CASTS)
    folder = (folder or places.data / "replays" / target.key).resolve()
    is_papers = casts is None and target.key == DEMO_SYSTEM
    best_known = reference or (REFERENCE if is_papers else None)
    with at_work("the same command goes on with the training that was not finished"):
        store = run_replay(target, batches, folder, SystemOptions(budget, sub_dataset), element_tables, say=typer.echo)
    page, table = report_replay(target, store, folder, best_known, is_papers)
    print_frame(table, as_json=False)
    typer.echo(f"Page: {page}")


def _literature_in_words() -> str:
    from bmg_assets.pages.provenance import literature_in_words
    from bmg_assets.settings import Locations
    from bmg_assets.sources.declaration import read_declarations
    from bmg_assets.store.literature_database import LiteratureDatabase

    database = LiteratureDatabase(store=open_store())
    declared = read_declarations(Locations.from_environment().literature / "sources.yaml")
    return literature_in_words(len(database.read("alloys")), database.read("reports"), declared)


def _print_candidates(system: str) -> None:
    from bmg_assets.pages.candidates_in_words import chosen_in_words, price_in_words
    from bmg_assets.pages.system_page import state_in_words, with_formulas
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.store.page_addresses import report_file

    store = open_store()
    candidates = with_formulas(store.read_table("candidates", system), parse_system(system))
    typer.echo(f"\nCast next in {system}:")
    for pick in candidates[candidates["kind"] == "pick"].to_dict("records"):
        typer.echo(
            f"  {pick['rank']}. {pick['formula']}: predicted D_max {pick['dmax_mm']:.2f} mm "
            f"({pick['interval_low_mm']:.2f} to {pick['interval_high_mm']:.2f}); {pick['reason']}. "
            f"{state_in_words(pick['state'], pick['state_because'])}.{price_in_words(pick)}"
        )
    typer.echo(chosen_in_words(candidates))
    typer.echo(f"Page: {store.path_of(report_file(system))}")
