"""One run of a system in Dagster's queue: asked for once, and only where it can end well."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._daemon.types import DaemonHeartbeat

from bmg_assets.automation import queueing as module
from bmg_assets.automation.jobs import RECOMMENDING
from bmg_assets.automation.queueing import (
    DAEMONS,
    LONGEST_SILENCE_S,
    NoLiteratureError,
    is_started,
    queue_training,
)
from bmg_assets.automation.schedules import REASON_TAG
from bmg_assets.execution.claims import PARTITION_TAG, SystemBusyError
from bmg_assets.science.alloys.systems import SystemKeyError
from bmg_assets_tests.automation.night import CHAIN, add_systems, report_literature
from bmg_assets_tests.deployment import Deployment

ZR, NO_DESCRIPTORS = "Zr-Al-Cu", "Zr-Cu-He"
CONFIG = {"ops": {"sub_model_sd0": {"config": {"budget": "quick"}}}}


@pytest.fixture
def place(fresh: Deployment) -> Deployment:
    """The literature is there, and two systems are registered."""
    report_literature(fresh)
    add_systems(fresh, [ZR, "Mg-Zn-Ca"])
    return fresh


def ask(place: Deployment, key: str = ZR, reason: str = "") -> str:
    return queue_training(place.instance, place.store, CHAIN, key, CONFIG, reason)


def end(place: Deployment) -> None:
    """The daemon has started the runs of the last backfill."""
    (backfill,) = place.instance.get_backfills(limit=1)
    place.instance.update_backfill(backfill.with_status(BulkActionStatus.COMPLETED_SUCCESS))


def test_one_run_is_queued_with_its_config_and_reason(place: Deployment) -> None:
    asked = ask(place, reason="asked for on the page")
    (backfill,) = place.instance.get_backfills()
    assert (backfill.backfill_id, backfill.partition_names, backfill.job_name) == (asked, [ZR], "system_job")
    assert (backfill.run_config, backfill.asset_selection) == (CONFIG, None)
    assert backfill.tags[REASON_TAG] == "asked for on the page"
    ask(place, "Mg-Zn-Ca")
    assert len(place.instance.get_backfills()) == 2


@pytest.mark.parametrize(("status", "words"), [("STARTED", "is at work on Zr-Al-Cu"), ("QUEUED", "waits in the queue")])
def test_a_system_with_a_run_is_refused(place: Deployment, status: str, words: str) -> None:
    origin = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "all"), "system_job")
    tags = {PARTITION_TAG: ZR}
    run = dg.DagsterRun("system_job", status=dg.DagsterRunStatus[status], tags=tags, remote_job_origin=origin)
    place.instance.add_run(run)
    with pytest.raises(SystemBusyError, match=f"Run {run.run_id} .*{words}"):
        ask(place)
    assert list(place.instance.get_backfills()) == []


def test_what_is_asked_for_is_not_asked_for_again_until_it_ended(place: Deployment) -> None:
    first = ask(place)
    with pytest.raises(SystemBusyError, match=f"A run of {ZR} is asked for already"):
        ask(place)
    end(place)
    assert ask(place) != first


def test_of_two_who_ask_in_one_moment_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both, refuse = Barrier(2, timeout=20), module._refuse_second

    def refuse_together(*arguments: object) -> None:
        refuse(*arguments)  # type: ignore[arg-type]
        both.wait()

    monkeypatch.setattr(module, "_refuse_second", refuse_together)
    # Of a database in memory a second writer finds the table locked instead of waiting.
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        place = Deployment(tmp_path, instance)
        report_literature(place)
        add_systems(place, [ZR])

        def outcome(_: int) -> str:
            try:
                return ask(place)
            except SystemBusyError as error:
                return str(error)

        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(outcome, range(2)))
        assert sum("is asked for already" in one for one in found) == 1
        assert len(place.instance.get_backfills()) == 1


def test_what_could_not_end_well_is_not_queued(fresh: Deployment) -> None:
    with pytest.raises(SystemKeyError, match="`bmg add Zr-Al-Cu` registers it"):
        ask(fresh)
    add_systems(fresh, [ZR])
    with pytest.raises(NoLiteratureError, match="There is no literature to train on"):
        ask(fresh)
    assert list(fresh.instance.get_backfills()) == []


def test_a_system_without_descriptors_gets_its_recommendations_alone(
    place: Deployment, without_descriptors: Callable[[str], None]
) -> None:
    without_descriptors(ZR)
    ask(place)
    (backfill,) = place.instance.get_backfills()
    assert backfill.asset_selection == [dg.AssetKey(asset) for asset in RECOMMENDING]


@pytest.fixture
def without_descriptors(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has a system be one whose elements no descriptor knows."""

    def so(system: str) -> None:
        only = [dg.AssetKey(asset) for asset in RECOMMENDING]
        monkeypatch.setattr(module, "assets_of_run", lambda key: only if key == system else None)

    return so


@pytest.mark.parametrize(("seconds_ago", "expected"), [(None, False), (0.0, True), (LONGEST_SILENCE_S + 60, False)])
def test_somebody_starts_what_is_queued_while_the_daemons_give_signs_of_life(
    instance: dg.DagsterInstance, seconds_ago: float | None, expected: bool
) -> None:
    if seconds_ago is not None:
        for name in DAEMONS:
            instance.add_daemon_heartbeat(DaemonHeartbeat(time.time() - seconds_ago, name, "one", []))
    assert is_started(instance) is expected
