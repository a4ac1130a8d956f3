"""Group `property`: properties other than D_max, from what is reported of them to their maps.

Belongs here: choosing inputs, having the map trained and drawn, describing the result. Does not belong here: what a
reported value means (science/literature/properties.py), what a map is (science/evidence/property_map.py).
"""

from datetime import UTC, datetime

import dagster as dg

from bmg_assets.assets.decorators import RETRY_ENDED_WORKER, table_asset
from bmg_assets.assets.literature import WRITER
from bmg_assets.assets.pages import write_page
from bmg_assets.assets.types import Frame, Result
from bmg_assets.checks.check import check_results, check_specs, stored_if_it_passes, table_result
from bmg_assets.checks.literature import SOURCES_CHECKS
from bmg_assets.checks.property import (
    AGREEMENT_CHECKS,
    MODELS_CHECKS,
    PROPERTY_MAPS_CHECKS,
    PROPERTY_REPORTS_CHECKS,
    PROPERTY_VALUES_CHECKS,
)
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.pages.metadata import links_to, metadata_values, picture_of
from bmg_assets.partitions import mapped_property, property_of_run
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.fingerprints import fingerprint_table
from bmg_assets.science.literature.properties import Property
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_KINDS
from bmg_assets.settings import Locations
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.io_managers import SOURCE_FILES
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.page_addresses import property_file
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store
from bmg_assets.store.tables.property import PROPERTY_ALLOYS, PROPERTY_MAPS, PROPERTY_REPORTS, PROPERTY_SCORES
from bmg_assets.studies.property_maps import MAPS_VERSION, MapTraining, prepared_map, train_map

REASONS_SHOWN = 10


@table_asset(
    "property",
    (*PROPERTY_REPORTS_CHECKS, *SOURCES_CHECKS),
    stored_by="literature_tables",
    kinds={"duckdb"},
    code_version="2",
    pool=WRITER,
    description=(
        "Every value of a property other than D_max (properties.yaml: temperatures, moduli, critical cooling rate) "
        "that a source at hand reports, with its reference. Values that cannot be right stay, with the reason, and so "
        "do copies of other reports, which do not count."
    ),
)
def property_reports(context: dg.AssetExecutionContext) -> Result:
    """Read the columns that sources.yaml names, of every source at hand; one that cannot be read stops no other."""
    from bmg_assets.sources.declaration import read_declarations
    from bmg_assets.sources.download import available_sources, choose_property_sources, file_sha256
    from bmg_assets.sources.properties import FILE, read_properties
    from bmg_assets.sources.reading import read_all_property_reports

    places = Locations.from_environment()
    properties = read_properties(places.literature / FILE)
    declarations = read_declarations(places.literature / "sources.yaml")
    paths = available_sources(declarations, places.downloads, places.literature)
    chosen = choose_property_sources(declarations, paths)
    found = read_all_property_reports(declarations, paths, chosen, properties)
    frame, read = found.reports, [name for name in chosen if name not in found.unread]
    for sentence in found.unread.values():
        context.log.warning(sentence)
    accepted = frame[frame["status"] == "accepted"]
    return table_result(
        PROPERTY_REPORTS_CHECKS,
        frame,
        check_results(SOURCES_CHECKS, found.unread),
        metadata=metadata_values(
            sources=read,
            unread=dict(found.unread),
            **{SOURCE_FILES: {name: file_sha256(paths[name]) for name in read}},
            reports=len(frame),
            accepted=accepted["property"].value_counts().to_dict(),
            copied=int((frame["status"] == "copied").sum()),
            refused=int((frame["status"] == "refused").sum()),
            refusals=frame["fault"].value_counts().to_dict(),
            reasons=frame["reason"].dropna().head(REASONS_SHOWN).tolist(),
        ),
        data_version=dg.DataVersion(fingerprint_table(frame)),
    )


@table_asset(
    "property",
    (*PROPERTY_VALUES_CHECKS, *AGREEMENT_CHECKS),
    stored_by="literature_tables",
    kinds={"duckdb"},
    code_version="2",
    pool=WRITER,
    description=(
        "One row per property and composition: the value that is mapped, the smallest, largest and mean of the "
        "independent reports, their number, and whether they contradict. The maps of a property other than D_max are "
        "trained on them and on own casts."
    ),
)
def property_values(property_reports: Frame) -> Result:
    """Merge the accepted reports of each property and composition."""
    from bmg_assets.science.literature.property_values import contradictions, merge_property_reports
    from bmg_assets.sources.properties import FILE, read_properties

    properties = read_properties(Locations.from_environment().literature / FILE)
    frame = merge_property_reports(property_reports, properties)
    compared = contradictions(property_reports, properties)
    in_conflict = frame[frame["conflict"] != "none"]
    return table_result(
        PROPERTY_VALUES_CHECKS,
        frame,
        check_results(AGREEMENT_CHECKS, compared),
        metadata=metadata_values(
            **{f"alloys_{name}": count for name, count in frame["property"].value_counts().items()},
            reported_more_than_once=int((frame["n_reports"] > 1).sum()),
            largest_spread=frame.groupby("property")["spread"].max().to_dict(),
            conflicts=in_conflict["property"].value_counts().to_dict(),
            conflicts_named=in_conflict.groupby("property")["composition"].agg(list).to_dict(),
        ),
        data_version=dg.DataVersion(fingerprint_table(frame)),
    )


@overriding("seed")
@overriding("sub_dataset", "budget", none="the value in properties.yaml, else the deployment's default")
class PropertyMapConfig(dg.Config):
    """What the map of a property is trained on, and how."""


@dg.asset(
    group_name="property",
    partitions_def=mapped_property,
    kinds={"parquet", "html", *SUB_MODEL_KINDS},
    code_version=MAPS_VERSION,
    check_specs=check_specs("property_maps", [*PROPERTY_MAPS_CHECKS, *MODELS_CHECKS]),
    retry_policy=RETRY_ENDED_WORKER,
    description=(
        "The map of a property other than D_max in one system, like T_g of Zr-Al-Cu, in the property's own unit: the "
        "sub-models are tuned side by side and fused as for D_max. Its page, in reports/properties of the store, "
        "holds figures, scores and provenance. A map that is there for the same values, settings and code is not "
        "trained again."
    ),
)
@ends_in_one_sentence
@stored_if_it_passes
def property_maps(
    context: dg.AssetExecutionContext,
    config: PropertyMapConfig,
    defaults: Defaults,
    store: Store,
    system_chain: SystemChain,
    property_values: Frame,
) -> Result:
    """Train the map if it is not there, then draw it and write its page."""
    from bmg_assets.sources.properties import FILE, read_properties

    prop, target = property_of_run(context, read_properties(Locations.from_environment().literature / FILE))
    settings = defaults.overridden_by({"sub_dataset": prop.sub_dataset, "budget": prop.budget}, config)
    training = MapTraining.chosen(settings, system_chain)
    prepared = prepared_map(store, target, prop, property_values, training, defaults.element_tables)
    is_new = not training.entry_of(prepared).is_in(store)
    if is_new:
        train_map(store, prepared, training, context.log.info)
    grid, alloys, scores = (
        store.read_table(table.name, target.key, prop.name)
        for table in (PROPERTY_MAPS, PROPERTY_ALLOYS, PROPERTY_SCORES)
    )
    of_property = property_values[property_values["property"] == prop.name]
    files = _write_page(store, target, prop, grid, alloys, scores, of_property)
    known = scores.drop(columns="made_at").iloc[0].dropna()
    shown = {str(name): value for name, value in known.items()}
    return dg.MaterializeResult(
        metadata=links_to(files)
        | ({"map": picture_of(files["map_png"], f"{prop.symbol} of {target.key}")} if "map_png" in files else {})
        | metadata_values(trained_now=is_new, lowest=grid["value"].min(), highest=grid["value"].max(), **shown),
        check_results=check_results(PROPERTY_MAPS_CHECKS, grid) + check_results(MODELS_CHECKS, grid, scores),
    )


def _write_page(
    store: Store, target: TargetSystem, prop: Property, grid: Frame, alloys: Frame, scores: Frame, values: Frame
) -> dict[str, str]:
    """The page and the files of its figures, by title.

    Args:
        values: the rows of the table `property_values` that are of this property.
    """
    from bmg_assets.pages.property_figures import draw_property, property_map
    from bmg_assets.pages.property_page import PropertyFacts, render_property
    from bmg_assets.pages.provenance import library_versions

    reports = LiteratureDatabase(store=store).read(PROPERTY_REPORTS.name)
    of_property = reports[reports["property"] == prop.name]
    facts = PropertyFacts(target, prop, grid, alloys, scores.iloc[0], of_property, values)
    pictures = draw_property(facts)
    name = property_file(prop.name, target.key)
    links, now = links_from(store, name, target.key), datetime.now(UTC)
    page = render_property(facts, pictures, property_map(facts), library_versions(), now, links).encode()
    return write_page(store, name, page, pictures.values(), name.removesuffix("html"))
