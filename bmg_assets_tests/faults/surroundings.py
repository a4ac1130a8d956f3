"""What happens around a deployment: a share that is not there, clocks that jump, two users at once, many systems."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path

from bmg_assets.partitions import register_system
from bmg_assets.store.queries import open_views
from bmg_assets_tests.faults.children import Child, in_child
from bmg_assets_tests.faults.counting import GOOD, Outcome, State
from bmg_assets_tests.faults.operations import Intake, Prediction, SystemTable
from bmg_assets_tests.faults.place import SYSTEM, Place, StaysInInboxError
from bmg_assets_tests.faults.runs import ChainRun, WholeRun
from bmg_assets_tests.faults.trial import Operation, fault_of, judged

JUMPS_S = (-400 * 86400, -86400, -3601, -60, 60, 3601, 86400, 400 * 86400)
EIGHT = (SYSTEM, "Mg-Zn-Ca", "La-Al-Ni", "Fe-B-Nb", "Zr-Cu-Ni", "Ti-Zr-Cu", "Pd-Ni-P", "Ce-Al-Cu")
OF_MANY = ("lab_results", "training_set")


def without_share(operation: ChainRun) -> Iterator[Outcome]:
    """The laboratory's folder is renamed away, as if its share were not mounted: with and without the mount point."""
    place, lab = operation.place, Path(operation.place.inbox.root)
    operation.prepare()
    works: dict[str, Callable[[], None]] = {"intake": place.take_in, "run": partial(place.run, ["lab_results"])}
    for what, work in works.items():
        for is_there in (True, False):
            lab.rename(lab.with_name("away"))
            if is_there:
                lab.mkdir()
            ending = in_child(work)
            made = [path.name for path in lab.rglob("*")] if lab.exists() else []
            if lab.exists() and not made:
                lab.rmdir()
            if not made:
                lab.with_name("away").rename(lab)
            why = f"made: {made}" if made else ending.accident or fault_of(ending.refusal, place.folder)
            state = operation.state()[0]
            yield _outcome("share not mounted", f"{what}, mount point {'empty' if is_there else 'missing'}", state, why)
    yield judged(operation, "share mounted again", in_child(operation.work))


def with_jumping_clocks(folder: Path, finished: Place) -> Iterator[Outcome]:
    """The clock is set forward or back while something is taken in, recorded or stored; then it is right again."""
    operations: list[Operation] = [
        Intake(folder / "intake"),
        Prediction(folder / "record", finished),
        SystemTable(folder / "table"),
    ]
    for operation in operations:
        operation.prepare()
        in_child(operation.work)
        for jump_s in JUMPS_S:
            operation.prepare()
            ending = in_child(partial(_with_other_time, operation.work, jump_s))
            outcome = judged(operation, f"{operation.kind}, clock {jump_s:+d} s", ending)
            yield _outcome("clock jumps", outcome.fault, outcome.state, outcome.why)
    intake = operations[0]
    assert isinstance(intake, Intake)
    for jump_s in JUMPS_S:
        intake.prepare()
        (path,) = intake.place.inbox.inbox.iterdir()
        os.utime(path, (time.time() + jump_s,) * 2)
        outcome = judged(intake, f"time of the file {jump_s:+d} s", in_child(intake.work))
        yield _outcome("clock jumps", outcome.fault, outcome.state, outcome.why)


def two_users(operation: WholeRun, times: int) -> Iterator[Outcome]:
    """Two people run one system at the same moment: one run is done, and the other is done or says why not."""
    for _ in range(times):
        operation.prepare()
        endings = [one.ending() for one in [Child.at(operation.work), Child.at(operation.work)]]
        accidents = [one.accident for one in endings if one.accident]
        unclear = [why for one in endings if one.refusal and (why := fault_of(one.refusal, operation.folder, SYSTEM))]
        nobody = [] if any(one.is_good for one in endings) else [f"nobody was done: {endings}"]
        state, why = operation.state()
        left = operation.problems() if state in GOOD else [why]
        yield _outcome("two users run one system", "at once", state, "; ".join([*accidents, *unclear, *nobody, *left]))


def eight_systems(finished: Path, folder: Path) -> Iterator[Outcome]:
    """Eight systems are worked on at once while two processes read all of the tables again and again."""
    place = Place.like_finished(finished, folder)
    with place.instance() as instance:
        for system in EIGHT[2:]:
            register_system(instance, system)
    stop = folder / "stop"
    readers = [Child.at(partial(_read_until, stop, work)) for work in (partial(_read, place), partial(_query, place))]
    runs = {system: Child.at(partial(place.run, OF_MANY, system)) for system in EIGHT}
    endings = {system: child.ending() for system, child in runs.items()}
    stop.touch()
    for what, ending in [*endings.items(), *zip(("reader", "query"), [one.ending() for one in readers], strict=True)]:
        yield _outcome("8 systems at once, with readers", what, State.NEW, ending.refusal or ending.accident)
    rows = place.store.read_all(OF_MANY[1])
    missing = sorted(set(EIGHT) - set(rows["target_system"]))
    problems = [*place.problems(EIGHT), *([f"not there: {missing}"] if missing else [])]
    yield _outcome("8 systems at once, with readers", "all of it", State.NEW, "; ".join(problems))


def _outcome(kind: str, fault: str, state: State, why: str) -> Outcome:
    return Outcome(kind, fault, State.UNCLEAR if why and state in GOOD else state, why)


def _with_other_time(work: Callable[[], None], jump_s: float) -> None:
    """Do the work while all of the platform reads another clock."""
    jump, really = timedelta(seconds=jump_s), time.time

    class Jumped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Jumped":  # type: ignore[override]
            return cls.fromtimestamp(datetime.now(tz).timestamp() + jump.total_seconds(), tz)

    time.time = lambda: really() + jump_s
    for name, module in list(sys.modules.items()):
        if name.startswith("bmg_assets.") and getattr(module, "datetime", None) is datetime:
            module.datetime = Jumped
    with suppress(StaysInInboxError):  # it waits until the clock is right again
        work()


def _read_until(stop: Path, read: Callable[[], None]) -> None:
    while not stop.exists():
        read()


def _read(place: Place) -> None:
    for table in (*OF_MANY, "candidates", "prediction_grid"):
        rows = place.store.read_all(table)
        if rows.duplicated(["target_system", "composition"]).any():
            raise RuntimeError(f"rows of {table} are there twice")


def _query(place: Place) -> None:
    with open_views(place.store) as connection:
        counts = connection.execute("SELECT count(*) FROM prediction_grid GROUP BY target_system").fetchall()
    if counts != [(counts[0][0],)] * len(counts):
        raise RuntimeError(f"the maps have {counts} rows")
