"""What commands say of a deployment of several machines whose servers are away; one machine hears nothing."""

from contextlib import nullcontext
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.intake.publishing import NAME
from bmg_assets.launch import many_machines, queues
from bmg_assets.launch.database import DatabaseError
from bmg_assets.launch.left_behind import QUEUE_TAG
from bmg_assets.launch.many_machines import open_deployment, who_works
from bmg_assets.launch.shared_facts import FACTS_FILE, SharedFacts
from bmg_assets.settings import Locations, ManyMachines
from bmg_assets.store.store import Store
from bmg_assets_tests.launch.several import set_several


def test_one_machine_is_told_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("BMG_DATABASE", "BMG_BROKER", "BMG_RUNS"):
        monkeypatch.delenv(name, raising=False)
    assert who_works(Store(url=str(tmp_path))) is None


def test_a_main_machine_without_its_database_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_several(monkeypatch, tmp_path)
    store, machines = Store.at(Locations.from_environment()), ManyMachines.from_environment()
    assert machines is not None
    with pytest.raises(DatabaseError):
        open_deployment(machines, store)
    assert not store.folder.exists(FACTS_FILE)


def test_a_list_says_that_the_broker_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_several(monkeypatch, tmp_path)
    store = Store.at(Locations.from_environment())
    assert "holds no deployment.json" in str(who_works(store))
    SharedFacts.of_main_machine().write(store)
    assert str(who_works(store)).startswith("The broker amqp://bmg:***@127.0.0.1")


def opened(monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance) -> tuple[Store, list[str]]:
    """A main machine that begins while its servers answer: the store, and the remarks."""
    monkeypatch.setattr(many_machines, "check_database", lambda _: iter(()))
    monkeypatch.setattr(many_machines, "deployment_instance", lambda: nullcontext(instance))
    monkeypatch.setattr(queues, "no_worker", lambda *_: None)
    monkeypatch.setattr(queues, "tasks_at_work", lambda _: frozenset())
    machines = ManyMachines.from_environment()
    assert machines is not None
    store = Store.at(Locations.from_environment())
    return store, open_deployment(machines, store)


def test_a_worker_that_begins_at_once_finds_the_laboratorys_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    set_several(monkeypatch, tmp_path, BMG_LAB=str(tmp_path / "lab"))
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "casting.yaml").write_text("not_cast: [Be]\n", encoding="utf-8")
    written: list[str] = []
    monkeypatch.setattr(SharedFacts, "write", lambda _, store: written.extend(store.folder.files()))
    store, remarks = opened(monkeypatch, instance)
    assert NAME in written, "workers begin as soon as the facts are there"
    monkeypatch.setenv("BMG_LAB_SETTINGS", store.folder.path_of(NAME).rpartition("/")[0])
    monkeypatch.setenv("BMG_LAB", str(tmp_path / "of another machine"))
    assert Locations.from_environment().casting_practice().not_cast == {"Be"}
    assert remarks == []


def test_settings_that_cannot_be_read_are_a_remark_and_leave_the_last_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    set_several(monkeypatch, tmp_path, BMG_LAB=str(tmp_path / "lab"))
    (tmp_path / "lab").mkdir()
    opened(monkeypatch, instance)
    (tmp_path / "lab" / "casting.txt").touch()
    store, (remark,) = opened(monkeypatch, instance)
    assert remark.startswith("The laboratory's settings were not published, the workers have the last ones: ")
    assert remark.endswith("rename the file, or move it away.")
    assert store.folder.exists(NAME)


def test_a_run_that_waits_for_the_version_of_before_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    set_several(monkeypatch, tmp_path, BMG_LAB=str(tmp_path / "lab"))
    (tmp_path / "lab").mkdir()
    job, starting = dg.GraphDefinition(name="empty").to_job(), dg.DagsterRunStatus.STARTING
    before, today = (
        instance.create_run_for_job(job, tags={QUEUE_TAG: queue}, status=starting)
        for queue in ("bmg-before", SharedFacts.of_main_machine().queue)
    )
    opened(monkeypatch, instance)
    statuses = [run.status for one in (before, today) if (run := instance.get_run_by_id(one.run_id))]
    assert statuses == [dg.DagsterRunStatus.FAILURE, starting]
