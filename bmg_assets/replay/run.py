"""A replay: the casts of a file go through the real inbox batch by batch, in a deployment of their own.

The present deployment is left alone: a replay has its own store, inbox and run history in its own folder. The store of
the replay keeps what each round showed (see rounds.py), so that nothing has to be computed twice.
"""

import csv
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from bmg_assets.environment import with_variables
from bmg_assets.intake.file import name_with_hash, report_of
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.launch.choices import Choices
from bmg_assets.launch.instance import deployment_instance
from bmg_assets.launch.runs import ensure_literature, run_system
from bmg_assets.partitions import register_system
from bmg_assets.replay.batches import Batch, ReplayFileError
from bmg_assets.replay.progress import Progress
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.settings import Locations
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store


def replay(
    system: TargetSystem,
    batches: Sequence[Batch],
    folder: Path,
    choices: Choices,
    say: Callable[[str], None] = lambda _: None,
) -> Store:
    """Train without own casts, then after each batch; gives the store of the replay.

    A replay of the same casts and choices that was interrupted goes on with the training that was not finished.

    Args:
        folder: a new folder, an empty one, or that of the replay to go on with.
        choices: of each training; after the first, searches start from the last best hyper-parameters.
        say: called with a sentence at the beginning of each training.

    Raises:
        ReplayFileError: the folder is in use, or a batch has a row that the inbox refuses.
        RunFailedError: a run failed.
    """
    progress = Progress.of(folder, _identity(system, batches, choices))
    handed_in: list[Batch | None] = [None, *batches]
    with own_deployment(folder) as places:
        store = Store.at(places)
        if progress.trained == len(handed_in):
            say("All of its trainings are done; the page is written anew.")
            return store
        with deployment_instance() as instance:
            ensure_literature(instance, store, choices)
            register_system(instance, system.key)
            for batch in handed_in[progress.trained :]:
                number = progress.trained + 1
                title = "no own casts" if batch is None else batch.name
                say(f"Training {number} of {len(handed_in)} ({title}); if interrupted, the same command goes on here.")
                if batch is not None:
                    _hand_in(places, batch)
                again = {"start_from_last_best": True} if batch else {}
                run_system(instance, system.key, {**choices, **again})
                progress = progress.one_more()
    return store


@contextmanager
def own_deployment(folder: Path) -> Iterator[Locations]:
    """Point the environment to a deployment in `folder` that shares sources and downloads with the present one."""
    here = Locations.from_environment()
    shutil.copytree(here.literature, folder / "literature", dirs_exist_ok=True)
    moved: dict[str, str | None] = {
        "BMG_DATA": str(folder),
        "BMG_STORE": str(folder / "store"),
        "BMG_RECORD": str(folder / "record"),
        "BMG_LAB": str(folder / "lab_results"),
        "BMG_DOWNLOADS": str(here.downloads),
        "DAGSTER_HOME": str(folder / "dagster_home"),
    }
    with with_variables(moved):
        yield Locations.from_environment()


def _identity(system: TargetSystem, batches: Sequence[Batch], choices: Choices) -> dict[str, object]:
    """What makes two replays the same."""
    content = "\0".join(text for batch in batches for text in (batch.name, batch.text))
    return {"system": system.key, "casts": sha256(content.encode()).hexdigest(), **choices}


def _hand_in(places: Locations, batch: Batch) -> None:
    """Put a batch into the inbox and take it in, unless that was done before the replay was interrupted."""
    inbox, data = LabInbox(root=str(places.lab), record=Record(url=places.record_url)), batch.text.encode()
    taken_in = {record.sha256: inbox.accepted_folder / record.file for record in inbox.accepted().records}
    digest = sha256(data).hexdigest()
    file = taken_in.get(digest)
    if file is None:
        inbox.inbox.mkdir(parents=True, exist_ok=True)
        # The name of a batch is text from a file: it may be no name of a file, or that of one elsewhere.
        path = inbox.inbox / name_with_hash(f"{re.sub('[ /]', '_', batch.name) or 'batch'}.csv", digest)
        path.write_bytes(data)
        file = inbox.take_in(path).file
    refused = _refused_rows(report_of(file))
    if refused:
        raise ReplayFileError(
            f"{refused} rows of batch '{batch.name}' were refused; {report_of(file)} lists them and how to fix them. "
            f"Fix the file of casts and remove {places.data}, since the replay has begun with the file as it was."
        )


def _refused_rows(report: Path) -> int:
    with report.open(encoding="utf-8-sig", newline="") as file:
        return len({row["line"] for row in csv.DictReader(file) if row["outcome"] == "refused"})
