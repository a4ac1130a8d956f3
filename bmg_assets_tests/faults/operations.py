"""What is at work when a fault strikes, without a run: the intake, the sensor, the record and the store."""

from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg

from bmg_assets.build import build_definitions
from bmg_assets.intake.file import is_file_of_casts, report_of
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.rounds import MAP, Rounds, record_training
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets.store.tables.validation import examined
from bmg_assets_tests.automation.night import CHAIN, report_literature
from bmg_assets_tests.faults.counting import State
from bmg_assets_tests.faults.place import SYSTEM, Place
from bmg_assets_tests.table_frames import frame_of

FILES_OF_A_PLACE = 25
ROWS = 200


class Intake:
    """A file with two casts is taken in; every fourth corrects an earlier cast."""

    kind = "intake of a file of casts"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._known: list[str] = []
        self._new: list[str] = []
        self.place = Place(folder)

    @property
    def folder(self) -> Path:
        return self.place.folder

    def prepare(self) -> None:
        if self._number % FILES_OF_A_PLACE == 0:
            self.place = self._new_place(self._folder / f"{self._number}")
            self._known = []
        else:
            self._known += self._new
        self._number += 1
        self._new = [f"S{self._number}-{one}" for one in "ab"]
        self.place.report(f"{self._number}.csv", *self._new)

    def work(self) -> None:
        self.place.take_in()

    def state(self) -> tuple[State, str]:
        accepted = self.place.inbox.accepted()
        if accepted.lost:
            return State.LOST, accepted.lost[0].reason
        samples = [cast.sample_id for cast in accepted.history.accepted]
        return self.place.compared(samples, self._known, self._new)

    def problems(self) -> list[str]:
        inbox = self.place.inbox
        files = [path for path in inbox.accepted_folder.glob("[!.]*") if is_file_of_casts(path)]
        left = [path.name for path in (*inbox.inbox.iterdir(), *inbox.rejected_folder.iterdir())]
        return [
            *([f"left: {left}"] if left else []),
            *(f"{path.name} has no report" for path in files if not report_of(path).exists()),
            *([] if 2 * len(files) == len(self._known + self._new) else [f"{len(files)} accepted files"]),
            *self.place.problems(),
        ]

    def _new_place(self, folder: Path) -> Place:
        return Place.new(folder)


class SensorTick(Intake):
    """The sensor looks at the inbox and asks for a run of the system."""

    kind = "tick of the inbox sensor"

    @cached_property
    def _definitions(self) -> dg.Definitions:
        return build_definitions()

    def work(self) -> None:
        repository = self._definitions.get_repository_def()
        sensor = repository.get_sensor_def("lab_inbox_sensor")
        with (
            self.place.instance() as instance,
            dg.SensorEvaluationContext(
                instance_ref=instance.get_ref(),
                instance=instance,
                repository_def=repository,
                sensor_name=sensor.name,
                resources={
                    "lab_inbox": self._complete_at_once(),
                    "store": self.place.store,
                    "system_chain": CHAIN,
                },
            ) as context,
        ):
            requests = sensor.evaluate_tick(context).run_requests or []
        asked = [one.partition_key for one in requests]
        if asked != [SYSTEM]:
            raise RuntimeError(f"asked for {asked}")

    def _new_place(self, folder: Path) -> Place:
        place = Place.new(folder)
        report_literature(place.deployment(None))
        return place

    def _complete_at_once(self) -> Any:
        inbox = self.place.inbox
        return type(inbox)(root=inbox.root, record=inbox.record, settle_s=0, patience_s=0)


class Prediction:
    """A training is recorded."""

    kind = "record of predictions"

    def __init__(self, folder: Path, finished: Place) -> None:
        self.place = Place.new(folder)
        training = Rounds.of(finished.record, SYSTEM).trainings[0]
        drawn = training.frame(MAP)
        assert drawn is not None
        self._row, self._map = training.row, drawn.head(ROWS)
        self._number = -1

    @property
    def folder(self) -> Path:
        return self.place.folder

    def prepare(self) -> None:
        self._number += 1

    def work(self) -> None:
        rounds = Rounds.of(self.place.record, SYSTEM)
        row = {**self._row, "iteration": self._number}
        drawn = self._map.assign(iteration=self._number, dmax_mm=float(self._number))
        record_training(rounds.stream, row, {MAP: drawn}, {"training": f"run {self._number}"})

    def state(self) -> tuple[State, str]:
        rounds = Rounds.of(self.place.record, SYSTEM)
        numbers = rounds.iterations()["iteration"].tolist()
        if len(set(numbers)) < len(numbers):
            return State.DOUBLED, f"rounds {numbers}"
        if numbers not in (list(range(self._number)), list(range(self._number + 1))):
            return State.LOST, f"rounds {numbers}"
        for one in numbers:
            drawn = rounds.map_of(one)
            if drawn is None or len(drawn) != ROWS or set(drawn["dmax_mm"]) != {float(one)}:
                return State.LOST, f"the map of round {one} is another"
        return (State.NEW if self._number in numbers else State.OLD), f"rounds {numbers}"

    def problems(self) -> list[str]:
        return self.place.problems()


class TableOfStore:
    """A table of the store is replaced by one that says another number everywhere."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.kind = kind
        self.place = Place.new(folder)
        self._number = 0
        self.prepare()
        self.work()

    @property
    def folder(self) -> Path:
        return self.place.folder

    def prepare(self) -> None:
        self._number += 1

    def state(self) -> tuple[State, str]:
        found = self.read()
        if len(found) != ROWS or len(set(found)) != 1:
            return State.LOST, f"{len(found)} rows with {set(found)}"
        if found[0] not in (self._number - 1, self._number):
            return State.LOST, f"the rows of {found[0]:g} instead of {self._number}"
        return (State.NEW if found[0] == self._number else State.OLD), f"{found[0]:g} instead of {self._number}"

    def work(self) -> None:
        raise NotImplementedError

    def read(self) -> list[float]:
        raise NotImplementedError

    def problems(self) -> list[str]:
        return self.place.problems()


class SystemTable(TableOfStore):
    """A table of one system."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "table of a system")

    def work(self) -> None:
        definition = SYSTEM_TABLES["prediction_grid"]
        rows = examined(definition, frame_of(definition, ROWS, dmax_mm=float(self._number)))
        self.place.store.write_table(definition.name, "Zr-Al-Cu", rows)

    def read(self) -> list[float]:
        return list(self.place.store.read_table("prediction_grid", "Zr-Al-Cu")["dmax_mm"])


class LiteratureTable(TableOfStore):
    """A table of the literature database."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "table of the literature")

    def work(self) -> None:
        definition = LITERATURE_TABLES["reports"]
        rows = examined(definition, frame_of(definition, ROWS, dmax_mm=float(self._number)))
        self._database.write(definition.name, rows)

    def read(self) -> list[float]:
        return list(self._database.read("reports")["dmax_mm"])

    @property
    def _database(self) -> LiteratureDatabase:
        return LiteratureDatabase(store=self.place.store)
