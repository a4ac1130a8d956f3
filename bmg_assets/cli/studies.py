"""Evidence about the method itself: the paper's study, and the benchmark of surrogates on systems left out."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any

import typer

from bmg_assets.cli.options import help_of, settings_as_options
from bmg_assets.cli.shared import JsonOption, at_work, open_store, print_frame, print_tables
from bmg_assets.science.errors import BmgError

GO_ON = "the same command goes on with what was not evaluated"
EVIDENCE_COLUMNS = [
    "auc",
    "enrichment",
    "spearman",
    "bulk_by_pair_1",
    "bulk_by_pair_5",
    "held_bulk_90%",
    "ranks_systems",
]


QUEUE_GOES_ON = (
    "what is queued goes on by itself; the same command follows it again, and the UI cancels it (Runs, Backfills)"
)

SpreadOption = Annotated[
    bool,
    typer.Option(
        "--spread",
        help="Queue a run for each piece of work that is missing, for all machines of the deployment; `bmg ui` has to "
        "be at work.",
    ),
]


class EvidenceChoiceError(BmgError):
    """Options of the two kinds of evidence together."""


@settings_as_options("budget", "seed")
def study(
    systems: Annotated[list[str] | None, typer.Argument(help="Systems; the paper's five by default.")] = None,
    sub_datasets: Annotated[str, typer.Option(help=help_of("sub_datasets"))] = "1,2,3,4,5",
    spread: SpreadOption = False,
    as_json: JsonOption = False,
    **choices: Any,
) -> None:
    """Map systems from each of the paper's sub-datasets, and compare the maps with the reported alloys.

    What is there already for the same literature, settings and code is not trained again; other settings replace it.
    """
    from bmg_assets.launch.choices import check_choices
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.runs import ensure_literature, run_study
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.science.evidence.paper_study import PAPER_SYSTEMS
    from bmg_assets.science.literature.pruning import parse_sub_datasets
    from bmg_assets.store.page_addresses import STUDY_PAGE

    choices["sub_datasets"] = list(parse_sub_datasets(sub_datasets))
    check_choices(choices)
    store = open_store()
    chosen = [parse_system(key).key for key in systems or PAPER_SYSTEMS]
    how_to_go_on = "the same command goes on with the sub-datasets that were not finished"
    with at_work(QUEUE_GOES_ON if spread else how_to_go_on), deployment_instance() as instance:
        ensure_literature(instance, store)
        run_study(instance, chosen, choices, partial(typer.echo, err=as_json), spread)
    table = store.read_table("pruning_study")
    table = table[table["target_system"].isin(chosen)]
    print_frame(table if as_json else _study_in_short(table), as_json)
    if not as_json:
        typer.echo(f"Page: {store.path_of(STUDY_PAGE)}")


def _study_in_short(table: Any) -> Any:
    """What fits into the width of a terminal; all of it is shown with --json."""
    from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

    sizes = ["target_system", "sub_dataset", "n_training", "n_removed"]
    scores = ["fusion_r2", "n_reported", "rmse_scaled", "rmse_scaled_of_mean", "best_composition"]
    return table[[*sizes, *(f"rmse_{name}_mm" for name in SUB_MODELS), *scores]].round(4)


@settings_as_options("with_release", "seed")
def evidence(
    strategies: Annotated[list[str] | None, typer.Argument(help=help_of("strategies"))] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Nothing known, no casting: minutes.")] = False,
    literature: Annotated[
        bool,
        typer.Option(
            "--literature",
            help="What is each source worth? Learn from the literature with and without it, and judge by systems left "
            "out, newcomers and what was found later.",
        ),
    ] = False,
    regimes: Annotated[
        bool,
        typer.Option(
            "--regimes",
            help="Which surrogate is right where nothing is known, and where much is? All regimes in one table, with "
            "targets, and where predictions stop being worth their numbers.",
        ),
    ] = False,
    rungs: Annotated[
        bool,
        typer.Option(
            "--rungs",
            help="How many hours does the recommended way up the ladder spare, with the hours of casting.yaml? And are "
            "films a rung? Nothing is stored.",
        ),
    ] = False,
    campaigns: Annotated[
        bool,
        typer.Option(
            "--campaigns",
            help="By which rule to cast pairs, and when to stop? Campaigns are simulated on the maps of systems left "
            "out, with several truths.",
        ),
    ] = False,
    atlas: Annotated[
        bool,
        typer.Option(
            "--atlas",
            help="Does the atlas rank the systems first that turned out to hold glass? Systems left out, what was "
            "found later, and newcomers, beside ways without a model.",
        ),
    ] = False,
    spread: SpreadOption = False,
    as_json: JsonOption = False,
    **choices: Any,
) -> None:
    """Evaluate surrogates on systems left out whole: how good is a prediction where nobody has cast?

    What is evaluated already for the same literature is not evaluated again.
    """
    questions = {
        "--literature": literature,
        "--regimes": regimes,
        "--campaigns": campaigns,
        "--atlas": atlas,
        "--rungs": rungs,
    }
    asked = [option for option, is_asked in questions.items() if is_asked]
    if asked:
        _refuse_strategies(asked, strategies, choices)
    if rungs:
        _refuse_spread_rungs(spread)
        _rung_evidence(as_json, choices)
        return
    name = asked[0].removeprefix("--") if asked else "benchmark"
    of_benchmark = {"contest": "quick" if quick else "standard", "strategies": strategies or []}
    choices |= {"only_quick_parts": quick} if asked else of_benchmark
    SHOWN[name](_summed_up(name, choices, spread, as_json), as_json)


def _summed_up(name: str, choices: dict[str, Any], is_spread: bool, as_json: bool) -> Any:
    """Have one evidence evaluated and summed up; the store that holds it."""
    from bmg_assets.launch.choices import check_choices
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.runs import ensure_literature, run_evidence, spread_evidence

    check_choices(choices)
    store = open_store()
    with at_work(QUEUE_GOES_ON if is_spread else GO_ON), deployment_instance() as instance:
        ensure_literature(instance, store)
        if is_spread:
            spread_evidence(instance, name, choices, partial(typer.echo, err=as_json))
        else:
            run_evidence(instance, name, choices)
    return store


def _strategy_evidence(store: Any, as_json: bool) -> None:
    from bmg_assets.store.page_addresses import EVIDENCE_PAGE

    table = store.read_table("strategy_benchmark")
    print_frame(table if as_json else _evidence_in_short(table), as_json)
    if not as_json:
        typer.echo(f"Page: {store.path_of(EVIDENCE_PAGE)}")


def _refuse_strategies(asked: Sequence[str], strategies: list[str] | None, choices: dict[str, Any]) -> None:
    """Raise EvidenceChoiceError where an option takes everything and something is chosen beside it."""
    if len(asked) > 1:
        raise EvidenceChoiceError(f"{' and '.join(asked)} are {len(asked)} questions; ask one after the other.")
    if strategies or choices.get("with_release"):
        given = f"strategies ({', '.join(strategies)})" if strategies else "--with-release"
        raise EvidenceChoiceError(f"{asked[0]} compares all of them and takes no {given}; leave it out.")


def _refuse_spread_rungs(is_spread: bool) -> None:
    if is_spread:
        raise EvidenceChoiceError("--rungs is one piece of work, which --spread cannot share out; leave --spread out.")


def _campaign_evidence(store: Any, as_json: bool) -> None:
    from bmg_assets.cli.terminal.campaign_tables import rule_tables, stopping_table

    table = store.read_table("campaign_evidence")
    if as_json:
        print_frame(table, as_json)
        return
    for title, frame in (rule_tables(table) | {"Chance of more": stopping_table(table)}).items():
        typer.echo(f"\n{title}")
        print_frame(frame, as_json)


def _literature_evidence(store: Any, as_json: bool) -> None:
    from bmg_assets.store.page_addresses import LITERATURE_EVIDENCE_PAGE

    table = store.read_table("literature_evidence")
    print_frame(table if as_json else _literature_evidence_in_short(table), as_json)
    if not as_json:
        typer.echo(f"Page: {store.path_of(LITERATURE_EVIDENCE_PAGE)}")


def _regime_evidence(store: Any, as_json: bool) -> None:
    from bmg_assets.cli.terminal.regime_tables import distance_table, regime_tables, target_table
    from bmg_assets.store.page_addresses import REGIME_EVIDENCE_PAGE

    table = store.read_table("regime_evidence")
    if as_json:
        print_frame(table, as_json)
        return
    shown = regime_tables(table) | {
        "Targets": target_table(table),
        "By the distance to what is known": distance_table(store.read_table("regime_distances")),
    }
    for title, frame in shown.items():
        typer.echo(f"\n{title}")
        print_frame(frame, as_json)
    typer.echo(f"Page: {store.path_of(REGIME_EVIDENCE_PAGE)}")


def _atlas_evidence(store: Any, as_json: bool) -> None:
    from bmg_assets.cli.terminal.atlas_evidence import atlas_evidence_in_short

    table = store.read_table("atlas_evidence")
    print_frame(table if as_json else atlas_evidence_in_short(table), as_json)


def _rung_evidence(as_json: bool, choices: dict[str, Any]) -> None:
    from bmg_assets.launch.choices import check_choices
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.runs import ensure_literature
    from bmg_assets.science.evidence.film_rung import judge_films
    from bmg_assets.science.evidence.ladder_climbs import judge_ladders
    from bmg_assets.settings import Locations
    from bmg_assets.store.literature_database import LiteratureDatabase

    check_choices(choices)
    practice, seed = Locations.from_environment().casting_practice(), choices.get("seed") or 0
    with at_work("the same command begins anew"), deployment_instance() as instance:
        ensure_literature(instance, open_store())
        database = LiteratureDatabase(store=open_store())
        alloys = database.read("alloys")
        shown = {
            "Hours until the ladder ends": judge_ladders(alloys, practice, seed).round(2),
            "Films": judge_films(alloys, database.read("films"), seed).round(2),
        }
    if as_json:
        print_tables(shown)
        return
    for title, frame in shown.items():
        typer.echo(f"\n{title}")
        print_frame(frame, as_json)


def _literature_evidence_in_short(table: Any) -> Any:
    """Means of the headline of each test, judged by all: a row per variant and strategy."""
    rows = table[table["judged_by"] == "all"].merge(_headlines_of_tests())
    rows = rows.assign(what=rows["what"].where(rows["year"].isna(), rows["what"] + " " + rows["year"].astype("string")))
    means = rows.pivot_table(index=["variant", "strategy"], columns="what", values="mean", sort=False)
    return means.round(3).reset_index()


def _headlines_of_tests() -> Any:
    import pandas as pd

    return pd.DataFrame(
        [
            ("left_out", "nothing_known", "auc", "AUC, nothing known"),
            ("left_out", "related_known", "auc", "AUC, related known"),
            ("newcomers", "related_known", "in_top_5%", "newcomers, top 5 %"),
            ("time_split", "new_system", "ranks_systems", "new systems after"),
        ],
        columns=["test", "track", "metric", "what"],
    )


def _evidence_in_short(table: Any) -> Any:
    """Means over the systems of the development split: a row per track and surrogate."""
    shown = table[(table["split"] == "development") & table["metric"].isin(EVIDENCE_COLUMNS)]
    means = shown.pivot_table(index=["track", "strategy"], columns="metric", values="mean")
    return means[[name for name in EVIDENCE_COLUMNS if name in means]].round(2).reset_index()


SHOWN: dict[str, Callable[[Any, bool], None]] = {
    "benchmark": _strategy_evidence,
    "literature": _literature_evidence,
    "regimes": _regime_evidence,
    "campaigns": _campaign_evidence,
    "atlas": _atlas_evidence,
}
"""What shows each evidence that can be summed up, by its name in launch/runs.py."""
