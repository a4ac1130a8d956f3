"""What each system's last training was made from, and whether it is stale.

All of it is in the store: the origin of each file of a system (`bmg_assets.store.origin`), and the identity of what the
literature holds. Dagster's run history has no part in it: runs are deleted, and a store is lost or restored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import dagster as dg

from bmg_assets.defaults import Defaults
from bmg_assets.intake.record import NO_CASTS, is_fingerprint
from bmg_assets.partitions import usable_systems
from bmg_assets.science.literature.other_casts import CastSystems, casts_fingerprint
from bmg_assets.staleness.comparison import TrainingRecord, behind, not_together, of_one_training, staleness_of
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.literature_database import LiteratureDatabase, LiteratureError
from bmg_assets.store.origin import Origin
from bmg_assets.store.origins import REPORT_ASSET, origins_of, parents_of
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import TABLES_BY_ASSET, table_of_asset

LAB_RESULTS = "lab_results"
SYSTEMS_NAMED = 5
COMMAND = "`bmg literature`, or literature_job, takes it in"


def systems_with_casts(instance: dg.DagsterInstance, store: Store) -> CastSystems:
    """Registered systems that have casts, each with the identity of its casts."""
    casts = known_casts(store)
    registered = usable_systems(instance)
    return CastSystems({system: casts[system] for system in registered if casts.get(system, NO_CASTS) != NO_CASTS})


def known_casts(store: Store) -> dict[str, str]:
    """Identity of the casts that each system's `lab_results` holds; a table that does not tell it is left out."""
    origins = origins_of(store, LAB_RESULTS)
    return {system: one.id for system, one in origins.items() if one is not None and is_fingerprint(one.id)}


def record_of_training(
    system: str, chain: SystemChain, defaults: Defaults, literature: Mapping[str, str], cast: CastSystems
) -> str:
    """What a training is made from, as text, to be kept with its training set.

    Args:
        literature: identity of the rows of each literature asset as they were read.
        cast: see `systems_with_casts`; queried before their casts are read, so that a later change is noticed.
    """
    record = TrainingRecord(dict(literature), defaults.of_systems(), dict(chain.code_versions))
    return _for_system(record, system, cast, defaults).to_text()


def stale_systems(
    instance: dg.DagsterInstance, store: Store, chain: SystemChain, defaults: Defaults, systems: Sequence[str]
) -> dict[str, list[str]]:
    """Reasons to train each of these systems again; an empty list for one that is up to date.

    The number of listings of folders does not depend on the number of systems.
    """
    record = TrainingRecord(literature_versions(store, chain), defaults.of_systems(), dict(chain.code_versions))
    cast, stored = systems_with_casts(instance, store), stored_of_systems(store, chain.parents)

    def reasons(system: str) -> list[str]:
        return staleness_of(stored.get(system, {}), chain.parents, _for_system(record, system, cast, defaults))

    return {system: reasons(system) for system in systems}


def stored_of_systems(store: Store, assets: Iterable[str]) -> dict[str, dict[str, Origin | None]]:
    """Origin of each of these assets that is stored, by system."""
    found: dict[str, dict[str, Origin | None]] = {}
    for asset in assets:
        for system, origin in origins_of(store, asset).items():
            found.setdefault(system, {})[asset] = origin
    return found


def mixed_tables(store: Store, chain: SystemChain, asset: str, system: str) -> list[str]:
    """Which of the tables that an asset is made from do not belong together, in words."""
    return not_together(parents_of(store, chain.parents[asset], system), chain.parents)


def page_behind_tables(store: Store, chain: SystemChain, system: str) -> list[str]:
    """In words, that the page of a system was made before tables that it shows; an empty list if it was not."""
    above = chain.parents[REPORT_ASSET]
    return behind(parents_of(store, [REPORT_ASSET, *above], system), {REPORT_ASSET: above})


def mixed_systems(store: Store, chain: SystemChain, tables: Sequence[str]) -> list[str]:
    """Of which systems these tables, or what they were made from, are of two trainings; a sentence for each."""
    asked = [asset for asset in chain.parents if asset in TABLES_BY_ASSET and TABLES_BY_ASSET[asset].name in tables]
    above = {parent for asset in asked for parent in chain.parents[asset]}
    found = stored_of_systems(store, [asset for asset in chain.parents if asset in {*asked, *above}])
    parents = {asset: chain.parents[asset] for asset in asked}
    told = {system: behind(one, parents) or of_one_training(one, asked) for system, one in found.items()}
    words = [f"{system}: {'; '.join(why)}; `bmg run {system}` makes them anew." for system, why in told.items() if why]
    more = [f"So it is with {len(words) - SYSTEMS_NAMED} more systems."] if len(words) > SYSTEMS_NAMED else []
    return words[:SYSTEMS_NAMED] + more


def literature_versions(store: Store, chain: SystemChain) -> dict[str, str | None]:
    """Identity of what each literature asset holds; None where it is not there, or cannot be read."""
    try:
        identities = LiteratureDatabase(store=store).identities()
    except LiteratureError:
        identities = {}
    return {name: identities.get(table_of_asset(name).name) for name in chain.literature}


def why_no_literature(store: Store, chain: SystemChain) -> str | None:
    """The sentence for a deployment without literature to train on; None where there is some."""
    try:
        identities = LiteratureDatabase(store=store).identities()
    except LiteratureError as error:
        return str(error)
    missing = [name for name in chain.literature if table_of_asset(name).name not in identities]
    return f"There is no literature to train on ({', '.join(missing)}): {COMMAND}." if missing else None


def _for_system(record: TrainingRecord, system: str, cast: CastSystems, defaults: Defaults) -> TrainingRecord:
    return replace(record, casts_of_others=casts_fingerprint(cast.to_learn_from(system, defaults.sub_dataset)))
