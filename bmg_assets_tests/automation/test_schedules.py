"""The nightly schedule: who is trained, why, and who is not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets.automation.schedules import REASON_TAG
from bmg_assets.build import build_definitions
from bmg_assets.defaults import Defaults
from bmg_assets.settings import PROJECT, TimeZoneError, time_zone
from bmg_assets.sources.declaration import read_declarations
from bmg_assets.sources.download import file_sha256
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets_tests.automation.night import (
    CASTS,
    CHAIN,
    NIGHT,
    add_systems,
    report,
    report_literature,
    report_training,
    tick,
)
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, table

ZR, MG, LA = "Zr-Al-Cu", "Mg-Zn-Ca", "La-Al-Ni"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment to be copied: three systems, two of which are trained on the literature that is there."""
    folder = tmp_path_factory.mktemp("trained")
    with deployment_in(folder) as place:
        report_literature(place)
        add_systems(place, [ZR, MG, LA])
        for system in (ZR, MG):
            report_training(place, system)
    return folder


@contextmanager
def deployment_in(folder: Path) -> Iterator[Deployment]:
    """On disk: the context of a schedule takes no other instance."""
    (folder / "home").mkdir(exist_ok=True)
    with dg.DagsterInstance.local_temp(str(folder / "home")) as instance:
        yield Deployment(folder, instance)


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[Deployment]:
    with deployment_in(tmp_path) as place:
        yield place


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sources of the project, and no downloads."""
    monkeypatch.setenv("BMG_DATA", str(PROJECT / "data"))
    monkeypatch.setenv("BMG_DOWNLOADS", str(tmp_path / "downloads"))


@pytest.fixture
def night(tmp_path: Path, trained: Path) -> Iterator[Deployment]:
    """Two of three systems are trained, see `trained`."""
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    with deployment_in(tmp_path) as place:
        yield place


def reasons(data: Any) -> dict[str, str]:
    return {request.partition_key: request.tags[REASON_TAG] for request in data.run_requests}


def test_a_system_that_cannot_be_trained_is_not_asked_for_at_night(night: dg.DagsterInstance) -> None:
    add_systems(night, ["Pd-Ni-S"])
    assert reasons(tick(night)) == {LA: "never trained"}


def test_the_schedule_is_on_and_trains_at_two_at_night() -> None:
    schedule = build_definitions().resolve_schedule_def("nightly_training")
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.job_name == "system_job"
    assert schedule.execution_timezone == time_zone()


def test_the_time_zone_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_TIME_ZONE", "Europe/Berlin")
    assert time_zone() == "Europe/Berlin"
    for unknown in ("Europe/Nowhere", "../etc"):
        monkeypatch.setenv("BMG_TIME_ZONE", unknown)
        with pytest.raises(TimeZoneError, match="BMG_TIME_ZONE"):
            time_zone()


@pytest.mark.parametrize(("zone", "expected"), [("", "Asia/Tokyo"), ("Europe/Berlin", "Europe/Berlin")])
def test_the_night_begins_by_the_computers_zone_unless_one_is_set(zone: str, expected: str) -> None:
    """In a process of its own: a schedule has its zone once it is declared."""
    code = "from bmg_assets.automation.schedules import nightly_training as night; print(night.execution_timezone)"
    variables = {**os.environ, "TZ": "Asia/Tokyo", "BMG_TIME_ZONE": zone, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


def test_only_the_stale_systems_are_trained(night: Deployment) -> None:
    assert reasons(tick(night)) == {LA: "never trained"}
    report(night, "lab_results", MG, CASTS)
    assert reasons(tick(night)) == {
        MG: "lab_results is newer than training_set, transfer_grid, recommendations, candidates, iterations, "
        "system_report",
        LA: "never trained",
    }


def test_nothing_stale_is_nothing_to_do(night: Deployment) -> None:
    report_training(night, LA)
    data = tick(night)
    assert data.run_requests == []
    assert "3 up to date, 0 with a run" in str(data.skip_message)


def test_a_change_of_what_the_laboratory_casts_renews_candidates(
    night: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_training(night, LA)
    monkeypatch.setenv("BMG_LAB", str(tmp_path))
    (tmp_path / "casting.yaml").write_text("limits: {Al: [0, 20]}")
    why = "setting casting.limits was None, is {'Al': [0.0, 20.0]}"
    assert reasons(tick(night)) == dict.fromkeys([ZR, MG, LA], why)
    (tmp_path / "casting.yaml").write_text("not_cast: [Zn, La]")
    assert reasons(tick(night)) == {ZR: "setting casting.not_cast was None, is ['La', 'Zn']"}
    report_training(night, ZR)
    assert "1 up to date, 0 with a run at work or waiting, 2 in which nothing can be cast" in str(
        tick(night).skip_message
    )


def test_new_literature_concerns_every_system(night: Deployment) -> None:
    report_training(night, LA)
    report_literature(night, "more alloys", assets=["alloy_descriptors"])
    assert reasons(tick(night)) == dict.fromkeys([ZR, MG, LA], "alloy_descriptors changed")


def test_literature_that_was_read_again_and_is_the_same_concerns_nobody(night: Deployment) -> None:
    report_training(night, LA)
    report_literature(night)
    assert reasons(tick(night)) == {}
    report_literature(night, "more alloys")
    report_literature(night)
    assert reasons(tick(night)) == {}


def test_casts_of_a_system_concern_those_that_would_learn_from_them(night: Deployment) -> None:
    """Sub-dataset 3 keeps what shares one element with the target, and prunes what shares two and holds another."""
    report_training(night, LA)
    add_systems(night, ["Cu-Ti-Be"])
    report_training(night, "Cu-Ti-Be", casts=CASTS)
    learns = "casts of other systems with elements of this one changed"
    assert reasons(tick(night)) == {ZR: learns}
    report_training(night, ZR)
    assert reasons(tick(night)) == {}
    report_training(night, ZR, casts=CASTS)
    assert reasons(tick(night)) == {LA: learns, "Cu-Ti-Be": learns}


def test_a_new_system_without_casts_concerns_nobody(night: Deployment) -> None:
    report_training(night, LA)
    add_systems(night, ["Cu-Ti-Be"])
    report_training(night, "Cu-Ti-Be")
    assert reasons(tick(night)) == {}


def test_a_setting_of_the_deployment_concerns_every_system(night: Deployment) -> None:
    found = reasons(tick(night, Defaults(budget="paper", threads=2)))
    assert found == dict.fromkeys([ZR, MG], "setting budget was standard, is paper") | {LA: "never trained"}


def test_a_new_code_version_concerns_every_system(night: Deployment) -> None:
    before = CHAIN.code_versions["svr_model"]
    versions = CHAIN.code_versions | {"svr_model": "another"}
    chain = SystemChain(parents=CHAIN.parents, literature=CHAIN.literature, code_versions=versions)
    assert reasons(tick(night, chain=chain))[ZR] == f"code version of svr_model was {before}, is another"


def test_a_request_says_what_to_run_and_why(night: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_TIME_ZONE", "Europe/Berlin")
    (request,) = tick(night).run_requests
    assert request.run_key == f"2026-03-04/{LA}"
    assert request.partition_key == LA
    definitions = build_definitions()
    job = definitions.resolve_job_def("system_job")
    assert dg.validate_run_config(job, request.run_config)["ops"]["svr_model"]["config"]["start_from_last_best"] is True
    started = [name for name, op in request.run_config["ops"].items() if op["config"]["start_from_last_best"]]
    assert sorted(started) == ["lightgbm_model", "random_forest_model", "svr_model", "xgboost_model"]


def test_a_night_asks_once_and_the_next_night_again(night: Deployment) -> None:
    keys = [tick(night, at=NIGHT + timedelta(days=days)).run_requests[0].run_key for days in (0, 0, 1)]
    assert keys == [f"2026-03-04/{LA}", f"2026-03-04/{LA}", f"2026-03-05/{LA}"]


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED])
def test_a_system_with_a_run_is_left_alone(night: Deployment, status: dg.DagsterRunStatus) -> None:
    run = dg.DagsterRun("system_job", tags={"dagster/partition": LA}, status=status)
    night.instance.add_run(run)
    data = tick(night)
    assert data.run_requests == []
    assert "2 up to date, 1 with a run" in str(data.skip_message)


def test_without_literature_no_run_could_succeed(nothing: Deployment) -> None:
    add_systems(nothing, [ZR])
    report_literature(nothing, assets=["literature_alloys"])
    data = tick(nothing)
    assert data.run_requests == []
    assert "alloy_descriptors" in str(data.skip_message)


def test_each_skipped_system_has_its_reason_in_the_log(night: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    at_work = dg.DagsterRun("system_job", tags={"dagster/partition": MG}, status=dg.DagsterRunStatus.STARTED)
    night.instance.add_run(at_work)
    lines = log_of_tick(night, caplog)
    assert any(f"{ZR}: skipped, up to date" in line for line in lines)
    assert any(f"{MG}: skipped, run " in line for line in lines)
    assert any(f"{LA}: trained again: never trained" in line for line in lines)


def test_sources_that_changed_are_told_of_and_nothing_is_trained_for_them(
    night: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    report_training(night, LA)
    folder = PROJECT / "data" / "literature"
    come_along = [one for one in read_declarations(folder / "sources.yaml").values() if one.use == "fallback"]
    files = {one.name: file_sha256(folder / one.file) for one in come_along}
    for changed, told in (({}, False), ({"starter": "0" * 64}, True)):
        report_literature(night, source_files=files | changed, assets=["literature_reports"])
        caplog.clear()
        assert any("(starter): run literature_job" in line for line in log_of_tick(night, caplog)) is told
        assert tick(night).run_requests == []


def test_keys_that_are_no_systems_stop_nobody_and_are_each_named_once(
    night: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    bad = ["zr-al-cu", "test", "Zr-Cu", "Zr-Al-Cu ", "Cu-Al-Zr"]
    add_systems(night, bad)
    assert reasons(tick(night)) == {LA: "never trained"}
    lines = log_of_tick(night, caplog)
    for key in bad:
        (line,) = [line for line in lines if f"'{key}'" in line.split(": ")[1].split(";")[0]]
        assert "takes it away" in line


def log_of_tick(place: Deployment, caplog: pytest.LogCaptureFixture) -> list[str]:
    tick(place, log=caplog.handler)
    return caplog.messages


def test_a_share_that_is_not_mounted_trains_nobody(nothing: Deployment, tmp_path: Path) -> None:
    report_literature(nothing)
    add_systems(nothing, ["Zr-Al-Cu"])
    laboratory = inbox_at(tmp_path)
    laboratory.take_in(drop(laboratory, "casts.csv", table(line("A"))))
    shutil.rmtree(laboratory.root)
    found = tick(nothing, laboratory=laboratory)
    assert "is the share that holds it mounted" in found.skip_message
    assert not Path(laboratory.root).exists()
