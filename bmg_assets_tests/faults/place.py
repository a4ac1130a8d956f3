"""The deployment that faults strike: store, record, laboratory and run history below one folder."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from bmg_assets.automation.jobs import SYSTEM_JOB
from bmg_assets.execution.processes import tag_of_own_process
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.launch.runs import RunFailedError
from bmg_assets.science.errors import BmgError
from bmg_assets.settings import HOME, Locations
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets.upkeep.findings import Finding
from bmg_assets.upkeep.verify import verify
from bmg_assets_tests.automation.night import CHAIN
from bmg_assets_tests.deployment import Deployment, sentence_of
from bmg_assets_tests.faults.counting import State
from bmg_assets_tests.finished import TRAINED
from bmg_assets_tests.intake.cast_files import HEADER, LATER_S, drop, line, table

SYSTEM = TRAINED[0]


class StaysInInboxError(BmgError):
    """A file was not taken in; the message is the reason."""


@dataclass(frozen=True)
class Place:
    """A deployment in a folder of its own. Nothing is open between calls, so that processes may fork."""

    folder: Path

    @classmethod
    def new(cls, folder: Path) -> "Place":
        """A place in which nothing has happened."""
        place = cls(folder)
        place.home.mkdir(parents=True)
        for one in (place.inbox.inbox, place.inbox.accepted_folder, place.inbox.rejected_folder):
            one.mkdir(parents=True)
        return place

    @classmethod
    def like_finished(cls, finished: Path, folder: Path) -> "Place":
        """A copy of the deployment with two systems trained on the starter table."""
        folder.mkdir(parents=True)
        for part in ("store", "record", "instance"):
            shutil.copytree(finished / part, folder / part)
        place = cls(folder)
        for one in (place.inbox.inbox, place.inbox.accepted_folder, place.inbox.rejected_folder):
            one.mkdir(parents=True)
        return place

    @property
    def home(self) -> Path:
        return self.folder / "instance"

    @property
    def inbox(self) -> LabInbox:
        return LabInbox(root=str(self.folder / "lab_results"), record=self.record)

    @property
    def record(self) -> Record:
        return Record(url=str(self.folder / "record"))

    @property
    def store(self) -> Store:
        return Store(url=str(self.folder / "store"), record_url=self.record.url)

    @property
    def locations(self) -> Locations:
        with self.environment():
            return Locations.from_environment()

    @contextmanager
    def instance(self) -> Iterator[dg.DagsterInstance]:
        with dg.DagsterInstance.local_temp(str(self.home)) as instance:
            yield instance

    @contextmanager
    def environment(self) -> Iterator[None]:
        """What a person sets who works with this deployment."""
        with self.deployment(None).environment():
            before = os.environ.get(HOME)
            os.environ[HOME] = str(self.home)
            yield
            os.environ.pop(HOME)
            if before is not None:
                os.environ[HOME] = before

    def run(self, assets: Sequence[str], system: str = SYSTEM, **config: Any) -> None:
        """Make assets of a system; raises RunFailedError in the words of the step that failed."""
        with self.instance() as instance:
            result = self.deployment(instance).run(
                SYSTEM_JOB,
                partition_key=system,
                asset_selection=[dg.AssetKey(name) for name in assets],
                run_config={"ops": {name: {"config": settings} for name, settings in config.items()}},
                tags=tag_of_own_process(),
            )
            if not result.success:
                raise RunFailedError(sentence_of(result))

    def report(self, name: str, *samples: str, **cells: str) -> None:
        """Drop a file of casts, one amorphous rod for each sample."""
        lines = [f"{line(one, **cells)}," for one in samples]
        drop(self.inbox, name, table(*lines, header=f"{HEADER},supersedes"))

    def take_in(self) -> None:
        """One look at the inbox; raises StaysInInboxError if a file stays there."""
        look = self.inbox.take_in_complete(time.time() + LATER_S)
        if look.waiting:
            raise StaysInInboxError(f"{look.waiting[0].name} stays in the inbox: {look.waiting[0].reason}")

    def compared(self, samples: Sequence[str], expected: Sequence[str], new: Sequence[str]) -> tuple[State, str]:
        """What has become of samples, of which the new ones may be there or not, all together."""
        found = Counter(samples)
        doubled = sorted(one for one, count in found.items() if count > 1)
        if doubled:
            return State.DOUBLED, f"{', '.join(doubled)} counts more than once"
        lost = sorted(set(expected) - set(found))
        there = [one for one in new if one in found]
        if lost or 0 < len(there) < len(new):
            return State.LOST, f"not there: {', '.join(lost or sorted(set(new) - set(there)))}"
        return (State.NEW if there else State.OLD), f"{', '.join(new)} not there"

    def findings(self, in_parts: Collection[str] = ()) -> list[Finding]:
        """What `bmg verify` finds; systems of which only parts are made have tables of several trainings."""
        with self.environment():
            return list(verify(Locations.from_environment(), CHAIN, in_parts))

    def problems(self, in_parts: Collection[str] = ()) -> list[str]:
        """The same in words."""
        return [f"verify: {one.file} {one.what}" for one in self.findings(in_parts)]

    def deployment(self, instance: dg.DagsterInstance | None) -> Deployment:
        """The same for the helpers of other tests; without an instance it runs nothing."""
        return Deployment(self.folder, instance, self.folder)  # type: ignore[arg-type]
