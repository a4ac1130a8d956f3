"""Properties other than D_max."""

from typing import Annotated, Any

import typer

from bmg_assets.cli.options import settings_as_options
from bmg_assets.cli.shared import DEMO_SYSTEM, JsonOption, at_work, open_store, print_frame


@settings_as_options("budget", "sub_dataset", "seed")
def property_map(
    prop: Annotated[str | None, typer.Argument(help="Symbol or name, like T_g; a list of them without one.")] = None,
    system: Annotated[str | None, typer.Argument(help="Element symbols joined by '-', like Zr-Al-Cu.")] = None,
    as_json: JsonOption = False,
    **choices: Any,
) -> None:
    """Map a property other than D_max in a system, like T_g of Zr-Al-Cu; without arguments, list the properties."""
    from bmg_assets.launch.choices import check_choices
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.runs import run_property, run_property_values
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.science.literature.properties import NOTHING_LEFT_OUT, PropertyError, property_named
    from bmg_assets.settings import Locations
    from bmg_assets.sources.properties import FILE, read_properties
    from bmg_assets.store.page_addresses import property_file

    properties = read_properties(Locations.from_environment().literature / FILE)
    if prop is None:
        print_frame(_properties_with_values(properties), as_json)
        return
    chosen = property_named(properties, prop)
    check_choices(choices, other_sub_datasets=[NOTHING_LEFT_OUT])
    if system is None:
        raise PropertyError(f"Name a system, too, as in `bmg property {prop} {DEMO_SYSTEM}`.")
    store, key = open_store(), parse_system(system).key
    with at_work(f"`bmg property {prop} {key}` begins this map anew"), deployment_instance() as instance:
        run_property_values(instance)
        run_property(instance, chosen, key, choices)
    scores = store.read_table("property_scores", key, chosen.name)
    if as_json:
        print_frame(scores, as_json)
        return
    _print_property(scores.iloc[0], chosen)
    typer.echo(f"Page: {store.path_of(property_file(chosen.name, key))}")


def _properties_with_values(properties: Any) -> Any:
    """Each declared property with what is known of it; the values are taken in where that was never done."""
    import pandas as pd

    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.runs import run_property_values
    from bmg_assets.store.literature_database import LiteratureDatabase

    database = LiteratureDatabase(store=open_store())
    if not database.has_table("property_values"):
        with at_work("`bmg property` begins anew"), deployment_instance() as instance:
            run_property_values(instance)
    known = _known(database.read("property_values"))
    rows = pd.DataFrame([{"symbol": one.typed, "property": one.name, "unit": one.unit} for one in properties.values()])
    rows = rows.join(known, on="property")
    counts = dict.fromkeys(("alloys", "reports", "copies", "conflicts"), 0)
    return rows.fillna(counts).astype(dict.fromkeys(counts, int))


def _known(values: Any) -> Any:
    """What is known of each property."""
    known = (
        values.assign(in_conflict=values["conflict"] != "none")
        .groupby("property")
        .agg(
            alloys=("value", "size"),
            reports=("n_reports", "sum"),
            copies=("n_copies", "sum"),
            conflicts=("in_conflict", "sum"),
            lowest=("value", "min"),
            highest=("value", "max"),
        )
    )
    for column in ("lowest", "highest"):
        known[column] = [float(f"{value:.4g}") for value in known[column]]
        known[column] = known[column].astype(object)  # printed each with its own digits, not with those of all
    return known


def _print_property(scores: Any, prop: Any) -> None:
    from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

    unit = prop.error_unit
    typer.echo(
        f"\n{prop.typed} of {scores['target_system']}, trained on {scores['n_training']} alloys "
        f"({scores['n_of_system']} of this system):"
    )
    for name, model in SUB_MODELS.items():
        typer.echo(f"  {model.title}: RMSE {scores[f'rmse_{name}']:.3g} {unit} on random folds")
    typer.echo(
        f"  Fusion: RMSE {scores['rmse_fusion']:.3g} {unit} (predicting the mean: {scores['rmse_mean']:.3g} {unit})"
    )
    if "rmse_without_system" in scores.dropna():
        typer.echo(f"  Fusion, systems left out whole: RMSE {scores['rmse_without_system']:.3g} {unit}")
