"""What is stored of systems that were never computed: files without rows that say where they come from."""

import logging
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import dagster as dg

from bmg_assets.build import build_definitions, build_resources
from bmg_assets.defaults import Defaults
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import FINGERPRINT_START, NO_CASTS
from bmg_assets.pages.rendering import environment
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import literature_versions, record_of_training, systems_with_casts
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.origin import META_NAME, Origin, made_from
from bmg_assets.store.origins import asset_file, parents_of
from bmg_assets.store.parquet import to_parquet
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets.store.tables.arrow import arrow_schema
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, TABLES_BY_ASSET, table_of_asset
from bmg_assets.store.tables.literature import REPORTS
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.table_frames import frame_of

CHAIN: SystemChain = build_resources()["system_chain"]
CASTS = f"{FINGERPRINT_START}0123456789abcdef"
"""Identity of some accepted casts."""
NO_LABORATORY = LabInbox(root="no laboratory", record=Record(url="memory://no-record"))
"""Nothing was ever cast, and no folder is there."""
NIGHT = datetime(2026, 3, 4, 1, tzinfo=UTC)
"""Two o'clock in Berlin."""


def report(
    place: Deployment, asset: str, system: str, casts: str = NO_CASTS, record: str = "", chain: SystemChain = CHAIN
) -> None:
    """As if a run had just made an asset of a system from what is stored: casts of this identity, or anything else."""
    origin = Origin(casts) if asset == "lab_results" else made_by_a_run(place.store, asset, system, record, chain)
    write(place.store, asset, system, origin)


def made_by_a_run(store: Store, asset: str, system: str, record: str = "", chain: SystemChain = CHAIN) -> Origin:
    return made_from(parents_of(store, chain.parents[asset], system), str(uuid.uuid4()), record)


def write(store: Store, asset: str, system: str, origin: Origin) -> None:
    """A file of the asset that holds nothing but its origin."""
    name = asset_file(asset, system)
    assert name is not None
    store.folder.write(name, content(asset, origin))


def content(asset: str, origin: Origin) -> bytes:
    if asset in TABLES_BY_ASSET:
        return to_parquet(arrow_schema(TABLES_BY_ASSET[asset]).empty_table(), origin)
    if asset == "system_report":
        page = f'<meta name="{META_NAME}" content="{{{{ origin }}}}">'
        return environment().from_string(page).render(origin=origin.to_text()).encode()
    comment = origin.to_text().encode()
    return b"PK\x05\x06" + bytes(16) + len(comment).to_bytes(2, "little") + comment


def report_literature(
    place: Deployment, alloys: str = "some alloys", source_files: dict[str, str] | None = None, assets: Any = None
) -> None:
    """As if the literature had just been read, with these alloys."""
    database = LiteratureDatabase(store=place.store)
    for asset in assets or ("literature_reports", *CHAIN.literature):
        table = table_of_asset(asset)
        assert table.name in LITERATURE_TABLES
        files = source_files if table == REPORTS else None
        database.write(table.name, frame_of(table, 1, composition=[alloys]), files)


def report_training(
    place: Deployment,
    system: str,
    defaults: Defaults | None = None,
    chain: SystemChain = CHAIN,
    casts: str = NO_CASTS,
) -> None:
    """As if the whole chain of a system had just been made from what is there, with these casts of its own."""
    store, cast = place.store, systems_with_casts(place.instance, place.store)
    literature = {name: version or "" for name, version in literature_versions(store, chain).items()}
    record = record_of_training(system, chain, defaults or Defaults(), literature, cast)
    for asset in chain.parents:
        report(place, asset, system, casts, record if asset == "training_set" else "", chain)


def add_systems(place: Deployment, systems: Iterable[str]) -> None:
    place.instance.add_dynamic_partitions("target_system", list(systems))


def evaluate_sensor(name: str, instance: dg.DagsterInstance, **resources: Any) -> Any:
    """One evaluation of a sensor of the platform, as the daemon makes it: run requests, or why there are none."""
    repository = definitions().get_repository_def()
    sensor = repository.get_sensor_def(name)
    with dg.SensorEvaluationContext(
        instance_ref=instance.get_ref(),
        instance=instance,
        repository_def=repository,
        sensor_name=sensor.name,
        resources={"system_chain": CHAIN, **resources},
    ) as context:
        return sensor.evaluate_tick(context)


@cache
def definitions() -> dg.Definitions:
    return build_definitions()


def tick(
    place: Deployment,
    defaults: Defaults | None = None,
    chain: SystemChain = CHAIN,
    at: datetime = NIGHT,
    log: logging.Handler | None = None,
    laboratory: LabInbox = NO_LABORATORY,
) -> Any:
    """One evaluation of the nightly schedule: run requests, or the reason why there are none."""
    definitions = build_definitions()
    with dg.build_schedule_context(
        instance=place.instance,
        repository_def=definitions.get_repository_def(),
        scheduled_execution_time=at,
        resources={
            "defaults": defaults or Defaults(),
            "store": place.store,
            "system_chain": chain,
            "lab_inbox": laboratory,
        },
    ) as context:
        if log is not None:
            context.log.addHandler(log)
        return definitions.resolve_schedule_def("nightly_training").evaluate_tick(context)
