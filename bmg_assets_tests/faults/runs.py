"""Runs at work when a fault strikes: the short chain behind the models, the step of a model, a whole `bmg run`."""

import os
import sys
from functools import partial
from hashlib import sha256
from pathlib import Path

from bmg_assets.store.rounds import Rounds
from bmg_assets.store.tables.iterations import ITERATIONS
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets_tests.faults.children import in_child
from bmg_assets_tests.faults.counting import State
from bmg_assets_tests.faults.place import SYSTEM, Place

BEHIND_MODELS = ("lab_results", "training_set", "candidates", "iterations")
QUICK_MODEL = "svr_model"


class ChainRun:
    """A run after a new cast, with the models as they are: its round must be recorded once, each cast count once."""

    kind = "run of the assets behind the models"
    assets = BEHIND_MODELS
    made_in_parts: tuple[str, ...] = (SYSTEM,)

    def __init__(self, finished: Path, folder: Path) -> None:
        self.place = Place.like_finished(finished, folder)
        self._number = 0
        self._new: list[str] = []
        self._known: list[str] = []
        self._entries: list[str] = []

    @property
    def folder(self) -> Path:
        return self.place.folder

    def prepare(self) -> None:
        """One cast of another composition is taken in."""
        self._known += self._new
        self._number += 1
        self._new = [f"R{self._number}"]
        copper = 20 + self._number % 50
        alloy = f"Zr{90 - copper - self._number // 50}Al{10 + self._number // 50}Cu{copper}"
        self.place.report(f"{self._number}.csv", *self._new, composition_nominal=alloy)
        self.place.take_in()
        self._entries = self._recorded()

    @property
    def samples(self) -> list[str]:
        """All casts that were taken in."""
        return [*self._known, *self._new]

    def work(self) -> None:
        self.place.run(self.assets)

    def state(self) -> tuple[State, str]:
        recorded, rounds = self._recorded(), Rounds.of(self.place.record, SYSTEM).iterations()
        numbers = rounds["iteration"].tolist()
        if recorded[: len(self._entries)] != self._entries or numbers != sorted(set(numbers)):
            return State.LOST, f"what was predicted before is not what is recorded now (rounds {numbers})"
        store = self.place.store
        there = store.read_table(LAB_CASTS.name, SYSTEM)["sample_id"] if store.has_table(LAB_CASTS.name, SYSTEM) else []
        casts, why = self.place.compared(list(there), self._known, self._new)
        if casts in (State.LOST, State.DOUBLED):
            return casts, why
        wanted = len(self._known) + 1
        last = int(rounds["n_lab"].iloc[-1])
        if last not in (wanted - 1, wanted):
            return State.LOST, f"the last round knew {last} casts instead of {wanted}"
        return (State.NEW if last == wanted else State.OLD), f"the last round knew {last} casts instead of {wanted}"

    def problems(self) -> list[str]:
        rounds = Rounds.of(self.place.record, SYSTEM).iterations()["iteration"].tolist()
        stored = self.place.store.read_table(ITERATIONS.name, SYSTEM)["iteration"].tolist()
        differ = [] if rounds == stored else [f"stored are rounds {stored}, recorded {rounds}"]
        return [*differ, *self.place.problems(self.made_in_parts)]

    def _recorded(self) -> list[str]:
        return [sha256(entry.to_json()).hexdigest() for entry in self.place.record.predictions(SYSTEM).entries()]


class ModelStep:
    """One sub-model is tuned and stored, each time with another seed."""

    kind = "step that tunes a sub-model"

    def __init__(self, finished: Path, folder: Path) -> None:
        self.place = Place.like_finished(finished, folder)
        self._seed = 0
        self._before = b""

    @property
    def folder(self) -> Path:
        return self.place.folder

    def prepare(self) -> None:
        self._seed += 1
        self._before = self._model()

    def work(self) -> None:
        self.place.run([QUICK_MODEL], **{QUICK_MODEL: {"budget": "quick", "seed": self._seed}})

    def state(self) -> tuple[State, str]:
        trials = self.place.store.read_table("tuning_trials", SYSTEM)
        if "svr" not in set(trials["sub_model"]):
            return State.LOST, "its trials are not there"
        return (State.OLD if self._model() == self._before else State.NEW), "the model is the one before"

    def problems(self) -> list[str]:
        return self.place.problems([SYSTEM])

    def _model(self) -> bytes:
        return self.place.store.read_bytes(f"models/{QUICK_MODEL}/{SYSTEM}.zip")


class WholeRun(ChainRun):
    """`bmg run` as a person starts it, with all its processes."""

    kind = "bmg run"
    made_in_parts = ()

    def work(self) -> None:
        command(self.place, "run", SYSTEM, "--budget", "quick")


def command(place: Place, *arguments: str) -> None:
    """Do what the command `bmg` does, in a process of its own.

    Raises:
        BmgError: in its own words.
    """
    from bmg_assets.cli.main import app

    with place.environment():
        os.environ["OMP_NUM_THREADS"] = "1"
        sys.argv = ["bmg", *arguments]
        app(standalone_mode=False)


def command_in_child(place: Place, *arguments: str) -> None:
    """Do it; raises RuntimeError unless it succeeds."""
    ending = in_child(partial(command, place, *arguments))
    if not ending.is_good:
        raise RuntimeError(f"bmg {' '.join(arguments)}: {ending.refusal or ending.accident}")
