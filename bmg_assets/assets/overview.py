"""All systems as they are now, as a table and as a page, for `bmg list` and the asset `system_overview`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import dagster as dg

from bmg_assets.defaults import Defaults
from bmg_assets.partitions import unusable_keys, usable_systems
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import stale_systems, why_no_literature
from bmg_assets.store.page_addresses import ATLAS_PAGE, LEDGER_PAGE, LITERATURE_PAGE, OVERVIEW_PAGE, report_file
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store
from bmg_assets.store.tables.iterations import ITERATIONS
from bmg_assets.store.tables.lab import LAB_RESULTS

if TYPE_CHECKING:
    import pandas as pd


def overview_now(
    instance: dg.DagsterInstance, store: Store, chain: SystemChain, defaults: Defaults
) -> "tuple[pd.DataFrame, list[str]]":
    """The table `system_overview` of the systems that are registered, trained or not, and what to say beside it.

    A table of one system that is damaged counts as missing, and is named with what makes it anew.
    """
    from bmg_assets.science.casts.overview import overview_of_systems

    systems = usable_systems(instance)
    iterations, damaged = store.read_what_can_be_read(ITERATIONS.name)
    casts, more_damaged = store.read_what_can_be_read(LAB_RESULTS.name)
    stale = stale_systems(instance, store, chain, defaults, systems)
    no_literature = why_no_literature(store, chain) if systems else None
    notes = [*unusable_keys(instance), *([no_literature] if no_literature else []), *damaged, *more_damaged]
    return overview_of_systems(systems, iterations, casts, stale), notes


def write_overview_page(store: Store, overview: "pd.DataFrame", notes: Sequence[str]) -> str:
    """Replace the page of all systems; its name in the store.

    Args:
        overview: the table `system_overview`.
        notes: what there is to say beside it.
    """
    from bmg_assets.pages.overview_page import render_overview

    # The page of a trained system is made by the same run, so the link holds when it is followed.
    trained = overview.loc[overview["trained_at"].notna(), "target_system"]
    pages = {system: PurePosixPath(report_file(system)).name for system in trained}
    ledger, literature, atlas = (
        PurePosixPath(page).name if store.has_bytes(page) else None
        for page in (LEDGER_PAGE, LITERATURE_PAGE, ATLAS_PAGE)
    )
    links = links_from(store, OVERVIEW_PAGE)
    page = render_overview(overview, pages, datetime.now(UTC), notes, ledger, literature, atlas, links)
    return store.write_bytes(OVERVIEW_PAGE, page.encode())
