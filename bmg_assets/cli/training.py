"""From the literature to the alloys to cast next: the training of systems."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bmg_assets.cli.literature import demo_literature, literature_at_hand
from bmg_assets.cli.options import settings_as_options
from bmg_assets.cli.shared import DEMO_SYSTEM, SystemArgument, at_work, open_store, print_frame

PAPER_CASTS = "zr-al-cu-xu.csv"


@settings_as_options(
    "budget",
    "sub_dataset",
    "seed",
    "strategy",
    "rule",
    "picks",
    "pending",
    "repeats",
    apart_at_pct="--apart",
    limits="--limit",
    weights="--weight",
    at_least="--at-least",
    at_most="--at-most",
)
def run(system: SystemArgument, **choices: Any) -> None:
    """Train a registered system and propose the next alloys to cast."""
    from bmg_assets.execution.fork_server import start_fork_server
    from bmg_assets.science.alloys.systems import SystemKeyError, parse_system

    key = parse_system(system).key
    with at_work(f"`bmg run {key}` begins this training anew"):
        # It loads what the steps need while this process loads the platform.
        start_fork_server()
        from bmg_assets.launch.choices import check_system_choices
        from bmg_assets.launch.instance import deployment_instance
        from bmg_assets.launch.runs import ensure_literature, run_system
        from bmg_assets.partitions import registered_systems

        check_system_choices(key, choices)
        with deployment_instance() as instance:
            if key not in registered_systems(instance):
                raise SystemKeyError(f"'{key}' is not a registered system; `bmg add {key}` registers it.")
            ensure_literature(instance, open_store())
            run_system(instance, key, choices)
    _print_candidates(key)


def demo(
    starter: Annotated[
        bool, typer.Option("--starter", help="Use the starter table; ask the network for nothing.")
    ] = False,
) -> None:
    """Go from the literature to the next two alloys of Zr-Al-Cu with a short search, in minutes.

    The literature is the published sets, if they are at hand or can be downloaded within seconds, and otherwise the
    starter table. The alloys are chosen on the map of the recommended surrogate.
    """
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.runs import run_literature, run_system
    from bmg_assets.partitions import register_system
    from bmg_assets.science.surrogates.catalogue import RECOMMENDED

    with at_work("`bmg demo` begins anew"):
        choices = demo_literature(starter)
        with deployment_instance() as instance:
            key = register_system(instance, DEMO_SYSTEM).key
            run_literature(instance, choices)
            run_system(instance, key, {"budget": "quick", "strategy": RECOMMENDED.name})
    typer.echo(literature_at_hand())
    _print_candidates(key)
    typer.echo("This was a short search. `bmg run Zr-Al-Cu` does the full one, `make ui` shows it all in the browser.")


@settings_as_options("budget", "sub_dataset", "element_tables", "strategy", "blind")
def replay(
    system: SystemArgument = DEMO_SYSTEM,
    casts: Annotated[Path | None, typer.Argument(help="CSV with batch_id; the paper's casts by default.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where the replay keeps everything.")] = None,
    reference: Annotated[str, typer.Option(help="A composition to measure the maximum's distance from.")] = "",
    **choices: Any,
) -> None:
    """Feed a file of casts batch by batch through an inbox of its own, and draw the map after each batch.

    After each batch both recommendations are listed, that of the surrogate and the paper's pair. With --blind the
    surrogate knows nothing that the literature reports of the system.

    Interrupted, the same command goes on with the training that was not finished.
    """
    from bmg_assets.launch.choices import check_choices
    from bmg_assets.replay.batches import read_batches
    from bmg_assets.replay.paper import REFERENCE
    from bmg_assets.replay.report import report_replay
    from bmg_assets.replay.run import replay as run_replay
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.settings import Locations

    check_choices(choices)
    if choices.get("blind"):
        choices["repeats"] = True  # what is hidden from the surrogate must not keep it from a pick
    places, target = Locations.from_environment(), parse_system(system)
    batches = read_batches(casts or places.lab / "examples" / PAPER_CASTS)
    folder = (folder or places.data / "replays" / target.key).resolve()
    is_papers = casts is None and target.key == DEMO_SYSTEM
    best_known = reference or (REFERENCE if is_papers else None)
    with at_work("the same command goes on with the training that was not finished"):
        store = run_replay(target, batches, folder, choices, say=typer.echo)
    page, table = report_replay(target, store, folder, best_known, is_papers)
    print_frame(table, as_json=False)
    typer.echo(f"Page: {page}")


def _print_candidates(system: str) -> None:
    from bmg_assets.cli.terminal.proposed import proposed_for_people
    from bmg_assets.pages.rests_on import fitted_in_words
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.science.surrogates.possible import possible_for
    from bmg_assets.store.literature_database import LiteratureDatabase
    from bmg_assets.store.page_addresses import report_file

    store, target = open_store(), parse_system(system)
    possible, alloys = possible_for(target.elements), LiteratureDatabase(store=store).read("alloys")
    candidates = store.read_table("candidates" if possible.trains_sub_models else "recommendations", system)
    typer.echo(f"\n{proposed_for_people(target, candidates, alloys)}")
    if len(candidates):
        typer.echo(fitted_in_words(target, *_fitted(store, system, str(candidates["strategy"].iloc[0]), alloys)))
    if possible.trains_sub_models:
        typer.echo(f"Page: {store.path_of(report_file(system))}")
    else:
        typer.echo(" ".join(possible.sentences))


def _fitted(store: Any, system: str, strategy: str, alloys: Any) -> tuple[Any, int, str]:
    """The alloys that the model behind the candidates was fitted to, how many they are, and the model's title."""
    import pandas as pd

    from bmg_assets.science.literature.known_alloys import not_cast
    from bmg_assets.science.surrogates.catalogue import SURROGATES

    surrogate = SURROGATES[strategy]
    if surrogate.is_of_sub_models:
        fitted = store.read_table("training_set", system)
        return fitted, len(fitted), surrogate.title
    lab = store.read_table("lab_results", system)
    columns = ["elements", "glass_class"]
    own, others = (table[table["dmax_mm"].notna()] for table in (lab, not_cast(alloys, lab)))
    fitted = pd.concat([own[columns], others[columns]], ignore_index=True)
    return fitted, int(store.read_table("transfer_grid", system)["n_known"].iloc[0]), surrogate.title
