"""A replay: the casts of a file go through the real inbox batch by batch, in a deployment of their own.

The deployment under test is left alone: a replay has its own store, inbox and run history in its own folder.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import dagster as dg

from bmg_assets.partitions import register_system
from bmg_assets.replay.batches import Batch, ReplayFileError
from bmg_assets.replay.rounds import Round
from bmg_assets.resources.lab_inbox import LabInbox
from bmg_assets.resources.settings import Locations
from bmg_assets.resources.store import Store
from bmg_assets.runs import SystemOptions, deployment_instance, run_literature, run_system
from bmg_assets.science.systems import TargetSystem


def replay(
    system: TargetSystem,
    batches: list[Batch],
    folder: Path,
    options: SystemOptions,
    element_tables: str | None = None,
    on_round: Callable[[Round], None] | None = None,
) -> list[Round]:
    """Train without own casts, then after each batch; one round more than there are batches.

    Args:
        folder: a folder that is not there yet, or empty.
        options: of each training; after the first, searches start from the last best hyper-parameters.

    Raises:
        ReplayFileError: the folder is in use, or a batch has a row that the inbox refuses.
        RunFailedError: a run failed.
    """
    rounds = []
    with own_deployment(folder) as places, deployment_instance() as instance:
        run_literature(instance, element_tables=element_tables)
        register_system(instance, system.key)
        for batch in [None, *batches]:
            if batch is not None:
                _hand_in(places, batch)
            rounds.append(_train(instance, places, system, options, batch))
            if on_round is not None:
                on_round(rounds[-1])
            options = replace(options, start_from_last_best=True)
    return rounds


@contextmanager
def own_deployment(folder: Path) -> Iterator[Locations]:
    """Point the environment at a deployment in `folder` that shares sources and downloads with the present one."""
    here = Locations.from_environment()
    if folder.exists() and any(folder.iterdir()):
        raise ReplayFileError(f"{folder} is not empty; remove it, or name another folder for the replay.")
    shutil.copytree(here.literature, folder / "literature")
    moved = {
        "BMG_DATA": str(folder),
        "BMG_STORE": str(folder / "store"),
        "BMG_LAB": str(folder / "lab_results"),
        "BMG_DOWNLOADS": str(here.downloads),
        "DAGSTER_HOME": str(folder / "dagster_home"),
    }
    before = {name: os.environ.get(name) for name in moved}
    os.environ.update(moved)
    try:
        yield Locations.from_environment()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _hand_in(places: Locations, batch: Batch) -> None:
    inbox = LabInbox(root=str(places.lab))
    inbox.inbox.mkdir(parents=True, exist_ok=True)
    path = inbox.inbox / f"{batch.name.replace(' ', '_') or 'batch'}.csv"
    path.write_text(batch.text, encoding="utf-8")
    intake = inbox.take_in(path)
    if intake.refused:
        raise ReplayFileError(
            f"{intake.refused} rows of batch '{batch.name}' were refused; {intake.report} says which, and how to mend."
        )


def _train(
    instance: dg.DagsterInstance, places: Locations, system: TargetSystem, options: SystemOptions, batch: Batch | None
) -> Round:
    run_system(instance, system.key, options)
    store = Store(url=places.store_url)
    weights = store.read_table("fusion_weights", system.key).set_index("model")
    return Round(
        title="no own casts" if batch is None else batch.name,
        grid=store.read_table("prediction_grid", system.key),
        candidates=store.read_table("candidates", system.key),
        lab=store.read_table("lab_results", system.key),
        fusion_r2=float(weights["r2_mean"]["fusion"]),
    )
