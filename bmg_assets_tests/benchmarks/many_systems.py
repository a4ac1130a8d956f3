"""What a tick of the sensor and of the nightly schedule costs with thousands of registered systems.

The systems' past is copied from that of one system, row by row in Dagster's event log: reporting it would take an hour.
"""

import itertools
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy
from dagster._core.storage.event_log import SqlEventLogStorage, SqlEventLogStorageTable
from dagster._core.storage.event_log.schema import AssetEventTagsTable

from bmg_assets.build import build_definitions
from bmg_assets.defaults import Defaults
from bmg_assets.intake.file import name_with_hash
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import NO_CASTS, IntakeRecord, SystemLines, fingerprint_of
from bmg_assets.partitions import DIMENSION
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.literature.other_casts import casts_fingerprint, systems_to_learn_from
from bmg_assets.staleness.comparison import TrainingRecord
from bmg_assets.staleness.training_records import literature_versions
from bmg_assets_tests.automation.night import CHAIN, NIGHT, report_literature, report_training, tick
from bmg_assets_tests.intake.cast_files import inbox_at

ELEMENTS = re.findall(
    "[A-Z][a-z]?",
    "AgAlAuBBaBeCCaCeCoCrCuDyErFeGaGdGeHfHoInLaLuMgMnMoNbNdNiPPbPdPrPtRhScSiSmSnSrTaTbTiTmVWYYbZnZr",
)
MODEL = "Zr-Al-Cu"
"""The system whose past is copied."""


@dataclass(frozen=True)
class TickCost:
    """CPU seconds of one tick each."""

    systems: int
    with_casts: int
    sensor_s: float
    """Nothing new in the inbox, every system knows its casts."""
    nightly_s: float
    """Every system up to date."""
    nightly_all_stale_s: float
    """A setting changed: a run is asked for of every system."""


def tick_cost(systems: int, with_casts: int, folder: Path) -> TickCost:
    """Measure the ticks where so many systems are registered and trained, and some of them were cast.

    folder: empty; Dagster's storage and the inbox are made in it.
    """
    inbox = inbox_at(folder)
    (folder / "home").mkdir()
    with dg.DagsterInstance.local_temp(str(folder / "home")) as instance:
        keys = ["-".join(key) for key in itertools.islice(itertools.combinations(ELEMENTS, 3), systems)]
        _cast(inbox, keys[:: max(1, systems // with_casts)][:with_casts] if with_casts else [])
        _train(instance, keys, inbox)
        return TickCost(
            systems,
            with_casts,
            sensor_s=_seconds(lambda: _sensor(instance, inbox), asked=0),
            nightly_s=_seconds(lambda: tick(instance), asked=0),
            nightly_all_stale_s=_seconds(lambda: tick(instance, Defaults(budget="paper")), asked=systems),
        )


def _cast(inbox: LabInbox, keys: list[str]) -> None:
    """As if one file of each of these systems had been accepted."""
    for key in keys:
        data = f"the casts of {key}".encode()
        digest = sha256(data).hexdigest()
        file = inbox.accepted_folder / name_with_hash(f"{key}.csv", digest)
        file.write_bytes(data)
        record = IntakeRecord(
            file=file.name,
            received_as=f"{key}.csv",
            sha256=digest,
            size=len(data),
            modified_ns=file.stat().st_mtime_ns,
            taken_in_at=NIGHT.isoformat(),
            day=NIGHT.date(),
            accepted_lines=(2,),
            refused=0,
            skipped=0,
            systems=(SystemLines(tuple(key.split(SEPARATOR)), (2,)),),
        )
        inbox.casts.append({file.name: data}, record.as_json())


def _train(instance: dg.DagsterInstance, keys: list[str], inbox: LabInbox) -> None:
    """As if every system had been trained, the casts of all being known."""
    wanted, defaults = inbox.wanted(), Defaults()
    fingerprints = {key: fingerprint_of(wanted, key.split(SEPARATOR)) for key in keys}
    cast = {key: found for key, found in fingerprints.items() if found != NO_CASTS}
    instance.add_dynamic_partitions(DIMENSION, keys)
    report_literature(instance)
    report_training(instance, MODEL)
    literature = literature_versions(instance, CHAIN)
    for asset in CHAIN.parents:
        _copy_past(instance, asset, dict.fromkeys(keys, "other"))
    _copy_past(instance, "lab_results", fingerprints)
    records = {
        key: TrainingRecord(
            literature,
            defaults.of_systems(),
            CHAIN.code_versions,
            casts_fingerprint(systems_to_learn_from(key, cast, defaults.sub_dataset)),
        )
        for key in keys
    }
    _copy_past(instance, "training_set", {key: record.to_text() for key, record in records.items()})
    for asset in list(CHAIN.parents)[2:]:
        _copy_past(instance, asset, dict.fromkeys(keys, "other"))


def _copy_past(instance: dg.DagsterInstance, asset: str, data_versions: Mapping[str, str]) -> None:
    """As if the asset had just been made for each of these systems, with its data version."""
    storage = instance.event_log_storage
    assert isinstance(storage, SqlEventLogStorage)
    events, tags = SqlEventLogStorageTable, AssetEventTagsTable
    with storage.index_connection() as connection:
        model = events.c.asset_key == dg.AssetKey(asset).to_string(), events.c.partition == MODEL
        row = dict(connection.execute(events.select().where(*model).order_by(events.c.id.desc())).mappings().first())
        tag = dict(connection.execute(tags.select().where(tags.c.event_id == row["id"])).mappings().first())
        del tag["id"]
        (last,) = connection.execute(sqlalchemy.select(sqlalchemy.func.max(events.c.id))).one()
        numbered = list(enumerate(data_versions.items(), start=last + 1))
        connection.execute(events.insert(), [{**row, "id": one, "partition": system} for one, (system, _) in numbered])
        connection.execute(
            tags.insert(), [{**tag, "event_id": one, "value": version} for one, (_, version) in numbered]
        )


def _sensor(instance: dg.DagsterInstance, inbox: LabInbox) -> Any:
    repository = build_definitions().get_repository_def()
    sensor = repository.get_sensor_def("lab_inbox_sensor")
    with dg.SensorEvaluationContext(
        instance_ref=instance.get_ref(),
        instance=instance,
        repository_def=repository,
        sensor_name=sensor.name,
        resources={"lab_inbox": inbox, "system_chain": CHAIN},
    ) as context:
        return sensor.evaluate_tick(context)


def _seconds(evaluate: Callable[[], Any], asked: int) -> float:
    started = time.process_time()
    requests = evaluate().run_requests
    spent = time.process_time() - started
    assert len(requests) == asked, f"{len(requests)} runs were asked for, expected {asked}"
    return spent


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(tick_cost(int(sys.argv[1]), int(sys.argv[2]), Path(scratch)))
