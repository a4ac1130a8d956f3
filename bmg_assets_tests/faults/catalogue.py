"""All faults that are injected, in two lanes that go on side by side, with the share of each in what was asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from bmg_assets_tests.faults.counting import Outcome
from bmg_assets_tests.faults.daemon import killed_daemons
from bmg_assets_tests.faults.failing_disk import FULL, READ_ONLY
from bmg_assets_tests.faults.harmed_files import harmed
from bmg_assets_tests.faults.keeping import Backup, Restore
from bmg_assets_tests.faults.operations import Intake, LiteratureTable, Prediction, SensorTick, SystemTable
from bmg_assets_tests.faults.place import Place
from bmg_assets_tests.faults.runs import ChainRun, ModelStep, WholeRun
from bmg_assets_tests.faults.surroundings import eight_systems, two_users, with_jumping_clocks, without_share
from bmg_assets_tests.faults.trial import Operation, at_every_write, killed

SHORT_EVERY = 5
CHAIN_EVERY = 8
"""Of the writes of a run, which takes seconds each time, one of so many is the first to fail."""


@dataclass(frozen=True)
class Scale:
    """How much is injected, and where."""

    folder: Path
    finished: Path
    kills: int
    others: int
    seed: int
    short: bool

    def share(self, of_kills: float) -> int:
        """So many kills."""
        return ceil(self.kills * of_kills)


Part = Callable[[Scale], Iterator[Outcome]]


def _killed(make: Callable[[Scale], Operation], share: float) -> Part:
    return lambda scale: killed(make(scale), scale.share(share), scale.seed)


def _failing(make: Callable[[Scale, str], Operation], every: int, short_every: int) -> Part:
    def part(scale: Scale) -> Iterator[Outcome]:
        for name, number in (("full", FULL), ("read-only", READ_ONLY)):
            yield from at_every_write(make(scale, name), number, short_every if scale.short else every)

    return part


def _harmed(scale: Scale) -> Iterator[Outcome]:
    operation = ChainRun(scale.finished, scale.folder / "harmed")
    operation.prepare()
    operation.work()
    yield from harmed(operation.place, scale.folder / "backup of harmed", scale.others, scale.seed, not scale.short)


def _clocks(scale: Scale) -> Iterator[Outcome]:
    yield from with_jumping_clocks(scale.folder / "clocks", Place(scale.finished))


LANES: tuple[dict[str, Part], ...] = (
    {
        "intake": _killed(lambda scale: Intake(scale.folder / "intake"), 0.22),
        "intake-disk": _failing(lambda scale, name: Intake(scale.folder / f"intake, disk {name}"), 1, SHORT_EVERY),
        "record": _killed(lambda scale: Prediction(scale.folder / "record", Place(scale.finished)), 0.17),
        "record-disk": _failing(
            lambda scale, name: Prediction(scale.folder / f"record, disk {name}", Place(scale.finished)), 1, SHORT_EVERY
        ),
        "table": _killed(lambda scale: SystemTable(scale.folder / "table"), 0.1),
        "literature": _killed(lambda scale: LiteratureTable(scale.folder / "literature"), 0.05),
        "sensor": _killed(lambda scale: SensorTick(scale.folder / "sensor"), 0.12),
        "backup": _killed(lambda scale: Backup(scale.folder / "backup"), 0.08),
        "restore": _killed(lambda scale: Restore(scale.folder / "restore"), 0.06),
        "chain": _killed(lambda scale: ChainRun(scale.finished, scale.folder / "chain"), 0.09),
        "chain-disk": _failing(
            lambda scale, name: ChainRun(scale.finished, scale.folder / f"chain, disk {name}"), CHAIN_EVERY, 10**6
        ),
        "clocks": _clocks,
        "share": lambda scale: without_share(ChainRun(scale.finished, scale.folder / "share")),
    },
    {
        "harmed": _harmed,
        "model": _killed(lambda scale: ModelStep(scale.finished, scale.folder / "model"), 0.04),
        "many": lambda scale: eight_systems(scale.finished, scale.folder / "many"),
        "run": _killed(lambda scale: WholeRun(scale.finished, scale.folder / "run"), 0.025),
        "users": lambda scale: two_users(WholeRun(scale.finished, scale.folder / "users"), 2),
        "daemon": lambda scale: killed_daemons(scale.folder / "daemon", scale.share(0.015), scale.seed),
    },
)
NOT_IN_SHORT = {"chain-disk", "model", "many", "run", "users", "daemon", "record-disk", "restore"}
