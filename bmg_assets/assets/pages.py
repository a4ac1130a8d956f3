"""Group `prediction`, the pages: a page for each system, for people who cast.

Belongs here: choosing inputs, having the page made, writing its files. Does not belong here: how a page looks.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg

from bmg_assets.assets.types import SUB_MODEL_INPUTS, Frame, Result, SubModelResult, in_order
from bmg_assets.defaults import Defaults, overriding
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.pages.drawing import preview_of
from bmg_assets.pages.metadata import links_to, picture_of
from bmg_assets.partitions import target_system
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import mixed_tables
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.origins import origin_of_output
from bmg_assets.store.page_addresses import map_preview_file, report_file
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store
from bmg_assets.store.tables.iterations import CAST_OUTCOMES, ITERATION_MAPS
from bmg_assets.store.tables.literature import REPORTS
from bmg_assets.store.tables.training import TUNING_TRIALS

if TYPE_CHECKING:
    from bmg_assets.pages.rendering import Picture


@overriding("coverage")
class SystemReportConfig(dg.Config):
    """With what the intervals on the page were made."""


@dg.asset(
    group_name="prediction",
    partitions_def=target_system,
    kinds={"html"},
    code_version="4",
    ins=SUB_MODEL_INPUTS,
    description=(
        "One self-contained page for this system and iteration: what to cast next and why, the map to point at, what "
        "changed, the known alloys behind each candidate, scores and their limits, and where it comes from. "
        "The figures are beside it as SVG and PNG."
    ),
)
@ends_in_one_sentence
def system_report(
    context: dg.AssetExecutionContext,
    config: SystemReportConfig,
    defaults: Defaults,
    store: Store,
    system_chain: SystemChain,
    candidates: Frame,
    prediction_grid: Frame,
    transfer_grid: Frame,
    fusion_weights: Frame,
    training_set: Frame,
    lab_results: Frame,
    iterations: Frame,
    literature_alloys: Frame,
    **sub_models: SubModelResult,
) -> Result:
    """Gather, draw, and write the page and its figures into the store."""
    from bmg_assets.pages.map_symbols import maps_in_order
    from bmg_assets.pages.provenance import Provenance, library_versions, sources_of
    from bmg_assets.pages.system_facts import SystemTables, gather_facts
    from bmg_assets.pages.system_figures import draw_system
    from bmg_assets.pages.system_page import render_page

    system = parse_system(context.partition_key)
    tables = SystemTables(
        candidates=candidates,
        grid=prediction_grid,
        fusion=fusion_weights,
        training_set=training_set,
        lab=lab_results,
        trials=store.read_table(TUNING_TRIALS.name, system.key),
        iterations=iterations,
        outcomes=store.read_table(CAST_OUTCOMES.name, system.key),
        earlier_map=_earlier_map(store, system.key, int(iterations["iteration"].iloc[-1])),
        alloys=literature_alloys,
        transfer=transfer_grid,
        coverage=defaults.overridden_by(config).coverage,
    )
    facts = gather_facts(system, tables, in_order(sub_models))
    pictures = draw_system(facts)
    database = LiteratureDatabase(store=store)
    provenance = Provenance(
        sources=sources_of(database.read(REPORTS.name), database.source_files(REPORTS.name)),
        code=system_chain.code_versions,
        libraries=library_versions(),
        origin=origin_of_output(context, store, system.key, {}),
        mixed=mixed_tables(store, system_chain, context.asset_key.path[-1], system.key),
    )
    links = links_from(store, report_file(system.key), system.key)
    page = render_page(facts, pictures, provenance, datetime.now(UTC), links).encode()
    files = write_page(store, report_file(system.key), page, pictures.values(), f"figures/{system.key}/")
    page_link = links_to({"page": files.pop("page")})
    shown = _shown_map(store, system.key, pictures.get(maps_in_order(tables)[0]))
    return dg.MaterializeResult(metadata=page_link | shown | links_to(files) | {"page_bytes": len(page)})


def write_page(store: Store, name: str, page: bytes, pictures: "Iterable[Picture]", figures: str) -> dict[str, str]:
    """Write a page and the files of its figures into the store; their names, by title.

    Args:
        figures: beginning of the names of the figures' files, `figures/Zr-Al-Cu/`.
    """
    files = {"page": store.write_bytes(name, page)}
    for picture in pictures:
        for kind, data in picture.files.items():
            files[f"{picture.name}_{kind}"] = store.write_bytes(f"{figures}{picture.name}.{kind}", data)
    return files


def _shown_map(store: Store, system: str, picture: "Picture | None") -> dict[str, dg.MetadataValue]:
    """A small map for the UI, where there is a map."""
    if picture is None:
        return {}
    preview = store.write_bytes(map_preview_file(system), preview_of(picture.files["png"]))
    return {"map": picture_of(preview, f"Map of {system}")}


def _earlier_map(store: Store, system: str, iteration: int) -> "Frame | None":
    """The map of the iteration before this one, if it is there."""
    part = str(iteration - 1)
    there = iteration > 0 and store.has_table(ITERATION_MAPS.name, system, part=part)
    return store.read_table(ITERATION_MAPS.name, system, part=part) if there else None
