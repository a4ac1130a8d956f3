"""A deployment of the platform in a folder of its own, for tests: its store, its run history, its literature.

Runs go through the platform's own jobs, in this process. The environment is changed only while one is at work.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets.automation.jobs import LITERATURE_JOB, SYSTEM_JOB
from bmg_assets.build import build_definitions
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS
from bmg_assets.settings import PROJECT
from bmg_assets.store.manifest import MANIFEST
from bmg_assets.store.parquet import from_parquet, to_parquet
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets.store.views import VIEWS_FILE

QUICK = {"ops": {asset: {"config": {"budget": "quick"}} for asset in SUB_MODEL_ASSETS.values()}}


@dataclass(frozen=True)
class Deployment:
    """Where it is, and whose literature it reads."""

    folder: Path
    instance: dg.DagsterInstance
    data: Path = PROJECT / "data"

    @property
    def store(self) -> Store:
        return Store(url=str(self.folder / "store"), record_url=self.record.url)

    @property
    def record(self) -> Record:
        return Record(url=str(self.folder / "record"))

    def variables(self) -> dict[str, str]:
        """What the environment says of it; nothing is ever found in its cache of downloads."""
        return {
            "BMG_DATA": str(self.data),
            "BMG_STORE": self.store.url,
            "BMG_RECORD": self.record.url,
            "BMG_DOWNLOADS": str(self.folder / "downloads"),
            "BMG_LAB": str(self.folder / "lab_results"),
            "OMP_NUM_THREADS": "1",
        }

    @contextmanager
    def environment(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.variables().items():
                patch.setenv(name, value)
            yield

    def run_literature(self, assets: Sequence[str] | None = None, **config: Any) -> dg.ExecuteInProcessResult:
        """Run the literature job, or some of its assets; `config` by asset."""
        return self.run(LITERATURE_JOB, asset_selection=_keys(assets), run_config=configured(**config))

    def run_system(
        self, key: str, assets: Sequence[str] | None = None, run_config: Mapping[str, Any] = QUICK
    ) -> dg.ExecuteInProcessResult:
        """Run the job of one system, or some of its assets."""
        ops = {name: config for name, config in run_config["ops"].items() if assets is None or name in assets}
        return self.run(SYSTEM_JOB, partition_key=key, asset_selection=_keys(assets), run_config={"ops": ops})

    def run(self, job: str, **options: Any) -> dg.ExecuteInProcessResult:
        """Run a job of the platform; a failure is in the result, not raised."""
        with self.environment():
            definition = build_definitions().resolve_job_def(job)
            return definition.execute_in_process(instance=self.instance, raise_on_error=False, **options)

    def files(self, *, of: str = "") -> dict[str, bytes]:
        """What is stored, by name; `of` one system only; without views, notes and origins: they name place and time."""
        folder = self.store.folder
        names = [name for name in folder.files() if of in name and not name.startswith((VIEWS_FILE, MANIFEST))]
        contents = {name: folder.read(name) for name in names}
        return {name: _rows_alone(data) if name.endswith(".parquet") else data for name, data in contents.items()}

    def copied_to(self, folder: Path, instance: dg.DagsterInstance) -> "Deployment":
        """The same, in another folder, with the same systems registered: tests may change it."""
        for part in map(Path, (self.store.url, self.record.url)):
            if part.exists():  # before the first training nothing is recorded
                shutil.copytree(part, folder / part.name)
        instance.add_dynamic_partitions("target_system", list(self.instance.get_dynamic_partitions("target_system")))
        return Deployment(folder, instance, self.data)


def _rows_alone(data: bytes) -> bytes:
    return to_parquet(from_parquet(data))


def sentence_of(result: dg.ExecuteInProcessResult) -> str:
    """The words in which the step that failed first ended; they are ours, or the test fails."""
    failure = next(event.step_failure_data for event in result.all_events if event.is_step_failure)
    assert failure.user_failure_data is not None, failure.error
    return failure.user_failure_data.description or ""


def started(result: dg.ExecuteInProcessResult) -> set[str]:
    """The assets whose computation was begun."""
    return {event.step_key for event in result.all_events if event.is_step_start}


def configured(**assets: Any) -> dict[str, Any]:
    """Run config from the settings of each asset."""
    return {"ops": {name: {"config": settings} for name, settings in assets.items()}}


def _keys(assets: Sequence[str] | None) -> list[dg.AssetKey] | None:
    return [dg.AssetKey(name) for name in assets] if assets is not None else None
