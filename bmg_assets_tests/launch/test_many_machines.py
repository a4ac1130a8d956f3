"""What commands say of a deployment of several machines whose servers are away; one machine hears nothing."""

from pathlib import Path

import pytest

from bmg_assets.launch.database import DatabaseError
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
