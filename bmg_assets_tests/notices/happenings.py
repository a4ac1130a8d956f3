"""A deployment in which things happen that are worth a notice."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.storage.tags import SCHEDULE_NAME_TAG

from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.notices.delivery import Pauses
from bmg_assets.notices.look import Told, look_and_tell
from bmg_assets.store.origin import made_from
from bmg_assets.store.store import Store
from bmg_assets.store.tables.prediction import CANDIDATES
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, table
from bmg_assets_tests.table_frames import frame_of

ZR = "Zr-Al-Cu"
BY_NIGHT = {SCHEDULE_NAME_TAG: "nightly_training"}


@dataclass
class Laboratory:
    """An inbox, a store, Dagster's runs, and a file of notices unless another way is chosen."""

    folder: Path
    instance: dg.DagsterInstance
    store: Store
    inbox: LabInbox
    pauses: Pauses = field(default_factory=Pauses)
    said: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, folder: Path, instance: dg.DagsterInstance) -> "Laboratory":
        return cls(folder, instance, Store(url=str(folder / "store")), inbox_at(folder, settle_s=0))

    def tell(self, content: str = "file:") -> None:
        """Write notices.yaml."""
        (Path(self.inbox.root) / "notices.yaml").write_text(content)

    def look(self) -> Told:
        return look_and_tell(self.instance, self.store, self.inbox, self.pauses, self.said.append)

    @property
    def told(self) -> list[str]:
        """Subjects of the file of notices."""
        return [one["subject"] for one in self.lines]

    @property
    def lines(self) -> list[dict[str, Any]]:
        path = Path(self.inbox.root) / "notices.jsonl"
        return [json.loads(one) for one in path.read_text().splitlines()] if path.exists() else []

    def report(self, *lines: str, name: str = "casts.csv") -> None:
        """Take a file of casts in."""
        drop(self.inbox, name, table(*lines))
        self.inbox.take_in_complete()

    def refused(self, name: str = "wrong.csv") -> None:
        """Take a file in of which one row is right and one wrong."""
        self.report(
            line(name, composition_nominal="Zr60Al10Cu30"), line(f"{name} 2", composition_nominal="Xx50"), name=name
        )

    def contradiction(self) -> None:
        """A glass at 5 mm, and none at 2 mm of the same alloy."""
        self.report(
            line("G5", dimension_mm="5", verdict="amorphous"), line("C2", dimension_mm="2", verdict="crystalline")
        )

    def run(self, status: str = "SUCCESS", system: str = ZR, **tags: str) -> dg.DagsterRun:
        """A run of a system that has ended."""
        run = dg.DagsterRun("system_job", status=dg.DagsterRunStatus.STARTED, tags={PARTITION_TAG: system, **tags})
        self.instance.add_run(run)
        self.end(run, status)
        return run

    def end(self, run: dg.DagsterRun, status: str) -> None:
        if status == "FAILURE":
            self.instance.report_run_failed(run, "The furnace is cold.")
        elif status == "CANCELED":
            self.instance.report_run_canceled(run)
        else:
            self.instance.report_dagster_event(dg.DagsterEvent("PIPELINE_SUCCESS", job_name="system_job"), run.run_id)

    def train(self, *alloys: str, system: str = ZR, **tags: str) -> dg.DagsterRun:
        """A run that has proposed these alloys."""
        run = self.run("SUCCESS", system, **tags)
        self.propose(run, alloys, system)
        return run

    def propose(self, run: dg.DagsterRun, alloys: Sequence[str], system: str = ZR) -> None:
        n = len(alloys) + 1
        rows = frame_of(
            CANDIDATES,
            n,
            system,
            composition=[*alloys, "Al20Cu30Zr50"],
            kind=["pick"] * len(alloys) + ["verification"],
            rank=[*range(1, n), 1],
            is_recommended=True,
            dmax_mm=4.256,
            interval_low_mm=2.0,
            interval_high_mm=7.5,
            reason="the best of the map",
        )
        self.store.write_table("candidates", system, rows, origin=made_from({}, run.run_id))
