"""Runs started from Python: the same jobs as in the UI, and a failure in its own words."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.reconstruct import ReconstructableJob

from bmg_assets import build
from bmg_assets.assets import pruning_study
from bmg_assets.launch.instance import deployment_instance
from bmg_assets.launch.runs import RunFailedError, run_literature, run_study, run_system
from bmg_assets.science.errors import BmgError
from bmg_assets.store.folder import FolderError
from bmg_assets.store.store import Store
from bmg_assets_tests.deployment import Deployment

KEY, OTHER = "Zr-Al-Cu", "Mg-Zn-Ca"


@pytest.fixture
def deployment(copy_of_finished: Deployment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Deployment:
    """The environment's deployment is a copy of the finished one; its steps run in this process."""
    for name, value in copy_of_finished.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster_home"))
    monkeypatch.setattr(build, "build_executor", lambda: dg.in_process_executor)
    # Dagster remembers a job for the life of a process, and with it the store of the test before.
    ReconstructableJob.get_definition.cache_clear()
    ReconstructableJob.get_repository_definition.cache_clear()
    return copy_of_finished


def test_a_new_home_of_dagster_gets_the_projects_settings(deployment: Deployment, tmp_path: Path) -> None:
    with deployment_instance() as instance:
        assert instance.get_settings("run_retries")["enabled"]
        assert not instance.telemetry_enabled
        instance.add_dynamic_partitions("target_system", [KEY])
    assert (tmp_path / "dagster_home" / "dagster.yaml").exists()
    with deployment_instance() as instance:
        assert list(instance.get_dynamic_partitions("target_system")) == [KEY]


def test_a_failed_run_says_what_the_first_failed_step_said(deployment: Deployment) -> None:
    without_data = "Zr-Al-He"
    with deployment_instance() as instance:
        instance.add_dynamic_partitions("target_system", [without_data])
        with pytest.raises(RunFailedError, match=r"^Run [0-9a-f-]+ failed\. Zr-Al-He cannot be (described|mapped)"):
            run_system(instance, without_data)
        assert {run.status for run in instance.get_runs()} == {dg.DagsterRunStatus.FAILURE}


def test_a_study_trains_what_is_missing_and_goes_on_after_a_failure(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two systems, the second fails; asked for again, it alone is trained, then nothing."""
    choices, trained = {"sub_datasets": [5], "budget": "quick"}, []
    train_rows = pruning_study.train_rows

    def train(store: Store, rows: list[Any], *others: Any) -> None:
        trained.append([(row.target.key, row.sub_dataset) for row in rows])
        if len(trained) == 2:
            raise FolderError("The disk is full.")
        train_rows(store, rows, *others)

    monkeypatch.setattr(pruning_study, "train_rows", train)
    said: list[str] = []
    with deployment_instance() as instance:
        with pytest.raises(RunFailedError, match=r"failed\. The disk is full\."):
            run_study(instance, [KEY, OTHER], choices)
        run_study(instance, [KEY, OTHER], choices, said.append)
        run_study(instance, [OTHER, KEY], choices, said.append)
        assert list(instance.get_dynamic_partitions("studied_system")) == [KEY, OTHER]
        assert list(instance.get_dynamic_partitions("target_system")) == []
    assert trained == [[(KEY, 5)], [(OTHER, 5)], [(OTHER, 5)]]
    assert said == [
        f"{OTHER}, 1 of 1 systems to study",
        "All of it is there already; the table and the page are written anew.",
    ]
    assert deployment.store.read_table("pruning_study")["target_system"].tolist() == [KEY, OTHER]


def test_a_system_that_cannot_be_studied_is_not_registered(deployment: Deployment) -> None:
    with deployment_instance() as instance:
        with pytest.raises(BmgError, match="Zr-Al-He cannot be described"):
            run_study(instance, [KEY, "Zr-Al-He"])
        assert list(instance.get_dynamic_partitions("studied_system")) == []


def test_a_store_of_another_version_is_named_in_one_sentence(deployment: Deployment) -> None:
    deployment.store.folder.write("store_format.json", b'{"store_format": 99}')
    with (
        deployment_instance() as instance,
        pytest.raises(RunFailedError, match=r"failed\. The store at .* has format 99, .* Nothing was changed\.$"),
    ):
        run_literature(instance)


def test_an_error_that_is_not_ours_is_told_with_its_step(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("something unforeseen")

    monkeypatch.setattr("bmg_assets.sources.declaration.read_declarations", fail)
    with (
        deployment_instance() as instance,
        pytest.raises(RunFailedError, match=r"Step literature_reports: .*something unforeseen"),
    ):
        run_literature(instance)
