"""The command `bmg`: the same words as in the Dagster UI, for a shell and for scripts.

A user's mistake ends in one sentence on standard error and exit code 2; a run that failed in exit code 1; Ctrl-C in
exit code 130, with a sentence on how to go on.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bmg_assets.reporting.page_addresses import DEFAULT_PORT
from bmg_assets.science.errors import BmgError

app = typer.Typer(help="Which alloy to cast next.", no_args_is_help=True, pretty_exceptions_enable=False)

SystemArgument = Annotated[str, typer.Argument(help="Element symbols joined by '-', for example Zr-Al-Cu.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
DEMO_SYSTEM = "Zr-Al-Cu"
PAPER_CASTS = "zr-al-cu-xu.csv"
STUDY_COLUMNS = [
    "target_system",
    "sub_dataset",
    "n_training",
    "n_removed",
    "rmse_svr_mm",
    "rmse_random_forest_mm",
    "rmse_xgboost_mm",
    "rmse_lightgbm_mm",
    "fusion_r2",
    "n_reported",
    "rmse_scaled",
    "rmse_scaled_of_mean",
    "best_composition",
]
"""What fits into the width of a terminal; all of it with --json."""
EVIDENCE_COLUMNS = [
    "auc",
    "enrichment",
    "spearman",
    "bulk_by_pair_1",
    "bulk_by_pair_5",
    "held_bulk_90%",
    "ranks_systems",
]
STOPPED_BY_PERSON = 130
"""Exit code of a command that Ctrl-C ended, as shells have it."""


class StoppedError(BmgError):
    """A person pressed Ctrl-C."""


@app.command()
def add(system: SystemArgument) -> None:
    """Register a target system."""
    from bmg_assets.partitions import register_system
    from bmg_assets.runs import deployment_instance

    _store().check_format()
    with deployment_instance() as instance:
        key = register_system(instance, system).key
        _renew_overview(instance)
    typer.echo(f"{key} is registered; `bmg run {key}` trains it.")


@app.command()
def remove(system: SystemArgument) -> None:
    """Remove a target system and everything stored of it."""
    from bmg_assets.partitions import unregister_system
    from bmg_assets.runs import deployment_instance

    store = _store()
    store.check_format()
    with deployment_instance() as instance:
        unregister_system(instance, system)
        removed = store.delete_system(system)
        _renew_overview(instance)
    typer.echo(f"{system} is removed, with {len(removed)} files of the store.")


@app.command("list")
def list_systems(as_json: JsonOption = False) -> None:
    """List the registered systems, how far each has got, and whether it should be trained again.

    All columns with --json.
    """
    from datetime import UTC, datetime

    from bmg_assets.reporting.lists import list_of_systems
    from bmg_assets.reporting.terminal_table import terminal_width
    from bmg_assets.runs import deployment_instance

    with deployment_instance() as instance:
        overview = _overview(instance)
    if as_json:
        _print_json(overview)
    else:
        typer.echo(list_of_systems(overview, datetime.now(UTC), terminal_width()))


@app.command()
def literature(
    source: Annotated[list[str] | None, typer.Option(help="Read this source (repeat for more).")] = None,
    element_tables: Annotated[str | None, typer.Option(help="'current' or 'paper'.")] = None,
) -> None:
    """Read the sources that are at hand, curate them and describe every alloy."""
    from bmg_assets.runs import deployment_instance, run_literature

    with _at_work("`bmg literature` begins anew"), deployment_instance() as instance:
        run_literature(instance, source or None, element_tables)
    typer.echo(_literature_in_words())


@app.command()
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
    from bmg_assets.partitions import registered_systems
    from bmg_assets.resources.literature_database import LiteratureDatabase
    from bmg_assets.runs import SystemOptions, check_candidates, deployment_instance, run_literature, run_system
    from bmg_assets.science.systems import SystemKeyError, parse_system

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
    with _at_work(f"`bmg run {key}` begins this training anew"), deployment_instance() as instance:
        if key not in registered_systems(instance):
            raise SystemKeyError(f"'{key}' is not a registered system; `bmg add {key}` registers it.")
        if not LiteratureDatabase(store=_store()).has_table("descriptors"):
            run_literature(instance)
        run_system(instance, key, options)
    _print_candidates(key)


@app.command()
def casts(system: SystemArgument, as_json: JsonOption = False) -> None:
    """List the own alloys of a system: what their casts say, what had been predicted, what to cast next.

    All columns with --json.
    """
    from bmg_assets.build import build_resources
    from bmg_assets.reporting.lists import casts_that_wait, list_of_alloys
    from bmg_assets.reporting.terminal_table import terminal_width
    from bmg_assets.resources.casts_in_no_run import casts_in_no_run
    from bmg_assets.science.systems import parse_system
    from bmg_assets.tables.arrow import empty_frame
    from bmg_assets.tables.lab import LAB_RESULTS

    store, target = _store(), parse_system(system)
    waiting = casts_in_no_run(store, build_resources()["lab_inbox"], target)
    if waiting and not store.has_table(LAB_RESULTS.name, target.key):
        results = empty_frame(LAB_RESULTS)
    else:
        results = store.read_table(LAB_RESULTS.name, target.key)
    results = results.merge(_predicted_for_casts(store, target.key), on="composition", how="left")
    if as_json:
        _print_json(results.drop(columns=["target_system", "elements", "at_pct", "rules", "rule_set_version"]))
    else:
        typer.echo(list_of_alloys(target, results, terminal_width()))
    if waiting:
        typer.echo(f"\n{casts_that_wait(target, waiting, terminal_width())}", err=as_json)


@app.command()
def report(
    system: Annotated[str | None, typer.Argument(help="A system; the page of all systems without one.")] = None,
    in_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Say where the page of a system is, or open it; it is one file that can be sent to anybody."""
    import webbrowser

    from bmg_assets.reporting.page_addresses import OVERVIEW_PAGE, report_file
    from bmg_assets.science.systems import parse_system

    store, key = _store(), None if system is None else parse_system(system).key
    name = OVERVIEW_PAGE if key is None else report_file(key)
    if not store.has_bytes(name):
        raise BmgError(
            f"There is no page of {key} yet; `bmg run {key}` makes it."
            if key
            else "There is no page of all systems yet; the first `bmg run` of a system, or `bmg demo`, makes it."
        )
    path = store.path_of(name)
    typer.echo(path)
    if in_browser:
        webbrowser.open(path if "://" in path else Path(path).as_uri())


@app.command()
def demo() -> None:
    """Go from the literature to the next two alloys of Zr-Al-Cu with a short search, in minutes."""
    from bmg_assets.partitions import register_system
    from bmg_assets.runs import SystemOptions, deployment_instance, run_literature, run_system

    with _at_work("`bmg demo` begins anew"), deployment_instance() as instance:
        key = register_system(instance, DEMO_SYSTEM).key
        run_literature(instance)
        run_system(instance, key, SystemOptions(budget="quick"))
    typer.echo(_literature_in_words())
    _print_candidates(key)
    typer.echo("This was a short search. `bmg run Zr-Al-Cu` does the full one, `make ui` shows it all in the browser.")


@app.command()
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
    from bmg_assets.replay.batches import read_batches
    from bmg_assets.replay.paper import REFERENCE
    from bmg_assets.replay.report import report_replay
    from bmg_assets.replay.run import replay as run_replay
    from bmg_assets.resources.settings import Locations
    from bmg_assets.runs import SystemOptions
    from bmg_assets.science.systems import parse_system

    places, target = Locations.from_environment(), parse_system(system)
    batches = read_batches(casts or places.lab / "examples" / PAPER_CASTS)
    folder = (folder or places.data / "replays" / target.key).resolve()
    is_papers = casts is None and target.key == DEMO_SYSTEM
    best_known = reference or (REFERENCE if is_papers else None)
    with _at_work("the same command goes on with the training that was not finished"):
        store = run_replay(target, batches, folder, SystemOptions(budget, sub_dataset), element_tables, say=typer.echo)
    page, table = report_replay(target, store, folder, best_known, is_papers)
    _print_frame(table, as_json=False)
    typer.echo(f"Page: {page}")


@app.command()
def study(
    systems: Annotated[list[str] | None, typer.Argument(help="Systems; the paper's five by default.")] = None,
    budget: Annotated[str | None, typer.Option(help="'quick', 'standard' or 'paper'.")] = None,
    sub_datasets: Annotated[str, typer.Option(help="The paper's sub-datasets to train on.")] = "1,2,3,4,5",
    seed: Annotated[int | None, typer.Option(help="Seed of the searches and models.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Map systems from each of the paper's sub-datasets, and hold the maps against the reported alloys.

    What is there already for the same literature, settings and code is not trained again; other settings replace it.
    """
    from bmg_assets.assets.pruning_study import STUDY_PAGE
    from bmg_assets.resources.literature_database import LiteratureDatabase
    from bmg_assets.runs import StudyOptions, deployment_instance, run_literature, run_study
    from bmg_assets.science.paper_study import PAPER_SYSTEMS
    from bmg_assets.science.pruning import parse_sub_datasets
    from bmg_assets.science.systems import parse_system

    store, options = _store(), StudyOptions(parse_sub_datasets(sub_datasets), budget, seed)
    chosen = [parse_system(key).key for key in systems or PAPER_SYSTEMS]
    how_to_go_on = "the same command goes on with the sub-datasets that were not finished"
    with _at_work(how_to_go_on), deployment_instance() as instance:
        if not LiteratureDatabase(store=store).has_table("descriptors"):
            run_literature(instance)
        run_study(instance, chosen, options, say=partial(typer.echo, err=as_json))
    table = store.read_table("pruning_study")
    table = table[table["target_system"].isin(chosen)]
    _print_frame(table if as_json else table[STUDY_COLUMNS].round(4), as_json)
    if not as_json:
        typer.echo(f"Page: {store.path_of(STUDY_PAGE)}")


@app.command()
def evidence(
    strategies: Annotated[list[str] | None, typer.Argument(help="Strategies; all of them by default.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Nothing known, no casting: minutes.")] = False,
    with_release: Annotated[
        bool, typer.Option("--with-release", help="Look at the release split, too: for a release, not to choose.")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Seed of the strategies.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Judge strategies on systems left out whole: how good is a prediction where nobody has cast?

    What is judged already for the same literature is not judged again.
    """
    from bmg_assets.assets.strategy_benchmark import EVIDENCE_PAGE
    from bmg_assets.resources.literature_database import LiteratureDatabase
    from bmg_assets.runs import EvidenceOptions, deployment_instance, run_evidence, run_literature

    store = _store()
    options = EvidenceOptions("quick" if quick else "standard", tuple(strategies or ()), with_release, seed)
    with _at_work("the same command goes on with what was not judged"), deployment_instance() as instance:
        if not LiteratureDatabase(store=store).has_table("descriptors"):
            run_literature(instance)
        run_evidence(instance, options)
    table = store.read_table("strategy_benchmark")
    _print_frame(table if as_json else _evidence_in_short(table), as_json)
    if not as_json:
        typer.echo(f"Page: {store.path_of(EVIDENCE_PAGE)}")


@app.command("property")
def property_map(
    prop: Annotated[str | None, typer.Argument(help="Symbol or name, like T_g; a list of them without one.")] = None,
    system: Annotated[str | None, typer.Argument(help="Element symbols joined by '-', like Zr-Al-Cu.")] = None,
    budget: Annotated[str | None, typer.Option(help="'quick', 'standard' or 'paper'.")] = None,
    sub_dataset: Annotated[int | None, typer.Option(help="0 leaves nothing out; the paper's are 1 to 5.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the searches and models.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Map a property other than D_max in a system, like T_g of Zr-Al-Cu; without arguments, list the properties."""
    from bmg_assets.reporting.page_addresses import property_file
    from bmg_assets.resources.settings import Locations
    from bmg_assets.runs import PropertyOptions, deployment_instance, run_property, run_property_values
    from bmg_assets.science.properties import PropertyError, property_named
    from bmg_assets.science.systems import parse_system
    from bmg_assets.sources.properties import FILE, read_properties

    properties = read_properties(Locations.from_environment().literature / FILE)
    if prop is None:
        _print_frame(_properties_with_values(properties), as_json)
        return
    chosen, options = property_named(properties, prop), PropertyOptions(budget, sub_dataset, seed)
    if system is None:
        raise PropertyError(f"Name a system, too, as in `bmg property {prop} {DEMO_SYSTEM}`.")
    store, key = _store(), parse_system(system).key
    with _at_work(f"`bmg property {prop} {key}` begins this map anew"), deployment_instance() as instance:
        run_property_values(instance)
        run_property(instance, chosen, key, options)
    scores = store.read_table("property_scores", key, chosen.name)
    if as_json:
        _print_frame(scores, as_json)
        return
    _print_property(scores.iloc[0], chosen)
    typer.echo(f"Page: {store.path_of(property_file(chosen.name, key))}")


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
    pages_port: Annotated[int, typer.Option(help="Port of the server of pages and figures.")] = DEFAULT_PORT,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for the whole network.")] = "127.0.0.1",
) -> None:
    """Open the Dagster UI with the sensor and the nightly schedule at work, and serve the pages beside it."""
    from bmg_assets.ui import run_ui

    run_ui(_store(), host, port, pages_port)


@app.command()
def data(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Names from sources.yaml; the paper's tables by default.")
    ] = None,
) -> None:
    """Download published data sets and verify them."""
    from bmg_assets.reporting.progress_bars import showing_download
    from bmg_assets.resources.settings import Locations
    from bmg_assets.sources.declaration import read_declarations
    from bmg_assets.sources.download import SourceChoiceError, default_downloads, fetch_source

    places = Locations.from_environment()
    declarations = read_declarations(places.literature / "sources.yaml")
    unknown = [name for name in sources or [] if name not in declarations]
    if unknown:
        raise SourceChoiceError(f"'{unknown[0]}' is not a declared source; choose among {', '.join(declarations)}.")
    for name in sources or default_downloads(declarations):
        with _stoppable("`bmg data` fetches what is missing"), showing_download(name) as bar:
            path = fetch_source(declarations[name], places.downloads, bar)
        typer.echo(f"{name}: {path} (verified; licence: {declarations[name].licence})")
    typer.echo("`bmg literature` takes it in.")


@app.command()
def query(sql: Annotated[str, typer.Argument(help="SQL over all tables.")], as_json: JsonOption = False) -> None:
    """Answer a question in SQL, for example: SELECT * FROM candidates."""
    from bmg_assets.resources.queries import answer, open_views

    with open_views(_store()) as connection:
        frame = answer(connection, sql)
    _print_frame(frame, as_json)


def main() -> None:
    """Entry point of the command."""
    try:
        app()
    except BmgError as error:
        typer.echo(str(error), err=True)
        sys.exit(_exit_code(error))


def _exit_code(error: BmgError) -> int:
    if isinstance(error, StoppedError):
        return STOPPED_BY_PERSON
    # Imported here: it brings all of Dagster, which `bmg --help` need not wait for.
    from bmg_assets.runs import RunFailedError

    return 1 if isinstance(error, RunFailedError) else 2


@contextmanager
def _at_work(how_to_go_on: str) -> Iterator[None]:
    """Show how far the runs inside the block are; Ctrl-C ends them in one sentence."""
    from bmg_assets.reporting.progress_bars import showing_runs

    with _stoppable(how_to_go_on), showing_runs():
        yield


@contextmanager
def _stoppable(how_to_go_on: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError(f"Stopped. What was finished before is kept; {how_to_go_on}.") from None


def _store() -> Any:
    from bmg_assets.resources.settings import Locations
    from bmg_assets.resources.store import Store

    return Store(url=Locations.from_environment().store_url)


def _overview(instance: Any) -> Any:
    from bmg_assets.build import build_resources
    from bmg_assets.overview import overview_now

    resources = build_resources()
    return overview_now(instance, resources["store"], resources["system_chain"], resources["defaults"])


def _renew_overview(instance: Any) -> None:
    """Bring the page of all systems up to date, where there is one; the first run makes it."""
    from bmg_assets.overview import write_overview_page
    from bmg_assets.reporting.page_addresses import OVERVIEW_PAGE

    store = _store()
    if store.has_bytes(OVERVIEW_PAGE):
        write_overview_page(store, _overview(instance))


def _predicted_for_casts(store: Any, system: str) -> Any:
    """What had been predicted for own alloys: columns `composition` and `predicted_mm`."""
    from bmg_assets.tables.arrow import empty_frame
    from bmg_assets.tables.iterations import CAST_OUTCOMES

    name = CAST_OUTCOMES.name
    outcomes = store.read_table(name, system) if store.has_table(name, system) else empty_frame(CAST_OUTCOMES)
    return outcomes[["composition", "predicted_mm"]]


def _literature_in_words() -> str:
    from bmg_assets.reporting.provenance import literature_in_words
    from bmg_assets.resources.literature_database import LiteratureDatabase
    from bmg_assets.resources.settings import Locations
    from bmg_assets.sources.declaration import read_declarations

    database = LiteratureDatabase(store=_store())
    declared = read_declarations(Locations.from_environment().literature / "sources.yaml")
    return literature_in_words(len(database.read("alloys")), database.read("reports"), declared)


def _print_candidates(system: str) -> None:
    from bmg_assets.reporting.candidates_in_words import chosen_in_words, price_in_words
    from bmg_assets.reporting.page_addresses import report_file
    from bmg_assets.reporting.system_page import state_in_words, with_formulas
    from bmg_assets.science.systems import parse_system

    store = _store()
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


def _properties_with_values(properties: Any) -> Any:
    """Each declared property with what is known of it; the values are taken in where that was never done."""
    import pandas as pd

    from bmg_assets.resources.literature_database import LiteratureDatabase
    from bmg_assets.runs import deployment_instance, run_property_values

    database = LiteratureDatabase(store=_store())
    if not database.has_table("property_values"):
        with _at_work("`bmg property` begins anew"), deployment_instance() as instance:
            run_property_values(instance)
    known = database.read("property_values").groupby("property")["value"].agg(["size", "min", "max"])
    rows = pd.DataFrame([{"symbol": one.symbol, "property": one.name, "unit": one.unit} for one in properties.values()])
    rows = rows.join(known, on="property").rename(columns={"size": "alloys", "min": "lowest", "max": "highest"})
    return rows.fillna({"alloys": 0}).astype({"alloys": int})


def _print_property(scores: Any, prop: Any) -> None:
    from bmg_assets.science.sub_models.catalogue import SUB_MODELS

    unit = prop.unit
    typer.echo(
        f"\n{prop.symbol} of {scores['target_system']}, learnt from {scores['n_training']} alloys "
        f"({scores['n_of_system']} of this system):"
    )
    for name, model in SUB_MODELS.items():
        typer.echo(f"  {model.title}: RMSE {scores[f'rmse_{name}']:.3g} {unit} on random folds")
    typer.echo(f"  Fusion: RMSE {scores['rmse_fusion']:.3g} {unit} (saying the mean: {scores['rmse_mean']:.3g} {unit})")
    if "rmse_without_system" in scores.dropna():
        typer.echo(f"  Fusion, systems left out whole: RMSE {scores['rmse_without_system']:.3g} {unit}")


def _evidence_in_short(table: Any) -> Any:
    """Means over the systems of the development split: a row per track and strategy."""
    shown = table[(table["split"] == "development") & table["metric"].isin(EVIDENCE_COLUMNS)]
    means = shown.pivot_table(index=["track", "strategy"], columns="metric", values="mean")
    return means[[name for name in EVIDENCE_COLUMNS if name in means]].round(2).reset_index()


def _print_json(frame: Any) -> None:
    typer.echo(json.dumps(json.loads(frame.to_json(orient="records", date_format="iso")), ensure_ascii=False))


def _print_frame(frame: Any, as_json: bool) -> None:
    if as_json:
        _print_json(frame)
    elif frame.empty:
        typer.echo("Nothing there yet.")
    else:
        typer.echo(frame.to_string(index=False))


if __name__ == "__main__":
    main()
