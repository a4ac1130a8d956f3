"""The registered systems: adding and removing one, and where all of them stand."""

from typing import TYPE_CHECKING

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.errors import BmgError

if TYPE_CHECKING:
    import dagster as dg
    import pandas as pd

    from bmg_assets.store.store import Store


def add_system(instance: "dg.DagsterInstance", store: "Store", key: str) -> tuple[TargetSystem, list[str]]:
    """Register a target system; one that is registered stays as it is.

    Returns:
        The system, and what there is to say beside it: sentences.

    Raises:
        SystemKeyError: the key cannot be used, or its elements are registered in another order.
        BmgError: the store is of another version.
    """
    from bmg_assets.partitions import register_system

    store.check_format()
    return register_system(instance, key), renew_overview(instance, store)


def remove_system(instance: "dg.DagsterInstance", store: "Store", key: str) -> tuple[int, list[str]]:
    """Remove a target system and everything stored of it; the record keeps what cannot be computed again.

    Returns:
        The number of files that were removed, and what there is to say beside it: sentences.

    Raises:
        SystemKeyError: the key is not registered.
        SystemBusyError: a run is at work on the system.
        BmgError: the store is of another version.
    """
    from bmg_assets.partitions import unregister_system

    store.check_format()
    unregister_system(instance, key)
    removed = store.delete_system(key)
    return len(removed), renew_overview(instance, store)


def overview_of(instance: "dg.DagsterInstance", store: "Store") -> "tuple[pd.DataFrame, list[str]]":
    """The table `system_overview` as it is now, and what there is to say beside it."""
    from bmg_assets.assets.overview import overview_now
    from bmg_assets.build import build_resources

    resources = build_resources()
    return overview_now(instance, store, resources["system_chain"], resources["defaults"])


def renew_overview(instance: "dg.DagsterInstance", store: "Store") -> list[str]:
    """Bring the page of all systems up to date, where there is one; the first run makes it.

    Returns:
        A sentence where that failed: what was asked for is done, and the next run of a system makes the page anew.
    """
    from bmg_assets.assets.overview import write_overview_page
    from bmg_assets.store.page_addresses import OVERVIEW_PAGE

    try:
        if store.has_bytes(OVERVIEW_PAGE):
            write_overview_page(store, *overview_of(instance, store))
    except BmgError as error:
        return [f"The page of all systems was not brought up to date: {error}"]
    return []
