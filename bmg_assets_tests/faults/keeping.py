"""A backup and a restore at work when a fault strikes."""

import shutil
from functools import partial
from pathlib import Path

from bmg_assets.upkeep.restore import names_in
from bmg_assets_tests.faults.children import in_child
from bmg_assets_tests.faults.counting import State
from bmg_assets_tests.faults.operations import Intake
from bmg_assets_tests.faults.place import Place
from bmg_assets_tests.faults.runs import command


class Backup(Intake):
    """A deployment with one more file of casts is backed up: the snapshot is there as a whole, or not at all."""

    kind = "backup"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "deployment")
        self._target, self._snapshots = folder / "backup", 0

    def prepare(self) -> None:
        super().prepare()
        self.place.take_in()
        self._snapshots = self._there()

    def work(self) -> None:
        command(self.place, "backup", str(self._target / self.place.folder.name))

    def state(self) -> tuple[State, str]:
        casts, why = super().state()
        if casts is not State.NEW:
            return State.LOST, why
        return (State.NEW if self._there() > self._snapshots else State.OLD), f"{self._there()} snapshots"

    def _there(self) -> int:
        target = self._target / self.place.folder.name
        return len(names_in(str(target))) if list(target.glob("snapshots/*")) else 0


class Restore:
    """A deployment is restored into an empty folder: all of its casts count there, each once."""

    kind = "restore"

    def __init__(self, folder: Path) -> None:
        self._source, self._backup = Intake(folder / "source"), folder / "backup"
        for _ in range(4):
            self._source.prepare()
            self._source.work()
        ending = in_child(partial(command, self._source.place, "backup", str(self._backup)))
        if not ending.is_good:
            raise RuntimeError(ending.refusal or ending.accident)
        self._expected = self._samples(self._source.place)
        self.place = Place(folder / "restored")

    @property
    def folder(self) -> Path:
        return self.place.folder

    def prepare(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.place.home.mkdir(parents=True)

    def work(self) -> None:
        command(self.place, "restore", str(self._backup))

    def state(self) -> tuple[State, str]:
        if not (self.folder / "record").exists():
            return State.OLD, "no record"
        found = self._samples(self.place)
        if len(found) > len(set(found)):
            return State.DOUBLED, f"{found}"
        # The backup has all of it: what is not there yet is not lost.
        return (State.NEW if found == self._expected else State.OLD), f"{len(found)} of {len(self._expected)} casts"

    def problems(self) -> list[str]:
        return self.place.problems()

    @staticmethod
    def _samples(place: Place) -> list[str]:
        return [cast.sample_id for cast in place.inbox.accepted().history.accepted]
