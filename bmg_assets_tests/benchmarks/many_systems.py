"""What a tick of the sensor and of the nightly schedule costs with thousands of registered systems.

What is stored of the systems are files without rows that say where they come from, as long as those of trained ones.
As a program it prints the costs at so many systems, with Dagster's storage in SQLite or in an empty database of
PostgreSQL: python -m bmg_assets_tests.benchmarks.many_systems SYSTEMS WITH_CASTS [DATABASE]
"""

import itertools
import logging
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from bmg_assets.automation.jobs import SYSTEM_JOB
from bmg_assets.defaults import Defaults
from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.intake.file import name_with_hash
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import NO_CASTS, IntakeRecord, SystemLines, fingerprint_of
from bmg_assets.partitions import DIMENSION
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.literature.other_casts import CastSystems
from bmg_assets.staleness.training_records import literature_versions, record_of_training
from bmg_assets.store import origins
from bmg_assets.store.origin import Origin, made_from
from bmg_assets.store.origins import asset_file
from bmg_assets.store.parquet import to_parquet
from bmg_assets.store.tables.arrow import arrow_schema
from bmg_assets.store.tables.catalogue import TABLES_BY_ASSET
from bmg_assets_tests.automation.night import CHAIN, NIGHT, content, evaluate_sensor, report_literature, tick
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.intake.cast_files import inbox_at

ELEMENTS = re.findall(
    "[A-Z][a-z]?",
    "AgAlAuBBaBeCCaCeCoCrCuDyErFeGaGdGeHfHoInLaLuMgMnMoNbNdNiPPbPdPrPtRhScSiSmSnSrTaTbTiTmVWYYbZnZr",
)
DESCRIPTORS = 86
"""Further columns of a training set, whose footer is the longest to read."""
RUN = "0d7b6a3e-5f6f-4d6c-9a53-1f0a5c1e2b77"


@dataclass(frozen=True)
class Spent:
    """What a tick took."""

    cpu_s: float
    """Of this process."""
    wall_s: float


@dataclass(frozen=True)
class TickCost:
    """What one tick each took."""

    systems: int
    with_casts: int
    sensor: Spent
    """Nothing new in the inbox, every system knows its casts."""
    nightly_first: Spent
    """Every system up to date, and nothing read yet."""
    sensor_reading: Spent
    """The longest of the looks that read ahead what the night will ask for, after a start."""
    looks_that_read: int
    nightly: Spent
    """Every system up to date, in the same process."""
    nightly_all_stale: Spent
    """A setting changed: a run is asked for of every system."""
    nightly_all_queued: Spent
    """The same while a run of every system waits in the queue."""
    sensor_newly_cast: Spent
    """As many systems again were cast for the first time, while a run of every system waits in the queue."""


def tick_cost(systems: int, with_casts: int, folder: Path, database: str | None = None) -> TickCost:
    """Measure the ticks where so many systems are registered and trained, and some of them were cast.

    Args:
        folder: empty; the inbox is made in it, and Dagster's storage.
        database: URL of an empty database of PostgreSQL; None: SQLite.
    """
    inbox = inbox_at(folder)
    (folder / "home").mkdir()
    storage = {"storage": {"postgres": {"postgres_url": database}}} if database else {}
    with dg.DagsterInstance.local_temp(str(folder / "home"), overrides=storage) as instance:
        place = Deployment(folder, instance)
        keys = ["-".join(key) for key in itertools.islice(itertools.combinations(ELEMENTS, 3), systems)]
        cast = keys[:: max(1, systems // with_casts)][:with_casts] if with_casts else []
        _cast(inbox, cast)
        _train(place, keys, inbox)
        first, sensor = _spent(lambda: tick(place), asked=0), _spent(lambda: _sensor(place, inbox), asked=0)
        looks = _looks_that_read(lambda: _sensor(place, inbox))
        longest = max(looks, key=lambda look: look.wall_s)
        again = _spent(lambda: tick(place), asked=0)
        stale = _spent(lambda: tick(place, Defaults(budget="paper")), asked=systems)
        _queue(instance, keys)
        queued = _spent(lambda: tick(place, Defaults(budget="paper")), asked=0)
        _cast(inbox, [key for key in keys if key not in cast][: len(cast)])
        newly_cast = _spent(lambda: _sensor(place, inbox), asked=0)
        return TickCost(systems, with_casts, sensor, first, longest, len(looks), again, stale, queued, newly_cast)


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


def _train(place: Deployment, keys: list[str], inbox: LabInbox) -> None:
    """As if one run had trained every system, the casts of all being known."""
    wanted, defaults, store = inbox.wanted(), Defaults(), place.store
    casts = {key: fingerprint_of(wanted, key.split(SEPARATOR)) for key in keys}
    cast = CastSystems({key: found for key, found in casts.items() if found != NO_CASTS})
    place.instance.add_dynamic_partitions(DIMENSION, keys)
    report_literature(place)
    literature = {name: version or "" for name, version in literature_versions(store, CHAIN).items()}
    for key in keys:
        made: dict[str, Origin | None] = {}
        for asset, parents in CHAIN.parents.items():
            above = {parent: made[parent] for parent in parents}
            is_first = asset == "training_set"
            record = record_of_training(key, CHAIN, defaults, literature, cast) if is_first else ""
            made[asset] = Origin(casts[key]) if asset == "lab_results" else made_from(above, RUN, record)
            _write(Path(store.url), asset, key, made[asset])


def _write(store: Path, asset: str, key: str, origin: Origin | None) -> None:
    name = asset_file(asset, key)
    assert name is not None
    assert origin is not None
    path = store / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_content(asset, origin))


@cache
def _further(asset: str) -> list[str]:
    return [f"descriptor {number}" for number in range(DESCRIPTORS)] if asset == "training_set" else []


def _content(asset: str, origin: Origin) -> bytes:
    table = TABLES_BY_ASSET.get(asset)
    if table is None:
        return content(asset, origin)
    return to_parquet(arrow_schema(table, _further(asset)).empty_table(), origin)


def _looks_that_read(look: Callable[[], Any]) -> list[Spent]:
    """Looks of a process that has read nothing, until the night finds all of it read."""
    origins._known.clear()
    origins._read_once.clear()
    spent = []
    while len(origins._read_once) < len(CHAIN.parents):
        spent.append(_spent(look, asked=0))
    return spent


def _queue(instance: dg.DagsterInstance, keys: list[str]) -> None:
    """As if a run of each system waited in the queue."""
    origin = RemoteJobOrigin(
        RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("bmg_assets.definitions"), "__repository__"), SYSTEM_JOB
    )
    for key in keys:
        tags = {PARTITION_TAG: key}
        run = dg.DagsterRun(SYSTEM_JOB, status=dg.DagsterRunStatus.QUEUED, tags=tags, remote_job_origin=origin)
        instance.run_storage.add_run(run)


def _sensor(place: Deployment, inbox: LabInbox) -> Any:
    return evaluate_sensor("lab_inbox_sensor", place.instance, lab_inbox=inbox, store=place.store)


def _spent(evaluate: Callable[[], Any], asked: int) -> Spent:
    cpu, wall = time.process_time(), time.perf_counter()
    requests = evaluate().run_requests
    spent = Spent(time.process_time() - cpu, time.perf_counter() - wall)
    assert len(requests or ()) == asked, f"{len(requests)} runs were asked for, expected {asked}"
    return spent


if __name__ == "__main__":
    logging.disable(logging.INFO)  # a line for each system
    with tempfile.TemporaryDirectory() as scratch:
        cost = tick_cost(int(sys.argv[1]), int(sys.argv[2]), Path(scratch), *sys.argv[3:4])
    for what, found in asdict(cost).items():
        print(what, found if isinstance(found, int) else {clock: round(took, 2) for clock, took in found.items()})
