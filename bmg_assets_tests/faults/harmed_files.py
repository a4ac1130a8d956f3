"""Each file of record and store comes to harm in each way: it is read right from a copy, or is named with a remedy.

A remedy that needs nothing but the files is carried out each time. Those that compute are carried out once for all the
files that name them: all are harmed at once, then the command is run.
"""

import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

import pandas as pd

from bmg_assets.store.literature_database import LITERATURE_FILE, LiteratureDatabase
from bmg_assets.store.manifest import MANIFEST, noted_file
from bmg_assets.store.model_files import read_model
from bmg_assets.store.rounds import MAP, PROPOSED, Rounds
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets.upkeep.findings import Finding
from bmg_assets.upkeep.record_check import findings_of_record
from bmg_assets.upkeep.store_check import findings_of_store
from bmg_assets.upkeep.verify import mend
from bmg_assets_tests.faults.children import Ending, in_child
from bmg_assets_tests.faults.counting import Outcome, State
from bmg_assets_tests.faults.place import SYSTEM, Place
from bmg_assets_tests.faults.runs import command, command_in_child
from bmg_assets_tests.faults.trial import fault_of
from bmg_assets_tests.upkeep.faults import FAULTS

RECORD, STORE = "record", "store"
OTHER_CONTENT = "other content was read"
_Case = tuple[Path, str]
"""A file and what is done to it."""
_COMMAND = re.compile(r"`bmg ([^`]+)`")


def harmed(place: Place, backup: Path, count: int, seed: int, with_computing: bool) -> Iterator[Outcome]:
    """Harm every file of the record in every way, and so many of the store; then carry out what the remedies say.

    Args:
        backup: where it is backed up first.
        with_computing: whether remedies that train are carried out, too.
    """
    drawn = random.Random(seed)
    command_in_child(place, "backup", str(backup))
    record = [(path, fault) for path in _files(place, RECORD) for fault in FAULTS]
    store = [(path, fault) for path in _files(place, STORE) for fault in FAULTS]
    drawn.shuffle(record)
    drawn.shuffle(store)
    remedies: dict[str, list[_Case]] = {}
    for path, fault in [*record[: count // 2], *store[: count - min(len(record), count // 2)]]:
        yield _Harm(place, path, fault, backup).outcome(remedies)
    for remedy, cases in sorted(remedies.items()) if with_computing else ():
        yield _all_at_once(place, remedy, dict(cases))


class _Harm:
    """One file that is harmed in one way, and put back."""

    def __init__(self, place: Place, path: Path, fault: str, backup: Path) -> None:
        self._place, self._path, self._fault, self._backup = place, path, fault, backup
        self._part = path.relative_to(place.folder).parts[0]
        self._name = path.relative_to(place.folder / self._part).as_posix()
        self._reader = _reader_of(place, self._part, self._name)

    def outcome(self, remedies: dict[str, list[_Case]]) -> Outcome:
        """Harm, read, verify, mend or put back; commands that the file waits for are noted in `remedies`."""
        data, facts = self._path.read_bytes(), self._reader()
        FAULTS[self._fault](self._path)
        try:
            why, state = self._judged(facts, remedies)
        finally:
            if not self._path.exists() or self._path.read_bytes() != data:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.unlink(missing_ok=True)
                self._path.write_bytes(data)
        if not why and (left := self._findings()):
            why = f"put back, and {left[0].file} {left[0].what}"
        at_last = State.UNCLEAR if why and state is not State.LOST else state
        return Outcome(f"file of the {self._part} harmed", f"{self._name} {self._fault}", at_last, why)

    def _judged(self, facts: str, remedies: dict[str, list[_Case]]) -> tuple[str, State]:
        ending = in_child(partial(_compare, self._reader, facts))
        if OTHER_CONTENT in ending.accident:
            return ending.accident, State.LOST
        if why := self._fault_of(ending):
            return why, State.UNCLEAR
        found = [one for one in self._findings() if self._is_about(one)]
        if not found:
            # A note of an earlier content is missed by nobody, and a reader may have put the file back.
            is_whole = ending.is_good and (self._is_harmless() or not self._findings())
            return ("" if is_whole else "verify does not name it"), State.OLD
        if why := fault_of(f"{found[0].file}: {found[0].remedy}", self._place.folder):
            return why, State.UNCLEAR
        return self._remedied(found[0].remedy, facts, remedies), State.OLD

    def _remedied(self, remedy: str, facts: str, remedies: dict[str, list[_Case]]) -> str:
        """Carry out what needs no computing; what is wrong afterwards."""
        words = _COMMAND.search(remedy)
        said = words[1] if words else ""
        if said == "verify --mend":
            mend(self._place.locations)
        elif said == "restore":
            ending = in_child(partial(command, self._place, "restore", str(self._backup)))
            if not ending.is_good:
                return f"`bmg restore`: {ending.refusal or ending.accident}"
        else:
            remedies.setdefault(said, []).append((self._path, self._fault))
            return "" if words else f"no command is named: {remedy}"
        again = in_child(partial(_compare, self._reader, facts))
        left = self._findings()
        return again.accident or again.refusal or (f"{said}: {left[0].file} {left[0].what}" if left else "")

    def _fault_of(self, ending: Ending) -> str:
        if ending.accident:
            return ending.accident
        table = f"Table {PurePosixPath(self._name).parts[0]} is not there for {SYSTEM}"
        file = table if self._fault == "removed" and table in ending.refusal else self._name
        return fault_of(ending.refusal, self._place.folder, file) if ending.refusal else ""

    def _findings(self) -> list[Finding]:
        place = self._place
        of_part = findings_of_record(place.record, place.locations.lab) if self._part == RECORD else None
        return list(of_part if of_part is not None else findings_of_store(place.store))

    def _is_about(self, finding: Finding) -> bool:
        of_note = noted_file(self._name)
        paths = [str(self._path), *([self._place.store.path_of(of_note)] if of_note else [])]
        return finding.file in paths

    def _is_harmless(self) -> bool:
        return self._name.startswith(MANIFEST) and not self._findings()


def _all_at_once(place: Place, said: str, cases: dict[Path, str]) -> Outcome:
    """Harm all the files that name one command, and run it: all of the deployment is whole afterwards."""
    for path, fault in cases.items():
        FAULTS[fault](path)
    words = [*said.split(), *([SYSTEM] if said == "run" else []), *(["--budget", "quick"] if "run" in said else [])]
    ending = in_child(partial(command, place, *words))
    why = ending.refusal or ending.accident or "; ".join(place.problems([SYSTEM]))
    what = f"`bmg {said}` after harm to {len(cases)} files"
    return Outcome("remedy that computes, carried out", what, State.UNCLEAR if why else State.NEW, why)


def _files(place: Place, part: str) -> list[Path]:
    """Files of one part that count, those of other systems than one left out."""
    paths = sorted(path for path in (place.folder / part).rglob("*") if path.is_file())
    return [path for path in paths if "Mg-Zn-Ca" not in str(path) and path.suffix != ".lock"]


def _compare(reader: Callable[[], str], facts: str) -> None:
    if reader() != facts:
        raise RuntimeError(OTHER_CONTENT)


def _reader_of(place: Place, part: str, name: str) -> Callable[[], str]:
    """What reads this file, as text to be compared; nothing but `bmg verify` reads pages, figures and views."""
    parts = PurePosixPath(name).parts
    if part == RECORD:
        return partial(_facts_of_record, place)
    if name == LITERATURE_FILE:
        return partial(_facts_of_literature, place)
    if parts[0] == "models":
        return partial(_facts_of_model, place, parts[1])
    if parts[0] in SYSTEM_TABLES and SYSTEM in parts[-1]:
        piece = parts[1] if len(parts) == 3 else None
        return lambda: _text(place.store.read_table(parts[0], SYSTEM, piece))
    return lambda: ""


def _facts_of_record(place: Place) -> str:
    rounds, accepted = Rounds.of(place.record, SYSTEM), place.inbox.accepted()
    frames = [training.frame(kind) for training in rounds.trainings for kind in (MAP, PROPOSED)]
    tables = [_text(one) for one in (rounds.iterations(), *frames) if one is not None]
    return "\n".join([*(repr(cast) for cast in accepted.history.accepted), *tables])


def _facts_of_literature(place: Place) -> str:
    database = LiteratureDatabase(store=place.store)
    return "\n".join(_text(database.read(name)) for name in LITERATURE_TABLES)


def _facts_of_model(place: Place, asset: str) -> str:
    model = read_model(place.store, asset, SYSTEM)
    return f"{model.params} {model.out_of_fold.tolist()} {model.training_fingerprint} {len(model.trials)}"


def _text(frame: pd.DataFrame) -> str:
    return frame.to_json(date_format="iso", double_precision=15)
