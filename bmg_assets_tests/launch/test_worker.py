"""A worker that cannot begin says why; what one does is in bmg_assets_tests/distributed."""

from pathlib import Path

import pytest

from bmg_assets.launch.shared_facts import OtherDeploymentError
from bmg_assets.launch.worker import run_worker, unique_name
from bmg_assets_tests.launch.several import set_several


def test_a_machine_of_no_deployment_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BMG_DATABASE", "BMG_BROKER", "BMG_RUNS", "BMG_STORE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(OtherDeploymentError, match=r"set BMG_DATABASE, BMG_BROKER, BMG_STORE as on its main machine"):
        run_worker()


def test_a_store_has_to_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_several(monkeypatch, tmp_path, BMG_STORE="")
    with pytest.raises(OtherDeploymentError, match=r": set BMG_STORE as on its main machine"):
        run_worker()


def test_a_worker_without_a_main_machine_does_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_several(monkeypatch, tmp_path)
    with pytest.raises(OtherDeploymentError, match=r"holds no deployment\.json"):
        run_worker()


def test_two_workers_of_one_name_are_two() -> None:
    assert unique_name("bench") != unique_name("bench")
    assert unique_name("bench").startswith("bench-")
